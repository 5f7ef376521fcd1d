#include "api/rows.hpp"

#include "base/hash.hpp"
#include "base/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace trevo::api {

namespace {

constexpr std::array<std::string_view, 4> kStates = {"ready", "done", "dead", "dropped"};

void writeReason(JsonWriter& out, const std::optional<journal::Reason>& reason) {
    out.key("reason");
    if (!reason) {
        out.null();
        return;
    }
    out.beginObject()
        .member("stage", reason->stage)
        .member("code", reason->problem.code)
        .member("field", reason->problem.field)
        .member("place", reason->problem.place)
        .member("detail", reason->problem.detail)
        .endObject();
}

} // namespace

void write(JsonWriter& out, const store::RecordRow& row) {
    out.beginObject()
        .member("id", row.id)
        .member("record_id", row.id)
        .member("kind", row.kind)
        .member("integration", row.integration)
        .maybe("external_id", row.externalId)
        .maybe("dealer", row.dealer)
        .maybe("person_id", row.person)
        .maybe("negotiation_id", row.negotiation)
        .member("receipt", row.envelope.text())
        .member("received_at", row.receivedAt)
        .member("occurred_at", row.occurredAt)
        .member("updated_at", row.updatedAt)
        .count("revision", row.revision)
        .flag("trial", row.trial)
        .member("state", stateOf(row))
        .maybe("duplicate_of", row.duplicateOf)
        .maybe("reason", row.duplicateReason)
        .flag("disputed_document", row.disputedDocument)
        .key("record")
        .raw(row.body)
        .endObject();
}

void writeWithRevisions(JsonWriter& out, Services& services, const store::RecordRow& row) {
    out.beginObject().key("record");
    write(out, row);
    out.key("revisions").beginArray();
    for (const store::Revision& revision : services.reader.revisions(row.id))
        out.beginObject()
            .count("revision", revision.revision)
            .member("receipt", revision.envelope.text())
            .member("received_at", revision.receivedAt)
            .key("record")
            .raw(revision.body)
            .endObject();
    out.endArray().endObject();
}

void write(JsonWriter& out, const store::PersonRow& row) {
    out.beginObject()
        .member("id", row.id)
        .member("first_seen", row.firstSeen)
        .member("last_seen", row.lastSeen)
        .count("records", row.records)
        .count("negotiations", row.negotiations)
        .member("merged_ids", row.mergedIds)
        .key("customer")
        .raw(row.golden)
        .endObject();
}

void write(JsonWriter& out, const store::NegotiationRow& row) {
    out.beginObject()
        .member("id", row.id)
        .member("person_id", row.person)
        .maybe("dealer", row.dealer)
        .member("state", row.state)
        .member("opened_at", row.openedAt)
        .member("last_event_at", row.lastEventAt)
        .member("records", row.records)
        .key("vehicle")
        .raw(row.vehicle)
        .endObject();
}

void write(JsonWriter& out, const store::DecisionRow& row) {
    out.beginObject()
        .count("number", row.number)
        .member("kind", row.kind)
        .maybe("record_id", row.record)
        .maybe("person_id", row.person)
        .maybe("other_id", row.other)
        .member("at", row.at)
        .member("actor", row.actor)
        .maybe("reason", row.reason)
        .maybe("model", row.model)
        .key("evidence")
        .raw(row.evidence)
        .endObject();
}

void write(JsonWriter& out, const store::MatchRow& row) {
    out.beginObject()
        .member("id", row.id)
        .member("state", row.state)
        .member("record_id", row.record)
        .member("person_id", row.person)
        .maybe("dealer", row.dealer)
        .member("opened_at", row.openedAt)
        .member("settled_at", row.settledAt)
        .maybe("actor", row.actor)
        .maybe("reason", row.reason)
        .key("candidates")
        .beginArray();
    for (const store::MatchCandidate& candidate : row.candidates)
        out.beginObject()
            .member("person_id", candidate.person)
            .key("evidence")
            .raw(candidate.evidence)
            .endObject();
    out.endArray().endObject();
}

void write(JsonWriter& out, const store::PinRow& row) {
    out.beginObject()
        .member("person_id", row.person)
        .member("field", row.field)
        .key("value")
        .raw(row.value)
        .member("at", row.at)
        .member("actor", row.actor)
        .maybe("reason", row.reason)
        .endObject();
}

void write(JsonWriter& out, const store::EventRow& row) {
    out.beginObject()
        .count("sequence", row.sequence)
        .member("type", row.type)
        .member("at", row.at)
        .member("subject", row.subject)
        .maybe("dealer", row.dealer)
        .key("data")
        .raw(row.data)
        .endObject();
}

void write(JsonWriter& out, const store::Token& row, std::string_view secret) {
    out.beginObject();
    if (!secret.empty()) out.member("token", secret);
    out.member("id", row.id)
        .member("name", row.name)
        .member("scopes", row.scopes)
        .member("dealers", row.dealers)
        .member("created_at", row.createdAt)
        .member("expires_at", row.expiresAt)
        .member("revoked_at", row.revokedAt)
        .endObject();
}

void write(JsonWriter& out, const IntegrationStatus& row) {
    out.beginObject()
        .member("id", row.id)
        .member("plugin", row.plugin)
        .member("state", row.state)
        .member("dealers", row.dealers)
        .maybe("last_problem", row.lastProblem)
        .member("last_delivery", row.lastDelivery)
        .member("next_poll", row.nextPoll)
        .endObject();
}

