// What a human told apart: records of the one side of a parting belong to nobody who has a record of the
// other. It speaks of records, not of people, so that it holds wherever they go later: moved by a
// correction, merged on, split.
#pragma once

#include "store/sqlite/database.hpp"

#include <cstdint>
#include <set>

namespace trevo::store::sqlite {

class Partings {
  public:
    explicit Partings(const Database& database);

    using Records = std::set<std::int64_t>;
    void part(const Records& one, const Records& other);
    // A human's later word: all these are one person's. What parted them from others stays.
    void unite(const Records& records);

    bool apart(std::int64_t person, std::int64_t record);
    bool peopleApart(std::int64_t a, std::int64_t b);

  private:
    Records sideOf(std::int64_t parting, int side);

    Statement last_, add_, remove_, ofRecord_, side_, record_, people_;
    bool any_ = false;
};

} // namespace trevo::store::sqlite
