#include "store/sqlite/people.hpp"
#include "store/sqlite/pins.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/records.hpp"
#include "store/sqlite/stored_body.hpp"

#include <algorithm>
#include <deque>

namespace trevo::store::sqlite {
namespace {

// A golden record looks at the person's newest records; a shared test phone may gather any number.
constexpr int kGoldenRecords = 1000;

// What of a person or negotiation the caller may see.
Filter visibleOnly(const Filter& filter) {
    Filter visible;
    visible.dealers = filter.dealers;
    return visible;
}

void whereSearched(Query& query, const Filter& filter, Search& search, std::string_view person,
                   const std::vector<std::int64_t>& groups, std::string_view negotiation) {
    search = understand(filter.search);
    const std::string column(person);
    query.where("(" + peopleCondition(search, column, groups) + " OR " + column +
                    " IN (SELECT s.person FROM external JOIN record AS s ON s.id=external.record "
                    "WHERE external.hash=? AND s.external_id=?))",
                {externalHash(search.externalId), search.externalId});
    const bool vehicle =
        !search.alternatives.empty() && (search.alternatives[0][0].kind == match::KeyKind::Plate ||
                                         search.alternatives[0][0].kind == match::KeyKind::Vin);
    const bool thisOne = vehicle && !negotiation.empty();
    if (!filter.dealers && !thisOne) return;
    // Found by a record that the caller may see, not by one of another dealer.
    std::string condition =
        "EXISTS (SELECT 1 FROM record AS v JOIN content AS vc ON vc.id=v.id WHERE v.person=" + column +
        " AND v.trial=0";
    if (thisOne) condition += " AND v.negotiation=" + std::string(negotiation);
    std::vector<Query::Value> dealers;
    if (filter.dealers) {
        condition += " AND v.dealer IN (SELECT id FROM name WHERE text IN (";
        for (const auto& dealer : *filter.dealers) {
            condition += dealers.empty() ? "?" : ",?";
            dealers.emplace_back(dealer);
        }
        condition += "))";
    }
    dealers.emplace_back(search.externalId);
    query.where(condition + " AND (v.external_id=? OR trevo_matches(vc.features, ?)))", std::move(dealers));
    query.pointer(&search, kSearchPointer);
}

// "EXISTS (a record of the person that …)" as its own small query text would need its values spliced; the
// conditions are put on a joined row instead and the people made distinct.
std::string peopleFrom(bool limited) {
    return limited ? "SELECT DISTINCT p.id FROM person AS p CROSS JOIN record AS r ON r.person=p.id"
                   : "SELECT p.id FROM person AS p";
}

std::vector<std::string> mergedInto(ReadSession& session, std::int64_t person) {
    std::vector<std::string> ids;
    Statement row = session.database.prepare(
        "WITH RECURSIVE lost(id) AS (SELECT id FROM person WHERE redirect=?1 UNION "
        "SELECT person.id FROM person JOIN lost ON person.redirect=lost.id) SELECT id FROM lost ORDER BY id");
    for (bool any = row.first(person); any; any = row.next())
        ids.push_back(personId(row.integer(0)));
    return ids;
}

// What a group's own people fixed, and any word on consent, is for all its dealers; what one dealer's people
// fixed is for that dealer.
bool visiblePin(const StoredPin& pin, const Filter& visible) {
    if (!visible.dealers || pin.dealers.empty() || pin.field.starts_with("consent.")) return true;
    return std::any_of(visible.dealers->begin(), visible.dealers->end(), [&](const std::string& dealer) {
        return ("\n" + pin.dealers).find("\n" + dealer + "\n") != std::string::npos;
    });
}

// Which values are generic in the dealer group of a person. Valid while the session is.
match::TellsNothing genericIn(ReadSession& session, std::int64_t person) {
    Statement find = session.database.prepare("SELECT dealer_group FROM person WHERE id=?1");
    const std::int64_t group = find.first(person) ? find.integer(0) : 0;
    const auto generic =
        std::make_shared<Statement>(session.database.prepare("SELECT 1 FROM generic_value WHERE hash=?1"));
    return [generic, group](const match::Key& key) { return generic->first(indexHash(key, group)); };
}

PersonRow personRow(ReadSession& session, std::int64_t number, const Filter& visible,
                    const match::Survivorship& rules) {
    PersonRow person;
    person.number = number;
    person.id = personId(number);
    person.mergedIds = mergedInto(session, number);

    Query totals;
    totals.where("r.person=?", {number});
    whereRecord(totals, visible, session);
    Statement sums =
        totals.run(session.database,
                   "SELECT count(*), count(DISTINCT r.negotiation), min(r.received), max(r.received) "
                   "FROM record AS r",
                   "");
    if (sums.next()) {
        person.records = sums.integer(0);
        person.negotiations = sums.integer(1);
        person.firstSeen = sums.time(2);
        person.lastSeen = sums.time(3);
    }

    Query query;
    query.where("r.person=?", {number});
    whereRecord(query, visible, session);
    std::deque<model::Record> contents;
    std::vector<match::Member> members;
    Statement row =
        query.run(session.database,
                  "SELECT r.id, r.kind, coalesce(r.occurred, r.received), c.features, c.body, r.integration "
                  "FROM record AS r CROSS JOIN content AS c ON c.id=r.id",
                  "ORDER BY r.id DESC LIMIT " + std::to_string(kGoldenRecords));
    while (row.next()) {
        contents.push_back(
            readCustomer(static_cast<model::Kind>(row.small(1)), row.view(4), decodeFeatures(row.view(3))));
        members.push_back({row.integer(0), &contents.back(), row.time(2), row.integer(5)});
    }
    std::reverse(members.begin(), members.end());
    std::vector<StoredPin> pins = pinsOf(session.database, number);
    std::erase_if(pins, [&](const StoredPin& pin) { return !visiblePin(pin, visible); });
    person.golden = withPins(
        match::goldenRecord(members, rules, genericIn(session, number)), pins, [&](std::string_view record) {
            const auto said = numberOf(record, 'r');
            const auto at = std::find_if(members.begin(), members.end(), [&](const match::Member& member) {
                return said && member.record == *said;
            });
            return at == members.end() ? UtcTime{} : at->at;
        });
    return person;
}

void readMembers(ReadSession& session, const Filter& visible, std::int64_t person, NegotiationRow& out) {
    Query query;
    query.where("r.person=? AND r.negotiation=?", {person, out.number});
    whereRecord(query, visible, session);
    VehicleText vehicle;
    Statement row =
        query.run(session.database,
                  "SELECT r.id, r.dealer, c.body FROM record AS r CROSS JOIN content AS c ON c.id=r.id",
                  "ORDER BY +r.id");
    while (row.next()) {
        if (out.records.empty()) out.dealer = session.names.text(row.integer(1));
        out.records.push_back(recordId(row.integer(0)));
        VehicleText text = readVehicle(row.view(2));
        if (text.fields >= vehicle.fields && text.fields > 0) vehicle = std::move(text);
    }
    out.vehicle = vehicle.json.empty() ? "{}" : std::move(vehicle.json);
}

std::optional<std::int64_t> resolved(ReadSession& session, std::int64_t number) {
    Statement find = session.database.prepare("SELECT redirect FROM person WHERE id=?1");
    while (find.first(number)) {
        if (find.isNull(0)) return number;
        number = find.integer(0);
    }
    return std::nullopt;
}

} // namespace

std::vector<PersonRow> SqliteReader::people(const Filter& filter, const Page& page) {
    const auto session = pool_.lease();
    Query query;
    query.where("p.redirect IS NULL");
    const bool limited = limitsRecords(filter);
    bool computed = limited;
    if (limited && !whereRecord(query, filter, *session)) return {};
    if (!filter.person.empty()) {
        const auto number = numberOf(filter.person, 'p');
        const auto real = number ? resolved(*session, *number) : std::nullopt;
        if (!real) return {};
        query.where("p.id=?", {*real});
    }
    if (!filter.negotiation.empty()) {
        const auto number = numberOf(filter.negotiation, 'n');
        if (!number) return {};
        query.where("p.id=(SELECT person FROM record WHERE id=?)", {*number});
    }
    Search search;
    if (!filter.search.empty()) {
        whereSearched(query, filter, search, "p.id", groups(*session), {});
        computed = true;
    }
    applyPage(query, "p.id", page);
    std::vector<std::int64_t> numbers;
    {
        // Walking the people in order needs no sort; only what a search found is sorted.
        Statement statement = query.run(session->database, peopleFrom(limited),
                                        orderAndLimit("p.id", page, computed && !filter.search.empty()));
        while (statement.next())
            numbers.push_back(statement.integer(0));
    }
    std::vector<PersonRow> rows;
    const auto known = settings();
    for (const std::int64_t number : numbers)
        rows.push_back(personRow(*session, number, visibleOnly(filter), known->survivorship));
    return rows;
}

std::vector<PinRow> SqliteReader::pins(const Filter& filter) {
    const auto session = pool_.lease();
    std::vector<PinRow> rows;
    const auto number = numberOf(filter.person, 'p');
    const auto person = number ? resolved(*session, *number) : std::nullopt;
    if (!person) return rows;
    for (const auto& pin : pinsOf(session->database, *person)) {
        if (!visiblePin(pin, filter)) continue;
        rows.push_back(
            {personId(pin.person), pin.field, pin.value, pin.at, session->names.text(pin.actor), pin.reason});
    }
    return rows;
}

std::optional<PersonRow> SqliteReader::person(const std::string& id) {
    Filter filter;
    filter.person = id;
    auto rows = people(filter, {});
    if (id.empty() || rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

std::vector<NegotiationRow> SqliteReader::negotiations(const Filter& filter, const Page& page) {
    const auto session = pool_.lease();
    Query query;
    query.where("o.negotiation=o.id");
    if (!filter.state.empty()) {
        if (filter.state != "open" && filter.state != "closed") return {};
        query.where("n.closed=?", {std::int64_t{filter.state == "closed"}});
    }
    const bool limited = limitsRecords(filter);
    if (limited && !whereRecord(query, filter, *session)) return {};
    if (!filter.negotiation.empty()) {
        const auto number = numberOf(filter.negotiation, 'n');
        if (!number) return {};
        query.where("o.id=(SELECT negotiation FROM record WHERE id=?)", {*number});
    }
    bool computed = false;
    if (!filter.person.empty()) {
        const auto number = numberOf(filter.person, 'p');
        const auto real = number ? resolved(*session, *number) : std::nullopt;
        if (!real) return {};
        query.where("o.person=?", {*real});
        computed = true;
    }
    Search search;
    if (!filter.search.empty()) {
        whereSearched(query, filter, search, "o.person", groups(*session), "o.id");
        computed = true;
    }
    applyPage(query, "o.id", page);
    std::string select = limited ? "SELECT DISTINCT" : "SELECT";
    select += " o.id, o.person, n.closed, n.opened, n.last FROM record AS o CROSS JOIN negotiation AS n "
              "ON n.person=o.person AND n.id=o.id";
    if (limited) select += " CROSS JOIN record AS r ON r.person=o.person AND r.negotiation=o.id";
    std::vector<NegotiationRow> rows;
    std::vector<std::int64_t> persons;
    {
        Statement row = query.run(session->database, select, orderAndLimit("o.id", page, computed));
        while (row.next()) {
            NegotiationRow n;
            n.number = row.integer(0);
            n.id = negotiationId(n.number);
            persons.push_back(row.integer(1));
            n.person = personId(row.integer(1));
            n.state = row.integer(2) != 0 ? "closed" : "open";
            n.openedAt = row.time(3);
            n.lastEventAt = row.time(4);
            rows.push_back(std::move(n));
        }
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        readMembers(*session, visibleOnly(filter), persons[i], rows[i]);
    return rows;
}

std::optional<NegotiationRow> SqliteReader::negotiation(const std::string& id) {
    Filter filter;
    filter.negotiation = id;
    auto rows = negotiations(filter, {});
    if (id.empty() || rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

} // namespace trevo::store::sqlite
