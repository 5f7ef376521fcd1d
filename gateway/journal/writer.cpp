#include "journal/writer.hpp"

#include "base/thread_name.hpp"
#include "journal/schema.hpp"

#include <sqlite3.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

namespace trevo::journal {

namespace {

constexpr std::size_t kBatchRows = 1024;
constexpr std::size_t kBatchBytes = std::size_t{16} << 20;
constexpr std::size_t kRefillRows = 512;
constexpr std::size_t kMaxGroupBytes = std::size_t{512} << 20; // SQLite takes 1 GB per value
constexpr std::int64_t kProbeInterval = kSecond;
// Outcomes ride with the next deliveries; without any they wait this long, so that a lone sender does not pay
// a second sync for the settling of its last delivery.
constexpr std::chrono::milliseconds kSettleDelay{20};
constexpr std::size_t kSettleNow = 512; // … unless so many have gathered
constexpr std::chrono::milliseconds kBrokenPause{100};

std::size_t bytesOf(const Group& group) {
    std::size_t bytes = 0;
    for (const Item& item : group.items)
        bytes += item.delivery.body.size() + item.delivery.meta.size();
    return bytes;
}

} // namespace

Writer::Writer(const Options& options, const Clock& clock, UuidSource& ids)
    : limits_(options.limits),
      checkpointFrames_(options.checkpointFrames),
      directory_(std::filesystem::absolute(options.path).parent_path().string()),
      clock_(clock),
      database_(options.path, options.vfs),
      table_((prepareSchema(database_, options.path), configureWriter(database_), database_), ids,
             options.limits),
      begin_(database_.handle(), "BEGIN IMMEDIATE"),
      commit_(database_.handle(), "COMMIT"),
      savepoint_(database_.handle(), "SAVEPOINT part"),
      releaseSavepoint_(database_.handle(), "RELEASE part"),
      undoSavepoint_(database_.handle(), "ROLLBACK TO part"),
      probe_(database_.handle(), "UPDATE opening SET probe = probe + 1"),
      window_(limits_, clock, [this] { wake(); }) {
    counters_ = table_.countQueued();
    lowSpace_ = !spaceLeft();
    sqlite3_wal_hook(
        database_.handle(),
        [](void* self, sqlite3*, const char*, int frames) {
            static_cast<Writer*>(self)->walFrames_ = frames;
            return SQLITE_OK;
        },
        this);
    thread_ = std::thread([this] { loop(); });
}

Writer::~Writer() {
    stop();
}

std::optional<AppendError> Writer::refusal(std::size_t rows) {
    if (stopping_) return AppendError::Stopped;
    if (broken_ || lowSpace_) {
        const UtcTime now = clock_.now();
        if (now < probeAt_) return AppendError::DiskFull;
        probeAt_ = now + kProbeInterval; // this one tries
    }
    const auto waiting = static_cast<std::int64_t>(waitingRows_ + rows);
    if (waitingRows_ + rows > std::max(limits_.maxWaiting, rows) ||
        counters_.ready + waiting > limits_.maxReadyRows || counters_.readyBytes >= limits_.maxReadyBytes) {
        return AppendError::Overloaded;
    }
    return std::nullopt;
}

void Writer::append(Group group) {
    const std::size_t rows = group.items.size();
    std::optional<AppendError> refused;
    bool wakeNow = false;
    if (bytesOf(group) > kMaxGroupBytes) {
        group.done(AppendError::Failed);
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        refused = refusal(rows);
        if (refused) {
            refused_ += static_cast<std::int64_t>(rows);
        } else {
            waitingRows_ += rows;
            queue_.push_back(std::move(group));
            wakeNow = idle_;
        }
    }
    if (refused)
        group.done(*refused); // NOLINT(bugprone-use-after-move): what was refused is not queued
    else if (wakeNow)
        wakeUp_.notify_one();
}

void Writer::settle(std::vector<Outcome> outcomes) {
    const std::lock_guard lock(mutex_);
    const bool first = outcomes_.empty();
    outcomes_.insert(outcomes_.end(), std::make_move_iterator(outcomes.begin()),
                     std::make_move_iterator(outcomes.end()));
    // The first starts the delay, the limit ends it.
    if (idle_ && (first || outcomes_.size() >= kSettleNow)) wakeUp_.notify_one();
}

bool Writer::run(Work work) {
    auto job = std::make_shared<Job>();
    job->work = std::move(work);
    auto done = job->done.get_future();
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return false;
        jobs_.push_back(std::move(job));
        wakeUp_.notify_one();
    }
    done.get();
    return true;
}

