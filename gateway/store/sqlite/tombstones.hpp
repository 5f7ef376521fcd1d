// What was erased, as keyed digests: enough to know it again when it comes back, and nothing to read it from.
#pragma once

#include "store/sqlite/database.hpp"

#include <string>
#include <string_view>

namespace trevo::store::sqlite {

class Tombstones {
  public:
    // `key` is the secret of the digests; without one nothing can be erased.
    Tombstones(const Database& database, std::string key);

    bool ready() const { return !key_.empty(); }
    // A record by its sender's id, by its content, or by its place in a delivery.
    void putRecord(std::string_view integration, int kind, std::string_view externalId, UtcTime now);
    void putBody(std::string_view body, UtcTime now);
    void putPart(std::string_view envelope, std::size_t place, UtcTime now);
    bool holds(std::string_view integration, int kind, std::string_view externalId, std::string_view body,
               std::string_view envelope, std::size_t place);

  private:
    std::string digest(std::string_view sort, std::string_view text) const;
    bool has(const std::string& digest);

    std::string key_;
    Statement find_, insert_;
    bool any_ = false; // else nobody is looked up
};

} // namespace trevo::store::sqlite
