#include "store/sqlite/reviews.hpp"

#include "match/json_text.hpp"

#include <algorithm>

namespace trevo::store::sqlite {

Result<Reviews::Question> Reviews::open(const std::string& id) {
    const auto number = numberOf(id, 'm');
    auto match = number ? tables_.matches.find(*number) : std::nullopt;
    if (!match) return Problem{"unknown_match", "/match", "", "there is no possible match with this id"};
    if (match->state != MatchState::Open)
        return Problem{"not_open", "/match", "",
                       "the possible match is " + std::string(name(match->state)) + " already"};
    Question question{std::move(*match), *tables_.records.find(match->record), {}, false};
    for (const auto& candidate : question.match.candidates) {
        const auto resolved = tables_.people.resolve(candidate.person);
        if (!resolved) continue;
        if (resolved->number == question.record.person) {
            question.provisional = true;
        } else if (std::find(question.candidates.begin(), question.candidates.end(), resolved->number) ==
                   question.candidates.end()) {
            question.candidates.push_back(resolved->number);
        }
    }
    return question;
}

Result<std::int64_t> Reviews::chosen(const Question& question, const std::string& with) {
    const auto number = numberOf(with, 'p');
    const auto person = number ? tables_.people.resolve(*number) : std::nullopt;
    if (person && (std::find(question.candidates.begin(), question.candidates.end(), person->number) !=
                       question.candidates.end() ||
                   (question.provisional && person->number == question.record.person)))
        return person->number;
    if (with.empty() && question.candidates.size() == 1 && !question.provisional)
        return question.candidates.front();
    if (with.empty())
        return Problem{"which_person", "/with", "", "there are several candidates: name one of them"};
    return Problem{"not_a_candidate", "/with", "", "the match does not propose this person"};
}

void Reviews::decided(DecisionKind kind, const Question& question, std::int64_t other, const Actor& actor,
                      UtcTime now) {
    StoredDecision row;
    row.kind = kind;
    row.record = question.record.number;
    row.person = question.record.person;
    row.other = other;
    row.at = now;
    row.actor = tables_.names.number(actor.name);
    row.model = tables_.names.number("");
    row.reason = actor.reason;
    row.evidence = match::JsonObject().text("match", matchId(question.match.number)).str();
    tables_.decisions.add(row);
}

Result<std::string> Reviews::accept(const std::string& id, const std::string& with, const Actor& actor,
                                    UtcTime now) {
    auto question = open(id);
    if (!question) return question.error();
    const auto person = chosen(*question, with);
    if (!person) return person.error();
    const std::int64_t from = question->record.person;
    const bool joins = *person != from;
    if (joins && !question->provisional) {
        if (auto problem = corrections_.forbidden(*person, from)) return std::move(*problem);
    }
    applier_.questions().answer(question->match, MatchState::Accepted, actor, now);
    decided(DecisionKind::MustLink, *question, *person, actor, now);
    tables_.matches.bind(question->record.number);
    if (joins && question->provisional) {
        Partings::Records all = tables_.records.numbersOf(*person);
        all.insert(question->record.number);
        tables_.partings.unite(all);
        applier_.membership().moveRecord(question->record, *person,
                                         {actor, "", "{}", question->record.number}, now);
    }
    if (joins && !question->provisional)
        return corrections_.merge(personId(*person), personId(from), actor, now);
    return personId(*person);
}

Result<Done> Reviews::reject(const std::string& id, const std::string& with, const Actor& actor,
                             UtcTime now) {
    auto question = open(id);
    if (!question) return question.error();
    const std::int64_t here = question->record.person;
    std::vector<std::int64_t> refused = question->candidates;
    if (!with.empty()) {
        const auto person = chosen(*question, with);
        if (!person) return person.error();
        refused = {*person};
    }
    const bool leaves = std::find(refused.begin(), refused.end(), here) != refused.end();
    // A provisional one is a question about this record, not about two people.
    const Partings::Records alone{question->record.number};
    for (const std::int64_t other : refused) {
        decided(DecisionKind::CannotLink, *question, other, actor, now);
        Partings::Records theirs = tables_.records.numbersOf(other);
        if (other == here) theirs.erase(question->record.number);
        tables_.partings.part(question->provisional ? alone : tables_.records.numbersOf(here), theirs);
    }
    const bool othersLeft =
        std::any_of(question->candidates.begin(), question->candidates.end(), [&](std::int64_t other) {
            return std::find(refused.begin(), refused.end(), other) == refused.end();
        });
    if (othersLeft) {
        for (const auto& candidate : question->match.candidates) {
            const auto resolved = tables_.people.resolve(candidate.person);
            if (resolved && resolved->number == refused.front())
                tables_.matches.dropCandidate(question->match.number, candidate.person);
        }
    } else {
        applier_.questions().answer(question->match, MatchState::Rejected, actor, now);
    }
    if (leaves && !tables_.records.alone(here))
        applier_.membership().split(here, {question->record.number},
                                    {actor, "", "{}", question->record.number}, now);
    return Done{};
}

} // namespace trevo::store::sqlite
