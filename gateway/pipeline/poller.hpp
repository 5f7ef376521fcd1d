// Asks partners that do not push: each integration whose plugin polls, on its interval with jitter, backing
// off when told to. A cursor is committed in the transaction of the documents that it stands for.
#pragma once

#include "integration/integration.hpp"
#include "journal/journal.hpp"
#include "ops/metrics.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace trevo::pipeline {

class Poller {
  public:
    Poller(const IntegrationDirectory& directory, journal::Journal& journal, const Clock& clock,
           metrics::Registry& registry);
    ~Poller(); // stop()

    void pollNow(const std::string& integration); // as soon as its running call, if any, is over
    void stop();

  private:
    struct Schedule {
        UtcTime next;
        int failures = 0;
        bool running = false;
    };
    void loop();
    void tick();
    void start(plugin::Runner& runner, const std::shared_ptr<const Integration>& integration);
    void finished(const std::shared_ptr<const Integration>& integration, std::int64_t pauseMicros,
                  bool failed);

    const IntegrationDirectory& directory_;
    journal::Journal& journal_;
    const Clock& clock_;
    metrics::Counter polled_, failed_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Schedule> schedules_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace trevo::pipeline
