#include "plugin/plugin.hpp"

#include "base/thread_name.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

namespace trevo::plugin {

// Shared with stuck threads, so that what they come back to is still there. Such a thread touches the mutex,
// the counters and the factory here, and nothing that belongs to others (clock, callbacks).
struct Runner::Impl {
    struct Job {
        Runner::Task task;
        std::function<void(bool)> done;
    };

    // A thread and what it is at. Shared by the runner and the thread, which may outlive the runner when it
    // is stuck. Everything here is guarded by Impl::mutex.
    struct Worker {
        std::thread thread;
        bool busy = false;
        bool givenUp = false; // its call took too long; nobody waits for it any more
        bool ended = false;
        UtcTime startedAt;
        std::function<void(bool)> done; // of the call that runs; taken by whoever answers it
    };

    const std::string integration;
    const Factory factory;
    const Config config;
    const Clock& clock;

    std::mutex mutex;
    std::condition_variable wake;  // for the worker: a job, or the end
    std::condition_variable ended; // for the destructor
    std::deque<Job> queue;
    std::shared_ptr<Worker> worker; // null until the first job
    int stuck = 0;
    bool suspended = false, stopping = false;
    std::optional<Problem> trouble;

    Impl(std::string id, Factory make, const Config& limits, const Clock& time)
        : integration(std::move(id)), factory(std::move(make)), config(limits), clock(time) {}

    static void
    start(const std::shared_ptr<Impl>& self); // with the mutex held; std::system_error when it can not
    static void run(const std::shared_ptr<Impl>& self, const std::shared_ptr<Worker>& worker);
    bool perform(const Task& task, std::unique_ptr<Instance>& instance);
    void setTrouble(Problem problem) {
        const std::lock_guard lock(mutex);
        trouble = std::move(problem);
    }
    void clearTrouble() { // unless a thread is stuck: that is worth telling until it is back
        const std::lock_guard lock(mutex);
        if (stuck == 0) trouble.reset();
    }
    std::function<void(bool)> giveUp(); // with the mutex held
};

void Runner::Impl::start(const std::shared_ptr<Impl>& self) {
    auto worker = std::make_shared<Worker>();
    worker->thread = std::thread([self, worker] {
        nameThisThread("plugin");
        run(self, worker); // it begins by taking the mutex
    });
    self->worker = std::move(worker);
}

bool Runner::Impl::perform(const Task& task, std::unique_ptr<Instance>& instance) {
    try {
        if (!instance) {
            auto made = factory();
            if (!made) {
                setTrouble(made.error());
                return false;
            }
            instance = std::move(made).value();
            clearTrouble();
        }
        task(*instance);
        return true;
    } catch (const std::exception&) { // ours, not the plugin's: an Instance lets nothing of that through
        setTrouble(Problem{"task_failed", "", "", "the gateway failed while it used the plugin"});
        instance.reset();
        return false;
    }
}

void Runner::Impl::run(const std::shared_ptr<Impl>& self, const std::shared_ptr<Worker>& worker) {
    std::unique_ptr<Instance> instance;
    std::unique_lock lock(self->mutex);
    while (true) {
        self->wake.wait(lock, [&] { return self->stopping || !self->queue.empty(); });
        if (self->stopping) break;
        Job job = std::move(self->queue.front());
        self->queue.pop_front();
        worker->busy = true;
        worker->startedAt = self->clock.now();
        worker->done = std::move(job.done);
        lock.unlock();
        const bool finished = self->perform(job.task, instance);
        job.task = nullptr; // what it holds goes before its end is told
        lock.lock();
        if (worker->givenUp) break;
        worker->busy = false;
        const auto done = std::move(worker->done);
        lock.unlock();
        if (done) done(finished);
        lock.lock();
    }
    lock.unlock();
    instance.reset(); // the plugin's code once more: not under the mutex, and it may get stuck too
    lock.lock();
    if (worker->givenUp) --self->stuck;
    worker->ended = true;
    self->ended.notify_all();
}

std::function<void(bool)> Runner::Impl::giveUp() {
    worker->givenUp = true;
    worker->thread.detach();
    ++stuck;
    auto done = std::move(worker->done);
    worker.reset();
    return done;
}

Runner::Runner(std::string integration, Factory factory, const Config& config, const Clock& clock)
    : impl_(std::make_shared<Impl>(std::move(integration), std::move(factory), config, clock)) {}

Runner::~Runner() {
    std::deque<Impl::Job> dropped;
    std::function<void(bool)> unfinished;
    std::shared_ptr<Impl::Worker> finished;
    {
        std::unique_lock lock(impl_->mutex);
        impl_->stopping = true;
        dropped.swap(impl_->queue);
        impl_->wake.notify_all();
        if (auto worker = impl_->worker) {
            const std::int64_t limit = impl_->config.callTimeoutSeconds * kSecond;
            const std::int64_t spent = worker->busy ? impl_->clock.now() - worker->startedAt : 0;
            const auto patience = std::chrono::microseconds(std::max<std::int64_t>(0, limit - spent));
            if (impl_->ended.wait_for(lock, patience, [&] { return worker->ended; })) {
                finished = std::move(worker);
            } else {
                unfinished = impl_->giveUp();
            }
        }
    }
    if (finished) finished->thread.join();
    if (unfinished) unfinished(false);
    for (auto& job : dropped) {
        if (job.done) job.done(false);
    }
}

bool Runner::submit(Task task, std::function<void(bool finished)> done) {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->suspended || impl_->queue.size() >= impl_->config.maxQueued) return false;
    if (!impl_->worker) Impl::start(impl_);
    impl_->queue.push_back({std::move(task), std::move(done)});
    impl_->wake.notify_one();
    return true;
}

void Runner::tick() {
    std::function<void(bool)> unfinished;
    std::deque<Impl::Job> dropped;
    {
        const std::lock_guard lock(impl_->mutex);
        const auto& worker = impl_->worker;
        if (!worker || !worker->busy) return;
        const std::int64_t limit = impl_->config.callTimeoutSeconds * kSecond;
        if (impl_->clock.now() - worker->startedAt < limit) return;
        unfinished = impl_->giveUp();
        impl_->trouble = Problem{"plugin_stuck", "", "",
                                 "a call took over " + std::to_string(impl_->config.callTimeoutSeconds) +
                                     " s and was given up"};
        if (impl_->stuck >= impl_->config.maxStuckThreads) {
            impl_->suspended = true;
            impl_->trouble->detail += "; the integration is suspended until the gateway restarts";
            dropped.swap(impl_->queue);
        } else if (!impl_->queue.empty()) {
            try {
                Impl::start(impl_);
            } catch (const std::system_error&) { // out of threads: the next submit() tries again
            }
        }
    }
    if (unfinished) unfinished(false);
    for (auto& job : dropped) {
        if (job.done) job.done(false);
    }
}

bool Runner::suspended() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->suspended;
}

int Runner::stuckThreads() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->stuck;
}

std::optional<Problem> Runner::trouble() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->trouble;
}

} // namespace trevo::plugin
