// Token buckets by key (an integration, a peer's address): `perSecond` on average, `burst` at once.
#pragma once

#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace trevo::http {

// Thread-safe; keys are spread over shards so that listener threads seldom meet at one lock. Memory is
// bounded by `maxKeys`: the bucket that was idle longest is forgotten first, and a forgotten key begins with
// a full bucket again.
class RateLimiter {
  public:
    // perSecond > 0, burst >= 1, maxKeys >= 1
    RateLimiter(double perSecond, double burst, std::size_t maxKeys = 65'536);

    // Takes one token, or tells in how many seconds (at least 1) there will be one.
    std::optional<int> take(std::string_view key, const Clock& clock);

    std::size_t keys() const; // buckets held at this moment

  private:
    struct Bucket {
        std::string key;
        double tokens;
        UtcTime filled;
    };
    struct Shard {
        mutable std::mutex mutex;
        std::list<Bucket> byUse;                                                 // most recent first
        std::unordered_map<std::string_view, std::list<Bucket>::iterator> byKey; // views into byUse
    };
    static constexpr std::size_t kShards = 16;

    double perSecond_;
    double burst_;
    std::size_t maxPerShard_;
    std::array<Shard, kShards> shards_;
};

} // namespace trevo::http
