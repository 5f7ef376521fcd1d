// A clock for tests that lets hours of business pass in a moment: it shows the time written in a file.
#pragma once

#include "base/time.hpp"

#include <mutex>
#include <string>

namespace trevo::app {

// The file holds one RFC 3339 time. It is read again at most every 10 ms; while it can not be read the last
// time stands.
class FileClock final : public Clock {
  public:
    explicit FileClock(std::string path); // throws std::runtime_error when the file holds no time
    UtcTime now() const override;

  private:
    std::string path_;
    mutable std::mutex mutex_;
    mutable UtcTime shown_;
    mutable std::int64_t readAt_ = 0;
};

} // namespace trevo::app
