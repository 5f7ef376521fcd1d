// What has to be done now and then: retention of the journal, and the end of integrations that a reload
// replaced.
#pragma once

#include "config/config.hpp"
#include "integration/integration.hpp"
#include "journal/journal.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace trevo::app {

class Housekeeping {
  public:
    Housekeeping(journal::Journal& journal, const journal::Retention& retention);
    ~Housekeeping();

    // Keeps a replaced set until nobody else holds it; its end may wait for a partner's answer.
    void retire(std::shared_ptr<const IntegrationSet> set);

  private:
    void loop();
    void sweep();
    std::vector<std::shared_ptr<const IntegrationSet>> takeUnused();

    journal::Journal& journal_;
    journal::Retention retention_;
    std::mutex mutex_;
    std::condition_variable stop_;
    std::vector<std::shared_ptr<const IntegrationSet>> retired_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace trevo::app
