#include "unit/journal/support.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace trevo;
using namespace trevo::journal;
using journal::testing::delivery;

namespace {

// Appends, claims and settles as fast as it can and writes each acknowledged id to the pipe, until it is
// killed.
[[noreturn]] void child(const std::string& path, int pipe, int round) {
    SystemClock clock;
    UuidSource ids(clock);
    Journal journal({path, {}, "", 4000}, clock, ids);
    for (int i = 0;; ++i) {
        Delivery d =
            delivery("round " + std::to_string(round) + " lead " + std::to_string(i) + std::string(500, 'x'));
        journal.append(std::move(d), [pipe](auto result) {
            if (result.ok() && write(pipe, result->id.bytes.data(), 16) != 16) _exit(1);
        });
        if (i % 16 == 0) {
            std::vector<Outcome> outcomes;
            for (const Envelope& e : journal.claim(8, 0))
                outcomes.push_back({e.seq, Outcome::Kind::Done, {}, {}});
            journal.settle(std::move(outcomes));
        }
        if (i % 64 == 0) journal.flush();
    }
}

} // namespace

TEST_CASE(
    "what was acknowledged before kill -9 is there after it, once, and every ready row is found again") {
    journal::testing::TempDir dir;
    const std::string path = dir.file("journal.db");
    std::set<Uuid> acknowledged;
    for (int round = 0; round < 20; ++round) {
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        const pid_t pid = fork();
        REQUIRE(pid >= 0);
        if (pid == 0) {
            close(ends[0]);
            child(path, ends[1], round);
        }
        close(ends[1]);
        Uuid id;
        const int enough = 20 + round * 17;
        for (int i = 0; i < enough && read(ends[0], id.bytes.data(), 16) == 16; ++i)
            acknowledged.insert(id);
        kill(pid, SIGKILL);
        while (read(ends[0], id.bytes.data(), 16) == 16)
            acknowledged.insert(id);
        close(ends[0]);
        int status = 0;
        REQUIRE(waitpid(pid, &status, 0) == pid);
        CHECK(WIFSIGNALED(status));
    }
    REQUIRE(acknowledged.size() > 1000);

    SystemClock clock;
    UuidSource ids(clock);
    Journal journal({path, {}, "", 4000}, clock, ids);
    for (const Uuid& id : acknowledged)
        CHECK(journal.find(id));
    Query query;
    query.limit = 10'000'000;
    query.withBody = true;
    std::set<std::string> bodies;
    std::set<std::int64_t> ready, claimed;
    for (const Envelope& envelope : journal.list(query)) {
        CHECK(bodies.insert(envelope.body).second);
        if (envelope.state == State::Ready) ready.insert(envelope.seq);
    }
    for (auto envelopes = journal.claim(500, 0); !envelopes.empty(); envelopes = journal.claim(500, 0)) {
        for (const Envelope& envelope : envelopes)
            CHECK(claimed.insert(envelope.seq).second);
    }
    CHECK(claimed == ready);
}
