// Asks partners that do not push: every Source of every integration, on its interval with jitter, backing off
// when it fails or is told to, never twice at once, and none while the journal takes nothing.
//
// The schedule lives in memory: after a start everything is due at once, and a cursor or a key makes asking
// again harmless. What an operator has paused stays paused across restarts, in the journal's state.
#pragma once

#include "ingest/poll/source.hpp"
#include "ops/metrics.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace trevo::poll {

struct Options {
    std::size_t workers = 16; // threads, started when needed
    std::int64_t tickMillis = 250;
    std::function<double()> draw; // in [0,1); empty: random
};

class Scheduler {
  public:
    // Starts its thread. The references must outlive it.
    Scheduler(const IntegrationDirectory& directory, journal::Journal& journal, const Clock& clock,
              metrics::Registry& registry, std::vector<Factory> factories, Options options = {});
    ~Scheduler(); // stop()

    // Looks at the schedule and the set of integrations now instead of at the next tick. After a reload a
    // source whose configuration is as it was keeps its schedule; a changed or new one is due at once.
    void wake();

    // At once, or as soon as the round that runs is over. The Problem says that there is nothing to ask, or
    // that the integration is paused.
    Result<Done> pollNow(const std::string& integration);

    // Durable when they return. A round that runs is not cut short. Pausing what is paused is no mistake.
    Result<Done> pause(const std::string& integration);
    Result<Done> resume(const std::string& integration);
    bool paused(const std::string& integration) const;

    // What examine() of each of the integration's sources says. Waits for a round that runs; when that takes
    // too long the only check says so.
    Result<std::vector<Check>> examine(const std::string& integration);

    // Interrupts what runs and waits for it. Idempotent.
    void stop();

  private:
    struct Entry {
        std::shared_ptr<Source> source;
        std::shared_ptr<Source> asked; // that runs; an older one when the set was replaced meanwhile
        UtcTime next;
        int failures = 0;
        int generation = 0; // of the configuration
        bool running = false;
        bool askedMeanwhile = false; // while it ran
    };
    struct Due {
        std::shared_ptr<Entry> entry;
        std::shared_ptr<Source> source;
        int generation;
    };
    using Entries =
        std::map<std::pair<std::string, std::string>, std::shared_ptr<Entry>>; // integration, kind

    void loop();
    void follow(std::shared_ptr<const IntegrationSet> set);
    void hand(UtcTime now); // with the mutex held
    void work();
    void finished(const Due& ran, const Round& round); // with the mutex held
    void showNext(const std::string& integration);     // with the mutex held
    Result<Done> setPaused(const std::string& integration, bool paused);
    std::vector<std::shared_ptr<Entry>> entriesOf(const std::string& integration) const;

    const IntegrationDirectory& directory_;
    journal::Journal& journal_;
    const Clock& clock_;
    const std::vector<Factory> factories_;
    const Options options_;
    metrics::Counter polled_, failed_;

    mutable std::mutex mutex_;
    std::condition_variable woken_;                   // the loop: something has changed
    std::condition_variable handed_;                  // the workers: a source is due
    std::condition_variable settled_;                 // whoever waits for a round to end
    std::shared_ptr<const IntegrationSet> following_; // of the loop
    Entries entries_;
    std::map<std::string, bool> paused_; // by integration
    std::deque<Due> due_;
    std::map<std::string, std::size_t> runningOf_; // by partner
    std::size_t running_ = 0, idle_ = 0;
    bool wakeAtOnce_ = false, stopping_ = false;
    std::vector<std::thread> workers_;
    std::thread thread_;
};

} // namespace trevo::poll
