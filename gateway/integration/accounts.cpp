#include "integration/accounts.hpp"

#include <chrono>

namespace trevo {

bool AccountLocks::acquire(const std::string& account, int waitSeconds) {
    std::unique_lock lock(mutex_);
    if (!released_.wait_for(lock, std::chrono::seconds(waitSeconds),
                            [&] { return !held_.contains(account); }))
        return false;
    held_.insert(account);
    return true;
}

void AccountLocks::release(const std::string& account) {
    {
        const std::lock_guard lock(mutex_);
        held_.erase(account);
    }
    released_.notify_all();
}

} // namespace trevo
