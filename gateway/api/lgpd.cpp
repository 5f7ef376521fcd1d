// What the law gives a person a right to: to see everything, and to be forgotten.
#include "api/body.hpp"
#include "api/rows.hpp"

#include <algorithm>

namespace trevo::api::lgpd {

namespace {

constexpr std::size_t kMaxReason = 500;
constexpr int kPage = 500;

// Both reach over all dealers of the group.
std::optional<http::Response> limited(const Call& call) {
    if (!call.principal.dealers) return std::nullopt;
    return http::problem(
        403, "all_dealers_needed",
        "A person's data is the whole group's; this needs a token that is not limited to dealers.");
}

template <class Row, class Read>
std::vector<Row> all(Read read) {
    std::vector<Row> rows;
    while (true) {
        auto page = read(store::Page{rows.empty() ? 0 : rows.back().number, kPage, false});
        const bool last = page.size() < static_cast<std::size_t>(kPage);
        rows.insert(rows.end(), std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
        if (last) return rows;
    }
}

template <class Row>
void member(JsonWriter& out, std::string_view name, const std::vector<Row>& rows) {
    out.key(name).beginArray();
    for (const Row& row : rows)
        write(out, row);
    out.endArray();
}

std::vector<store::EventRow> eventsOf(Services& services, const std::vector<std::string>& subjects) {
    std::vector<store::EventRow> events;
    for (const auto& subject : subjects) {
        store::Filter filter;
        filter.subject = subject;
        for (std::int64_t after = 0;;) {
            auto page = services.reader.events(after, kPage, filter);
            if (page.empty()) break;
            after = page.back().sequence;
            events.insert(events.end(), page.begin(), page.end());
        }
    }
    std::sort(events.begin(), events.end(),
              [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
    return events;
}

void writeDeliveries(JsonWriter& out, Services& services, const store::Erasure& known) {
    out.key("deliveries").beginArray();
    for (const auto& delivery : known.deliveries) {
        const auto envelope = services.journal.find(delivery.envelope);
        if (!envelope) continue; // its time was over
        out.beginObject().flag("shared", !delivery.whole).key("delivery");
        write(out, *envelope, delivery.whole ? Body::Shown : Body::Left);
        out.endObject();
    }
    out.endArray();
}

} // namespace

Answer exportPerson(Services& services, const Call& call) {
    if (auto refusal = limited(call)) return std::move(*refusal);
    const auto known = services.reader.erasure(call.id);
    const auto person = known ? services.reader.person(known->person) : std::nullopt;
    if (!person) return notFound("person", call.id);
    services.operations.audit(actorOf(call.principal), call.route.operation, person->id);
    store::Filter mine;
    mine.person = person->id;
    const auto records =
        all<store::RecordRow>([&](const store::Page& page) { return services.reader.records(mine, page); });
    const auto negotiations = all<store::NegotiationRow>(
        [&](const store::Page& page) { return services.reader.negotiations(mine, page); });
    std::vector<store::DecisionRow> decisions;
    std::vector<store::MatchRow> matches;
    std::vector<store::AuditRow> audited;
    std::vector<std::string> subjects = known->ids;
    for (const auto& id : known->ids) {
        for (auto& decision : services.reader.decisions(id))
            decisions.push_back(std::move(decision));
        store::Filter about;
        about.person = id;
        for (auto& match : all<store::MatchRow>(
                 [&](const store::Page& page) { return services.reader.matches(about, page); }))
            matches.push_back(std::move(match));
        for (auto& row : services.reader.audit(id))
            audited.push_back(std::move(row));
    }
    for (const auto& record : records)
        subjects.push_back(record.id);
    for (const auto& negotiation : negotiations)
        subjects.push_back(negotiation.id);

    JsonWriter out;
    out.beginObject().key("person");
    write(out, *person);
    out.member("ids", known->ids).key("records").beginArray();
    for (const auto& record : records)
        writeWithRevisions(out, services, record);
    out.endArray();
    member(out, "pins", services.reader.pins(mine));
    member(out, "negotiations", negotiations);
    member(out, "decisions", decisions);
    member(out, "matches", matches);
    member(out, "events", eventsOf(services, subjects));
    out.key("audit").beginArray();
    for (const auto& row : audited)
        out.beginObject()
            .member("at", row.at)
            .member("actor", row.actor)
            .member("action", row.action)
            .member("subject", row.subject)
            .maybe("reason", row.reason)
            .endObject();
    out.endArray();
    writeDeliveries(out, services, *known);
    out.endObject();
    http::Response response = ok(200, out);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Answer erase(Services& services, const Call& call) {
    if (auto refusal = limited(call)) return std::move(*refusal);
    BodyReader body(call.request.body);
    const std::string reason = body.text("reason", kMaxReason).value_or("");
    const bool dryRun = body.boolean("dry_run").value_or(false);
    if (const auto problem = body.finish()) return badRequest(*problem);
    ErasedPerson erased;
    if (dryRun) {
        const auto plan = services.reader.erasure(call.id);
        if (!plan) return notFound("person", call.id);
        erased.what = *plan;
        for (const auto& delivery : plan->deliveries)
            ++(delivery.whole ? erased.emptied : erased.overwritten);
    } else {
        auto done = services.operations.erase(call.id);
        if (!done) return refused(done.error());
        erased = std::move(*done);
        services.operations.audit(actorOf(call.principal, reason), call.route.operation, call.id);
    }
    JsonWriter out;
    out.beginObject()
        .member("person_ids", erased.what.ids)
        .count("records", static_cast<std::int64_t>(erased.what.records.size()))
        .count("deliveries", erased.emptied)
        .count("shared_deliveries", erased.overwritten)
        .count("archived_files", erased.archived)
        .flag("dry_run", dryRun)
        .member("files_with_values_of_others", erased.files)
        .endObject();
    return ok(200, out);
}

} // namespace trevo::api::lgpd
