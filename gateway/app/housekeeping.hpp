// What has to be done now and then: retention of the journal.
#pragma once

#include "config/config.hpp"
#include "journal/journal.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace trevo::app {

class Housekeeping {
  public:
    Housekeeping(journal::Journal& journal, const journal::Retention& retention);
    ~Housekeeping();

  private:
    void loop();

    journal::Journal& journal_;
    journal::Retention retention_;
    std::mutex mutex_;
    std::condition_variable stop_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace trevo::app
