// Runs one partner: offers leads at its rate, and lets go wrong what the options say.
#pragma once

#include "simulators/ledger.hpp"
#include "simulators/partner.hpp"
#include "simulators/wire.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <vector>

namespace trevo::sim {

// The dice of what goes wrong. Thread-safe.
class Faults {
  public:
    Faults(const Options& options, std::uint64_t salt) : options_(options), engine_(options.seed ^ salt) {}

    bool fails() { return hits(options_.failRate); }
    bool duplicates() { return hits(options_.duplicateRate); }
    bool loses() { return hits(options_.loseRate); }
    std::size_t below(std::size_t count);
    // Waits up to the configured delay; false when the wait was ended by `stop`.
    bool delay(const std::stop_token& stop);

  private:
    bool hits(double rate);

    const Options& options_;
    std::mutex mutex_;
    std::mt19937_64 engine_;
};

// What `partner` answers, with the faults of a server: delays and 503s. Nothing when the path is not the
// partner's.
std::optional<Answer> answerWithFaults(Partner& partner, Faults& faults, const Request& request,
                                       const std::stop_token& stop);

class Campaign {
  public:
    // All outlive it. `name` is the partner's.
    Campaign(std::string name, Partner& partner, const World& world, const Options& options, Ledger& ledger);

    // Until `count` leads have been offered and every push has ended, or until stopped. Returns the leads
    // offered.
    int run(const std::stop_token& stop);

  private:
    using Clock = std::chrono::steady_clock;
    struct Pending {
        Lead lead;
        Push push;
        int attempts = 0;
        Clock::time_point due{};
    };

    void offer(int number);
    void send(Pending pending, const std::stop_token& stop);
    void record(const Lead& lead, const char* state, int status, int attempts, bool repeat = false);
    bool waitUntil(Clock::time_point due, const std::stop_token& stop);

    std::string name_;
    Partner& partner_;
    const World& world_;
    const Options& options_;
    Ledger& ledger_;
    Faults faults_;
    std::unique_ptr<Sender> sender_;
    std::vector<Pending> window_; // offered, not yet sent
    std::deque<Pending> refused_; // to be sent again, in order of their time
    std::mutex mutex_;
    std::condition_variable_any wake_;
};

} // namespace trevo::sim
