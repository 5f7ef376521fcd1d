#include "store/sqlite/erasure.hpp"

#include "base/json_text.hpp"
#include "identity/plate.hpp"
#include "match/json_text.hpp"
#include "store/sqlite/questions.hpp"
#include "store/sqlite/stored_body.hpp"

#include <algorithm>
#include <set>

namespace trevo::store::sqlite {
namespace {

constexpr std::int64_t kErased = -1; // as a redirect: the id leads nowhere

std::optional<std::int64_t> resolve(const Database& db, std::int64_t person) {
    Statement find = db.prepare("SELECT coalesce(redirect, 0) FROM person WHERE id=?1");
    while (find.first(person)) {
        if (find.integer(0) == 0) return person;
        person = find.integer(0);
    }
    return std::nullopt;
}

std::vector<std::int64_t> idsOf(const Database& db, std::int64_t person) {
    std::vector<std::int64_t> ids;
    Statement row =
        db.prepare("WITH RECURSIVE ids(id) AS (SELECT ?1 UNION SELECT person.id FROM person JOIN ids "
                   "ON person.redirect=ids.id) SELECT id FROM ids ORDER BY id");
    for (bool any = row.first(person); any; any = row.next())
        ids.push_back(row.integer(0));
    return ids;
}

// Every delivery that made one of these records, its repeats included.
std::vector<Erasure::Delivery> deliveriesOf(const Database& db, const std::set<std::int64_t>& records) {
    std::vector<Erasure::Delivery> deliveries;
    Statement row = db.prepare("SELECT envelope, records FROM applied");
    Statement content = db.prepare("SELECT features, body FROM content WHERE id=?1");
    for (bool any = row.first(); any; any = row.next()) {
        const auto made = decodeMade(row.view(1));
        const auto mine = [&](const Made& one) { return records.contains(one.record); };
        if (std::none_of(made.begin(), made.end(), mine)) continue;
        Erasure::Delivery delivery{Uuid::fromBytes(row.view(0)).value_or(Uuid{}), true, {}};
        for (const Made& one : made) {
            if (mine(one) || !content.first(one.record)) continue;
            delivery.whole = false;
            delivery.others.add(personalValues(content.view(1), decodeFeatures(content.view(0))));
            content.reset();
        }
        deliveries.push_back(std::move(delivery));
    }
    return deliveries;
}

bool heldByOthers(const Database& db, const match::Key& key, std::int64_t group,
                  const std::vector<std::int64_t>& ids) {
    Statement holder = db.prepare("SELECT person FROM key WHERE hash=?1");
    for (bool any = holder.first(indexHash(key, group)); any; any = holder.next())
        if (std::find(ids.begin(), ids.end(), holder.integer(0)) == ids.end()) return true;
    return false;
}

// A car that somebody else asked for too, one of the dealer's stock mostly, says nothing of this person.
void leaveOthersVehicles(const Database& db, std::int64_t group, const std::vector<std::int64_t>& ids,
                         std::vector<std::string>& vehicles) {
    std::erase_if(vehicles, [&](const std::string& vehicle) {
        const auto plate = identity::readPlate(vehicle);
        const match::Key key = plate.valid ? match::keyOf(match::KeyKind::Plate, plate.normalised)
                                           : match::keyOf(match::KeyKind::Vin, vehicle);
        return heldByOthers(db, key, group, ids);
    });
}

std::string personList(const std::vector<std::int64_t>& ids) {
    std::string list;
    for (const std::int64_t id : ids)
        list += (list.empty() ? "" : ",") + std::to_string(id);
    return list;
}

} // namespace

std::optional<Erasure> planErasure(const Database& db, const std::string& id) {
    const auto number = numberOf(id, 'p');
    const auto person = number ? resolve(db, *number) : std::nullopt;
    if (!person) return std::nullopt;
    Erasure plan;
    plan.person = personId(*person);
    for (const std::int64_t one : idsOf(db, *person))
        plan.ids.push_back(personId(one));
    std::set<std::int64_t> records;
    Statement row = db.prepare("SELECT r.id, c.features, c.body FROM record AS r CROSS JOIN content AS c ON "
                               "c.id=r.id WHERE r.person=?1 ORDER BY r.id");
    Statement revision = db.prepare("SELECT body FROM revision WHERE record=?1");
    for (bool any = row.first(*person); any; any = row.next()) {
        records.insert(row.integer(0));
        plan.records.push_back(recordId(row.integer(0)));
        const match::Features features = decodeFeatures(row.view(1));
        plan.values.add(personalValues(row.view(2), features));
        plan.values.add({{}, {}, {}, {}, {features.plate, features.vin}});
        for (bool old = revision.first(row.integer(0)); old; old = revision.next())
            plan.values.add(personalValues(revision.view(0), features));
    }
    Statement pin =
        db.prepare("SELECT field, value FROM pin WHERE person IN (" + personList(idsOf(db, *person)) + ")");
    for (bool any = pin.first(); any; any = pin.next())
        plan.values.add(personalValues("{\"customer\":{\"" + pin.text(0) + "\":" + pin.text(1) + "}}", {}));
    Statement group = db.prepare("SELECT dealer_group FROM person WHERE id=?1");
    if (group.first(*person))
        leaveOthersVehicles(db, group.integer(0), idsOf(db, *person), plan.values.vehicles);
    plan.deliveries = deliveriesOf(db, records);
    return plan;
}

void Erasures::leaveTombstones(std::int64_t record, const std::string& integration, int kind,
                               const std::string& externalId, UtcTime now) {
    tables_.tombstones.putRecord(integration, kind, externalId, now);
    Statement body = database_.prepare(
        "SELECT body FROM content WHERE id=?1 UNION ALL SELECT body FROM revision WHERE record=?1");
    for (bool any = body.first(record); any; any = body.next())
        tables_.tombstones.putBody(body.view(0), now);
}

void Erasures::forget(std::int64_t record) {
    for (const char* sql : {"DELETE FROM content WHERE id=?1", "DELETE FROM revision WHERE record=?1",
                            "DELETE FROM external WHERE record=?1", "DELETE FROM parted WHERE record=?1",
                            "DELETE FROM must_link WHERE record=?1", "DELETE FROM duplicate WHERE record=?1",
                            "UPDATE decision SET reason='' WHERE record=?1",
                            "UPDATE record SET external_id='', person=NULL, negotiation=NULL WHERE id=?1"})
        database_.prepare(sql).run(record);
}

void Erasures::forgetPerson(std::int64_t person) {
    for (const char* sql : {"DELETE FROM key WHERE person=?1", "DELETE FROM pin WHERE person=?1",
                            "DELETE FROM match_candidate WHERE person=?1",
                            "UPDATE possible_match SET reason='' WHERE person=?1",
                            "UPDATE decision SET reason='' WHERE kind<>0 AND (person=?1 OR other=?1)"})
        database_.prepare(sql).run(person);
    tables_.people.setProfile(person, {});
    // What people wrote about it, by hand.
    database_
        .prepare("UPDATE audit SET reason='' WHERE reason<>'' AND ' '||replace(subject,',',' ')||' ' LIKE ?1")
        .run("% " + personId(person) + " %");
}

// A question is open as long as somebody living is left to be the answer. Candidates may be known by an id
// that was merged into the person since.
void Erasures::closeQuestions(const Erasure& plan, const std::set<std::int64_t>& records, UtcTime now) {
    const auto leaves = [&](const Proposed& one) {
        return std::find(plan.ids.begin(), plan.ids.end(), personId(one.person)) != plan.ids.end();
    };
    for (const auto& id : plan.ids) {
        for (const std::int64_t question : tables_.matches.openTouching(*numberOf(id, 'p'))) {
            const StoredMatch match = *tables_.matches.find(question);
            const bool asks =
                std::any_of(match.candidates.begin(), match.candidates.end(),
                            [&](const Proposed& one) { return one.person != match.person && !leaves(one); });
            if (records.contains(match.record) || !asks)
                Questions(tables_).answer(match, MatchState::Closed, {"system", ""}, now);
        }
    }
}

Result<Erasure> Erasures::erase(const std::string& id, UtcTime now) {
    if (!tables_.tombstones.ready())
        return Problem{"no_erasure_key", "", "",
                       "the store was opened without the secret that erasing needs"};
    auto plan = planErasure(database_, id);
    if (!plan) {
        const auto number = numberOf(id, 'p');
        if (number && tables_.people.find(*number))
            return Problem{"erased", "/person", "", "this person was erased before"};
        return Problem{"unknown_person", "/person", "", "there is no person with this id"};
    }
    const std::int64_t person = *numberOf(plan->person, 'p');
    const std::int64_t group = tables_.people.find(person)->group;
    const std::vector<StoredRecord> members = tables_.records.ofPerson(person);
    std::set<std::int64_t> records, dealers;
    std::set<std::string> words;
    for (const auto& member : members) {
        records.insert(member.number);
        dealers.insert(member.dealer);
        const match::Features features = tables_.records.features(member.number);
        words.insert(features.nameTokens.begin(), features.nameTokens.end());
        leaveTombstones(member.number, tables_.names.text(member.integration), static_cast<int>(member.kind),
                        member.externalId, now);
    }
    for (const auto& delivery : plan->deliveries) {
        const auto made = tables_.records.applied(delivery.envelope).value_or(std::vector<Made>{});
        for (std::size_t place = 0; place < made.size(); ++place)
            if (records.contains(made[place].record))
                tables_.tombstones.putPart(delivery.envelope.view(), place, now);
    }
    std::string gone;
    for (const auto& negotiation : tables_.negotiations.allOf(person)) {
        gone += gone.empty() ? "" : ",";
        appendJsonString(gone, negotiationId(negotiation.facts.id));
    }
    std::string recordsGone;
    for (const auto& record : plan->records) {
        recordsGone += recordsGone.empty() ? "" : ",";
        appendJsonString(recordsGone, record);
    }
    closeQuestions(*plan, records, now);
    tables_.counts.negotiations -= tables_.negotiations.removeAll(person);
    tables_.counts.records -= std::ssize(members);
    --tables_.counts.people;
    for (const std::int64_t record : records)
        forget(record);
    for (const auto& one : plan->ids)
        forgetPerson(*numberOf(one, 'p'));
    for (const auto& vehicle : plan->values.vehicles)
        tables_.vehicles.forget(vehicle);
    for (const auto& word : words)
        if (!heldByOthers(database_, match::keyOf(match::KeyKind::NameToken, word), group, {}))
            tables_.nameCounts.forget(group, word);
    tables_.people.redirect(person, kErased);
    for (const std::int64_t dealer : dealers)
        tables_.events.add(EventType::PersonErased, now, person, dealer,
                           match::JsonObject()
                               .raw("records", "[" + recordsGone + "]")
                               .raw("negotiations", "[" + gone + "]")
                               .str());
    return std::move(*plan);
}

} // namespace trevo::store::sqlite
