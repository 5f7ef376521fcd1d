#include "unit/poll/support.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::poll;
using trevo::poll::testing::Bench;

namespace {

Round failure(std::int64_t pauseSeconds = 0) {
    return {true, {"no_answer", "", "", "the partner does not answer"}, pauseSeconds, false};
}

std::int64_t secondsToNext(Bench& bench, const std::string& id = "one") {
    return (bench.next(id) - bench.clock.now()) / kSecond;
}

} // namespace

TEST_CASE("a source is asked at the start and then on its interval") {
    Bench bench;
    bench.start();
    REQUIRE(bench.reached(1));
    CHECK(secondsToNext(bench) == 60);
    bench.advance(59);
    CHECK(bench.stays(1));
    bench.advance(1);
    CHECK(bench.reached(2));
}

TEST_CASE("jitter lengthens a pause by a tenth at most") {
    Bench bench;
    bench.draw = 0.5;
    bench.start();
    REQUIRE(bench.reached(1));
    CHECK(secondsToNext(bench) == 63);
}

TEST_CASE("a source that fails is asked ever more rarely, and on its interval again once it is well") {
    Bench bench;
    for (int i = 0; i < 3; ++i)
        bench.script().answer(failure());
    bench.start();
    std::vector<std::int64_t> pauses;
    for (int round = 1; round <= 3; ++round) {
        REQUIRE(bench.reached(round));
        pauses.push_back((bench.next() - bench.clock.now()) / 1000);
        CHECK(bench.directory.snapshot()->find("one")->health().lastProblem().find("no_answer") == 0);
        bench.clock.set(bench.next());
    }
    CHECK(pauses == std::vector<std::int64_t>{2'500, 5'000, 10'000});
    REQUIRE(bench.reached(4));
    CHECK(secondsToNext(bench) == 60);
    CHECK(bench.directory.snapshot()->find("one")->health().lastProblem().empty());
}

TEST_CASE("a source that brings something before it fails is not asked ever more rarely") {
    Bench bench;
    for (const bool brought : {false, false, true}) {
        Round round = failure();
        round.more = brought;
        bench.script().answer(round);
    }
    bench.start();
    std::vector<std::int64_t> pauses;
    for (int round = 1; round <= 3; ++round) {
        REQUIRE(bench.reached(round));
        pauses.push_back((bench.next() - bench.clock.now()) / 1000);
        bench.clock.set(bench.next());
    }
    CHECK(pauses == std::vector<std::int64_t>{2'500, 5'000, 2'500});
}

TEST_CASE("what a partner asks for with Retry-After is kept, however short the back-off is") {
    Bench bench;
    bench.script().answer(failure(900));
    bench.start();
    REQUIRE(bench.reached(1));
    CHECK(secondsToNext(bench) == 900);
}

TEST_CASE("a source that says there is more is asked again at once") {
    Bench bench;
    bench.script().answer({false, {}, 0, true});
    bench.script().answer({false, {}, 0, true});
    bench.start();
    CHECK(bench.reached(3));
    CHECK(secondsToNext(bench) == 60);
}

TEST_CASE("an exception out of a round is a failed round") {
    Bench bench;
    bench.script().throws = true;
    bench.start();
    REQUIRE(bench.reached(1));
    CHECK(bench.directory.snapshot()->find("one")->health().lastProblem().find("round_failed") == 0);
}

TEST_CASE("a source is never asked twice at once, and what was asked for meanwhile comes right after") {
    Bench bench;
    bench.script().block(true);
    bench.start();
    REQUIRE(test::eventually([&] { return bench.script().started() == 1; }));
    REQUIRE(bench.scheduler->pollNow("one"));
    REQUIRE(bench.scheduler->pollNow("one"));
    CHECK(bench.stays(1));
    bench.script().block(false);
    CHECK(bench.reached(2));
    CHECK(bench.script().mostTogether == 1);
}

TEST_CASE("poll now says why it can not") {
    Bench bench({"one", "silent"});
    bench.script("silent").interval = 0;
    bench.start();
    REQUIRE(bench.reached(1));
    CHECK(bench.scheduler->pollNow("nobody").error().code == "unknown_integration");
    CHECK(bench.scheduler->pollNow("silent").error().code == "does_not_poll");
    REQUIRE(bench.scheduler->pause("one"));
    CHECK(bench.scheduler->pollNow("one").error().code == "paused");
    CHECK(bench.script("silent").started() == 0);
}

TEST_CASE("a paused integration is not asked, also after a restart, until it is resumed") {
    Bench bench({"one", "two"});
    bench.start();
    REQUIRE(bench.reached(1));
    REQUIRE(bench.reached(1, "two"));
    REQUIRE(bench.scheduler->pause("one"));
    CHECK(bench.scheduler->paused("one"));
    bench.advance(61);
    REQUIRE(bench.reached(2, "two"));
    CHECK(bench.stays(1));
    CHECK(bench.next("one") == UtcTime{});

    bench.restart();
    CHECK(bench.scheduler->paused("one"));
    REQUIRE(bench.reached(3, "two"));
    CHECK(bench.stays(1));

    REQUIRE(bench.scheduler->resume("one"));
    CHECK(bench.reached(2));
    CHECK_FALSE(bench.scheduler->paused("one"));
}

TEST_CASE("after a reload an unchanged source keeps its schedule, a changed one is due at once") {
    Bench bench;
    bench.script().answer(failure(900));
    bench.start();
    REQUIRE(bench.reached(1));
    const UtcTime next = bench.next();
    bench.configure("");
    CHECK(bench.stays(1));
    CHECK(bench.next() == next);
    bench.configure("repeat_window_hours = 48");
    CHECK(bench.reached(2));
    CHECK(secondsToNext(bench) == 60);
}

TEST_CASE("a reload interrupts the round of a source that changed or went, and no other") {
    Bench bench({"one", "two"});
    bench.script("one").block(true);
    bench.script("two").block(true);
    bench.start();
    REQUIRE(
        test::eventually([&] { return bench.script("one").started() + bench.script("two").started() == 2; }));
    bench.configure("");
    CHECK(bench.stays(1));
    CHECK(bench.script("one").interrupts == 0);
    bench.only({"two"});
    CHECK(test::eventually([&] { return bench.script("one").rounds() == 1; }));
    CHECK(bench.script("two").rounds() == 0);
}

TEST_CASE("slow sources of one partner leave workers to the others") {
    Bench bench({"a1", "a2", "a3", "b"});
    for (const char* id : {"a1", "a2", "a3"})
        bench.script(id).block(true);
    bench.script("b").partner = "other";
    bench.start(4);
    CHECK(bench.reached(1, "b"));
    CHECK(bench.script("a1").started() + bench.script("a2").started() + bench.script("a3").started() == 2);
    bench.advance(61);
    CHECK(bench.reached(2, "b"));
}

TEST_CASE("nothing is asked while the journal takes nothing") {
    Bench bench;
    bench.start();
    REQUIRE(bench.reached(1));
    bench.journal->stop();
    bench.advance(61);
    CHECK(bench.stays(1));
}

TEST_CASE("examining waits for the round that runs and does not count as one") {
    Bench bench;
    bench.start();
    REQUIRE(bench.reached(1));
    const auto checks = bench.scheduler->examine("one");
    REQUIRE(checks);
    REQUIRE(checks->size() == 1);
    CHECK(checks->front().name == "log_in");
    CHECK(bench.script().rounds() == 1);
    CHECK(bench.scheduler->examine("nobody").error().code == "unknown_integration");
}

TEST_CASE("stopping interrupts what runs and ends soon") {
    Bench bench({"one", "two", "three"});
    for (const char* id : {"one", "two", "three"})
        bench.script(id).block(true);
    bench.start();
    const auto started = [&] {
        return bench.script("one").started() + bench.script("two").started() +
               bench.script("three").started();
    };
    REQUIRE(test::eventually([&] { return started() == 2; }));
    const auto before = std::chrono::steady_clock::now();
    bench.scheduler->stop();
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(5));
}
