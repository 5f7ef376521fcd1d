#include "ingest/poll/scheduler.hpp"

#include "base/backoff.hpp"
#include "base/thread_name.hpp"
#include "ops/log.hpp"

#include <algorithm>
#include <chrono>

namespace trevo::poll {

namespace {

// No id of an integration has this form, so no plugin's state is met.
constexpr const char* kPausedState = "@paused";
constexpr auto kPatience = std::chrono::seconds(30);

Problem unknown(const std::string& id) {
    return {"unknown_integration", "", "", "there is no integration '" + id + "'"};
}

Round fellOver() {
    return {true, {"round_failed", "", "", "the gateway failed while it asked the partner"}, 0, false};
}

} // namespace

Scheduler::Scheduler(const IntegrationDirectory& directory, journal::Journal& journal, const Clock& clock,
                     metrics::Registry& registry, std::vector<Factory> factories, Options options)
    : directory_(directory),
      journal_(journal),
      clock_(clock),
      factories_(std::move(factories)),
      options_(std::move(options)),
      polled_(registry.counter("trevo_polls_total", "Polls by outcome.", {{"outcome", "ok"}})),
      failed_(registry.counter("trevo_polls_total", "", {{"outcome", "failed"}})),
      thread_([this] { loop(); }) {}

Scheduler::~Scheduler() {
    stop();
}

void Scheduler::stop() {
    std::vector<std::shared_ptr<Source>> all;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        stopping_ = true;
        for (const auto& [key, entry] : entries_) {
            all.push_back(entry->source);
            if (entry->asked && entry->asked != entry->source) all.push_back(entry->asked);
        }
    }
    woken_.notify_all();
    handed_.notify_all();
    settled_.notify_all();
    for (const auto& source : all)
        source->interrupt();
    thread_.join();
    for (auto& worker : workers_)
        worker.join();
    following_.reset();
}

void Scheduler::wake() {
    {
        const std::lock_guard lock(mutex_);
        wakeAtOnce_ = true;
    }
    woken_.notify_all();
}

std::vector<std::shared_ptr<Scheduler::Entry>> Scheduler::entriesOf(const std::string& integration) const {
    std::vector<std::shared_ptr<Entry>> all;
    for (auto at = entries_.lower_bound({integration, ""});
         at != entries_.end() && at->first.first == integration; ++at)
        all.push_back(at->second);
    return all;
}

Result<Done> Scheduler::pollNow(const std::string& integration) {
    if (!directory_.snapshot()->find(integration)) return unknown(integration);
    {
        const std::lock_guard lock(mutex_);
        bool any = false;
        for (const auto& entry : entriesOf(integration)) {
            if (entry->source->intervalSeconds() == 0) continue;
            any = true;
            entry->askedMeanwhile = entry->running;
            entry->next = {};
        }
        if (!any)
            return Problem{"does_not_poll", "", "", "the integration '" + integration + "' does not poll"};
        if (paused_[integration])
            return Problem{"paused", "", "",
                           "the integration '" + integration + "' is paused; resume it first"};
        wakeAtOnce_ = true;
    }
    woken_.notify_all();
    return Done{};
}

Result<Done> Scheduler::pause(const std::string& integration) {
    return setPaused(integration, true);
}

Result<Done> Scheduler::resume(const std::string& integration) {
    return setPaused(integration, false);
}

Result<Done> Scheduler::setPaused(const std::string& integration, bool paused) {
    if (!directory_.snapshot()->find(integration)) return unknown(integration);
    if (!journal_.commit({}, {{kPausedState, integration, paused ? formatRfc3339(clock_.now()) : ""}}))
        return Problem{"storage", "", "", "the journal takes nothing now, so it could not be kept"};
    {
        const std::lock_guard lock(mutex_);
        const bool was = std::exchange(paused_[integration], paused);
        if (was && !paused) {
            for (const auto& entry : entriesOf(integration)) {
                entry->next = {};
                entry->failures = 0;
            }
        }
        showNext(integration);
        wakeAtOnce_ = true;
    }
    woken_.notify_all();
    return Done{};
}

