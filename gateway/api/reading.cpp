// Reads of the lead store: lists with cursors, single rows.
#include "api/page.hpp"

#include <algorithm>
#include <charconv>

namespace trevo::api::reading {

namespace {

store::Filter filterOf(const Call& call) {
    store::Filter filter;
    filter.kind = call.route.kind.empty() ? call.query.text("kind") : std::string(call.route.kind);
    filter.integration = call.query.text("integration");
    filter.dealer = call.query.text("dealer");
    filter.person = call.query.text("person");
    filter.negotiation = call.query.text("negotiation");
    filter.externalId = call.query.text("external_id");
    filter.state = call.query.text("state");
    filter.dealers = call.principal.dealers;
    filter.since = call.query.time("since");
    filter.until = call.query.time("until");
    filter.search = call.query.text("search");
    filter.withTrials = call.query.flag("trials");
    return filter;
}

// "p1-p50,p60": whose data a page showed, short enough for the audit trail.
std::string peopleShown(const std::vector<std::string>& ids) {
    std::vector<std::int64_t> numbers;
    for (const auto& id : ids) {
        std::int64_t number = 0;
        if (id.size() > 1 && std::from_chars(id.data() + 1, id.data() + id.size(), number).ec == std::errc{})
            numbers.push_back(number);
    }
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    std::string text;
    for (std::size_t first = 0, last = 0; first < numbers.size(); first = last + 1) {
        last = first;
        while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1)
            ++last;
        text += (text.empty() ? "p" : ",p") + std::to_string(numbers[first]);
        if (last > first) text += "-p" + std::to_string(numbers[last]);
    }
    return text;
}

template <class Row, class Person>
void auditPage(Services& services, const Call& call, const std::vector<Row>& rows, Person person) {
    std::vector<std::string> ids;
    for (const Row& row : rows)
        ids.push_back(person(row));
    if (const std::string shown = peopleShown(ids); !shown.empty())
        services.operations.audit(actorOf(call.principal), call.route.operation, shown);
}

void auditRead(Services& services, const Call& call, const std::string& person) {
    if (!person.empty()) services.operations.audit(actorOf(call.principal), call.route.operation, person);
}

} // namespace

Answer records(Services& services, const Call& call) {
    store::Filter filter = filterOf(call);
    if (call.query.has("receipt")) {
        filter.envelope = Uuid::parse(call.query.text("receipt"));
        if (!filter.envelope)
            return badRequest({"bad_parameter", "receipt", "query", "Expected a receipt id, a UUID."});
    }
    auto rows = services.reader.records(filter, pageOf(call));
    auditPage(services, call, rows, [](const store::RecordRow& row) { return row.person; });
    return answerPage(call, std::move(rows));
}

Answer record(Services& services, const Call& call) {
    const auto row = services.reader.record(call.id);
    if (!row || !sees(call.principal, row->dealer)) return notFound("record", call.id);
    auditRead(services, call, row->person);
    JsonWriter out;
    writeWithRevisions(out, services, *row);
    return ok(200, out);
}

Answer people(Services& services, const Call& call) {
    auto rows = services.reader.people(filterOf(call), pageOf(call));
    auditPage(services, call, rows, [](const store::PersonRow& row) { return row.id; });
    return answerPage(call, std::move(rows));
}

Answer person(Services& services, const Call& call) {
    const auto row = personSeen(services, call.principal, call.id);
    if (!row) return notFound("person", call.id);
    auditRead(services, call, row->id);
    JsonWriter out;
    write(out, *row);
    return ok(200, out);
}

Answer negotiations(Services& services, const Call& call) {
    auto rows = services.reader.negotiations(filterOf(call), pageOf(call));
    auditPage(services, call, rows, [](const store::NegotiationRow& row) { return row.person; });
    return answerPage(call, std::move(rows));
}

Answer negotiation(Services& services, const Call& call) {
    const auto row = services.reader.negotiation(call.id);
    if (!row || !sees(call.principal, row->dealer)) return notFound("negotiation", call.id);
    auditRead(services, call, row->person);
    JsonWriter out;
    write(out, *row);
    return ok(200, out);
}

} // namespace trevo::api::reading
