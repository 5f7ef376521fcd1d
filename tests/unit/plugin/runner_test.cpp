#include "support.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace trevo;
using namespace trevo::plugin;

namespace {

// Counts how calls ended and lets a test wait for it.
class Ends {
  public:
    auto callback() {
        return [this](bool finished) {
            const std::lock_guard lock(mutex_);
            ++(finished ? finished_ : unfinished_);
            changed_.notify_all();
        };
    }
    void waitFor(int finished, int unfinished) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return finished_ == finished && unfinished_ == unfinished; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int finished_ = 0, unfinished_ = 0;
};

// A flag that one thread sets and another waits for.
class Gate {
  public:
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return open_; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

// Owns its host, as a factory should: a stuck call keeps using it.
Runner::Factory factoryOf(const std::string& library, std::shared_ptr<MemoryHost> host, int* made = nullptr) {
    return [library = loaded(badPath(library)), host = std::move(host), made] {
        if (made) ++*made;
        return Instance::create(library, {}, *host);
    };
}

const UtcTime kStart = UtcTime::fromSeconds(1'764'000'000);

} // namespace

TEST_CASE("calls run one after the other on one instance") {
    ManualClock clock(kStart);
    Ends ends;
    int made = 0;
    std::vector<int> order;
    {
        Runner runner("acme", factoryOf("late_emit", std::make_shared<MemoryHost>(), &made), {}, clock);
        for (int i = 0; i < 50; ++i) {
            REQUIRE(runner.submit(
                [&order, i](Instance& instance) {
                    instance.poll();
                    order.push_back(i);
                },
                ends.callback()));
        }
        ends.waitFor(50, 0);
    }
    CHECK(made == 1);
    CHECK(std::is_sorted(order.begin(), order.end()));
    CHECK(order.size() == 50);
}

TEST_CASE("a stuck call is given up after its time limit, and the next runs on a new instance") {
    ManualClock clock(kStart);
    Ends ends;
    Gate inside;
    auto host = std::make_shared<MemoryHost>();
    int made = 0;
    Runner runner("acme", factoryOf("never_returns", host, &made), {60, 2, 10}, clock);
    REQUIRE(runner.submit(
        [&inside](Instance& instance) {
            inside.open();
            instance.poll();
        },
        ends.callback()));
    REQUIRE(runner.submit([](Instance&) {}, ends.callback()));
    inside.wait();

    clock.advance(59 * kSecond);
    runner.tick();
    CHECK(runner.stuckThreads() == 0);
    clock.advance(kSecond);
    runner.tick();
    ends.waitFor(1, 1);
    CHECK(runner.stuckThreads() == 1);
    CHECK_FALSE(runner.suspended());
    REQUIRE(runner.trouble());
    CHECK(made == 2);

    host->released = true; // it comes back after all: its end is nobody's business any more
    while (runner.stuckThreads() != 0)
        std::this_thread::yield();
    ends.waitFor(1, 1);
}

TEST_CASE("an integration whose plugin gets stuck again and again is suspended, and leaves no more threads") {
    ManualClock clock(kStart);
    Ends ends;
    auto host = std::make_shared<MemoryHost>();
    Runner runner("acme", factoryOf("never_returns", host), {60, 2, 10}, clock);
    for (int round = 1; round <= 2; ++round) {
        auto inside = std::make_shared<Gate>();
        REQUIRE(runner.submit(
            [inside](Instance& instance) {
                inside->open();
                instance.poll();
            },
            ends.callback()));
        inside->wait();
        if (round == 2) {
            REQUIRE(runner.submit([](Instance&) {}, ends.callback()));
        }
        clock.advance(60 * kSecond);
        runner.tick();
        ends.waitFor(0, round == 1 ? 1 : 3); // what waited is told too
    }
    CHECK(runner.suspended());
    CHECK(runner.stuckThreads() == 2);
    CHECK_FALSE(runner.submit([](Instance&) {}, ends.callback()));
    CHECK_THAT(runner.trouble()->detail, Catch::Contains("suspended until the gateway restarts"));

    host->released = true;
    while (runner.stuckThreads() != 0)
        std::this_thread::yield();
    CHECK(runner.suspended());
}

TEST_CASE("a queue has an end") {
    ManualClock clock(kStart);
    Ends ends;
    Gate inside, leave;
    Runner runner("acme", factoryOf("late_emit", std::make_shared<MemoryHost>()), {60, 2, 2}, clock);
    REQUIRE(runner.submit(
        [&](Instance&) {
            inside.open();
            leave.wait();
        },
        ends.callback()));
    inside.wait();
    CHECK(runner.submit([](Instance&) {}, ends.callback()));
    CHECK(runner.submit([](Instance&) {}, ends.callback()));
    CHECK_FALSE(runner.submit([](Instance&) {}, ends.callback()));
    leave.open();
    ends.waitFor(3, 0);
}

TEST_CASE("without an instance a call ends unfinished and the reason can be asked for") {
    ManualClock clock(kStart);
    Ends ends;
    bool broken = true;
    auto host = std::make_shared<MemoryHost>();
    const auto library = loaded(badPath("late_emit"));
    Runner runner(
        "acme",
        [&]() -> Result<std::unique_ptr<Instance>> {
            if (broken) return Problem{"bad_setting", "token", "", "is wrong"};
            return Instance::create(library, {}, *host);
        },
        {}, clock);
    REQUIRE(runner.submit([](Instance&) {}, ends.callback()));
    ends.waitFor(0, 1);
    CHECK(runner.trouble()->field == "token");
    broken = false;
    REQUIRE(runner.submit([](Instance&) {}, ends.callback()));
    ends.waitFor(1, 1);
    CHECK_FALSE(runner.trouble());
}

TEST_CASE("a runner that is stopped waits for its call, drops what waited, and abandons what is stuck") {
    ManualClock clock(kStart);
    Ends ends;
    SECTION("a call that ends is waited for") {
        Gate inside;
        {
            Runner runner("acme", factoryOf("late_emit", std::make_shared<MemoryHost>()), {}, clock);
            REQUIRE(runner.submit(
                [&](Instance& instance) {
                    inside.open();
                    instance.poll();
                },
                ends.callback()));
            inside.wait();
        }
        ends.waitFor(1, 0);
    }
    SECTION("a call past its limit is not") {
        Gate inside;
        auto host = std::make_shared<MemoryHost>();
        {
            Runner runner("acme", factoryOf("never_returns", host), {60, 2, 10}, clock);
            REQUIRE(runner.submit(
                [&](Instance& instance) {
                    inside.open();
                    instance.poll();
                },
                ends.callback()));
            REQUIRE(runner.submit([](Instance&) {}, ends.callback()));
            inside.wait();
            clock.advance(61 * kSecond);
        }
        ends.waitFor(0, 2);
        host->released = true;
        while (host.use_count() > 1) // the thread and the factory that it keeps are gone
            std::this_thread::yield();
    }
}