void write(JsonWriter& out, const journal::Envelope& envelope, Body body) {
    out.beginObject()
        .member("receipt", envelope.id.text())
        .member("integration", envelope.integration)
        .member("door", envelope.door)
        .member("content_type", envelope.contentType)
        .member("received_at", envelope.receivedAt)
        .member("state", name(envelope.state))
        .count("attempt", envelope.attempt)
        .flag("trial", envelope.trial)
        .maybe("parent", envelope.parent ? envelope.parent->text() : "");
    writeReason(out, envelope.reason);
    if (body == Body::Shown) {
        const bool text = isUtf8(envelope.body);
        out.key("meta").raw(envelope.meta);
        out.member("body_encoding", text ? "utf-8" : "base64");
        out.member("body", text ? envelope.body : base64(envelope.body));
    }
    out.endObject();
}

std::string_view stateOf(const store::RecordRow& row) {
    return row.refused ? "refused" : row.duplicateOf.empty() ? "accepted" : "duplicate";
}

std::string_view name(journal::State state) {
    return kStates[static_cast<std::size_t>(state)];
}

std::optional<journal::State> stateNamed(std::string_view name) {
    const auto found = std::find(kStates.begin(), kStates.end(), name);
    if (found == kStates.end()) return std::nullopt;
    return static_cast<journal::State>(found - kStates.begin());
}

bool sees(const Principal& principal, const std::string& dealer) {
    return !principal.dealers || std::find(principal.dealers->begin(), principal.dealers->end(), dealer) !=
                                     principal.dealers->end();
}

bool seesAll(const Principal& principal, const std::vector<std::string>& dealers) {
    return !principal.dealers ||
           (!dealers.empty() && std::all_of(dealers.begin(), dealers.end(), [&](const std::string& dealer) {
               return sees(principal, dealer);
           }));
}

std::optional<store::PersonRow> personSeen(Services& services, const Principal& principal,
                                           const std::string& person) {
    if (person.empty()) return std::nullopt;
    store::Filter filter;
    filter.person = person;
    filter.dealers = principal.dealers;
    auto rows = services.reader.people(filter, {0, 1, false});
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

store::DecisionRow seenOf(Services& services, const Principal& principal, store::DecisionRow decision) {
    if (!principal.dealers) return decision;
    if (!decision.other.empty() && !seesPerson(services, principal, decision.other)) decision.other.clear();
    auto evidence = nlohmann::ordered_json::parse(decision.evidence, nullptr, false);
    const auto candidates = evidence.is_object() ? evidence.find("candidates") : evidence.end();
    if (evidence.is_object() && candidates != evidence.end() && candidates->is_array()) {
        auto seen = nlohmann::ordered_json::array();
        for (const auto& candidate : *candidates)
            if (seesPerson(services, principal, candidate.value("person", ""))) seen.push_back(candidate);
        *candidates = std::move(seen);
        decision.evidence = evidence.dump();
    }
    return decision;
}

store::MatchRow seenOf(Services& services, const Principal& principal, store::MatchRow match) {
    std::erase_if(match.candidates, [&](const store::MatchCandidate& candidate) {
        return !seesPerson(services, principal, candidate.person);
    });
    return match;
}

bool seesPerson(Services& services, const Principal& principal, const std::string& person) {
    if (!principal.dealers) return true;
    store::Filter filter;
    filter.person = person;
    filter.dealers = principal.dealers;
    filter.withTrials = true;
    return !services.reader.records(filter, {0, 1, false}).empty();
}

bool seesIntegration(Services& services, const Principal& principal, const std::string& integration) {
    if (!principal.dealers) return true;
    for (const IntegrationStatus& status : services.operations.integrations())
        if (status.id == integration) return seesAll(principal, status.dealers);
    return false;
}

Answer deliveryPage(Services& services, const Call& call, std::optional<journal::State> state) {
    const auto limit = static_cast<std::size_t>(call.query.integer("limit", 50));
    journal::Query query;
    query.state = state;
    query.integration = call.query.text("integration");
    query.beforeSeq = call.query.cursor("cursor");
    query.limit = static_cast<int>(limit) + 1;
    auto rows = services.journal.list(query);
    const bool more = rows.size() > limit;
    if (more) rows.resize(limit);

    JsonWriter out;
    out.beginObject().key("items").beginArray();
    for (const journal::Envelope& row : rows)
        if (seesIntegration(services, call.principal, row.integration)) write(out, row, Body::Left);
    out.endArray();
    out.maybe("next", more ? std::string(call.route.path) + '?' +
                                 call.query.with("cursor", encodeCursor(rows.back().seq))
                           : "");
    out.endObject();
    return ok(200, out);
}

http::Response ok(int status, JsonWriter& out) {
    return http::json(status, out.take());
}

http::Response notFound(std::string_view what, std::string_view id) {
    return http::problem(404, "not_found",
                         "There is no " + std::string(what) + " '" + std::string(id.substr(0, 64)) + "'.");
}

http::Response badRequest(const Problem& problem) {
    return http::problem(400, problem.code, problem.detail, {problem});
}

http::Response refused(const Problem& problem) {
    const bool missing = problem.code == "not_found" || problem.code.starts_with("unknown_");
    return http::problem(missing ? 404 : 409, problem.code, problem.detail, {problem});
}

store::Actor actorOf(const Principal& principal, std::string reason) {
    return {principal.name, std::move(reason)};
}

} // namespace trevo::api