bool Scheduler::paused(const std::string& integration) const {
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = paused_.find(integration); found != paused_.end()) return found->second;
    }
    return journal_.state(kPausedState, integration).has_value();
}

Result<std::vector<Check>> Scheduler::examine(const std::string& integration) {
    if (!directory_.snapshot()->find(integration)) return unknown(integration);
    std::vector<Check> all;
    std::unique_lock lock(mutex_);
    for (const auto& entry : entriesOf(integration)) {
        if (!settled_.wait_for(lock, kPatience, [&] { return stopping_ || !entry->running; }) || stopping_) {
            all.push_back({"round", "", Check::State::Unknown,
                           "a round of its " + std::string(entry->source->kind()) + " is running",
                           "try again when it is over"});
            continue;
        }
        entry->running = true;
        const auto source = entry->asked = entry->source;
        lock.unlock();
        std::vector<Check> checks;
        try {
            checks = source->examine();
        } catch (const std::exception&) {
            checks = {{"examine", "", Check::State::Failed, "the gateway failed while it looked",
                       "look into the gateway's log and report this"}};
        }
        lock.lock();
        entry->running = false;
        entry->asked.reset();
        settled_.notify_all();
        woken_.notify_all();
        all.insert(all.end(), checks.begin(), checks.end());
    }
    return all;
}

void Scheduler::loop() {
    nameThisThread("poll");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        wakeAtOnce_ = false;
        lock.unlock();
        if (auto set = directory_.snapshot()) {
            if (set != following_) follow(set);
            for (const auto& [id, integration] : set->all()) {
                if (auto* runner = set->runner(id)) runner->tick();
            }
        }
        const bool accepting = journal_.stats().accepting;
        lock.lock();
        if (accepting && !stopping_) hand(clock_.now());
        woken_.wait_for(lock, std::chrono::milliseconds(options_.tickMillis),
                        [&] { return stopping_ || wakeAtOnce_; });
    }
}

void Scheduler::follow(std::shared_ptr<const IntegrationSet> set) {
    std::map<std::string, bool> paused;
    Entries fresh;
    for (const auto& [id, integration] : set->all()) {
        paused[id] = journal_.state(kPausedState, id).has_value();
        for (const auto& factory : factories_) {
            auto source = factory(integration);
            if (!source) continue;
            auto entry = std::make_shared<Entry>();
            const std::string kind(source->kind());
            entry->source = std::move(source);
            fresh.emplace(std::pair(id, kind), std::move(entry));
        }
    }
    std::vector<std::shared_ptr<Source>> outdated;
    {
        const std::lock_guard lock(mutex_);
        for (auto& [key, before] : entries_) {
            const auto found = fresh.find(key);
            if (found == fresh.end()) {
                outdated.push_back(before->asked ? before->asked : before->source);
                ++before->generation;
                continue;
            }
            // The entry stays, so that a round which runs is not met by another.
            const auto& was = before->source->integration().settings().fingerprint;
            if (was != found->second->source->integration().settings().fingerprint) {
                outdated.push_back(before->asked ? before->asked : before->source);
                ++before->generation;
                before->failures = 0;
                before->next = {};
            }
            before->source = std::move(found->second->source);
            found->second = before;
        }
        entries_.swap(fresh);
        paused_.swap(paused);
        for (const auto& [key, entry] : entries_)
            showNext(key.first);
    }
    for (const auto& source : outdated)
        source->interrupt();
    following_ = std::move(set);
}

