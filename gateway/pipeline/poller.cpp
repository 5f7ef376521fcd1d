#include "pipeline/poller.hpp"

#include "base/hash.hpp"
#include "base/thread_name.hpp"
#include "pipeline/partner_calls.hpp"

#include <algorithm>
#include <chrono>

namespace trevo::pipeline {

namespace {

// In [0,1), so that many integrations of one partner do not ask at the same moment.
double jitter() {
    return static_cast<double>(static_cast<unsigned char>(randomBytes(1)[0])) / 256.0;
}

} // namespace

Poller::Poller(const IntegrationDirectory& directory, journal::Journal& journal, const Clock& clock,
               metrics::Registry& registry)
    : directory_(directory),
      journal_(journal),
      clock_(clock),
      polled_(registry.counter("trevo_polls_total", "Polls by outcome.", {{"outcome", "ok"}})),
      failed_(registry.counter("trevo_polls_total", "", {{"outcome", "failed"}})),
      thread_([this] { loop(); }) {}

Poller::~Poller() {
    stop();
}

void Poller::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Poller::pollNow(const std::string& integration) {
    {
        const std::lock_guard lock(mutex_);
        schedules_[integration].next = {};
    }
    changed_.notify_all();
}

void Poller::loop() {
    nameThisThread("poll");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        tick();
        lock.lock();
        changed_.wait_for(lock, std::chrono::milliseconds(500));
    }
}

void Poller::tick() {
    const auto set = directory_.snapshot();
    const UtcTime now = clock_.now();
    const bool accepting = journal_.stats().accepting;
    for (const auto& [id, integration] : set->all()) {
        auto* runner = set->runner(id);
        if (!runner) continue;
        runner->tick();
        if (!integration->canPoll() || !accepting) continue;
        {
            const std::lock_guard lock(mutex_);
            Schedule& schedule = schedules_[id];
            if (schedule.running || now < schedule.next) continue;
            schedule.running = true;
        }
        start(*runner, integration);
    }
}

void Poller::start(plugin::Runner& runner, const std::shared_ptr<const Integration>& integration) {
    const auto task = [this, integration](plugin::Instance& instance) {
        plugin::Brought brought = instance.poll();
        const bool good = brought.verdict.status == plugin::Status::Ok;
        if (good)
            integration->health().recovered();
        else
            integration->health().failed(brought.verdict.problem);
        const std::int64_t pause =
            kSecond * (!good                         ? brought.verdict.retryAfterSeconds
                       : brought.nextPollSeconds > 0 ? brought.nextPollSeconds
                                                     : integration->pollIntervalSeconds());
        // What was brought is good whatever the verdict.
        std::vector<journal::StateChange> changes;
        for (auto& [key, value] : brought.stateChanges)
            changes.push_back({integration->id(), key, value});
        auto deliveries =
            deliveriesOf(*integration, std::move(brought.documents), "poll", std::nullopt, clock_.now());
        if (deliveries.empty() && changes.empty()) {
            finished(integration, pause, !good);
            return;
        }
        journal_.append(std::move(deliveries), std::move(changes),
                        [this, integration, pause, good](const auto& result) {
                            if (result.ok() && !result.value().empty())
                                integration->health().delivered(clock_.now());
                            finished(integration, pause, !good || !result.ok());
                        });
    };
    const auto done = [this, integration](bool completed) {
        if (!completed) finished(integration, 0, true);
    };
    if (!runner.submit(task, done)) finished(integration, 0, true);
}

void Poller::finished(const std::shared_ptr<const Integration>& integration, std::int64_t pauseMicros,
                      bool failed) {
    const UtcTime now = clock_.now();
    (failed ? failed_ : polled_).add();
    const std::lock_guard lock(mutex_);
    Schedule& schedule = schedules_[integration->id()];
    schedule.running = false;
    schedule.failures = failed ? schedule.failures + 1 : 0;
    const std::int64_t interval = std::max<std::int64_t>(1, integration->pollIntervalSeconds()) * kSecond;
    std::int64_t pause =
        failed ? std::max(pauseMicros, retryPause(schedule.failures, jitter())) : pauseMicros;
    if (pause <= 0) pause = interval;
    schedule.next = now + pause + static_cast<std::int64_t>(static_cast<double>(pause) * 0.1 * jitter());
    integration->health().polledNext(schedule.next);
}

} // namespace trevo::pipeline
