// The one thread that writes the lead store: it gathers decoded envelopes, applies them in one transaction,
// and only then settles them in the journal. Operators' changes run on it between batches.
#pragma once

#include "journal/journal.hpp"
#include "ops/metrics.hpp"
#include "store/store.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace trevo::pipeline {

struct Decodable { // a decoded envelope on its way to the store
    std::int64_t seq = 0;
    bool replay = false;
    store::Incoming incoming;
};

class StoreWriter {
  public:
    StoreWriter(store::Store& store, journal::Journal& journal, const Clock& clock,
                metrics::Registry& registry);
    ~StoreWriter(); // stop()

    // Waits while the queue is full; false when stopping.
    bool submit(Decodable item);

    // Runs `change` on the writer's thread and waits for it. What it throws comes out here.
    template <class Change>
    auto run(Change change) {
        auto task = std::make_shared<std::packaged_task<decltype(change(std::declval<store::Writer&>()))()>>(
            [this, change = std::move(change)]() mutable { return change(store_.writer()); });
        auto result = task->get_future();
        if (!post([task] { (*task)(); })) throw std::runtime_error("the gateway is stopping");
        return result.get();
    }

    // The same without waiting, for what nobody needs an answer to. Dropped when the gateway is stopping.
    template <class Change>
    void later(Change change) {
        post([this, change = std::move(change)]() mutable { change(store_.writer()); });
    }

    bool failing() const; // the last attempt to write failed
    std::size_t queued() const;

    void stop(); // applies what is queued first. Idempotent.

  private:
    bool post(std::function<void()> task); // false when stopping
    void loop();
    void runTasks(std::unique_lock<std::mutex>& lock);
    std::vector<Decodable> takeBatch(std::size_t& records); // under mutex_
    void apply(std::vector<Decodable> batch);
    void forgetAgain(const store::Incoming& incoming, const std::vector<std::size_t>& withheld);

    store::Store& store_;
    journal::Journal& journal_;
    const Clock& clock_;
    metrics::Counter applied_, repeated_, dead_, failures_;
    metrics::Histogram visible_;

    mutable std::mutex mutex_;
    std::condition_variable work_; // for the writer's thread
    std::condition_variable room_; // for those that submit
    std::deque<Decodable> items_;
    std::deque<std::function<void()>> tasks_;
    std::size_t records_ = 0; // in items_
    bool idle_ = false;       // the thread waits for anything at all
    bool failing_ = false, stopping_ = false;
    std::thread thread_;
};

} // namespace trevo::pipeline
