#include "store/sqlite/projection.hpp"

#include "match/json_text.hpp"

#include <algorithm>
#include <set>

namespace trevo::store::sqlite {
namespace {

StoredNegotiation opened(const StoredRecord& record) {
    StoredNegotiation negotiation;
    negotiation.facts.id = record.number;
    negotiation.facts.lastEvent = record.at();
    negotiation.dealer = record.dealer;
    negotiation.opened = record.at();
    return negotiation;
}

std::vector<match::OpenNegotiation> factsOf(const std::vector<StoredNegotiation>& rows) {
    std::vector<match::OpenNegotiation> facts;
    for (const auto& row : rows)
        facts.push_back(row.facts);
    return facts;
}

const StoredNegotiation* withId(const std::vector<StoredNegotiation>& rows, std::int64_t id) {
    const auto at =
        std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.facts.id == id; });
    return at == rows.end() ? nullptr : &*at;
}

} // namespace

void Projection::emit(EventType type, const StoredNegotiation& negotiation, std::int64_t person,
                      UtcTime now) {
    tables_.events.add(type, now, negotiation.facts.id, negotiation.dealer,
                       match::JsonObject()
                           .text("person", personId(person))
                           .text("state", negotiation.facts.closed ? "closed" : "open")
                           .text("opened_at", formatRfc3339(negotiation.opened))
                           .text("last_event_at", formatRfc3339(negotiation.facts.lastEvent))
                           .str());
}

void Projection::moved(const StoredRecord& record, UtcTime now) {
    match::JsonObject data;
    data.text("person", personId(record.person));
    if (record.negotiation != 0) data.text("negotiation", negotiationId(record.negotiation));
    tables_.events.add(EventType::RecordMoved, now, record.number, record.dealer,
                       data.number("revision", record.revision).str());
}

std::string Projection::joinNewest(StoredRecord& record, const match::Features& features, UtcTime now) {
    if (!match::negotiates(record.kind)) return {};
    std::vector<StoredNegotiation> rows = tables_.negotiations.latestOf(record.person);
    const match::Grouping grouping = match::group(record.kind, features, record.at(), factsOf(rows), window_);
    const auto at = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
        return grouping.join && row.facts.id == *grouping.join;
    });
    const bool fresh = at == rows.end();
    StoredNegotiation negotiation = fresh ? opened(record) : *at;
    const bool wasClosed = negotiation.facts.closed;
    match::join(negotiation.facts, record.kind, features, record.at());
    record.negotiation = negotiation.facts.id;
    tables_.negotiations.put(record.person, negotiation);
    if (fresh) {
        ++tables_.counts.negotiations;
        emit(EventType::NegotiationOpened, negotiation, record.person, now);
    }
    if (negotiation.facts.closed && !wasClosed)
        emit(EventType::NegotiationClosed, negotiation, record.person, now);
    else if (!fresh)
        emit(EventType::NegotiationChanged, negotiation, record.person, now);
    return grouping.why;
}

match::Profile Projection::profileOf(const std::vector<StoredRecord>& members, std::int64_t without) {
    match::Profile profile;
    for (const auto& member : members) {
        if (member.number != without) match::absorb(profile, tables_.records.features(member.number));
    }
    return profile;
}

void Projection::rebuild(std::int64_t person, const std::vector<match::Features>& removed) {
    const auto self = tables_.people.find(person);
    if (!self) return;
    match::Profile profile;
    std::vector<match::Key> keys;
    std::set<match::Key> kept;
    for (const auto& member : tables_.records.ofPerson(person)) {
        const match::Features features = tables_.records.features(member.number);
        match::absorb(profile, features);
        for (const auto& key : match::keysOf(features)) {
            if (kept.insert(key).second) keys.push_back(key);
        }
    }
    for (const auto& features : removed) {
        for (const auto& key : match::keysOf(features)) {
            if (!kept.contains(key)) tables_.people.removeKey(person, indexHash(key, self->group));
        }
    }
    tables_.people.addKeys(person, self->group, keys);
    tables_.people.setProfile(person, profile);
}

std::vector<StoredNegotiation> Projection::dissolve(std::int64_t person) {
    std::vector<StoredNegotiation> rows = tables_.negotiations.allOf(person);
    tables_.counts.negotiations -= tables_.negotiations.removeAll(person);
    return rows;
}

void Projection::regroup(std::int64_t person, const std::vector<StoredNegotiation>& arrived, UtcTime now,
                         const std::set<std::int64_t>& newcomers) {
    const std::vector<StoredNegotiation> before = dissolve(person);
    std::vector<StoredNegotiation> after; // latest first, as the tables give them
    std::set<std::int64_t> touched;       // negotiations whose members changed
    for (auto& member : tables_.records.ofPerson(person)) {
        if (!match::negotiates(member.kind)) {
            if (newcomers.contains(member.number)) moved(member, now);
            continue;
        }
        const match::Features features = tables_.records.features(member.number);
        const auto end = after.begin() + std::min<std::ptrdiff_t>(std::ssize(after), kOpenConsidered);
        const match::Grouping grouping =
            match::group(member.kind, features, member.at(), factsOf({after.begin(), end}), window_);
        if (!grouping.join) after.insert(after.begin(), opened(member));
        const std::int64_t id = grouping.join.value_or(member.number);
        const auto at =
            std::find_if(after.begin(), after.end(), [&](const auto& row) { return row.facts.id == id; });
        match::join(at->facts, member.kind, features, member.at());
        if (member.negotiation != id) {
            touched.insert(id);
            touched.insert(member.negotiation);
            tables_.records.setNegotiation(member.number, id);
        }
        if (member.negotiation != id || newcomers.contains(member.number)) {
            member.negotiation = id;
            moved(member, now);
        }
    }
    tables_.counts.negotiations += std::ssize(after);
    for (const auto& row : after) {
        tables_.negotiations.put(person, row);
        if (withId(arrived, row.facts.id)) {
            emit(EventType::NegotiationMoved, row, person, now);
        } else if (const auto* old = withId(before, row.facts.id); !old) {
            emit(EventType::NegotiationOpened, row, person, now);
        } else if (row.facts.closed && !old->facts.closed) {
            emit(EventType::NegotiationClosed, row, person, now);
        } else if (!(*old == row) || touched.contains(row.facts.id)) {
            emit(EventType::NegotiationChanged, row, person, now);
        }
    }
    // One that exists no longer: the negotiation of the record that had opened it goes on with its records.
    for (const auto* rows : {&before, &arrived}) {
        for (const auto& row : *rows) {
            if (withId(after, row.facts.id)) continue;
            const auto opener = tables_.records.find(row.facts.id);
            if (opener && opener->person == person && opener->negotiation != 0 &&
                opener->negotiation != row.facts.id)
                tables_.events.add(
                    EventType::NegotiationMoved, now, row.facts.id, row.dealer,
                    match::JsonObject().text("into", negotiationId(opener->negotiation)).str());
        }
    }
}

} // namespace trevo::store::sqlite
