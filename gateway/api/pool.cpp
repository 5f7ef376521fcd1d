#include "api/pool.hpp"

#include "base/thread_name.hpp"

#include <limits>

namespace trevo::api {

Pool::Pool(int threads, std::size_t maxQueued) : maxQueued_(maxQueued) {
    for (int i = 0; i < threads; ++i)
        threads_.emplace_back([this] { run(); });
}

Pool::~Pool() {
    stop();
}

bool Pool::submit(Task task) {
    return push(std::move(task), maxQueued_);
}

bool Pool::submitBounded(Task task) {
    return push(std::move(task), std::numeric_limits<std::size_t>::max());
}

bool Pool::push(Task task, std::size_t limit) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() >= limit) return false;
        queue_.push_back(std::move(task));
    }
    changed_.notify_one();
    return true;
}

void Pool::run() {
    nameThisThread("api");
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        Task task = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        task();
        task = nullptr; // what it holds is released outside the lock
        lock.lock();
    }
}

void Pool::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_)
        if (thread.joinable()) thread.join();
}

} // namespace trevo::api
