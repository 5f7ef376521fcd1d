// How many requests a partner may get: so many in any minute, so many in a day of UTC. The day's count is
// kept in the journal's state, so that a restart does not begin it anew.
#pragma once

#include "config/config.hpp"
#include "journal/journal.hpp"

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace trevo {

class Quotas {
  public:
    // Both outlive it.
    Quotas(journal::Journal& journal, const Clock& clock) : journal_(journal), clock_(clock) {}

    // Counts one request of `whose`, or tells in how many seconds (at least 1) there is room for one. Never
    // waits. Thread-safe.
    std::optional<std::int64_t> take(const std::string& whose, const config::Quota& quota);

  private:
    struct Used {
        std::deque<UtcTime> lately; // of the last minute
        std::int64_t day = 0, ofDay = 0;
    };
    Used& usedBy(const std::string& whose);

    journal::Journal& journal_;
    const Clock& clock_;
    std::mutex mutex_;
    std::map<std::string, Used> used_;
};

} // namespace trevo
