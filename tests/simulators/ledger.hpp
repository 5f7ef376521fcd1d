// What was really offered: one JSON line for each lead and each repeat, for tests to compare with what
// arrived.
#pragma once

#include "simulators/world.hpp"

#include <fstream>
#include <mutex>
#include <string>

namespace trevo::sim {

struct Entry {
    std::string partner, type, dealer;
    // "accepted" by a 2xx, "refused", "lost" (no answer or never announced), "offered" (waits to be asked
    // for)
    std::string state;
    int status = 0; // of the last answer; 0: none
    int attempts = 0;
    bool repeat = false;
};

// Thread-safe. Each line is handed to the system before add() returns.
class Ledger {
  public:
    explicit Ledger(const std::string& file); // empty: keeps nothing; throws when it can not be written
    void add(const Entry& entry, const Lead& lead);

  private:
    std::mutex mutex_;
    std::ofstream file_;
};

} // namespace trevo::sim
