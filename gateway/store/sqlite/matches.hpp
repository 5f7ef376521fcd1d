// Possible matches: the records of which the engine could not tell whether they belong to somebody known, and
// what people said about them.
#pragma once

#include "store/sqlite/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::store::sqlite {

enum class MatchState : int { Open = 0, Accepted = 1, Rejected = 2, Closed = 3 };
std::string_view name(MatchState state);
std::optional<MatchState> matchStateNamed(std::string_view name);

struct Proposed { // somebody whom the record may belong to
    std::int64_t person = 0;
    std::string evidence; // JSON, as in the decision
};
struct StoredMatch {
    std::int64_t number = 0, record = 0, person = 0;
    std::int64_t dealer = 0; // name
    MatchState state = MatchState::Open;
    std::vector<Proposed> candidates; // best first
};

class Matches {
  public:
    explicit Matches(const Database& database);

    // The open question about the record is replaced. `match.number` is ignored; returns the new one.
    std::int64_t open(const StoredMatch& match, UtcTime now);
    std::optional<StoredMatch> find(std::int64_t number);
    std::optional<std::int64_t> openAbout(std::int64_t record);
    std::vector<std::int64_t> openTouching(std::int64_t person); // as the record's person or a candidate
    void setPerson(std::int64_t number, std::int64_t person);
    // open -> accepted | rejected | closed
    void settle(std::int64_t number, MatchState state, std::int64_t actor, std::string_view reason,
                UtcTime now);

    void dropCandidate(std::int64_t number, std::int64_t person);

    bool mustLink(std::int64_t record);
    void bind(std::int64_t record);
    void unbind(std::int64_t record);

  private:
    const Database& database_;
    Statement insert_, insertCandidate_, find_, candidates_, openAbout_, touching_, setPerson_, settle_,
        dropCandidate_, mustLink_, bind_, unbind_;
};

} // namespace trevo::store::sqlite
