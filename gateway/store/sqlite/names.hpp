// Small numbers for texts that repeat. A name once given keeps its number.
#pragma once

#include "store/sqlite/database.hpp"

#include <string>
#include <string_view>
#include <unordered_map>

namespace trevo::store::sqlite {

// For one connection and its thread.
class Names {
  public:
    explicit Names(const Database& database);

    std::int64_t number(std::string_view text); // adds it when it is new: the writer's
    const std::string& text(std::int64_t number);
    void forget(); // after a rollback

  private:
    Statement find_, insert_, read_;
    const Database& database_;
    std::unordered_map<std::string, std::int64_t> numbers_;
    std::unordered_map<std::int64_t, std::string> texts_;
};

} // namespace trevo::store::sqlite
