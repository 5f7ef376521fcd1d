// Rows of the store and the journal as JSON, and who may see them.
#pragma once

#include "api/json.hpp"
#include "api/routes.hpp"

#include <optional>
#include <string>

namespace trevo::api {

void write(JsonWriter& out, const store::RecordRow& row);
void writeWithRevisions(JsonWriter& out, Services& services, const store::RecordRow& row);
void write(JsonWriter& out, const store::PersonRow& row);
void write(JsonWriter& out, const store::NegotiationRow& row);
void write(JsonWriter& out, const store::DecisionRow& row);
void write(JsonWriter& out, const store::MatchRow& row);
void write(JsonWriter& out, const store::PinRow& row);
void write(JsonWriter& out, const store::EventRow& row);
void write(JsonWriter& out, const store::Token& row, std::string_view secret = {}); // shown once, on creation
void write(JsonWriter& out, const IntegrationStatus& row);
enum class Body { Left, Shown };
void write(JsonWriter& out, const journal::Envelope& envelope, Body body);

std::string_view stateOf(const store::RecordRow& row); // "accepted", "duplicate", "refused"
std::string_view name(journal::State state);           // "ready", "done", "dead", "dropped"
std::optional<journal::State> stateNamed(std::string_view name);

// What a token that is limited to dealers may see. What it may not is answered like what is not there.
bool sees(const Principal& principal, const std::string& dealer);
bool seesAll(const Principal& principal, const std::vector<std::string>& dealers);
bool seesPerson(Services& services, const Principal& principal, const std::string& person);
// The person as the caller's dealers know it: the golden record of their records alone. Empty when they know
// nothing of it.
std::optional<store::PersonRow> personSeen(Services& services, const Principal& principal,
                                           const std::string& person);
// Without the people that the caller may not see: neither as the other side nor among the candidates.
store::DecisionRow seenOf(Services& services, const Principal& principal, store::DecisionRow decision);
store::MatchRow seenOf(Services& services, const Principal& principal, store::MatchRow match);
// A delivery whose records are not made yet: all dealers of its integration must be the caller's.
bool seesIntegration(Services& services, const Principal& principal, const std::string& integration);

// Answers.
Answer deliveryPage(Services& services, const Call& call, std::optional<journal::State> state);
http::Response ok(int status, JsonWriter& out);
http::Response notFound(std::string_view what, std::string_view id);
http::Response badRequest(const Problem& problem);
// A refusal from the rest of the daemon: 404 for "not_found" and "unknown_…", else 409.
http::Response refused(const Problem& problem);

store::Actor actorOf(const Principal& principal, std::string reason = {});

} // namespace trevo::api
