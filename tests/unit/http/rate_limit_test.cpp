#include "ingest/http/rate_limit.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace trevo;
using namespace trevo::http;

namespace {

ManualClock clockAtStart() {
    return ManualClock(UtcTime::fromSeconds(1'700'000'000));
}

} // namespace

TEST_CASE("a burst passes at once, then the rate rules") {
    ManualClock clock = clockAtStart();
    RateLimiter limiter(2, 3);
    for (int i = 0; i < 3; ++i)
        CHECK_FALSE(limiter.take("site", clock));
    CHECK(limiter.take("site", clock) == 1);
    clock.advance(kSecond / 2);
    CHECK_FALSE(limiter.take("site", clock));
    CHECK(limiter.take("site", clock) == 1);
    clock.advance(kHour);
    for (int i = 0; i < 3; ++i)
        CHECK_FALSE(limiter.take("site", clock));
    CHECK(limiter.take("site", clock));
}

TEST_CASE("the wait told is the wait needed") {
    ManualClock clock = clockAtStart();
    RateLimiter limiter(0.1, 1);
    CHECK_FALSE(limiter.take("site", clock));
    const auto wait = limiter.take("site", clock);
    REQUIRE(wait == 10);
    clock.advance(*wait * kSecond);
    CHECK_FALSE(limiter.take("site", clock));
}

TEST_CASE("one key's flood is not another's") {
    ManualClock clock = clockAtStart();
    RateLimiter limiter(1, 1);
    for (int i = 0; i < 100; ++i)
        limiter.take("flood", clock);
    CHECK_FALSE(limiter.take("calm", clock));
}

TEST_CASE("a clock set back neither empties nor fills a bucket") {
    ManualClock clock = clockAtStart();
    RateLimiter limiter(1, 2);
    CHECK_FALSE(limiter.take("site", clock));
    clock.advance(-kDay);
    CHECK_FALSE(limiter.take("site", clock));
    CHECK(limiter.take("site", clock));
}

TEST_CASE("memory stays bounded whatever keys come") {
    ManualClock clock = clockAtStart();
    RateLimiter limiter(1, 1, 160);
    for (int i = 0; i < 10'000; ++i)
        limiter.take("key " + std::to_string(i), clock);
    CHECK(limiter.keys() <= 160);
    CHECK_FALSE(limiter.take("new", clock));
    CHECK(limiter.take("new", clock)); // the newest is never the one forgotten
}

TEST_CASE("threads together get no more than the burst") {
    const ManualClock clock = clockAtStart();
    RateLimiter limiter(1, 500);
    std::atomic<int> passed{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 1000; ++i)
                passed += !limiter.take("site", clock).has_value();
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(passed == 500);
}

TEST_CASE("a rate that could never let anything pass is refused") {
    CHECK_THROWS(RateLimiter(0, 1));
    CHECK_THROWS(RateLimiter(1, 0));
}
