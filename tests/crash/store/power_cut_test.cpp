// The store on a file system whose power goes, or whose operations fail, at every point of a small life.
#include "crash/faulty_vfs.hpp"
#include "store/store.hpp"

#include <catch2/catch.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <set>

using namespace trevo;
using namespace trevo::crash;
using namespace trevo::store;

namespace {

const UtcTime kNow = UtcTime::fromSeconds(1'790'000'000);
constexpr int kSteps = 12;

Options optionsOn(const FaultyVfs& vfs) {
    Options options;
    options.path = "/sim/store.db";
    options.vfs = vfs.name();
    options.dealers = {{"centro", "grupo", ""}};
    return options;
}

Incoming envelope(int number) {
    Incoming in;
    in.envelope.bytes[15] = static_cast<std::uint8_t>(number + 1);
    in.integration = "site";
    in.mappingVersion = "1";
    in.receivedAt = kNow;
    for (int i = 0; i < 2; ++i) {
        model::Record record;
        record.source.externalId = "E" + std::to_string(number) + "-" + std::to_string(i);
        record.dealer = "centro";
        record.customer.name = "Maria Souza";
        record.customer.phones.push_back({"+551199876540" + std::to_string(number % 5), true, false, false});
        record.body =
            R"({"kind":"lead","customer":{"name":"Maria Souza"},"n":)" + std::to_string(number) + "}";
        in.records.push_back(std::move(record));
    }
    return in;
}

// What apply() has answered for, by envelope.
using Acknowledged = std::set<int>;

void live(Store& store, Acknowledged& acknowledged, int from, int to) {
    for (int step = from; step < to; ++step) {
        const Incoming in = envelope(step);
        if (!store.writer().apply({&in, 1}, kNow).at(0).problem) acknowledged.insert(step);
        if (step == 7) {
            const bool merged = store.writer().merge("p1", "p2", {"operator", ""}, kNow).ok();
            const bool split = store.writer().unmerge("p2", {"operator", ""}, kNow).ok();
            CHECK((merged && split));
        }
    }
}

std::string integrity(const FaultyVfs& vfs) {
    sqlite3* database = nullptr;
    std::string answer = "could not open";
    if (sqlite3_open_v2("/sim/store.db", &database, SQLITE_OPEN_READWRITE, vfs.name().c_str()) == SQLITE_OK) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(database, "PRAGMA integrity_check", -1, &statement, nullptr) == SQLITE_OK &&
            sqlite3_step(statement) == SQLITE_ROW)
            answer = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
        sqlite3_finalize(statement);
    }
    sqlite3_close(database);
    return answer;
}

// Every acknowledged envelope is there whole, none is there in part or twice, and the figures agree.
void checkWhole(Store& store, const Acknowledged& acknowledged) {
    const auto rows = store.reader().records({}, {0, 1000, false});
    std::map<std::string, int> seen;
    for (const auto& row : rows) {
        ++seen[row.externalId];
        CHECK_FALSE(row.person.empty());
        CHECK(store.reader().negotiation(row.negotiation).has_value());
    }
    for (int step = 0; step < kSteps; ++step) {
        const int first = seen["E" + std::to_string(step) + "-0"];
        const int second = seen["E" + std::to_string(step) + "-1"];
        CHECK(first == second);
        CHECK(first <= 1);
        if (acknowledged.contains(step)) CHECK(first == 1);
    }
    const auto counts = store.reader().counts();
    CHECK(counts.records == static_cast<std::int64_t>(rows.size()));
    CHECK(counts.people == static_cast<std::int64_t>(store.reader().people({}, {0, 1000, false}).size()));
    CHECK(counts.negotiations ==
          static_cast<std::int64_t>(store.reader().negotiations({}, {0, 1000, false}).size()));
    const auto events = store.reader().events(0, 10'000, {});
    for (std::size_t i = 0; i < events.size(); ++i)
        CHECK(events[i].sequence == static_cast<std::int64_t>(i) + 1);
}

// Afterwards the whole log is applied again, as recovery does, and everything is there once.
void recover(FaultyVfs& vfs, const Acknowledged& acknowledged) {
    const auto store = openSqlite(optionsOn(vfs));
    CHECK(integrity(vfs) == "ok");
    checkWhole(*store, acknowledged);
    Acknowledged all;
    for (int step = 0; step < kSteps; ++step) {
        const Incoming in = envelope(step);
        store->writer().apply({&in, 1}, kNow);
        all.insert(step);
    }
    checkWhole(*store, all);
    CHECK(store->reader().counts().records == 2 * kSteps);
}

} // namespace

TEST_CASE("after a power cut at any operation every applied envelope is there once and whole") {
    long total = 0;
    {
        FaultyVfs vfs("store-measure");
        Acknowledged acknowledged;
        const auto store = openSqlite(optionsOn(vfs));
        live(*store, acknowledged, 0, kSteps);
        REQUIRE(acknowledged.size() == kSteps);
        checkWhole(*store, acknowledged);
        total = vfs.mutations();
    }
    const auto survives = GENERATE(FaultyVfs::Survives::SyncedOnly, FaultyVfs::Survives::AnySectors);
    for (long operation = 0; operation < total; operation += std::max(1L, total / 60)) {
        INFO("power cut before operation " << operation);
        FaultyVfs vfs("store-power");
        Acknowledged acknowledged;
        vfs.cutPowerAt(operation);
        try {
            const auto store = openSqlite(optionsOn(vfs));
            live(*store, acknowledged, 0, kSteps);
        } catch (const std::runtime_error&) {
            // The power went while the store was opened, or written.
        }
        vfs.restore(survives, static_cast<std::uint64_t>(operation));
        recover(vfs, acknowledged);
    }
}

TEST_CASE("a write or sync that fails applies nothing of the batch, and trying again works") {
    struct Row {
        const char* rule;
        Op op;
        int code;
    };
    for (const auto& row : {Row{"the disk is full", Op::Write, SQLITE_FULL},
                            Row{"a write fails", Op::Write, SQLITE_IOERR_WRITE},
                            Row{"a sync fails", Op::Sync, SQLITE_IOERR_FSYNC}}) {
        for (long after = 0; after < 30; after += 3) {
            CAPTURE(row.rule, after);
            FaultyVfs vfs("store-fault");
            Acknowledged acknowledged;
            {
                const auto store = openSqlite(optionsOn(vfs));
                live(*store, acknowledged, 0, 4);
                vfs.fail(row.op, after, row.code, true);
                int step = 4;
                try {
                    for (; step < 7; ++step)
                        live(*store, acknowledged, step, step + 1);
                } catch (const std::runtime_error&) {
                }
                vfs.heal();
                checkWhole(*store, acknowledged);
                live(*store, acknowledged, step, 7);
                checkWhole(*store, acknowledged);
            }
            recover(vfs, acknowledged);
        }
    }
}
