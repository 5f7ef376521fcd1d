#include "crash/journal/workload.hpp"

using namespace trevo;
using namespace trevo::crash;

namespace {

struct Fault {
    const char* name;
    Op op;
    int code;
    bool lasting;
};

const Fault kFaults[] = {
    {"write fails once", Op::Write, SQLITE_IOERR_WRITE, false},
    {"writes fail", Op::Write, SQLITE_IOERR_WRITE, true},
    {"the disk is full once", Op::Write, SQLITE_FULL, false},
    {"the disk is full", Op::Write, SQLITE_FULL, true},
    {"sync fails once", Op::Sync, SQLITE_IOERR_FSYNC, false},
    {"syncs fail", Op::Sync, SQLITE_IOERR_FSYNC, true},
    {"read fails once", Op::Read, SQLITE_IOERR_READ, false},
    {"truncate fails", Op::Truncate, SQLITE_IOERR_TRUNCATE, true},
    {"delete fails", Op::Delete, SQLITE_IOERR_DELETE, true},
    {"open fails once", Op::Open, SQLITE_CANTOPEN, false},
};

// One run with the fault at the k-th operation of its kind. False when the workload has no k-th such
// operation.
bool runWith(const Fault& fault, long k) {
    INFO(fault.name << " at " << k);
    FaultyVfs vfs("faults");
    ManualClock clock(kStart);
    UuidSource ids(clock);
    Ledger ledger;
    std::unique_ptr<Journal> journal;
    vfs.fail(fault.op, k, fault.code, fault.lasting);
    try {
        journal = std::make_unique<Journal>(optionsOn(vfs), clock, ids);
    } catch (const std::runtime_error&) {
        CHECK(vfs.fired());
        vfs.heal();
        journal = std::make_unique<Journal>(optionsOn(vfs), clock, ids);
    }
    runWorkload(*journal, ledger, 0, 20, [&] { clock.advance(kSecond / 2); });
    const bool fired = vfs.fired();
    vfs.heal();
    clock.advance(2 * kSecond);
    const int refusedBefore = ledger.refused;
    runWorkload(*journal, ledger, 100, 104, [] {});
    CHECK(ledger.refused == refusedBefore); // it takes deliveries again by itself
    journal->flush();
    CHECK(journal->stats().accepting);
    CHECK(broken(*journal, ledger) == "");
    journal = std::make_unique<Journal>(optionsOn(vfs), clock, ids);
    CHECK(broken(*journal, ledger) == "");
    journal.reset();
    CHECK(integrity(vfs, "/sim/journal.db") == "ok");
    return fired;
}

} // namespace

TEST_CASE("a failing k-th operation loses nothing acknowledged, and the journal goes on when it is over") {
    for (const Fault& fault : kFaults) {
        long step = 1;
        for (long k = 0; runWith(fault, k) && k < 3'000; k += step)
            step = k < 10 ? 1 : std::max(1L, k / 8);
    }
}

TEST_CASE(
    "while the disk is full deliveries are refused at once, reads and the window go on, outcomes are kept") {
    FaultyVfs vfs("full");
    ManualClock clock(kStart);
    UuidSource ids(clock);
    Journal journal(optionsOn(vfs), clock, ids);
    const auto first = journal::testing::append(journal, delivery("first"));
    const auto second = journal::testing::append(journal, delivery("second"));
    REQUIRE(second.ok());
    CHECK(journal.claim(1, 0).at(0).body == "first");

    vfs.fail(Op::Write, 0, SQLITE_FULL, true);
    CHECK(journal::testing::append(journal, delivery("third")).error() == AppendError::DiskFull);
    CHECK_FALSE(journal.stats().accepting);
    const long writes = vfs.count(Op::Write);
    CHECK(journal::testing::append(journal, delivery("third")).error() == AppendError::DiskFull);
    CHECK(vfs.count(Op::Write) == writes); // refused without a try
    CHECK(journal.find(first->id)->body == "first");
    const auto claimed = journal.claim(1, 0);
    REQUIRE(claimed.size() == 1);
    journal.settle({{claimed[0].seq, Outcome::Kind::Done, {}, {}}});
    journal.flush();
    CHECK(journal.find(second->id)->state == State::Ready);

    vfs.heal();
    clock.advance(kSecond);
    CHECK(journal::testing::append(journal, delivery("third")).ok()); // the probe is the next delivery itself
    CHECK(journal.stats().accepting);
    CHECK(journal.find(second->id)->state == State::Done);
}