// Longest due first, as many as there are workers, and of one partner no more than half of them.
void Scheduler::hand(UtcTime now) {
    std::vector<std::shared_ptr<Entry>> ready;
    for (const auto& [key, entry] : entries_) {
        if (entry->running || now < entry->next || entry->source->intervalSeconds() == 0 ||
            paused_[key.first])
            continue;
        ready.push_back(entry);
    }
    std::stable_sort(ready.begin(), ready.end(),
                     [](const auto& a, const auto& b) { return a->next < b->next; });
    const std::size_t most = std::max<std::size_t>(1, options_.workers / 2);
    for (auto& entry : ready) {
        if (running_ >= options_.workers) break;
        std::size_t& ofPartner = runningOf_[entry->source->partner()];
        if (ofPartner >= most) continue;
        ++ofPartner;
        ++running_;
        entry->running = true;
        entry->asked = entry->source;
        due_.push_back({entry, entry->source, entry->generation});
        if (due_.size() > idle_ && workers_.size() < options_.workers)
            workers_.emplace_back([this] { work(); });
    }
    if (!due_.empty()) handed_.notify_all();
}

void Scheduler::work() {
    nameThisThread("poll-round");
    std::unique_lock lock(mutex_);
    while (true) {
        ++idle_;
        handed_.wait(lock, [&] { return stopping_ || !due_.empty(); });
        --idle_;
        if (stopping_) return;
        const Due due = std::move(due_.front());
        due_.pop_front();
        lock.unlock();
        Round round;
        try {
            round = due.source->round();
        } catch (const std::exception& failure) {
            log::error(
                "poll.failed_inside",
                "A round failed for a reason of the gateway's own. Check the disk; if it is well, report "
                "this.",
                {{"integration", due.source->integration().id()},
                 {"kind", due.source->kind()},
                 {"reason", log::oneLine(failure.what(), 300)}});
            round = fellOver();
        }
        lock.lock();
        finished(due, round);
    }
}

void Scheduler::finished(const Due& ran, const Round& round) {
    Entry& entry = *ran.entry;
    const Source& source = *ran.source;
    --running_;
    --runningOf_[source.partner()];
    entry.running = false;
    entry.asked.reset();
    (round.failed ? failed_ : polled_).add();
    const bool outdated = entry.generation != ran.generation || stopping_;
    const UtcTime now = clock_.now();
    if (!outdated) {
        auto& health = source.integration().health();
        if (round.failed || !round.problem.code.empty())
            health.failed(round.problem);
        else
            health.recovered();
        const auto draw = options_.draw ? options_.draw : drawFraction;
        const int before = std::exchange(entry.failures, !round.failed ? 0
                                                         : round.more  ? 1
                                                                       : entry.failures + 1);
        std::int64_t pause = round.pauseSeconds * kSecond;
        if (round.failed) pause = std::max(pause, retryPause(entry.failures, draw()));
        if (pause <= 0) pause = std::max<std::int64_t>(1, source.intervalSeconds()) * kSecond;
        pause += static_cast<std::int64_t>(static_cast<double>(pause) * 0.1 * draw());
        if (round.more && !round.failed) pause = 0;
        entry.next = now + pause;
        if (std::exchange(entry.askedMeanwhile, false)) entry.next = {};
        if (round.failed && before == 0) {
            log::warning("poll.failed",
                         "A partner could not be asked; it is tried again. 'trevo doctor' says more.",
                         {{"integration", source.integration().id()},
                          {"kind", source.kind()},
                          {"code", round.problem.code},
                          {"again_in_seconds", pause / kSecond}});
        } else if (!round.failed && before > 0) {
            log::info("poll.recovered", "A partner could be asked again.",
                      {{"integration", source.integration().id()}, {"kind", source.kind()}});
        }
        showNext(source.integration().id());
    }
    wakeAtOnce_ = true;
    woken_.notify_all();
    settled_.notify_all();
}

void Scheduler::showNext(const std::string& integration) {
    std::optional<UtcTime> next;
    const auto all = entriesOf(integration);
    for (const auto& entry : all) {
        if (entry->source->intervalSeconds() > 0 && (!next || entry->next < *next)) next = entry->next;
    }
    if (!all.empty())
        all.front()->source->integration().health().polledNext(
            paused_[integration] ? UtcTime{} : next.value_or(UtcTime{}));
}

} // namespace trevo::poll
