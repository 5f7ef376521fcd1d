// The log of decisions: who was linked to whom, why, and by whom.
#pragma once

#include "match/match.hpp"
#include "store/sqlite/database.hpp"

#include <optional>
#include <string>

namespace trevo::store::sqlite {

enum class DecisionKind : int { Assign = 0, Merge = 1, Split = 2, CannotLink = 3, MustLink = 4, Generic = 5 };
std::string_view name(DecisionKind kind);

struct StoredDecision {
    DecisionKind kind = DecisionKind::Assign;
    std::optional<std::int64_t> record;
    std::int64_t person = 0;
    std::optional<std::int64_t> other;
    UtcTime at;
    std::int64_t actor = 0, model = 0; // names
    std::string reason;
    std::string evidence = "{}"; // JSON
};

// {"zone":"link","candidates":[{"person":"p1","score":5.50,"evidence":[{"feature":…,"weight":…,"note":…}],
//  "guards":[…]}],"negotiation":"same_ad"}
std::string evidenceJson(const match::Decision& decision, std::string_view grouping);
std::string evidenceJson(const match::Candidate& candidate); // one of the candidates above

class Decisions {
  public:
    explicit Decisions(const Database& database);
    void add(const StoredDecision& decision);

  private:
    Statement insert_;
};

} // namespace trevo::store::sqlite
