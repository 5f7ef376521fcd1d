#include "ingest/http/rate_limit.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

namespace trevo::http {

RateLimiter::RateLimiter(double perSecond, double burst, std::size_t maxKeys)
    : perSecond_(perSecond), burst_(burst), maxPerShard_(std::max<std::size_t>(1, maxKeys / kShards)) {
    if (!(perSecond > 0) || !(burst >= 1))
        throw std::invalid_argument("a rate limit needs a rate above 0 and a burst of 1 or more");
}

std::optional<int> RateLimiter::take(std::string_view key, const Clock& clock) {
    Shard& shard = shards_[std::hash<std::string_view>()(key) % kShards];
    const UtcTime now = clock.now();
    const std::lock_guard lock(shard.mutex);
    const auto known = shard.byKey.find(key);
    if (known != shard.byKey.end()) {
        shard.byUse.splice(shard.byUse.begin(), shard.byUse, known->second);
    } else {
        if (shard.byKey.size() >= maxPerShard_) {
            shard.byKey.erase(shard.byUse.back().key);
            shard.byUse.pop_back();
        }
        shard.byUse.push_front({std::string(key), burst_, now});
        shard.byKey.emplace(shard.byUse.front().key, shard.byUse.begin());
    }
    Bucket& bucket = shard.byUse.front();
    // A clock that was set back must not empty the bucket.
    const double elapsed =
        static_cast<double>(std::max<std::int64_t>(0, now - bucket.filled)) / static_cast<double>(kSecond);
    bucket.tokens = std::min(burst_, bucket.tokens + elapsed * perSecond_);
    bucket.filled = now;
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return std::nullopt;
    }
    constexpr double kLongest = 86'400;
    return static_cast<int>(std::clamp(std::ceil((1 - bucket.tokens) / perSecond_), 1.0, kLongest));
}

std::size_t RateLimiter::keys() const {
    std::size_t count = 0;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.mutex);
        count += shard.byKey.size();
    }
    return count;
}

} // namespace trevo::http
