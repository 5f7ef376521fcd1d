// What integrations share: the locks of accounts and the quotas of requests.
#include "integration/integration.hpp"
#include "unit/journal/support.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace trevo;
using journal::testing::Bench;
using journal::testing::kStart;

TEST_CASE("the lock of an account is had by one at a time, and by the next as soon as it is free") {
    AccountLocks locks;
    int together = 0, most = 0, had = 0;
    std::mutex mutex;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            if (!locks.acquire("a", 20)) return;
            {
                const std::lock_guard lock(mutex);
                most = std::max(most, ++together);
                ++had;
            }
            std::this_thread::yield();
            {
                const std::lock_guard lock(mutex);
                --together;
            }
            locks.release("a");
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(most == 1);
    CHECK(had == 8);
}

TEST_CASE("whoever does not wait for a lock is told that it is taken; another account's is free") {
    AccountLocks locks;
    REQUIRE(locks.acquire("a", 0));
    CHECK_FALSE(locks.acquire("a", 0));
    CHECK(locks.acquire("b", 0));
}

TEST_CASE("a quota lets so many requests through in any minute") {
    Bench bench;
    Quotas quotas(*bench.journal, bench.clock);
    const config::Quota three{3, 0};
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(quotas.take("a", three));
        bench.clock.advance(10 * kSecond);
    }
    CHECK(quotas.take("a", three) == 30);
    CHECK_FALSE(quotas.take("b", three));
    bench.clock.advance(30 * kSecond);
    CHECK_FALSE(quotas.take("a", three));
    CHECK(quotas.take("a", three) == 10);
    CHECK_FALSE(quotas.take("a", {}));
}

TEST_CASE("a day's quota outlives a restart and begins anew with the day") {
    Bench bench;
    const config::Quota two{0, 2};
    {
        Quotas quotas(*bench.journal, bench.clock);
        CHECK_FALSE(quotas.take("a", two));
        CHECK_FALSE(quotas.take("a", two));
        CHECK(quotas.take("a", two));
    }
    bench.open();
    Quotas quotas(*bench.journal, bench.clock);
    const auto wait = quotas.take("a", two);
    REQUIRE(wait);
    CHECK(*wait == kDay / kSecond - kStart.seconds() % (kDay / kSecond));
    bench.clock.advance(*wait * kSecond);
    CHECK_FALSE(quotas.take("a", two));
}

namespace {

// What the gateway gives the plugins of several integrations.
struct Shared {
    Bench bench;
    net::HttpClient client;
    AccountLocks locks;
    Quotas quotas{*bench.journal, bench.clock};

    std::unique_ptr<plugin::Host> host(const std::string& id, const std::string& account,
                                       config::Quota quota = {}) {
        config::Integration settings;
        settings.id = id;
        settings.plugin = "acme";
        settings.account = account;
        settings.quota = quota;
        return makeHost(settings, {*bench.journal, client, bench.clock, locks, quotas});
    }
};

} // namespace

TEST_CASE("integrations that name the same account share its value and its lock, others do not") {
    Shared shared;
    const auto one = shared.host("one", "loja"), two = shared.host("two", "loja");
    const auto other = shared.host("three", ""), alike = shared.host("loja", "");
    REQUIRE(one->lockAccount("seller", 0));
    one->setAccountState("seller", "pair 1");
    CHECK(two->accountState("seller") == "pair 1");
    CHECK_FALSE(two->lockAccount("seller", 0));
    CHECK(two->lockAccount("another", 0));
    for (const auto* apart : {&other, &alike}) {
        CHECK_FALSE((*apart)->accountState("seller"));
        CHECK((*apart)->lockAccount("seller", 0));
    }
    one->unlockAccount("seller");
    CHECK(two->lockAccount("seller", 0));
    shared.bench.open();
    CHECK(shared.bench.journal->state("@account/acme/loja", "seller") == "pair 1");
}

TEST_CASE("a request above the quota is answered 429 at once and never sent") {
    Shared shared;
    const auto one = shared.host("one", "loja", {2, 0}), two = shared.host("two", "loja", {2, 0});
    const plugin::HttpRequest request{"GET", "http://127.0.0.1:1/nobody-listens", {}, "", 5};
    CHECK(one->http(request).status == 0);
    CHECK(two->http(request).status == 0);
    shared.bench.clock.advance(20 * kSecond);
    const auto held = one->http(request);
    CHECK(held.status == 429);
    CHECK(held.headers == std::vector<std::pair<std::string, std::string>>{{"Retry-After", "40"},
                                                                           {"X-Trevo-Quota", "used up"}});
    shared.bench.clock.advance(40 * kSecond);
    CHECK(two->http(request).status == 0);
}
