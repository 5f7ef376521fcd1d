// Forgetting a person for good: what it takes, and doing it.
#pragma once

#include "store/sqlite/applier.hpp"

namespace trevo::store::sqlite {

// What the store knows of a person and would have to forget. Empty for an id that leads nowhere.
std::optional<Erasure> planErasure(const Database& database, const std::string& person);

// Within the writer's transaction.
class Erasures {
  public:
    Erasures(const Database& database, Tables& tables) : database_(database), tables_(tables) {}

    // The ids of the person and its records stay, empty, so that no other gets them.
    Result<Erasure> erase(const std::string& person, UtcTime now);

  private:
    void closeQuestions(const Erasure& plan, const std::set<std::int64_t>& records, UtcTime now);
    void leaveTombstones(std::int64_t record, const std::string& integration, int kind,
                         const std::string& externalId, UtcTime now);
    void forget(std::int64_t record);
    void forgetPerson(std::int64_t person);

    const Database& database_;
    Tables& tables_;
};

} // namespace trevo::store::sqlite
