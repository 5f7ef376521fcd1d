#include "store/sqlite/membership.hpp"

#include "match/json_text.hpp"

#include "match/model.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace trevo::store::sqlite {
namespace {

constexpr std::size_t kMostLookedAtAgain = 200; // records of one person
constexpr std::size_t kMostHolders = 64;

// The last eight digits of every phone, with or without an area code.
std::set<std::string> numbersOf(const match::Features& features) {
    std::set<std::string> numbers;
    for (const auto* phones : {&features.phones, &features.weakPhones}) {
        for (const auto& phone : *phones)
            if (phone.size() >= 8) numbers.insert(phone.substr(phone.size() - 8));
    }
    return numbers;
}

// A phone, and perhaps an account, is all that the contact says of who it is.
bool saysOnlyAPhone(const match::Features& features) {
    return features.phones.size() + features.weakPhones.size() == 1 && features.emails.empty();
}

// Of two contacts that give the same number, the one without a name may be of the other: with an area code it
// is of those who gave the same one.
bool samePhone(const match::Features& nameless, const match::Features& said) {
    return nameless.phones.empty() || said.phones.contains(*nameless.phones.begin());
}

// An account is one person's: a contact from one is only of who used it.
bool sameAccount(const match::Features& nameless, const match::Features& said) {
    return nameless.handles.empty() ||
           std::any_of(nameless.handles.begin(), nameless.handles.end(),
                       [&](const std::string& handle) { return said.handles.contains(handle); });
}

} // namespace

void Membership::decided(DecisionKind kind, std::int64_t person, std::int64_t other, const Why& why,
                         UtcTime now) {
    StoredDecision row;
    row.kind = kind;
    if (why.record != 0) row.record = why.record;
    row.person = person;
    if (other != 0) row.other = other;
    row.at = now;
    row.actor = tables_.names.number(why.actor.name);
    row.model = tables_.names.number(why.model);
    row.reason = why.actor.reason;
    row.evidence = why.evidence;
    tables_.decisions.add(row);
}

void Membership::emit(EventType type, std::int64_t subject, std::string_view role, std::int64_t other,
                      const std::vector<StoredRecord>& members, UtcTime now) {
    std::set<std::int64_t> dealers;
    for (const auto& member : members)
        dealers.insert(member.dealer);
    for (const std::int64_t dealer : dealers)
        tables_.events.add(type, now, subject, dealer, match::JsonObject().text(role, personId(other)).str());
}

void Membership::merge(std::int64_t keep, std::int64_t lose, std::int64_t upto, bool human, const Why& why,
                       UtcTime now) {
    const std::vector<StoredRecord> staying = tables_.records.ofPerson(keep);
    std::vector<StoredRecord> everybody = tables_.records.ofPerson(lose);
    std::vector<std::int64_t> moved;
    std::vector<match::Features> movedFeatures;
    for (const auto& member : everybody) {
        moved.push_back(member.number);
        movedFeatures.push_back(tables_.records.features(member.number));
        tables_.records.movePerson(member.number, keep);
    }
    if (human) {
        Partings::Records all(moved.begin(), moved.end());
        for (const auto& member : staying)
            all.insert(member.number);
        tables_.partings.unite(all);
    }
    tables_.people.addMerge({0, keep, lose, upto, human}, moved);
    tables_.people.redirect(lose, keep);
    --tables_.counts.people;
    const std::vector<StoredNegotiation> arrived = projection_.dissolve(lose);
    projection_.rebuild(lose, movedFeatures);
    projection_.rebuild(keep, {});

    decided(DecisionKind::Merge, keep, lose, why, now);
    everybody.insert(everybody.end(), staying.begin(), staying.end());
    emit(EventType::PersonMerged, lose, "into", keep, everybody, now);
    emit(EventType::PersonChanged, keep, "merged", lose, everybody, now);
    projection_.regroup(keep, arrived, now, {moved.begin(), moved.end()});
    questions_.membersChanged({keep, lose}, now);
}

