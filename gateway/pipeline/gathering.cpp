#include "pipeline/gathering.hpp"

#include <algorithm>

namespace trevo::pipeline {

namespace {

using std::chrono::milliseconds;

constexpr int kCommits = 9;        // a tenth of the time is spent in commits
constexpr milliseconds kMost{20};  // on a slow disk too
constexpr std::size_t kRush = 100; // records of one commit
constexpr milliseconds kInRush{150};

} // namespace

void Gathering::committed(std::size_t records, Time began, Time ended) {
    const Time::duration few = std::min<Time::duration>(kCommits * (ended - began), kMost);
    until_ = ended + (records >= kRush ? kInRush : few);
}

} // namespace trevo::pipeline
