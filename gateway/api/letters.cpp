// Dead letters and replay.
#include "api/body.hpp"
#include "api/rows.hpp"

#include <algorithm>
#include <mutex>

namespace trevo::api::letters {

namespace {

constexpr int kScanRows = 1000;

// The dead letter that the caller may see, or the answer that says there is none.
std::variant<journal::Envelope, http::Response> deadLetter(Services& services, const Call& call) {
    const auto id = Uuid::parse(call.id);
    auto envelope = id ? services.journal.find(*id) : std::nullopt;
    if (!envelope || !seesIntegration(services, call.principal, envelope->integration))
        return notFound("dead letter", call.id);
    if (envelope->state != journal::State::Dead)
        return http::problem(409, "not_dead",
                             "The delivery is '" + std::string(name(envelope->state)) + "', not dead.");
    return std::move(*envelope);
}

http::Response stateOf(const Uuid& id, std::string_view state) {
    JsonWriter out;
    out.beginObject().member("receipt", id.text()).member("state", state).endObject();
    return ok(200, out);
}

http::Response movedOn() {
    return http::problem(409, "not_dead", "The delivery left the dead letters a moment ago.");
}

struct ReplayFilter {
    std::optional<std::vector<std::string>> ids;
    std::string integration;
    std::optional<journal::State> state; // empty: done and dead
    std::optional<UtcTime> since, until;

    bool takes(const journal::Envelope& envelope) const {
        const bool replayable =
            envelope.state == journal::State::Done || envelope.state == journal::State::Dead;
        return replayable && (!since || envelope.receivedAt >= *since) &&
               (!until || envelope.receivedAt < *until) &&
               (integration.empty() || envelope.integration == integration) &&
               (!state || envelope.state == *state);
    }
};

std::vector<Uuid> matching(Services& services, const Call& call, const ReplayFilter& filter) {
    std::vector<Uuid> ids;
    if (filter.ids) {
        for (const auto& text : *filter.ids) {
            const auto id = Uuid::parse(text);
            const auto envelope = id ? services.journal.find(*id) : std::nullopt;
            if (envelope && filter.takes(*envelope) &&
                seesIntegration(services, call.principal, envelope->integration))
                ids.push_back(*id);
        }
        return ids;
    }
    journal::Query query;
    query.state = filter.state;
    query.integration = filter.integration;
    query.limit = kScanRows;
    while (true) {
        const auto rows = services.journal.list(query);
        for (const journal::Envelope& row : rows)
            if (filter.takes(row) && seesIntegration(services, call.principal, row.integration))
                ids.push_back(row.id);
        if (rows.size() < static_cast<std::size_t>(kScanRows)) break;
        query.beforeSeq = rows.back().seq;
    }
    // Oldest first, as they came: a later revision must stay the later one.
    std::reverse(ids.begin(), ids.end());
    return ids;
}

} // namespace

Answer list(Services& services, const Call& call) {
    return deliveryPage(services, call, journal::State::Dead);
}

Answer show(Services& services, const Call& call) {
    auto letter = deadLetter(services, call);
    if (auto* refusal = std::get_if<http::Response>(&letter)) return std::move(*refusal);
    const auto& envelope = std::get<journal::Envelope>(letter);
    services.operations.audit(actorOf(call.principal), call.route.operation, envelope.id.text());
    JsonWriter out;
    write(out, envelope, Body::Shown);
    return ok(200, out);
}

Answer retry(Services& services, const Call& call) {
    auto letter = deadLetter(services, call);
    if (auto* refusal = std::get_if<http::Response>(&letter)) return std::move(*refusal);
    const Uuid id = std::get<journal::Envelope>(letter).id;
    const std::string& body = call.request.body;
    services.operations.audit(actorOf(call.principal, body.empty() ? "" : "corrected body"),
                              call.route.operation, id.text());
    if (!services.journal.retry(id, body.empty() ? std::nullopt : std::optional(body))) return movedOn();
    return stateOf(id, "ready");
}

Answer drop(Services& services, const Call& call) {
    auto letter = deadLetter(services, call);
    if (auto* refusal = std::get_if<http::Response>(&letter)) return std::move(*refusal);
    const Uuid id = std::get<journal::Envelope>(letter).id;
    services.operations.audit(actorOf(call.principal), call.route.operation, id.text());
    if (!services.journal.drop(id)) return movedOn();
    return stateOf(id, "dropped");
}

Answer replay(Services& services, const Call& call) {
    BodyReader body(call.request.body);
    ReplayFilter filter;
    filter.ids = body.texts("receipts", 10'000);
    filter.integration = body.text("integration").value_or("");
    filter.since = body.time("since");
    filter.until = body.time("until");
    const bool dryRun = body.boolean("dry_run").value_or(false);
    if (const auto state = body.text("state")) {
        filter.state = stateNamed(*state);
        if (*state != "done" && *state != "dead") body.fail("state", "wrong_type", "Expected done or dead.");
    }
    if (!filter.ids && filter.integration.empty() && !filter.state && !filter.since && !filter.until)
        body.fail("", "missing_field",
                  "A replay needs a filter: receipts, integration, state, since or until.");
    if (const auto problem = body.finish()) return badRequest(*problem);

    const auto ids = matching(services, call, filter);
    std::int64_t replayed = 0;
    if (!dryRun) {
        // One at a time: two replays would only take turns on the journal and hold both API threads.
        const std::unique_lock lock(services.replaying, std::try_to_lock);
        if (!lock.owns_lock())
            return http::problem(409, "replay_running", "Another replay runs; try again when it is done.");
        services.operations.audit(actorOf(call.principal, std::to_string(ids.size()) + " deliveries"),
                                  call.route.operation, filter.integration);
        for (const Uuid& id : ids)
            replayed += services.journal.replay(id) ? 1 : 0;
    }
    JsonWriter out;
    out.beginObject()
        .count("matched", static_cast<std::int64_t>(ids.size()))
        .count("replayed", replayed)
        .flag("dry_run", dryRun)
        .endObject();
    return ok(200, out);
}

} // namespace trevo::api::letters
