// Negotiations as the writer sees them, clustered by person. A negotiation's number is the lowest of its
// records, so that grouping the same records again gives the same numbers.
#pragma once

#include "match/match.hpp"
#include "store/sqlite/database.hpp"

#include <vector>

namespace trevo::store::sqlite {

struct StoredNegotiation {
    match::OpenNegotiation facts;
    UtcTime opened;

    bool operator==(const StoredNegotiation&) const = default;
};

// The most negotiations of one person that a record may join: those opened last.
inline constexpr std::size_t kOpenConsidered = 100;

class Negotiations {
  public:
    explicit Negotiations(const Database& database);

    std::vector<StoredNegotiation> latestOf(std::int64_t person); // up to kOpenConsidered, latest first
    std::vector<StoredNegotiation> allOf(std::int64_t person);    // latest first
    bool hasOpen(std::int64_t person);
    void put(std::int64_t person, const StoredNegotiation& negotiation); // inserts or replaces
    std::int64_t removeAll(std::int64_t person);                         // how many there were

  private:
    std::vector<StoredNegotiation> list(std::int64_t person, std::size_t most);

    Statement ofPerson_, open_, put_, remove_;
    const Database& database_;
};

} // namespace trevo::store::sqlite
