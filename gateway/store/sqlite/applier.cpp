#include "store/sqlite/applier.hpp"

#include "match/json_text.hpp"

#include "match/model.hpp"

#include <algorithm>
#include <cmath>

namespace trevo::store::sqlite {
namespace {

constexpr std::string_view kDefaultGroup = "default";

// A client of the API may bring another source's records: their ids are the source's.
const std::string& integrationOf(const Incoming& incoming, const model::Record& record) {
    return record.source.integration.empty() ? incoming.integration : record.source.integration;
}

// What may change who somebody is; the car does not.
bool sameIdentity(match::Features a, match::Features b) {
    for (auto* features : {&a, &b}) {
        features->plate = features->vin = features->adId = features->stockId = {};
        features->brand = features->model = {};
        features->modelYear.reset();
        features->at = 0;
        features->dealer.clear();
    }
    return a == b;
}

bool sameVehicle(const match::Features& a, const match::Features& b) {
    const auto facts = [](const match::Features& f) {
        return std::tie(f.plate, f.vin, f.adId, f.stockId, f.brand, f.model, f.modelYear);
    };
    return facts(a) == facts(b);
}

std::string eventData(const StoredRecord& record, Names& names, bool noLongerMade = false) {
    match::JsonObject data;
    data.text("kind", model::name(record.kind)).text("integration", names.text(record.integration));
    if (record.person != 0) data.text("person", personId(record.person));
    if (record.negotiation != 0) data.text("negotiation", negotiationId(record.negotiation));
    data.number("revision", record.revision);
    if (noLongerMade) data.boolean("no_longer_made", true);
    return data.str();
}

std::string aboutRecord(const StoredRecord& record) {
    return match::JsonObject().text("record", recordId(record.number)).str();
}

} // namespace

match::Settings settingsOf(const Options& options) {
    match::Settings settings = options.matching;
    for (const auto& dealer : options.dealers) {
        if (!dealer.cnpj.empty()) settings.genericDocuments.insert(dealer.cnpj);
    }
    return settings;
}

Applier::Applier(Tables& tables, const Options& options)
    : tables_(tables),
      settings_(settingsOf(options)),
      matcher_(settings_),
      projection_(tables, options.negotiationWindow),
      questions_(tables),
      duplicates_(tables.records, tables.duplicates, tables.names),
      membership_(tables, projection_, questions_, matcher_) {
    configure(options);
}

void Applier::configure(const Options& options) {
    settings_ = settingsOf(options);
    matcher_ = match::Matcher(settings_);
    projection_.setWindow(options.negotiationWindow);
    duplicates_.setRules(options.duplicates);
    groups_.clear();
    for (const auto& dealer : options.dealers)
        groups_[dealer.id] = dealer.group;
}

std::int64_t Applier::groupOf(const std::string& dealer) {
    const auto at = groups_.find(dealer);
    const bool named = at != groups_.end() && !at->second.empty();
    return tables_.names.number(named ? std::string_view(at->second) : kDefaultGroup);
}

match::Features Applier::featuresOf(const model::Record& record, UtcTime received) {
    match::Features features = match::featuresOf(record);
    if (features.at == 0) features.at = received.micros / kSecond;
    match::dropGeneric(features, settings_);
    if (!features.document.empty()) {
        const match::Key key = match::keyOf(match::KeyKind::Document, features.document);
        if (tables_.generic.contains(indexHash(key, groupOf(record.dealer)))) match::dispute(features);
    }
    return features;
}

std::int64_t Applier::newPerson(std::int64_t group, const match::Profile& profile) {
    tables_.people.insert(++tables_.lastPerson, group, profile);
    ++tables_.counts.people;
    return tables_.lastPerson;
}

EnvelopeResult Applier::apply(const Incoming& incoming, bool replay, UtcTime now) {
    EnvelopeResult result;
    result.envelope = incoming.envelope;
    const std::optional<std::vector<Made>> applied = tables_.records.applied(incoming.envelope);
    result.repeated = applied.has_value();
    const std::vector<Made> before = applied.value_or(std::vector<Made>{});
    std::vector<Made> made;
    if (result.repeated && !replay) {
        made = before;
        for (std::size_t place = 0; place < std::min(made.size(), incoming.records.size()); ++place)
            if (made[place].record == 0) result.withheld.push_back(place);
    } else {
        // Records without an external id are known again by their kind and their order within the envelope.
        std::vector<StoredRecord> nameless;
        for (const auto& one : before) {
            auto record = tables_.records.find(one.record);
            const bool erased = record && record->person == 0 && !record->trial;
            if (record && record->externalId.empty() && !erased) nameless.push_back(std::move(*record));
        }
        for (std::size_t place = 0; place < incoming.records.size(); ++place) {
            const model::Record& record = incoming.records[place];
            if (tables_.tombstones.holds(integrationOf(incoming, record), static_cast<int>(record.kind),
                                         record.source.externalId, record.body, incoming.envelope.view(),
                                         place)) {
                made.push_back({0, 0, false}); // keeps the places of the others
                result.withheld.push_back(place);
                continue;
            }
            std::optional<StoredRecord> existing;
            if (!record.source.externalId.empty()) {
                existing = tables_.records.findExternal(record.kind,
                                                        tables_.names.number(integrationOf(incoming, record)),
                                                        record.source.externalId, incoming.trial);
            } else {
                const auto at = std::find_if(nameless.begin(), nameless.end(),
                                             [&](const auto& one) { return one.kind == record.kind; });
                if (at != nameless.end()) {
                    existing = *at;
                    nameless.erase(at);
                }
            }
            made.push_back(existing ? update(std::move(*existing), incoming, record, now)
                                    : insert(incoming, record, now));
        }
        std::vector<Made> all = made;
        for (const auto& one : before) {
            const bool still = std::any_of(made.begin(), made.end(),
                                           [&](const Made& other) { return other.record == one.record; });
            if (still) continue;
            all.push_back({one.record, one.revision, false});
            const auto record = tables_.records.find(one.record);
            if (record && !record->trial && record->person != 0)
                tables_.events.add(EventType::RecordUpdated, now, record->number, record->dealer,
                                   eventData(*record, tables_.names, true));
        }
        tables_.records.setApplied(incoming.envelope, all);
    }
    for (const auto& one : made) {
        const auto record = tables_.records.find(one.record);
        if (!record) continue;
        AppliedRecord row;
        row.record = recordId(one.record);
        if (record->person != 0) row.person = personId(record->person);
        if (record->negotiation != 0) row.negotiation = negotiationId(record->negotiation);
        row.revision = one.revision;
        row.changed = one.changed;
        result.records.push_back(std::move(row));
    }
    return result;
}

Made Applier::insert(const Incoming& incoming, const model::Record& record, UtcTime now) {
    StoredRecord row;
    row.number = ++tables_.lastRecord;
    row.kind = record.kind;
    row.integration = tables_.names.number(integrationOf(incoming, record));
    row.dealer = tables_.names.number(record.dealer);
    row.externalId = record.source.externalId;
    row.envelope = incoming.envelope;
    row.mapping = tables_.names.number(incoming.mappingVersion);
    row.received = row.updated = incoming.receivedAt;
    if (record.source.occurredAt) row.occurred = record.source.occurredAt->at;
    row.trial = incoming.trial;

    match::Features features = featuresOf(record, row.received);
    if (row.trial) { // matched with nothing, no event: a trial shows the way of a record and leaves no trace
                     // on people
        tables_.records.insert(row, encode(features), record.body);
        return {row.number, 1, true};
    }

    const std::int64_t group = groupOf(record.dealer);
    tables_.vehicles.complete(features, group);
    GroupCandidates candidates(tables_, group);
    match::Decision decision = matcher_.decide(features, row.number, candidates);
    const bool known = decision.person != 0;
    if (decision.disputed) match::dispute(features);
    if (known) {
        row.person = mergeProven(decision, row.number, now);
        const std::shared_ptr<const match::Profile> held = tables_.people.profile(row.person);
        match::Profile profile = *held;
        countName(group, *held, features);
        match::absorb(profile, features);
        if (!(profile == *held)) {
            tables_.people.setProfile(row.person, std::move(profile));
            tables_.people.addKeys(row.person, group, match::keysOf(features));
        }
    } else {
        match::Profile profile;
        countName(group, profile, features);
        match::absorb(profile, features);
        row.person = newPerson(group, profile);
        tables_.people.addKeys(row.person, group, match::keysOf(features));
    }
    const auto duplicate = known ? duplicates_.judge(row, features) : std::nullopt;
    const bool refused = duplicate && duplicate->refused;
    if (duplicate) tables_.duplicates.put(row.number, *duplicate);
    std::optional<std::string> grouping = "refused_duplicate";
    if (!refused) grouping = projection_.join(row, features, now);
    tables_.records.insert(row, encode(features), record.body);
    if (!grouping) grouping = projection_.joinLate(row, now);
    ++tables_.counts.records;
    tables_.events.add(EventType::RecordCreated, now, row.number, row.dealer, eventData(row, tables_.names));
    tables_.events.add(known ? EventType::PersonChanged : EventType::PersonCreated, now, row.person,
                       row.dealer, aboutRecord(row));
    if (duplicate)
        tables_.events.add(EventType::RecordDuplicate, now, row.number, row.dealer,
                           match::JsonObject()
                               .text("of", recordId(duplicate->of))
                               .text("state", refused ? "refused" : "duplicate")
                               .text("reason", duplicate->reason)
                               .str());
    decided(row, decision, *grouping, {}, now);
    tables_.traffic.add(features);
    learnGeneric(row, features, group, candidates, now);
    membership_.settleNameless(features, row.person, group, candidates,
                               {{"system", "somebody on the same phone was in touch at a nearer time"},
                                decision.model,
                                "{}",
                                row.number},
                               now);
    return {row.number, 1, true};
}

std::int64_t Applier::mergeProven(const match::Decision& decision, std::int64_t record, UtcTime now) {
    if (decision.merges.empty()) return decision.person;
    // The oldest id stays.
    std::int64_t keep = decision.person;
    for (const match::PersonId other : decision.merges)
        keep = std::min(keep, other);
    const Why why{
        {"system", "a record proves the two people one"}, decision.model, evidenceJson(decision, {}), record};
    for (const match::PersonId other : decision.merges) {
        if (other != keep) membership_.merge(keep, other, record - 1, false, why, now);
    }
    if (decision.person != keep) membership_.merge(keep, decision.person, record - 1, false, why, now);
    return keep;
}

void Applier::countName(std::int64_t group, const match::Profile& held, const match::Features& features) {
    const bool fuller = std::all_of(held.names.begin(), held.names.end(), [&](const auto& name) {
        return name.size() == 1 && features.nameTokens.size() > 1;
    });
    if (fuller && !features.company) tables_.nameCounts.add(group, features.nameTokens);
}

void Applier::learnGeneric(const StoredRecord& record, const match::Features& features, std::int64_t group,
                           const GroupCandidates& looked, UtcTime now) {
    if (!settings_.model->guards.genericValues) return;
    const auto turnsGeneric = [&](std::int64_t hash, const std::string& reason) {
        const Why why{{"system", reason}, settings_.model->version, "{}", record.number};
        membership_.decided(DecisionKind::Generic, record.person, 0, why, now);
        membership_.turnedGeneric(hash, group, why, now);
    };
    if (!features.document.empty() && matcher_.heldByMany(*tables_.people.profile(record.person)))
        turnsGeneric(indexHash(match::keyOf(match::KeyKind::Document, features.document), group),
                     "a document of more than " +
                         std::to_string(std::lround(settings_.model->limits.documentNames)) + " names");
    for (const auto& key : match::keysOf(features)) {
        if (key.kind != match::KeyKind::Phone && key.kind != match::KeyKind::Email &&
            key.kind != match::KeyKind::Handle)
            continue;
        const std::int64_t hash = indexHash(key, group);
        if (tables_.generic.contains(hash) ||
            !looked.mayHold(hash, record.person, settings_.genericPersons - 1))
            continue;
        const std::size_t holders = tables_.people.holders(hash, settings_.genericPersons + 1, false).size();
        if (holders <= settings_.genericPersons) continue;
        turnsGeneric(hash, "a value of more than " + std::to_string(settings_.genericPersons) + " people");
    }
}

void Applier::decided(const StoredRecord& record, const match::Decision& decision, std::string_view grouping,
                      std::string_view reason, UtcTime now) {
    StoredDecision row;
    row.record = record.number;
    row.person = record.person;
    row.at = now;
    row.actor = tables_.names.number("system");
    row.model = tables_.names.number(decision.model);
    row.reason = reason;
    row.evidence = evidenceJson(decision, grouping);
    tables_.decisions.add(row);
    questions_.decided(record, decision, now);
}

Made Applier::update(StoredRecord row, const Incoming& incoming, const model::Record& record, UtcTime now) {
    const Content old = tables_.records.content(row.number);
    const std::int64_t dealer = tables_.names.number(record.dealer);
    if (old.body == record.body && row.dealer == dealer) return {row.number, row.revision, false};

    const UtcTime happened = row.at();
    tables_.records.keepRevision(row, old.body);
    ++row.revision;
    row.dealer = dealer;
    row.envelope = incoming.envelope;
    row.mapping = tables_.names.number(incoming.mappingVersion);
    row.updated = incoming.receivedAt;
    row.occurred.reset();
    if (record.source.occurredAt) row.occurred = record.source.occurredAt->at;
    match::Features features = featuresOf(record, row.received);
    if (!row.trial) tables_.vehicles.complete(features, groupOf(record.dealer));
    if (!old.features.disputedDocument.empty() && features.document == old.features.disputedDocument)
        match::dispute(features);
    tables_.records.update(row, encode(features), record.body);
    if (row.trial) return {row.number, row.revision, true};

    Place place{{}, row.person};
    bool alone = false;
    if (!sameIdentity(old.features, features)) {
        alone = tables_.records.alone(row.person);
        place = placeAgain(row, old.features, features, alone);
        if (place.person != row.person && boundHere(row, features)) place.person = row.person;
    }
    if (place.decision.disputed && place.person == place.decision.person) {
        match::dispute(features);
        tables_.records.update(row, encode(features), record.body);
    }
    if (place.person != row.person) {
        move(row, old.features, features, place, alone, now);
    } else {
        if (!(old.features == features)) projection_.rebuild(row.person, {old.features});
        if (!sameVehicle(old.features, features) || row.at() != happened)
            projection_.regroup(row.person, {}, now);
        if (alone) questions_.decided(row, place.decision, now);
    }
    if (const auto moved = tables_.records.find(row.number)) row.negotiation = moved->negotiation;
    tables_.events.add(EventType::RecordUpdated, now, row.number, row.dealer, eventData(row, tables_.names));
    tables_.events.add(EventType::PersonChanged, now, row.person, row.dealer, aboutRecord(row));
    return {row.number, row.revision, true};
}

// A human linked the record to its person: only a second valid document outranks that.
bool Applier::boundHere(const StoredRecord& row, const match::Features& features) {
    if (!tables_.matches.mustLink(row.number)) return false;
    const match::Profile others = projection_.profileOf(tables_.records.ofPerson(row.person), row.number);
    return features.document.empty() || others.documents.empty() ||
           others.documents.contains(features.document);
}

Applier::Place Applier::placeAgain(const StoredRecord& row, const match::Features& before,
                                   const match::Features& after, bool alone) {
    const std::int64_t group = tables_.people.find(row.person)->group;
    if (alone) {
        // Out of the index first: it must not find, or be counted as, its own person.
        for (const auto& key : match::keysOf(before))
            tables_.people.removeKey(row.person, indexHash(key, group));
        GroupCandidates candidates(tables_, group);
        Place place{matcher_.decide(after, row.number, candidates), row.person};
        if (place.decision.zone == match::Zone::Link) place.person = place.decision.person;
        return place;
    }
    match::Profile others = projection_.profileOf(tables_.records.ofPerson(row.person), row.number);
    others.id = row.person;
    FixedCandidates only(tables_, group, {others});
    const match::Decision here = matcher_.decide(after, row.number, only);
    const bool forbidden =
        std::any_of(here.candidates.begin(), here.candidates.end(), [](const match::Candidate& candidate) {
            return std::any_of(candidate.guards.begin(), candidate.guards.end(),
                               [](const std::string& guard) { return guard != "no_strong_value"; });
        });
    if (!forbidden) return {here, row.person};
    GroupCandidates candidates(tables_, group);
    Place place{matcher_.decide(after, row.number, candidates), 0};
    if (place.decision.zone == match::Zone::Link && place.decision.person != row.person)
        place.person = place.decision.person;
    return place;
}

void Applier::move(StoredRecord& row, const match::Features& before, const match::Features& after,
                   const Place& place, bool alone, UtcTime now) {
    const std::int64_t from = row.person;
    const std::int64_t group = tables_.people.find(from)->group;
    row.person = place.person != 0 ? place.person : newPerson(group, {});
    const std::vector<StoredNegotiation> left = tables_.negotiations.allOf(from);
    tables_.records.movePerson(row.number, row.person);
    projection_.rebuild(from, {before, after});
    projection_.rebuild(row.person, {});
    const std::string data =
        match::JsonObject().text("from", personId(from)).text("record", recordId(row.number)).str();
    if (alone) {
        projection_.dissolve(from);
        tables_.people.redirect(from, row.person);
        --tables_.counts.people;
        tables_.events.add(EventType::PersonMerged, now, from, row.dealer,
                           match::JsonObject().text("into", personId(row.person)).str());
    } else {
        projection_.regroup(from, {}, now);
        tables_.events.add(EventType::PersonSplit, now, row.person, row.dealer, data);
    }
    projection_.regroup(row.person, left, now, {row.number});
    questions_.membersChanged({from, row.person}, now);
    decided(row, place.decision, {}, "the update's identity values forbid or outweigh the former person",
            now);
}

} // namespace trevo::store::sqlite
