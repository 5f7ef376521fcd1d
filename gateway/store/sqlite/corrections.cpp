#include "store/sqlite/corrections.hpp"

#include "match/json_text.hpp"

#include <algorithm>
#include <set>

namespace trevo::store::sqlite {
namespace {

Problem unknownPerson(std::string field) {
    return {"unknown_person", std::move(field), "", "there is no person with this id"};
}

} // namespace

void Corrections::decided(DecisionKind kind, std::int64_t person, std::int64_t other, const Actor& actor,
                          UtcTime now) {
    StoredDecision row;
    row.kind = kind;
    row.person = person;
    row.other = other;
    row.at = now;
    row.actor = tables_.names.number(actor.name);
    row.model = tables_.names.number("");
    row.reason = actor.reason;
    tables_.decisions.add(row);
}

// One event per dealer that has to do with it: whoever may read only one dealer's events sees it too.
void Corrections::emit(EventType type, std::int64_t subject, std::string_view role, std::int64_t other,
                       const std::vector<StoredRecord>& members, UtcTime now) {
    std::set<std::int64_t> dealers;
    for (const auto& member : members)
        dealers.insert(member.dealer);
    for (const std::int64_t dealer : dealers)
        tables_.events.add(type, now, subject, dealer, match::JsonObject().text(role, personId(other)).str());
}

std::optional<Problem> Corrections::forbidden(std::int64_t keep, std::int64_t lose) {
    if (tables_.people.find(keep)->group != tables_.people.find(lose)->group)
        return Problem{"other_dealer_group", "/lose", "", "the two people belong to different dealer groups"};
    const match::Profile a = tables_.people.profile(keep);
    const match::Profile b = tables_.people.profile(lose);
    if (!a.documents.empty() && !b.documents.empty() && a.documents != b.documents)
        return Problem{
            "two_valid_documents", "/lose", "",
            "the two people have different valid documents; correct the wrong one in its record first"};
    return std::nullopt;
}

Result<std::string> Corrections::merge(const std::string& keepId, const std::string& loseId,
                                       const Actor& actor, UtcTime now) {
    const auto keepNumber = numberOf(keepId, 'p');
    const auto loseNumber = numberOf(loseId, 'p');
    const auto keep = keepNumber ? tables_.people.resolve(*keepNumber) : std::nullopt;
    const auto lose = loseNumber ? tables_.people.resolve(*loseNumber) : std::nullopt;
    if (!keep) return unknownPerson("/keep");
    if (!lose) return unknownPerson("/lose");
    if (keep->number == lose->number)
        return Problem{"same_person", "/lose", "", "both ids lead to " + personId(keep->number) + " already"};
    if (auto problem = forbidden(keep->number, lose->number)) return std::move(*problem);

    const std::vector<StoredRecord> staying = tables_.records.ofPerson(keep->number);
    std::vector<StoredRecord> everybody = tables_.records.ofPerson(lose->number);
    std::vector<std::int64_t> moved;
    std::vector<match::Features> movedFeatures;
    for (const auto& member : everybody) {
        moved.push_back(member.number);
        movedFeatures.push_back(tables_.records.features(member.number));
        tables_.records.movePerson(member.number, keep->number);
        tables_.people.allow(keep->number, member.number);
    }
    for (const auto& member : staying)
        tables_.people.allow(lose->number, member.number);
    tables_.people.addMerge({0, keep->number, lose->number, tables_.lastRecord, true}, moved);
    tables_.people.redirect(lose->number, keep->number);
    --tables_.counts.people;
    Projection& projection = applier_.projection();
    const std::vector<StoredNegotiation> arrived = projection.dissolve(lose->number);
    projection.rebuild(lose->number, movedFeatures);
    projection.rebuild(keep->number, {});

    decided(DecisionKind::Merge, keep->number, lose->number, actor, now);
    everybody.insert(everybody.end(), staying.begin(), staying.end());
    emit(EventType::PersonMerged, lose->number, "into", keep->number, everybody, now);
    emit(EventType::PersonChanged, keep->number, "merged", lose->number, everybody, now);
    projection.regroup(keep->number, arrived, now, {moved.begin(), moved.end()});
    applier_.questions().membersChanged({keep->number, lose->number}, now);
    return personId(keep->number);
}

Result<std::vector<std::string>> Corrections::unmerge(const std::string& person, const Actor& actor,
                                                      UtcTime now) {
    const auto number = numberOf(person, 'p');
    const auto self = number ? tables_.people.find(*number) : std::nullopt;
    if (!self) return unknownPerson("/person");
    auto merge = tables_.people.latestMergeOf(*number);
    if (!merge || self->redirect == 0) merge = tables_.people.latestMergeInto(*number);
    if (!merge) return Problem{"not_merged", "/person", "", "no merge of this person is in force"};
    const std::int64_t lose = merge->lose;
    const std::int64_t holder = tables_.people.resolve(lose)->number; // the survivor may have been merged on

    const std::vector<StoredRecord> everybody = tables_.records.ofPerson(holder);
    const std::vector<std::int64_t> listed = tables_.people.moved(merge->id);
    const std::set<std::int64_t> back(listed.begin(), listed.end());
    std::vector<match::Profile> profiles(2);
    profiles[0].id = holder;
    profiles[1].id = lose;
    std::vector<std::int64_t> later, leaving;
    std::vector<match::Features> left;
    for (const auto& member : everybody) {
        const match::Features features = tables_.records.features(member.number);
        if (back.contains(member.number)) {
            match::absorb(profiles[1], features);
            leaving.push_back(member.number);
            left.push_back(features);
        } else if (member.number > merge->upto) {
            later.push_back(member.number);
        } else {
            match::absorb(profiles[0], features);
        }
    }
    for (const std::int64_t record : later) {
        const match::Features features = tables_.records.features(record);
        FixedCandidates both(profiles);
        const match::Decision decision = applier_.matcher().decide(features, record, both);
        const bool goes = decision.zone == match::Zone::Link && decision.person == lose;
        match::absorb(profiles[goes ? 1 : 0], features);
        if (!goes) continue;
        leaving.push_back(record);
        left.push_back(features);
    }

    Projection& projection = applier_.projection();
    const std::vector<StoredNegotiation> before = tables_.negotiations.allOf(holder);
    tables_.people.undo(merge->id);
    tables_.people.redirect(lose, 0);
    ++tables_.counts.people;
    for (const std::int64_t record : leaving)
        tables_.records.movePerson(record, lose);
    for (const auto& member : everybody)
        tables_.matches.unbind(member.number); // the human's later word
    const std::set<std::int64_t> gone(leaving.begin(), leaving.end());
    for (const auto& member : everybody) {
        if (!gone.contains(member.number)) {
            tables_.people.forbid(lose, member.number);
            continue;
        }
        tables_.people.forbid(holder, member.number);
        if (merge->keep != holder) tables_.people.forbid(merge->keep, member.number);
    }
    projection.rebuild(holder, left);
    projection.rebuild(lose, {});

    decided(DecisionKind::Split, holder, lose, actor, now);
    decided(DecisionKind::CannotLink, holder, lose, actor, now);
    emit(EventType::PersonSplit, lose, "from", holder, everybody, now);
    emit(EventType::PersonChanged, holder, "split", lose, everybody, now);
    projection.regroup(holder, {}, now);
    projection.regroup(lose, before, now, gone);
    applier_.questions().membersChanged({holder, lose}, now);
    return std::vector<std::string>{personId(holder), personId(lose)};
}

} // namespace trevo::store::sqlite