std::int64_t Membership::split(std::int64_t person, const std::vector<std::int64_t>& records, const Why& why,
                               UtcTime now) {
    const std::vector<StoredRecord> everybody = tables_.records.ofPerson(person);
    const std::vector<StoredNegotiation> before = tables_.negotiations.allOf(person);
    const std::int64_t group = tables_.people.find(person)->group;
    const std::int64_t fresh = ++tables_.lastPerson;
    tables_.people.insert(fresh, group, {});
    ++tables_.counts.people;
    std::vector<match::Features> left;
    for (const std::int64_t record : records) {
        left.push_back(tables_.records.features(record));
        tables_.records.movePerson(record, fresh);
    }
    projection_.rebuild(person, left);
    projection_.rebuild(fresh, {});
    decided(DecisionKind::Split, person, fresh, why, now);
    emit(EventType::PersonSplit, fresh, "from", person, everybody, now);
    emit(EventType::PersonChanged, person, "split", fresh, everybody, now);
    projection_.regroup(person, {}, now);
    projection_.regroup(fresh, before, now, {records.begin(), records.end()});
    questions_.membersChanged({person, fresh}, now);
    return fresh;
}

// The members matched again among themselves, in the order of their arrival, as if the value said nothing.
std::vector<Membership::Group> Membership::clustersWithout(std::int64_t hash, std::int64_t group,
                                                           const std::vector<StoredRecord>& members) {
    std::vector<Group> groups;
    std::vector<match::Profile> profiles;
    for (const auto& member : members) {
        const match::Features features = tables_.records.features(member.number);
        FixedCandidates among(tables_, group, profiles, {hash});
        const match::Decision decision = matcher_.decide(features, member.number, among);
        // Profiles are numbered by their group, from 1; a group that was taken into another is empty.
        std::size_t at = static_cast<std::size_t>(decision.person);
        if (at == 0) {
            groups.emplace_back();
            profiles.emplace_back();
            at = groups.size();
            profiles.back().id = static_cast<match::PersonId>(at);
        }
        for (const match::PersonId other : decision.merges) {
            auto& lost = groups[static_cast<std::size_t>(other) - 1];
            groups[at - 1].insert(groups[at - 1].end(), lost.begin(), lost.end());
            for (const std::int64_t record : lost)
                match::absorb(profiles[at - 1], tables_.records.features(record));
            lost.clear();
            profiles[static_cast<std::size_t>(other) - 1] = {};
            profiles[static_cast<std::size_t>(other) - 1].id = other;
        }
        groups[at - 1].push_back(member.number);
        match::absorb(profiles[at - 1], features);
    }
    std::erase_if(groups, [](const Group& one) { return one.empty(); });
    return groups;
}

// A human said of some record that it belongs here.
bool Membership::boundByHuman(const std::vector<StoredRecord>& members) {
    return std::any_of(members.begin(), members.end(),
                       [&](const StoredRecord& member) { return tables_.matches.mustLink(member.number); });
}

void Membership::disputeDocument(std::int64_t hash, std::int64_t group, std::int64_t person,
                                 const std::vector<StoredRecord>& members) {
    std::vector<match::Features> before;
    for (const auto& member : members) {
        match::Features features = tables_.records.features(member.number);
        if (features.document.empty() ||
            indexHash(match::keyOf(match::KeyKind::Document, features.document), group) != hash)
            continue;
        before.push_back(features);
        match::dispute(features);
        tables_.records.setFeatures(member.number, encode(features));
    }
    if (!before.empty()) projection_.rebuild(person, before);
}

void Membership::turnedGeneric(std::int64_t hash, std::int64_t group, const Why& why, UtcTime now) {
    const std::vector<std::int64_t> holders = tables_.people.holders(hash, kMostHolders, false);
    tables_.generic.add(hash, group, holders.size(), now);
    for (const std::int64_t person : holders) {
        const std::vector<StoredRecord> members = tables_.records.ofPerson(person);
        disputeDocument(hash, group, person, members);
        if (members.size() < 2 || members.size() > kMostLookedAtAgain ||
            tables_.people.mergedByHuman(person) || boundByHuman(members))
            continue;
        std::vector<Group> groups = clustersWithout(hash, group, members);
        if (groups.size() < 2) continue;
        std::stable_sort(groups.begin(), groups.end(),
                         [](const Group& a, const Group& b) { return a.size() > b.size(); });
        for (std::size_t i = 1; i < groups.size(); ++i)
            split(person, groups[i], why, now);
    }
}

