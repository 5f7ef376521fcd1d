#include "unit/journal/support.hpp"

#include "base/hash.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::journal;
using namespace trevo::journal::testing;

TEST_CASE("each operator's transition is taken from the states it is for, and refused from the others") {
    enum class Do { Retry, Drop, Replay };
    struct Row {
        State from;
        Do what;
        bool allowed;
        State to;
    };
    const Row rows[] = {
        {State::Ready, Do::Retry, false, State::Ready},
        {State::Ready, Do::Drop, false, State::Ready},
        {State::Ready, Do::Replay, false, State::Ready},
        {State::Done, Do::Retry, false, State::Done},
        {State::Done, Do::Drop, false, State::Done},
        {State::Done, Do::Replay, true, State::Ready},
        {State::Dead, Do::Retry, true, State::Ready},
        {State::Dead, Do::Drop, true, State::Dropped},
        {State::Dead, Do::Replay, true, State::Ready},
        {State::Dropped, Do::Retry, false, State::Dropped},
        {State::Dropped, Do::Drop, false, State::Dropped},
        {State::Dropped, Do::Replay, false, State::Dropped},
    };
    for (const Row& row : rows) {
        INFO("from " << static_cast<int>(row.from) << " do " << static_cast<int>(row.what));
        Bench bench;
        const Receipt receipt = bench.inState(row.from, "a");
        REQUIRE(bench->find(receipt.id)->state == row.from);
        bool done = false;
        switch (row.what) {
        case Do::Retry: done = bench->retry(receipt.id); break;
        case Do::Drop: done = bench->drop(receipt.id); break;
        case Do::Replay: done = bench->replay(receipt.id); break;
        }
        CHECK(done == row.allowed);
        CHECK(bench->find(receipt.id)->state == row.to);
        CHECK(bench->stats().ready == (row.to == State::Ready ? 1 : 0));
        CHECK(bench->stats().dead == (row.to == State::Dead ? 1 : 0));
        if (row.to == State::Ready) CHECK(bench->claim(5, 0).size() == 1);
        bench.open(); // the counters that a start reads agree
        CHECK(bench->stats().ready == (row.to == State::Ready ? 1 : 0));
        CHECK(bench->stats().dead == (row.to == State::Dead ? 1 : 0));
    }
}

TEST_CASE("no transition finds an envelope that is not there") {
    Bench bench;
    CHECK_FALSE(bench->retry(Uuid{}));
    CHECK_FALSE(bench->drop(Uuid{}));
    CHECK_FALSE(bench->replay(Uuid{}));
}

TEST_CASE("a dead letter corrected by hand is claimed with the new bytes, and what the sender sent stays "
          "readable") {
    Bench bench;
    const Receipt receipt = bench.inState(State::Dead, "first");
    REQUIRE(bench->retry(receipt.id, "second"));
    auto claimed = bench->claim(1, 0);
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].body == "second");
    CHECK(claimed[0].meta.find(base64("first")) != std::string::npos);
    bench.settle({claimed[0].seq, Outcome::Kind::Dead, {}, reason()});

    REQUIRE(bench->retry(receipt.id, "third"));
    claimed = bench->claim(1, 0);
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].body == "third");
    CHECK(claimed[0].meta.find(base64("first")) != std::string::npos);
    CHECK(claimed[0].meta.find(base64("second")) == std::string::npos);
    bench.settle({claimed[0].seq, Outcome::Kind::Done, {}, {}});
    CHECK(bench->stats().readyBytes == 0);
    CHECK(bench.add(delivery("first")).id == receipt.id); // its key is still that of what came
}

TEST_CASE("lists are newest first, by state, by integration, and go on from a cursor") {
    Bench bench;
    std::vector<Uuid> ids;
    for (int i = 0; i < 6; ++i) {
        Delivery d = delivery(std::to_string(i), "", i % 2 == 0 ? "olx" : "icarros");
        if (i >= 4) d.dead = reason();
        ids.push_back(bench.add(std::move(d)).id);
    }
    const auto idsOf = [&](const Query& query) {
        std::vector<Uuid> found;
        for (const Envelope& envelope : bench->list(query))
            found.push_back(envelope.id);
        return found;
    };
    Query query;
    CHECK(idsOf(query) == std::vector<Uuid>{ids[5], ids[4], ids[3], ids[2], ids[1], ids[0]});
    query.integration = "olx";
    CHECK(idsOf(query) == std::vector<Uuid>{ids[4], ids[2], ids[0]});
    query.state = State::Dead;
    CHECK(idsOf(query) == std::vector<Uuid>{ids[4]});
    query = {};
    query.limit = 2;
    const auto page = bench->list(query);
    query.beforeSeq = page.back().seq;
    CHECK(idsOf(query) == std::vector<Uuid>{ids[3], ids[2]});
    CHECK(page[0].body.empty());
    query.withBody = true;
    CHECK(bench->list(query)[0].body == "3");
    query.integration = "nobody";
    CHECK(bench->list(query).empty());
}
