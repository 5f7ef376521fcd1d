#include "store/sqlite/matches.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace trevo::store::sqlite {
namespace {

constexpr std::array<std::string_view, 4> kStates = {"open", "accepted", "rejected", "closed"};

} // namespace

std::string_view name(MatchState state) {
    return kStates[static_cast<std::size_t>(state)];
}

std::optional<MatchState> matchStateNamed(std::string_view name) {
    const auto at = std::find(kStates.begin(), kStates.end(), name);
    if (at == kStates.end()) return std::nullopt;
    return static_cast<MatchState>(at - kStates.begin());
}

Matches::Matches(const Database& db)
    : database_(db),
      insert_(db.prepare("INSERT INTO possible_match(record, person, dealer, opened, state) "
                         "VALUES (?1,?2,?3,?4,0)")),
      insertCandidate_(
          db.prepare("INSERT INTO match_candidate(match, rank, person, evidence) VALUES (?1,?2,?3,?4)")),
      find_(db.prepare("SELECT record, person, dealer, state FROM possible_match WHERE id=?1")),
      candidates_(db.prepare("SELECT person, evidence FROM match_candidate WHERE match=?1 ORDER BY rank")),
      openAbout_(db.prepare("SELECT id FROM possible_match WHERE record=?1 AND state=0")),
      touching_(db.prepare("SELECT id FROM possible_match WHERE state=0 AND person=?1 UNION "
                           "SELECT match FROM match_candidate JOIN possible_match AS m ON m.id=match "
                           "WHERE match_candidate.person=?1 AND m.state=0 ORDER BY 1")),
      setPerson_(db.prepare("UPDATE possible_match SET person=?2 WHERE id=?1")),
      settle_(db.prepare("UPDATE possible_match SET state=?2, actor=?3, reason=?4, settled=?5 WHERE id=?1")),
      dropCandidate_(db.prepare("DELETE FROM match_candidate WHERE match=?1 AND person=?2")),
      mustLink_(db.prepare("SELECT 1 FROM must_link WHERE record=?1")),
      bind_(db.prepare("INSERT OR IGNORE INTO must_link(record) VALUES (?1)")),
      unbind_(db.prepare("DELETE FROM must_link WHERE record=?1")) {}

std::int64_t Matches::open(const StoredMatch& match, UtcTime now) {
    insert_.run(match.record, match.person, match.dealer, now);
    const std::int64_t number = sqlite3_last_insert_rowid(database_.handle());
    int rank = 0;
    for (const auto& candidate : match.candidates)
        insertCandidate_.run(number, ++rank, candidate.person, candidate.evidence);
    return number;
}

std::optional<StoredMatch> Matches::find(std::int64_t number) {
    if (!find_.first(number)) return std::nullopt;
    StoredMatch match{
        number, find_.integer(0), find_.integer(1), find_.integer(2), static_cast<MatchState>(find_.small(3)),
        {}};
    find_.reset();
    for (bool row = candidates_.first(number); row; row = candidates_.next())
        match.candidates.push_back({candidates_.integer(0), candidates_.text(1)});
    return match;
}

std::optional<std::int64_t> Matches::openAbout(std::int64_t record) {
    if (!openAbout_.first(record)) return std::nullopt;
    const std::int64_t number = openAbout_.integer(0);
    openAbout_.reset();
    return number;
}

std::vector<std::int64_t> Matches::openTouching(std::int64_t person) {
    std::vector<std::int64_t> numbers;
    for (bool row = touching_.first(person); row; row = touching_.next())
        numbers.push_back(touching_.integer(0));
    return numbers;
}

void Matches::setPerson(std::int64_t number, std::int64_t person) {
    setPerson_.run(number, person);
}

void Matches::settle(std::int64_t number, MatchState state, std::int64_t actor, std::string_view reason,
                     UtcTime now) {
    settle_.run(number, static_cast<int>(state), actor, reason, now);
}

void Matches::dropCandidate(std::int64_t number, std::int64_t person) {
    dropCandidate_.run(number, person);
}

bool Matches::mustLink(std::int64_t record) {
    const bool bound = mustLink_.first(record);
    mustLink_.reset();
    return bound;
}

void Matches::bind(std::int64_t record) {
    bind_.run(record);
}

void Matches::unbind(std::int64_t record) {
    unbind_.run(record);
}

} // namespace trevo::store::sqlite
