// When the next commit of the lead store begins. A lone delivery is applied at once. While they keep coming,
// one commit takes together what came in a while: each costs a sync of the disk, and random pages of it, that
// the journal needs for its answers. The while is as long as a few commits take, so that a quick disk shows a
// delivery sooner; in a rush it is longer.
#pragma once

#include <chrono>
#include <cstddef>

namespace trevo::pipeline {

class Gathering {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // Until then the writer takes in what comes; a time that has passed means at once.
    Time until() const { return until_; }
    void committed(std::size_t records, Time began, Time ended);

  private:
    Time until_{};
};

} // namespace trevo::pipeline
