#include "crash/journal/workload.hpp"

using namespace trevo;
using namespace trevo::crash;

namespace {

constexpr int kSteps = 30;

long mutationsOfWorkload() {
    FaultyVfs vfs("power-measure");
    ManualClock clock(kStart);
    UuidSource ids(clock);
    Ledger ledger;
    {
        Journal journal(optionsOn(vfs), clock, ids);
        runWorkload(journal, ledger, 0, kSteps, [] {});
        REQUIRE(ledger.refused == 0);
        CHECK(broken(journal, ledger) == "");
    }
    CHECK(integrity(vfs, "/sim/journal.db") == "ok");
    return vfs.mutations();
}

void cutAt(long operation, FaultyVfs::Survives survives) {
    INFO("power cut before operation " << operation);
    FaultyVfs vfs("power");
    ManualClock clock(kStart);
    UuidSource ids(clock);
    Ledger ledger;
    vfs.cutPowerAt(operation);
    try {
        Journal journal(optionsOn(vfs), clock, ids);
        runWorkload(journal, ledger, 0, kSteps, [] {});
    } catch (const std::runtime_error&) {
        // The power went while the journal was opened.
    }
    vfs.restore(survives, static_cast<std::uint64_t>(operation));
    Journal journal(optionsOn(vfs), clock, ids);
    CHECK(integrity(vfs, "/sim/journal.db") == "ok");
    CHECK(broken(journal, ledger) == "");
    // And it goes on from there.
    runWorkload(journal, ledger, 100, 102, [] {});
    CHECK(broken(journal, ledger) == "");
}

} // namespace

TEST_CASE("after a power cut at any operation every acknowledged delivery is there once and whole") {
    const long total = mutationsOfWorkload();
    const auto survives = GENERATE(FaultyVfs::Survives::SyncedOnly, FaultyVfs::Survives::AnySectors);
    const long step = std::max(1L, total / 220);
    int cuts = 0;
    for (long operation = 0; operation < total; operation += step, ++cuts)
        cutAt(operation, survives);
    CHECK(cuts >= 200);
}
