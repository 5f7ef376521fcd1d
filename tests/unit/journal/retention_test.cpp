#include "unit/journal/support.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::journal;
using namespace trevo::journal::testing;

namespace {

Delivery shortKey(std::string body) {
    Delivery d = delivery(std::move(body));
    d.keyWindow = kDay;
    return d;
}

} // namespace

TEST_CASE("retention takes finished states past their time, and nothing else") {
    struct Row {
        State state;
        std::int64_t age;
        bool removed;
    };
    const Retention retention{10 * kDay, 20 * kDay, 500};
    const Row rows[] = {
        {State::Ready, 1000 * kDay, false}, {State::Done, 10 * kDay - 1, false},
        {State::Done, 10 * kDay, true},     {State::Dead, 20 * kDay - 1, false},
        {State::Dead, 20 * kDay, true},     {State::Dropped, 10 * kDay - 1, false},
        {State::Dropped, 10 * kDay, true},
    };
    for (const Row& row : rows) {
        INFO("state " << static_cast<int>(row.state) << " age " << row.age / kDay);
        Bench bench;
        const Receipt receipt = bench.inState(row.state, "a");
        bench.add(delivery("newest"));
        // The default key window would keep the row; replaying under a short one needs a row of its own.
        bench.clock.advance(row.age);
        bench->sweep(retention);
        const auto left = bench->find(receipt.id);
        if (row.state == State::Ready) {
            REQUIRE(left);
            CHECK(left->body == "a");
        } else if (row.removed) {
            REQUIRE(left); // its key window of 90 days still runs: only the bytes are gone
            CHECK(left->body.empty());
            bench.clock.set(kStart + 91 * kDay);
            CHECK(bench->sweep(retention) == 1);
            CHECK_FALSE(bench->find(receipt.id));
            CHECK(bench->stats().dead == 0);
        } else {
            REQUIRE(left);
            CHECK(left->body == "a");
        }
    }
}

TEST_CASE("a repeat is still recognised after its bytes were removed, and can not be replayed") {
    Bench bench;
    const Receipt receipt = bench.inState(State::Done, "a");
    bench.add(delivery("newest"));
    bench.clock.advance(11 * kDay);
    CHECK(bench->sweep({10 * kDay, 20 * kDay, 500}) == 0);
    CHECK_FALSE(bench->replay(receipt.id));
    Delivery again = delivery("a");
    again.receivedAt = bench.clock.now();
    CHECK(bench.add(again).id == receipt.id);
}

TEST_CASE(
    "retention works through many small batches and keeps the newest row, so that no number is given twice") {
    Bench bench;
    std::vector<Outcome> outcomes;
    for (int i = 0; i < 25; ++i)
        bench.add(shortKey(std::to_string(i)));
    for (const auto& envelope : bench->claim(100, 0))
        outcomes.push_back({envelope.seq, Outcome::Kind::Done, {}, {}});
    bench->settle(outcomes);
    bench->flush();
    const std::int64_t newest = bench->list({}).front().seq;
    bench.clock.advance(100 * kDay);
    CHECK(bench->sweep({10 * kDay, 20 * kDay, 4}) == 24);
    CHECK(bench->list({}).size() == 1);
    bench.open();
    bench.add(shortKey("next"));
    CHECK(bench->list({}).front().seq > newest);
}
