#include "pipeline/gathering.hpp"

#include <catch2/catch.hpp>

using namespace trevo::pipeline;
using std::chrono::milliseconds;

namespace {

const Gathering::Time kBegin{std::chrono::hours(1)};

// How long the next delivery waits after a commit of so many records that took so long.
milliseconds waitAfter(std::size_t records, milliseconds took) {
    Gathering gathering;
    gathering.committed(records, kBegin, kBegin + took);
    return std::chrono::duration_cast<milliseconds>(gathering.until() - (kBegin + took));
}

} // namespace

TEST_CASE("the first delivery is committed at once") {
    CHECK(Gathering().until() < kBegin);
}

TEST_CASE("a lone delivery is committed at once however long ago the last one came") {
    Gathering gathering;
    gathering.committed(1, kBegin, kBegin + milliseconds(1));
    CHECK(gathering.until() <= kBegin + milliseconds(10));
}

TEST_CASE("what keeps coming is gathered as long as nine commits take") {
    CHECK(waitAfter(1, milliseconds(1)) == milliseconds(9));
    CHECK(waitAfter(5, milliseconds(2)) == milliseconds(18));
}

TEST_CASE("a slow disk does not put off the next delivery by more than 20 ms") {
    CHECK(waitAfter(10, milliseconds(400)) == milliseconds(20));
}

TEST_CASE("in a rush one commit takes what comes in 150 ms") {
    CHECK(waitAfter(100, milliseconds(1)) == milliseconds(150));
    CHECK(waitAfter(2048, milliseconds(300)) == milliseconds(150));
}
