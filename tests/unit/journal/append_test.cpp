#include "unit/journal/support.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <atomic>
#include <set>
#include <thread>

using namespace trevo;
using namespace trevo::journal;
using namespace trevo::journal::testing;

namespace {

// What a stranger who opens the file at this moment finds.
std::int64_t rowsSeenFromOutside(const std::string& path) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(db, "SELECT count(*) FROM envelope JOIN content USING (seq)", -1, &statement,
                               nullptr) == SQLITE_OK);
    REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
    const std::int64_t rows = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return rows;
}

} // namespace

TEST_CASE("a delivery is in the file before its sender is answered") {
    Bench bench;
    std::promise<std::int64_t> seen;
    bench->append(delivery("a"), [&](auto) { seen.set_value(rowsSeenFromOutside(bench.options.path)); });
    CHECK(seen.get_future().get() == 1);
}

TEST_CASE("an envelope is read back byte by byte as it came") {
    Bench bench;
    Delivery d = delivery(std::string("\0\xff{\"a\":1}\0", 10));
    d.parent = bench.add(delivery("hint")).id;
    d.trial = true;
    const Receipt receipt = bench.add(d);
    const auto envelope = bench->find(receipt.id);
    REQUIRE(envelope);
    CHECK(envelope->body == d.body);
    CHECK(envelope->meta == d.meta);
    CHECK(envelope->contentType == d.contentType);
    CHECK(envelope->integration == "olx");
    CHECK(envelope->door == "http");
    CHECK(envelope->receivedAt == kStart);
    CHECK(envelope->parent == d.parent);
    CHECK(envelope->trial);
    CHECK(envelope->state == State::Ready);
    const auto children = bench->children(*d.parent);
    REQUIRE(children.size() == 1);
    CHECK(children[0].id == receipt.id);
    CHECK_FALSE(bench->find(Uuid{}));
}

TEST_CASE("what makes a repeat and what does not") {
    struct Row {
        const char* promise;
        Delivery first, second;
        bool repeated;
    };
    const auto with = [](Delivery d, auto change) {
        change(d);
        return d;
    };
    const Row rows[] = {
        {"the same bytes", delivery("a"), delivery("a"), true},
        {"other bytes", delivery("a"), delivery("b"), false},
        {"the sender's id, other bytes", delivery("a", "k"), delivery("b", "k"), true},
        {"another id, the same bytes", delivery("a", "k"), delivery("a", "l"), false},
        {"an id that reads like the bytes", delivery("k"), delivery("b", "k"), false},
        {"another integration", delivery("a", "k"), delivery("a", "k", "icarros"), false},
        {"a trial of a real delivery", delivery("a"),
         with(delivery("a"), [](Delivery& d) { d.trial = true; }), false},
        {"another door of the same integration", delivery("a"),
         with(delivery("a"), [](Delivery& d) { d.door = "poll"; }), true},
        {"refused first, corrected under the same id",
         with(delivery("bad", "k"), [](Delivery& d) { d.dead = reason(); }), delivery("good", "k"), false},
        {"refused twice with the same bytes",
         with(delivery("bad", "k"), [](Delivery& d) { d.dead = reason(); }),
         with(delivery("bad", "l"), [](Delivery& d) { d.dead = reason(); }), true},
        {"a moment before its window ends", with(delivery("a"), [](Delivery& d) { d.keyWindow = kDay; }),
         with(delivery("a"), [](Delivery& d) { d.receivedAt = kStart + (kDay - 1); }), true},
        {"when its window has ended", with(delivery("a"), [](Delivery& d) { d.keyWindow = kDay; }),
         with(delivery("a"), [](Delivery& d) { d.receivedAt = kStart + kDay; }), false},
    };
    for (const Row& row : rows) {
        INFO(row.promise);
        Bench bench;
        const Receipt first = bench.add(row.first);
        const Receipt second = bench.add(row.second);
        CHECK_FALSE(first.repeated);
        CHECK(second.repeated == row.repeated);
        CHECK((second.id == first.id) == row.repeated);
        CHECK(bench->stats().appended == (row.repeated ? 1 : 2));
        CHECK(bench->list({}).size() == (row.repeated ? 1 : 2));
    }
}

TEST_CASE("a key that binds its content takes the same bytes as a repeat and other bytes as a conflict") {
    Bench bench;
    const auto bound = [](std::string body) {
        Delivery d = delivery(std::move(body), "idem");
        d.keyBindsContent = true;
        return d;
    };
    const Receipt first = bench.add(bound("a"));
    CHECK(bench.add(bound("a")).id == first.id);
    const auto other = append(*bench.journal, bound("b"));
    REQUIRE_FALSE(other.ok());
    CHECK(other.error() == AppendError::KeyConflict);
    CHECK(bench->list({}).size() == 1);
}

TEST_CASE("a conflict refuses its whole call, state changes included, and nobody else's") {
    Bench bench;
    Delivery bound = delivery("a", "idem");
    bound.keyBindsContent = true;
    bench.add(bound);
    bound.body = "b";
    std::vector<Delivery> call{delivery("fresh"), bound};
    const auto refused = append(*bench.journal, call, {{"olx", "cursor", "7"}});
    REQUIRE_FALSE(refused.ok());
    CHECK(bench->list({}).size() == 1);
    CHECK_FALSE(bench->state("olx", "cursor"));
    CHECK(bench->stats().ready == 1);
    CHECK(bench->claim(10, 0).size() == 1);
}

