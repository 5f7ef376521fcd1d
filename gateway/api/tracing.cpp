// Explanations: what became of a delivery, where a record came from, why it belongs to its person.
#include "api/rows.hpp"

#include <algorithm>

namespace trevo::api::tracing {

namespace {

constexpr int kMaxRecords = 1000; // of one delivery, in an answer
constexpr int kMaxEvents = 1000;

std::vector<store::RecordRow> recordsOf(Services& services, const Uuid& envelope) {
    store::Filter filter;
    filter.envelope = envelope;
    filter.withTrials = true;
    return services.reader.records(filter, {0, kMaxRecords, false});
}

// Events know no receipt: they are found by what they speak of.
std::vector<store::EventRow> eventsOf(Services& services, const std::vector<store::RecordRow>& records) {
    std::vector<store::EventRow> events;
    for (const store::RecordRow& record : records) {
        store::Filter filter;
        filter.subject = record.id;
        for (auto& event : services.reader.events(0, kMaxEvents, filter))
            events.push_back(std::move(event));
    }
    std::sort(events.begin(), events.end(),
              [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
    return events;
}

} // namespace

Answer receipt(Services& services, const Call& call) {
    const auto id = Uuid::parse(call.id);
    if (!id) return notFound("receipt", call.id);
    const auto envelope = services.journal.find(*id);
    const auto records = recordsOf(services, *id);
    // The journal may have let the delivery go while its records stay.
    if (!envelope && records.empty()) return notFound("receipt", call.id);

    JsonWriter out;
    out.beginObject();
    if (envelope) {
        out.key("delivery");
        write(out, *envelope, Body::Left);
    } else {
        out.key("delivery").null();
    }
    out.member("receipt", id->text());
    // Of a delivery that was worked off, whether the dealer group's policy took anything of it.
    const bool refused = !records.empty() && std::all_of(records.begin(), records.end(),
                                                         [](const auto& row) { return row.refused; });
    out.member("state", refused ? "refused" : envelope ? name(envelope->state) : "done");
    out.key("records").beginArray();
    for (const store::RecordRow& row : records)
        if (sees(call.principal, row.dealer))
            out.beginObject()
                .member("record_id", row.id)
                .member("kind", row.kind)
                .maybe("person_id", row.person)
                .maybe("negotiation_id", row.negotiation)
                .member("state", stateOf(row))
                .maybe("duplicate_of", row.duplicateOf)
                .maybe("reason", row.duplicateReason)
                .endObject();
    out.endArray().key("children").beginArray();
    if (envelope)
        for (const journal::Envelope& child : services.journal.children(*id))
            write(out, child, Body::Left);
    out.endArray().endObject();
    return ok(200, out);
}

Answer receipts(Services& services, const Call& call) {
    return deliveryPage(services, call, stateNamed(call.query.text("state")));
}

Answer explain(Services& services, const Call& call) {
    std::string id, kind;
    if (const auto record = services.reader.record(call.id)) {
        if (!sees(call.principal, record->dealer)) return notFound("record or person", call.id);
        id = record->id;
        kind = "record";
        services.operations.audit(actorOf(call.principal), call.route.operation, record->person);
    } else if (const auto person = services.reader.person(call.id)) {
        if (!seesPerson(services, call.principal, person->id)) return notFound("record or person", call.id);
        id = person->id;
        kind = "person";
        services.operations.audit(actorOf(call.principal), call.route.operation, person->id);
    } else {
        return notFound("record or person", call.id);
    }
    JsonWriter out;
    out.beginObject().member("id", id).member("kind", kind).key("decisions").beginArray();
    for (const store::DecisionRow& decision : services.reader.decisions(id)) {
        // Of a person known to several dealers, only what the caller's own records decided.
        if (call.principal.dealers && !decision.record.empty()) {
            const auto record = services.reader.record(decision.record);
            if (!record || !sees(call.principal, record->dealer)) continue;
        }
        write(out, seenOf(services, call.principal, decision));
    }
    out.endArray().endObject();
    return ok(200, out);
}

Answer trace(Services& services, const Call& call) {
    auto id = Uuid::parse(call.id);
    if (!id) {
        if (const auto record = services.reader.record(call.id); record) id = record->envelope;
    }
    if (!id) return notFound("receipt or record", call.id);
    const auto envelope = services.journal.find(*id);
    const auto records = recordsOf(services, *id);
    // The raw bytes may speak of several dealers: all of them must be the caller's.
    const bool visible = records.empty()
                             ? envelope && seesIntegration(services, call.principal, envelope->integration)
                             : std::all_of(records.begin(), records.end(),
                                           [&](const auto& row) { return sees(call.principal, row.dealer); });
    if (!visible) return notFound("receipt or record", call.id);
    services.operations.audit(actorOf(call.principal), call.route.operation, id->text());

    JsonWriter out;
    out.beginObject().member("receipt", id->text()).key("delivery");
    if (envelope) {
        write(out, *envelope, Body::Shown);
    } else {
        out.null();
    }
    out.key("children").beginArray();
    if (envelope)
        for (const journal::Envelope& child : services.journal.children(*id))
            write(out, child, Body::Shown);
    out.endArray().key("records").beginArray();
    for (const store::RecordRow& row : records) {
        out.beginObject().key("record");
        write(out, row);
        out.key("decisions").beginArray();
        for (const store::DecisionRow& decision : services.reader.decisions(row.id))
            write(out, seenOf(services, call.principal, decision));
        out.endArray().endObject();
    }
    out.endArray().key("events").beginArray();
    for (const store::EventRow& event : eventsOf(services, records))
        write(out, event);
    out.endArray().endObject();
    return ok(200, out);
}

} // namespace trevo::api::tracing
