// Possible matches: what the engine asks people, and their answers.
#include "api/body.hpp"
#include "api/page.hpp"

namespace trevo::api::matching {

namespace {

constexpr std::size_t kMaxReason = 500;

store::Filter visibleOnly(const Call& call) {
    store::Filter filter;
    filter.dealers = call.principal.dealers;
    return filter;
}

// A match of which the caller sees the record and at least one candidate.
std::optional<store::MatchRow> matchSeen(Services& services, const Call& call) {
    if (call.id.empty()) return std::nullopt;
    store::Filter filter = visibleOnly(call);
    filter.subject = call.id;
    auto rows = services.reader.matches(filter, {0, 1, false});
    if (rows.empty()) return std::nullopt;
    auto match = seenOf(services, call.principal, std::move(rows.front()));
    if (match.candidates.empty()) return std::nullopt;
    return match;
}

struct MatchAnswer {
    std::string with;
    store::Actor actor;
    std::optional<http::Response> refusal;
};

MatchAnswer answerOf(Services& services, const Call& call) {
    BodyReader body(call.request.body);
    MatchAnswer answer;
    answer.with = body.text("with").value_or("");
    answer.actor = actorOf(call.principal, body.text("reason", kMaxReason).value_or(""));
    if (const auto problem = body.finish()) {
        answer.refusal = badRequest(*problem);
        return answer;
    }
    const auto match = matchSeen(services, call);
    if (!match) {
        answer.refusal = notFound("possible match", call.id);
    } else if (!answer.with.empty() && !personSeen(services, call.principal, answer.with)) {
        answer.refusal = notFound("person", answer.with);
    } else if (answer.with.empty() && call.principal.dealers) {
        // "All of them" and "the only one" are what the caller sees.
        if (match->candidates.size() == 1) answer.with = match->candidates.front().person;
    }
    return answer;
}

} // namespace

Answer list(Services& services, const Call& call) {
    store::Filter filter = visibleOnly(call);
    filter.dealer = call.query.text("dealer");
    filter.person = call.query.text("person");
    filter.state = call.query.text("state");
    auto rows = services.reader.matches(filter, pageOf(call));
    for (auto& row : rows)
        row = seenOf(services, call.principal, std::move(row));
    return answerPage(call, std::move(rows),
                      [](const store::MatchRow& row) { return !row.candidates.empty(); });
}

Answer show(Services& services, const Call& call) {
    const auto match = matchSeen(services, call);
    const auto record = match ? services.reader.record(match->record) : std::nullopt;
    const auto person = record ? personSeen(services, call.principal, record->person) : std::nullopt;
    if (!person) return notFound("possible match", call.id);
    std::string shown = person->id;
    JsonWriter out;
    out.beginObject().key("match");
    write(out, *match);
    out.key("record");
    write(out, *record);
    out.key("person");
    write(out, *person);
    out.key("candidates").beginArray();
    for (const auto& candidate : match->candidates) {
        if (const auto side = personSeen(services, call.principal, candidate.person)) {
            write(out, *side);
            shown += ',' + side->id;
        }
    }
    out.endArray().endObject();
    services.operations.audit(actorOf(call.principal), call.route.operation, shown);
    return ok(200, out);
}

Answer accept(Services& services, const Call& call) {
    auto answer = answerOf(services, call);
    if (answer.refusal) return std::move(*answer.refusal);
    const auto person = services.operations.acceptMatch(call.id, answer.with, answer.actor);
    if (!person) return refused(person.error());
    services.operations.audit(answer.actor, call.route.operation, call.id + ' ' + *person);
    JsonWriter out;
    out.beginObject().member("match", call.id).member("person_id", *person).endObject();
    return ok(200, out);
}

Answer reject(Services& services, const Call& call) {
    auto answer = answerOf(services, call);
    if (answer.refusal) return std::move(*answer.refusal);
    const auto done = services.operations.rejectMatch(call.id, answer.with, answer.actor);
    if (!done) return refused(done.error());
    services.operations.audit(answer.actor, call.route.operation, call.id);
    JsonWriter out;
    out.beginObject().member("match", call.id).flag("rejected", true).endObject();
    return ok(200, out);
}

} // namespace trevo::api::matching