void Writer::flush() {
    try {
        run([](Table&, UtcTime, Effects&) {});
    } catch (const SqlError&) {
        // The outcomes are kept; stats().accepting tells.
    }
}

void Writer::wake() {
    const std::lock_guard lock(mutex_);
    refillWanted_ = true;
    wakeUp_.notify_one();
}

Stats Writer::stats() const {
    const std::lock_guard lock(mutex_);
    Stats stats;
    stats.ready = counters_.ready;
    stats.readyBytes = counters_.readyBytes;
    stats.dead = counters_.dead;
    stats.commits = commits_;
    stats.appended = counters_.appended;
    stats.repeated = counters_.repeated;
    stats.refused = refused_;
    stats.accepting = !broken_ && !lowSpace_ && !stopping_;
    return stats;
}

void Writer::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        wakeUp_.notify_one();
    }
    const std::lock_guard joining(joinMutex_);
    if (thread_.joinable()) thread_.join();
}

void Writer::loop() {
    nameThisThread("journal");
    Batch batch;
    while (gather(batch)) {
        process(batch);
        batch = {};
        checkpointWhenLong();
        compactWhenAsked();
    }
    compactWhenAsked();
    // ready(leased) -> ready(free), for what nobody claimed: the next opening need not count it as an
    // attempt.
    const auto unclaimed = window_.close();
    try {
        begin_.run();
        for (const std::int64_t seq : unclaimed)
            table_.release(seq, clock_.now());
        commit_.run();
    } catch (const SqlError&) {
        database_.rollback(); // the next opening takes the leases over instead
    }
}

bool Writer::gather(Batch& batch) {
    std::unique_lock lock(mutex_);
    const auto urgent = [this] {
        return !queue_.empty() || !jobs_.empty() || !compactions_.empty() || refillWanted_ || stopping_;
    };
    idle_ = true;
    while (!urgent()) {
        if (broken_ || lowSpace_) {
            wakeUp_.wait_for(lock, kBrokenPause);
            if (clock_.now() < probeAt_) continue;
            probeAt_ = clock_.now() + kProbeInterval;
            batch.probe = true;
            break;
        }
        if (outcomes_.empty()) {
            wakeUp_.wait(lock);
        } else if (!wakeUp_.wait_for(lock, kSettleDelay,
                                     [&] { return urgent() || outcomes_.size() >= kSettleNow; })) {
            break;
        } else if (outcomes_.size() >= kSettleNow) {
            break;
        }
    }
    idle_ = false;
    std::size_t bytes = 0;
    while (!queue_.empty() && batch.rows < kBatchRows && bytes < kBatchBytes) {
        batch.rows += queue_.front().items.size();
        bytes += bytesOf(queue_.front());
        batch.groups.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    batch.outcomes.swap(outcomes_);
    batch.jobs.swap(jobs_);
    refillWanted_ = false;
    return !stopping_ || !batch.groups.empty() || !batch.outcomes.empty() || !batch.jobs.empty();
}

void Writer::process(Batch& batch) {
    Effects effects;
    const UtcTime now = clock_.now();
    try {
        if ((!batch.groups.empty() || batch.probe) && (now >= spaceCheckAt_ || lowSpace_)) {
            spaceCheckAt_ = now + kSecond;
            const bool low = !spaceLeft();
            const std::lock_guard lock(mutex_);
            lowSpace_ = low;
            if (low) probeAt_ = now + kProbeInterval;
        }
        auto answers = write(batch, now, effects);
        table_.committed(effects);
        succeeded(batch, effects, std::move(answers));
    } catch (const SqlError& error) {
        database_.rollback();
        table_.rolledBack();
        failed(batch, error);
    }
}

std::vector<Receipts> Writer::write(Batch& batch, UtcTime now, Effects& effects) {
    effects.room = window_.room();
    std::vector<Receipts> answers;
    answers.reserve(batch.groups.size());
    begin_.run();
    for (const Outcome& outcome : batch.outcomes)
        table_.settle(outcome, now, effects);
    for (Group& group : batch.groups) {
        if (lowSpace_)
            answers.emplace_back(AppendError::DiskFull);
        else
            answers.push_back(writeGroup(group, now, effects));
    }
    for (const auto& job : batch.jobs)
        job->work(table_, now, effects);
    if (window_.refillWanted()) table_.refill(kRefillRows, now, window_, effects);
    if (batch.probe) probe_.run();
    commit_.run();
    return answers;
}

// The deliveries and state changes of one call stand or fall together, also when only one of them is in
// conflict.
Receipts Writer::writeGroup(Group& group, UtcTime now, Effects& effects) {
    const bool several = group.items.size() + group.changes.size() > 1;
    const auto counters = effects.counters;
    const auto room = effects.room;
    const auto dueAt = effects.dueAt;
    const std::size_t fresh = effects.fresh.size();
    if (several) savepoint_.run();
    std::vector<Receipt> receipts;
    receipts.reserve(group.items.size());
    for (Item& item : group.items) {
        const auto receipt = table_.insert(item, now, effects);
        if (!receipt) {
            if (several) {
                undoSavepoint_.run();
                releaseSavepoint_.run();
            }
            effects.counters = counters;
            effects.room = room;
            effects.dueAt = dueAt;
            effects.fresh.resize(fresh);
            return AppendError::KeyConflict;
        }
        receipts.push_back(*receipt);
    }
    for (const StateChange& change : group.changes)
        table_.change(change);
    if (several) releaseSavepoint_.run();
    return receipts;
}

void Writer::succeeded(Batch& batch, Effects& effects, std::vector<Receipts> answers) {
    {
        const std::lock_guard lock(mutex_);
        counters_.add(effects.counters);
        ++commits_;
        waitingRows_ -= batch.rows;
        broken_ = false;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            if (!answers[i].ok()) refused_ += static_cast<std::int64_t>(batch.groups[i].items.size());
        }
    }
    window_.settled(batch.outcomes);
    const bool fresh = !effects.fresh.empty();
    window_.addFresh(std::move(effects.fresh));
    window_.dueAt(effects.dueAt);
    if (effects.refilled)
        window_.refilled(std::move(effects.taken), std::min(effects.nextDue, effects.dueAt));
    for (std::size_t i = 0; i < answers.size(); ++i)
        batch.groups[i].done(std::move(answers[i]));
    if (fresh) window_.announceFresh();
    for (const auto& job : batch.jobs)
        job->done.set_value();
}

