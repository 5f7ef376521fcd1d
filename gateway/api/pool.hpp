// The API's own threads, so that a slow read never holds a listener thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace trevo::api {

// Thread-safe. Tasks must not throw.
class Pool {
  public:
    using Task = std::function<void()>;

    Pool(int threads, std::size_t maxQueued);
    ~Pool(); // stop()

    bool submit(Task task); // false when full or stopped
    // For work whose number is bounded elsewhere (one page per event stream). False only when stopped.
    bool submitBounded(Task task);

    void stop(); // finishes what is queued, then joins. Idempotent; not from a task.

  private:
    bool push(Task task, std::size_t limit);
    void run();

    const std::size_t maxQueued_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Task> queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace trevo::api