TEST_CASE("the deliveries of a call and its state changes are committed together") {
    Bench bench;
    const auto receipts = append(*bench.journal, {delivery("a"), delivery("b"), delivery("a")},
                                 {{"olx", "cursor", "7"}, {"olx", "token", "t"}});
    REQUIRE(receipts.ok());
    REQUIRE(receipts->size() == 3);
    CHECK((*receipts)[2].id == (*receipts)[0].id);
    CHECK((*receipts)[2].repeated);
    CHECK(bench->state("olx", "cursor") == "7");
    REQUIRE(append(*bench.journal, {}, {{"olx", "cursor", "8"}, {"olx", "token", ""}}).ok());
    bench.open();
    CHECK(bench->state("olx", "cursor") == "8");
    CHECK_FALSE(bench->state("olx", "token"));
    CHECK_FALSE(bench->state("icarros", "cursor"));
}

TEST_CASE("repeats that wait for the same commit get one receipt, one row and one claim") {
    Bench bench;
    constexpr int kThreads = 4, kEach = 200;
    std::mutex mutex;
    std::set<Uuid> receipts;
    int fresh = 0, answers = 0;
    std::vector<std::thread> senders;
    for (int t = 0; t < kThreads; ++t) {
        senders.emplace_back([&] {
            for (int i = 0; i < kEach; ++i) {
                bench->append(delivery("lead " + std::to_string(i / 20)), [&](auto result) {
                    const std::lock_guard lock(mutex);
                    receipts.insert(result.value().id);
                    fresh += result->repeated ? 0 : 1;
                    ++answers;
                });
            }
        });
    }
    for (auto& sender : senders)
        sender.join();
    bench->flush();
    bench->stop();
    const std::lock_guard lock(mutex);
    CHECK(answers == kThreads * kEach);
    CHECK(receipts.size() == kEach / 20);
    CHECK(fresh == kEach / 20);
}

TEST_CASE("a delivery refused at ingest is kept whole with its reason and is never claimed") {
    Bench bench;
    Delivery d = delivery("bad");
    d.dead = reason();
    const Receipt receipt = bench.add(d);
    CHECK(receipt.state == State::Dead);
    CHECK(bench->claim(10, 0).empty());
    const auto envelope = bench->find(receipt.id);
    REQUIRE(envelope);
    REQUIRE(envelope->reason);
    CHECK(envelope->reason->problem == reason().problem);
    CHECK(envelope->reason->stage == "ingest");
    CHECK(envelope->body == "bad");
    CHECK(bench->stats().dead == 1);
    CHECK(bench->stats().ready == 0);
}

TEST_CASE("above the high-water mark of rows or bytes appends are refused at once, until work is done") {
    Limits rows;
    rows.maxReadyRows = 2;
    Limits bytes;
    bytes.maxReadyBytes = 30;
    for (const Limits& limits : {rows, bytes}) {
        Bench bench(limits);
        bench.add(delivery("a"));
        bench.add(delivery("b"));
        const auto refused = append(*bench.journal, delivery("c"));
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error() == AppendError::Overloaded);
        CHECK(bench->stats().refused == 1);
        for (const auto& e : bench->claim(1, 0))
            bench.settle({e.seq, Outcome::Kind::Done, {}, {}});
        CHECK(append(*bench.journal, delivery("c")).ok());
    }
}

TEST_CASE("more senders than may wait for a commit are refused at once") {
    Limits limits;
    limits.maxWaiting = 1;
    Bench bench(limits);
    std::promise<void> entered, release;
    auto released = release.get_future();
    // The callback holds the writer, so that what follows has to wait.
    bench->append(delivery("holds"), [&](auto) {
        entered.set_value();
        released.wait();
    });
    entered.get_future().wait();
    std::promise<bool> waited;
    bench->append(delivery("waits"), [&](auto result) { waited.set_value(result.ok()); });
    const auto refused = append(*bench.journal, delivery("refused"));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error() == AppendError::Overloaded);
    release.set_value();
    CHECK(waited.get_future().get());
}

TEST_CASE("too little free disk refuses deliveries, keeps reading and settling, and is left by itself") {
    Limits limits;
    limits.minFreeDiskBytes = std::int64_t{1} << 60;
    Bench bench;
    const Receipt earlier = bench.add(delivery("a"));
    bench.options.limits = limits;
    bench.open();
    CHECK_FALSE(bench->stats().accepting);
    const auto refused = append(*bench.journal, delivery("b"));
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error() == AppendError::DiskFull);
    CHECK(bench->find(earlier.id));
    for (const auto& e : bench->claim(1, 0))
        bench.settle({e.seq, Outcome::Kind::Done, {}, {}});
    CHECK(bench->find(earlier.id)->state == State::Done);
}

TEST_CASE("a stopped journal has committed what waited and refuses with Stopped") {
    Bench bench;
    std::atomic<int> committed{0};
    for (int i = 0; i < 50; ++i) {
        bench->append(delivery(std::to_string(i)), [&](auto result) { committed += result.ok() ? 1 : 0; });
    }
    bench->stop();
    CHECK(committed == 50);
    CHECK(append(*bench.journal, delivery("late")).error() == AppendError::Stopped);
    CHECK(bench->claim(1, kSecond).empty());
    CHECK(bench->find(bench->list({}).front().id));
    CHECK_FALSE(bench->drop(bench->list({}).front().id));
    bench->stop();
}