void Writer::failed(Batch& batch, const SqlError& error) {
    const UtcTime now = clock_.now();
    {
        const std::lock_guard lock(mutex_);
        broken_ = true;
        probeAt_ = now + kProbeInterval;
        waitingRows_ -= batch.rows;
        refused_ += static_cast<std::int64_t>(batch.rows);
        // A stopping journal tries once: what it could not note is done again by the next opening, without a
        // second effect.
        if (!stopping_) {
            outcomes_.insert(outcomes_.begin(), std::make_move_iterator(batch.outcomes.begin()),
                             std::make_move_iterator(batch.outcomes.end()));
        }
    }
    if (window_.refillWanted()) window_.refilled({}, now + kProbeInterval);
    const auto reason = error.diskFull() ? AppendError::DiskFull : AppendError::Failed;
    for (Group& group : batch.groups)
        group.done(reason);
    for (const auto& job : batch.jobs)
        job->done.set_exception(std::make_exception_ptr(error));
}

// Runs after the waiters have their answer. PASSIVE never waits for a reader; what it could not move it moves
// next time. A failure loses nothing: the frames stay in the log, and a log that can not grow refuses the
// next append.
void Writer::checkpointWhenLong() {
    if (walFrames_ < checkpointFrames_) return;
    int frames = 0, moved = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(database_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &frames, &moved);
    if (code == SQLITE_OK && frames == moved) walFrames_ = 0;
}

bool Writer::compact(bool rebuild) {
    auto compaction = std::make_shared<Compaction>();
    compaction->rebuild = rebuild;
    auto done = compaction->done.get_future();
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return false;
        compactions_.push_back(std::move(compaction));
        wakeUp_.notify_one();
    }
    return done.get();
}

void Writer::compactWhenAsked() {
    std::vector<std::shared_ptr<Compaction>> asked;
    {
        const std::lock_guard lock(mutex_);
        asked.swap(compactions_);
    }
    for (const auto& compaction : asked) {
        try {
            if (compaction->rebuild) database_.run("VACUUM");
            int frames = 0, moved = 0;
            const int code = sqlite3_wal_checkpoint_v2(database_.handle(), nullptr,
                                                       SQLITE_CHECKPOINT_TRUNCATE, &frames, &moved);
            if (code == SQLITE_OK) walFrames_ = 0;
            compaction->done.set_value(code == SQLITE_OK);
        } catch (const SqlError&) {
            compaction->done.set_exception(std::current_exception());
        }
    }
}

bool Writer::spaceLeft() const {
    struct statvfs disk {};
    if (statvfs(directory_.c_str(), &disk) != 0) return true; // then the write itself tells
    return static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize) >=
           limits_.minFreeDiskBytes;
}

} // namespace trevo::journal
