#include "store/sqlite/questions.hpp"

#include "match/json_text.hpp"

#include <algorithm>

namespace trevo::store::sqlite {
namespace {

const Actor kSystem{"system", ""};

// Nobody can accept these: a question about them would only be asked again and again.
bool acceptable(const match::Candidate& candidate) {
    return std::none_of(candidate.guards.begin(), candidate.guards.end(), [](const std::string& guard) {
        return guard == "cannot_link" || guard == "two_valid_documents";
    });
}

} // namespace

void Questions::decided(const StoredRecord& record, const match::Decision& decision, UtcTime now) {
    StoredMatch question{0, record.number, record.person, record.dealer, MatchState::Open, {}};
    if (decision.zone == match::Zone::Review) {
        // With a candidate that the record was given to for the time being, that one is a possible answer
        // too.
        for (const auto& candidate : decision.candidates)
            if (acceptable(candidate))
                question.candidates.push_back({candidate.person, evidenceJson(candidate)});
    }
    if (const auto open = tables_.matches.openAbout(record.number))
        answer(*tables_.matches.find(*open), MatchState::Closed, {"system", "the record was decided anew"},
               now);
    const bool asks = std::any_of(question.candidates.begin(), question.candidates.end(),
                                  [&](const Proposed& one) { return one.person != record.person; });
    if (!asks) return;
    const std::int64_t number = tables_.matches.open(question, now);
    tables_.events.add(EventType::MatchOpened, now, number, record.dealer,
                       match::JsonObject()
                           .text("record", recordId(record.number))
                           .text("person", personId(record.person))
                           .str());
}

void Questions::membersChanged(const std::vector<std::int64_t>& people, UtcTime now) {
    for (const std::int64_t person : people) {
        for (const std::int64_t number : tables_.matches.openTouching(person)) {
            const StoredMatch match = *tables_.matches.find(number);
            const auto record = tables_.records.find(match.record);
            const auto stillAsks = [&](const Proposed& one) {
                const auto resolved = tables_.people.resolve(one.person);
                return resolved && resolved->number != record->person;
            };
            if (!record || record->person == 0 ||
                std::none_of(match.candidates.begin(), match.candidates.end(), stillAsks)) {
                answer(match, MatchState::Closed, {"system", "the people were joined"}, now);
            } else if (record->person != match.person) {
                tables_.matches.setPerson(number, record->person);
            }
        }
    }
}

void Questions::answer(const StoredMatch& match, MatchState state, const Actor& actor, UtcTime now) {
    tables_.matches.settle(match.number, state, tables_.names.number(actor.name), actor.reason, now);
    tables_.events.add(
        EventType::MatchClosed, now, match.number, match.dealer,
        match::JsonObject().text("record", recordId(match.record)).text("state", name(state)).str());
}

} // namespace trevo::store::sqlite
