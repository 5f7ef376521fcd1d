// The locks of accounts at partners: while one instance renews a login, no other of the same account does.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

namespace trevo {

// Of this process, which is the only one that works on its data folder. Thread-safe.
class AccountLocks {
  public:
    // False when somebody else still has it after the wait.
    bool acquire(const std::string& account, int waitSeconds);
    void release(const std::string& account);

  private:
    std::mutex mutex_;
    std::condition_variable released_;
    std::set<std::string> held_;
};

} // namespace trevo
