#include "store/sqlite/projection.hpp"

#include "match/json_text.hpp"
#include "store/sqlite/codec.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace trevo::store::sqlite {
namespace {

StoredNegotiation opened(const StoredRecord& record) {
    StoredNegotiation negotiation;
    negotiation.facts.id = record.number;
    negotiation.facts.lastEvent = record.at();
    negotiation.facts.dealer = record.dealer;
    negotiation.opened = record.at();
    return negotiation;
}

std::vector<match::OpenNegotiation> factsOf(const std::vector<StoredNegotiation>& rows) {
    std::vector<match::OpenNegotiation> facts;
    for (const auto& row : rows)
        facts.push_back(row.facts);
    return facts;
}

// The negotiations that the next record of a person may join while its records are gone through in the order
// of their times: those within the window, and no more than the tables would give.
class Joinable {
  public:
    explicit Joinable(std::int64_t window) : window_(window) {}

    const std::vector<match::OpenNegotiation>& at(UtcTime time) {
        std::erase_if(open_, [&](const auto& one) { return time - one.lastEvent > window_; });
        return open_;
    }
    void put(std::int64_t before, const match::OpenNegotiation& now) {
        const auto held =
            std::find_if(open_.begin(), open_.end(), [&](const auto& one) { return one.id == before; });
        if (held != open_.end())
            *held = now;
        else
            open_.push_back(now);
        if (open_.size() <= kOpenConsidered) return;
        open_.erase(std::min_element(open_.begin(), open_.end(), [](const auto& a, const auto& b) {
            return std::tuple(a.lastEvent, a.id) < std::tuple(b.lastEvent, b.id);
        }));
    }

  private:
    std::int64_t window_;
    std::vector<match::OpenNegotiation> open_;
};

const StoredNegotiation* withId(const std::vector<StoredNegotiation>& rows, std::int64_t id) {
    const auto at =
        std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.facts.id == id; });
    return at == rows.end() ? nullptr : &*at;
}

} // namespace

void Projection::emit(EventType type, const StoredNegotiation& negotiation, std::int64_t person,
                      UtcTime now) {
    tables_.events.add(type, now, negotiation.facts.id, negotiation.facts.dealer,
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

std::string Projection::joinLate(StoredRecord& record, UtcTime now) {
    regroup(record.person, {}, now);
    record.negotiation = tables_.records.find(record.number)->negotiation;
    return "by_event_time";
}

std::optional<std::string> Projection::join(StoredRecord& record, const match::Features& features,
                                            UtcTime now) {
    if (!match::negotiates(record.kind)) return std::string();
    std::vector<StoredNegotiation> rows = tables_.negotiations.latestOf(record.person);
    const bool newest = std::all_of(rows.begin(), rows.end(),
                                    [&](const auto& row) { return row.facts.lastEvent <= record.at(); });
    if (!newest) return std::nullopt;
    const match::Grouping grouping =
        match::group(record.kind, features, record.at(), record.dealer, factsOf(rows), window_);
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
    std::vector<match::Features> gone = removed;
    for (const auto& pin : tables_.pins.of(person)) {
        const match::Features features = decodeFeatures(pin.features);
        if (self->redirect != 0) { // speaks of the survivor now
            gone.push_back(features);
            continue;
        }
        if (!features.document.empty()) profile.documents.clear(); // corrected by hand
        match::absorb(profile, features);
        for (const auto& key : match::keysOf(features)) {
            if (kept.insert(key).second) keys.push_back(key);
        }
    }
    for (const auto& features : gone) {
        for (const auto& key : match::keysOf(features)) {
            if (!kept.contains(key)) tables_.people.removeKey(person, indexHash(key, self->group));
        }
    }
    tables_.people.addKeys(person, self->group, keys);
    tables_.people.setProfile(person, std::move(profile));
}

std::vector<StoredNegotiation> Projection::dissolve(std::int64_t person) {
    std::vector<StoredNegotiation> rows = tables_.negotiations.allOf(person);
    tables_.counts.negotiations -= tables_.negotiations.removeAll(person);
    return rows;
}

void Projection::regroup(std::int64_t person, const std::vector<StoredNegotiation>& arrived, UtcTime now,
                         const std::set<std::int64_t>& newcomers) {
    const std::vector<StoredNegotiation> before = dissolve(person);
    std::vector<StoredRecord> members = tables_.records.ofPerson(person);
    std::stable_sort(members.begin(), members.end(),
                     [](const StoredRecord& a, const StoredRecord& b) { return a.at() < b.at(); });
    std::vector<StoredNegotiation> after;
    std::map<std::int64_t, std::size_t> placed; // by record: its negotiation's place in `after`
    std::map<std::int64_t, std::size_t> places; // by negotiation
    Joinable joinable(window_);
    for (const auto& member : members) {
        if (!match::negotiates(member.kind) || tables_.duplicates.refused(member.number)) continue;
        const match::Features features = tables_.records.features(member.number);
        const match::Grouping grouping = match::group(member.kind, features, member.at(), member.dealer,
                                                      joinable.at(member.at()), window_);
        std::size_t at = after.size();
        if (grouping.join)
            at = places.at(*grouping.join);
        else
            after.push_back(opened(member));
        match::OpenNegotiation& facts = after[at].facts;
        match::join(facts, member.kind, features, member.at());
        const std::int64_t former = facts.id;
        facts.id = std::min(facts.id, member.number); // in whatever order they came, the same
        joinable.put(former, facts);
        places[facts.id] = at;
        placed[member.number] = at;
    }
    std::set<std::int64_t> touched; // negotiations whose members changed
    for (auto& member : members) {
        const auto at = placed.find(member.number);
        const std::int64_t id = at == placed.end() ? member.negotiation : after[at->second].facts.id;
        const bool changes = member.negotiation != id;
        if (changes) {
            touched.insert(id);
            touched.insert(member.negotiation);
            tables_.records.setNegotiation(member.number, id);
            member.negotiation = id;
        }
        if (changes || newcomers.contains(member.number)) moved(member, now);
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
                    EventType::NegotiationMoved, now, row.facts.id, row.facts.dealer,
                    match::JsonObject().text("into", negotiationId(opener->negotiation)).str());
        }
    }
}

} // namespace trevo::store::sqlite