void Membership::moveRecord(const StoredRecord& record, std::int64_t to, const Why& why, UtcTime now) {
    const std::int64_t from = record.person;
    const match::Features features = tables_.records.features(record.number);
    const std::vector<StoredNegotiation> before = tables_.negotiations.allOf(from);
    tables_.records.movePerson(record.number, to);
    projection_.rebuild(from, {features});
    projection_.rebuild(to, {});
    decided(DecisionKind::Assign, to, from, why, now);
    const std::string data = match::JsonObject().text("record", recordId(record.number)).str();
    tables_.events.add(EventType::PersonChanged, now, from, record.dealer, data);
    tables_.events.add(EventType::PersonChanged, now, to, record.dealer, data);
    projection_.regroup(from, {}, now);
    projection_.regroup(to, before, now, {record.number});
    questions_.membersChanged({from, to}, now);
}

void Membership::settleNameless(const match::Features& came, std::int64_t person, std::int64_t group,
                                const GroupCandidates& looked, const Why& why, UtcTime now) {
    for (const auto& number : numbersOf(came)) {
        const std::int64_t hash = indexHash(match::keyOf(match::KeyKind::PhoneNoArea, number), group);
        if (looked.mayHold(hash, person, 0)) settleOn(number, hash, group, why, now);
    }
}

bool Membership::onGenericPhone(const match::Features& features, std::int64_t group) const {
    return std::any_of(features.phones.begin(), features.phones.end(), [&](const std::string& phone) {
        return tables_.generic.contains(indexHash(match::keyOf(match::KeyKind::Phone, phone), group));
    });
}

void Membership::settleOn(const std::string& number, std::int64_t hash, std::int64_t group, const Why& why,
                          UtcTime now) {
    const std::size_t most = matcher_.settings().genericPersons;
    const std::vector<std::int64_t> holders = tables_.people.holders(hash, most + 1, false);
    if (holders.size() < 2 || holders.size() > most) return;
    std::vector<Contact> nameless, said;
    for (const std::int64_t person : holders) {
        const std::vector<StoredRecord> members = tables_.records.ofPerson(person);
        if (members.size() > kMostLookedAtAgain || tables_.people.mergedByHuman(person)) return;
        for (const auto& member : members) {
            match::Features features = tables_.records.features(member.number);
            if (!numbersOf(features).contains(number)) continue;
            if (!match::nameless(features))
                said.push_back({member, std::move(features)});
            else if (saysOnlyAPhone(features) && !onGenericPhone(features, group))
                nameless.push_back({member, std::move(features)});
        }
    }
    for (const auto& contact : nameless) {
        const Contact* nearest = nearestTo(contact, said);
        if (!nearest || nearest->record.person == contact.record.person ||
            tables_.partings.apart(nearest->record.person, contact.record.number) ||
            tables_.matches.mustLink(contact.record.number))
            continue;
        if (tables_.records.alone(contact.record.person)) {
            merge(nearest->record.person, contact.record.person, why.record - 1, false, why, now);
        } else {
            Why moved = why;
            moved.record = contact.record.number;
            moveRecord(contact.record, nearest->record.person, moved, now);
        }
    }
}

// Of those who said a name on the contact's phone, the one in touch at the nearest time; another dealer or
// car counts as further away.
const Membership::Contact* Membership::nearestTo(const Contact& contact,
                                                 const std::vector<Contact>& said) const {
    const auto& time = matcher_.settings().model->time;
    const Contact* nearest = nullptr;
    double best = 0;
    for (const auto& other : said) {
        if (!samePhone(contact.features, other.features) || !sameAccount(contact.features, other.features))
            continue;
        const double apart =
            static_cast<double>(std::llabs(other.features.at - contact.features.at)) / 86'400;
        if (apart > time.namelessDays) continue;
        double distance = apart + 0.01; // so that a car or dealer tells between contacts of one hour, too
        if (other.record.dealer != contact.record.dealer) distance *= time.otherDealer;
        const match::SameCar car = match::sameCar(other.features, contact.features);
        if (car == match::SameCar::Yes) distance *= time.sameCar;
        if (car == match::SameCar::No) distance *= time.otherCar;
        if (!nearest || distance < best) {
            nearest = &other;
            best = distance;
        }
    }
    return nearest;
}

} // namespace trevo::store::sqlite
