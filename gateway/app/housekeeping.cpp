#include "app/housekeeping.hpp"

#include "base/thread_name.hpp"
#include "ops/log.hpp"

#include <algorithm>
#include <chrono>

namespace trevo::app {

Housekeeping::Housekeeping(journal::Journal& journal, const journal::Retention& retention)
    : journal_(journal), retention_(retention), thread_([this] { loop(); }) {}

Housekeeping::~Housekeeping() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    stop_.notify_all();
    thread_.join();
}

void Housekeeping::retire(std::shared_ptr<const IntegrationSet> set) {
    const std::lock_guard lock(mutex_);
    retired_.push_back(std::move(set));
}

std::vector<std::shared_ptr<const IntegrationSet>> Housekeeping::takeUnused() {
    const auto used =
        std::partition(retired_.begin(), retired_.end(), [](const auto& set) { return set.use_count() > 1; });
    std::vector<std::shared_ptr<const IntegrationSet>> unused(used, retired_.end());
    retired_.erase(used, retired_.end());
    return unused;
}

void Housekeeping::sweep() {
    try {
        if (const auto removed = journal_.sweep(retention_); removed > 0) {
            log::info("journal.swept", "Finished deliveries past their time were removed.",
                      {{"rows", removed}});
        }
    } catch (const std::exception& failure) {
        log::warning("journal.sweep_failed", "Old deliveries could not be removed; it is tried again.",
                     {{"reason", log::oneLine(failure.what(), 300)}});
    }
}

void Housekeeping::loop() {
    nameThisThread("chores");
    constexpr auto kTick = std::chrono::seconds(5);
    constexpr int kTicksBetweenSweeps = 120;
    std::unique_lock lock(mutex_);
    for (int tick = 1; !stop_.wait_for(lock, kTick, [&] { return stopping_; }); ++tick) {
        auto unused = takeUnused();
        lock.unlock();
        unused.clear();
        if (tick % kTicksBetweenSweeps == 0) sweep();
        lock.lock();
    }
}

} // namespace trevo::app
