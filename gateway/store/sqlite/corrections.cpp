#include "store/sqlite/corrections.hpp"

#include <algorithm>
#include <set>

namespace trevo::store::sqlite {
namespace {

Problem unknownPerson(std::string field) {
    return {"unknown_person", std::move(field), "", "there is no person with this id"};
}

} // namespace

std::optional<Problem> Corrections::forbidden(std::int64_t keep, std::int64_t lose) {
    if (tables_.people.find(keep)->group != tables_.people.find(lose)->group)
        return Problem{"other_dealer_group", "/lose", "", "the two people belong to different dealer groups"};
    const match::Profile a = *tables_.people.profile(keep);
    const match::Profile b = *tables_.people.profile(lose);
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

    applier_.membership().merge(keep->number, lose->number, tables_.lastRecord, true, {actor, "", "{}", 0},
                                now);
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
    const auto survivor = tables_.people.resolve(lose); // who may have been merged on
    if (!survivor) return Problem{"erased", "/person", "", "this person was erased"};
    const std::int64_t holder = survivor->number;

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
        FixedCandidates both(tables_, self->group, profiles);
        const match::Decision decision = applier_.matcher().decide(features, record, both);
        const bool goes = decision.person == lose;
        match::absorb(profiles[goes ? 1 : 0], features);
        if (!goes) continue;
        leaving.push_back(record);
        left.push_back(features);
    }

    if (leaving.empty() || leaving.size() == everybody.size())
        return Problem{"nothing_to_part", "/person", "",
                       "the records of one of the two have gone to other people since: nobody would be left"};

    Projection& projection = applier_.projection();
    const std::vector<StoredNegotiation> before = tables_.negotiations.allOf(holder);
    tables_.people.undo(merge->id);
    tables_.people.redirect(lose, 0);
    ++tables_.counts.people;
    for (const std::int64_t record : leaving)
        tables_.records.movePerson(record, lose);
    for (const std::int64_t record : leaving)
        tables_.matches.unbind(record); // the human's later word
    const std::set<std::int64_t> gone(leaving.begin(), leaving.end());
    std::set<std::int64_t> stayed;
    for (const auto& member : everybody)
        if (!gone.contains(member.number)) stayed.insert(member.number);
    tables_.partings.part(stayed, gone);
    for (const auto& pin : tables_.pins.of(lose))
        left.push_back(decodeFeatures(pin.features));
    projection.rebuild(holder, left);
    projection.rebuild(lose, {});

    Membership& membership = applier_.membership();
    const Why why{actor, "", "{}", 0};
    membership.decided(DecisionKind::Split, holder, lose, why, now);
    membership.decided(DecisionKind::CannotLink, holder, lose, why, now);
    membership.emit(EventType::PersonSplit, lose, "from", holder, everybody, now);
    membership.emit(EventType::PersonChanged, holder, "split", lose, everybody, now);
    projection.regroup(holder, {}, now);
    projection.regroup(lose, before, now, gone);
    applier_.questions().membersChanged({holder, lose}, now);
    return std::vector<std::string>{personId(holder), personId(lose)};
}

} // namespace trevo::store::sqlite
