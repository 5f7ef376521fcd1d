#include "app/housekeeping.hpp"

#include "ops/log.hpp"

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

void Housekeeping::loop() {
    std::unique_lock lock(mutex_);
    while (!stop_.wait_for(lock, std::chrono::minutes(10), [&] { return stopping_; })) {
        lock.unlock();
        try {
            if (const auto removed = journal_.sweep(retention_); removed > 0) {
                log::info("journal.swept", "Finished deliveries past their time were removed.",
                          {{"rows", removed}});
            }
        } catch (const std::exception& failure) {
            log::warning("journal.sweep_failed", "Old deliveries could not be removed; it is tried again.",
                         {{"reason", log::oneLine(failure.what(), 300)}});
        }
        lock.lock();
    }
}

} // namespace trevo::app
