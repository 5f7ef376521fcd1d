#include "pipeline/writer.hpp"

#include "base/thread_name.hpp"
#include "ops/log.hpp"
#include "pipeline/gathering.hpp"
#include "pipeline/priority.hpp"

#include <algorithm>
#include <chrono>

namespace trevo::pipeline {

namespace {

constexpr std::size_t kBatchRecords = 2048;
constexpr std::size_t kQueueRecords = 8192;
constexpr auto kRetryPause = std::chrono::seconds(1);

privacy::Values personalValues(const model::Record& record) {
    const model::Customer& customer = record.customer;
    privacy::Values values;
    values.names = {customer.name};
    if (customer.document) values.documents.push_back(customer.document->number);
    for (const auto& phone : customer.phones)
        values.phones.push_back(phone.number);
    if (record.callPhone) values.phones.push_back(record.callPhone->number);
    for (const auto& email : customer.emails)
        values.emails.push_back(email.address);
    for (const auto& [platform, id] : customer.handles)
        (id.find_first_not_of("+0123456789") == std::string::npos ? values.phones : values.emails)
            .push_back(id);
    for (const auto* vehicle : {&record.vehicle, &record.tradeIn})
        if (*vehicle) values.add({{}, {}, {}, {}, {(*vehicle)->plate, (*vehicle)->vin}});
    return values;
}

} // namespace

StoreWriter::StoreWriter(store::Store& store, journal::Journal& journal, const Clock& clock,
                         metrics::Registry& registry)
    : store_(store),
      journal_(journal),
      clock_(clock),
      applied_(registry.counter("trevo_envelopes_total", "Envelopes by outcome.", {{"outcome", "applied"}})),
      repeated_(registry.counter("trevo_envelopes_total", "", {{"outcome", "repeated"}})),
      dead_(registry.counter("trevo_envelopes_total", "", {{"outcome", "dead"}})),
      failures_(
          registry.counter("trevo_store_failures_total", "Transactions that the store could not commit.")),
      visible_(
          registry.histogram("trevo_visible_seconds", "From receipt to a committed record in the store.")),
      thread_([this] { loop(); }) {}

StoreWriter::~StoreWriter() {
    stop();
}

bool StoreWriter::submit(Decodable item) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return stopping_ || records_ < kQueueRecords; });
    if (stopping_) return false;
    records_ += std::max<std::size_t>(1, item.incoming.records.size());
    items_.push_back(std::move(item));
    // A thread that gathers is left alone until a commit is full: it wakes by itself.
    if (idle_ || records_ >= kBatchRecords) work_.notify_one();
    return true;
}

bool StoreWriter::post(std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return false;
        tasks_.push_back(std::move(task));
    }
    work_.notify_one();
    return true;
}

bool StoreWriter::failing() const {
    const std::lock_guard lock(mutex_);
    return failing_;
}

std::size_t StoreWriter::queued() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
}

void StoreWriter::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        stopping_ = true;
    }
    work_.notify_all();
    room_.notify_all();
    thread_.join();
}

void StoreWriter::loop() {
    nameThisThread("store");
    yieldToListener();
    Gathering gathering;
    std::unique_lock lock(mutex_);
    while (true) {
        idle_ = true;
        work_.wait(lock, [&] { return stopping_ || !items_.empty() || !tasks_.empty(); });
        idle_ = false;
        runTasks(lock);
        if (items_.empty()) {
            if (stopping_) return;
            continue;
        }
        work_.wait_until(lock, gathering.until(),
                         [&] { return stopping_ || !tasks_.empty() || records_ >= kBatchRecords; });
        if (!tasks_.empty()) continue;
        std::size_t records = 0;
        auto batch = takeBatch(records);
        lock.unlock();
        room_.notify_all();
        const auto began = std::chrono::steady_clock::now();
        apply(std::move(batch));
        gathering.committed(records, began, std::chrono::steady_clock::now());
        lock.lock();
    }
}

void StoreWriter::runTasks(std::unique_lock<std::mutex>& lock) {
    while (!tasks_.empty()) {
        auto task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        try {
            task();
        } catch (const std::exception& failure) { // of later(); run() hands its own to the caller
            log::error("store.change_failed", "A change of the lead store could not be written.",
                       {{"reason", log::oneLine(failure.what(), 300)}});
        }
        lock.lock();
    }
}

std::vector<Decodable> StoreWriter::takeBatch(std::size_t& records) {
    std::vector<Decodable> batch;
    while (!items_.empty() && records < kBatchRecords) {
        const std::size_t size = std::max<std::size_t>(1, items_.front().incoming.records.size());
        records += size;
        records_ -= size;
        batch.push_back(std::move(items_.front()));
        items_.pop_front();
    }
    return batch;
}

// What a late redelivery brought back of an erased person. The delivery is settled before: the journal takes
// outcomes first.
void StoreWriter::forgetAgain(const store::Incoming& incoming, const std::vector<std::size_t>& withheld) {
    journal::Erasure erasure;
    if (withheld.size() == incoming.records.size()) {
        erasure.whole.push_back(incoming.envelope);
    } else {
        privacy::Values gone, others;
        for (std::size_t place = 0; place < incoming.records.size(); ++place) {
            const bool withhold = std::find(withheld.begin(), withheld.end(), place) != withheld.end();
            (withhold ? gone : others).add(personalValues(incoming.records[place]));
        }
        erasure.shared.push_back({incoming.envelope, gone.without(others)});
    }
    journal_.erase(erasure);
    log::info("erasure.kept", "A delivery brought back what was erased; it was acknowledged and not kept.",
              {{"receipt", incoming.envelope.text()}});
}

// Store transaction first, journal second: a crash between them leaves ready envelopes whose second
// application changes nothing. While the store can not commit, the batch waits here and the journal keeps
// what comes.
void StoreWriter::apply(std::vector<Decodable> batch) {
    std::vector<store::Incoming> fresh;
    for (auto& item : batch) {
        if (!item.replay) fresh.push_back(std::move(item.incoming));
    }
    while (true) {
        try {
            const UtcTime now = clock_.now();
            std::vector<store::EnvelopeResult> results = store_.writer().apply(fresh, now);
            std::vector<store::EnvelopeResult> all;
            std::size_t next = 0;
            for (const auto& item : batch) {
                if (item.replay)
                    all.push_back(store_.writer().reapply(item.incoming, now));
                else
                    all.push_back(std::move(results[next++]));
            }
            std::vector<journal::Outcome> outcomes;
            outcomes.reserve(batch.size());
            next = 0;
            std::vector<std::pair<const store::Incoming*, const std::vector<std::size_t>*>> erased;
            for (std::size_t i = 0; i < batch.size(); ++i) {
                journal::Outcome outcome{batch[i].seq, journal::Outcome::Kind::Done, {}, std::nullopt};
                if (all[i].problem) {
                    outcome.kind = journal::Outcome::Kind::Dead;
                    outcome.reason = journal::Reason{*all[i].problem, "store"};
                    dead_.add();
                } else {
                    (all[i].repeated ? repeated_ : applied_).add();
                }
                const store::Incoming& incoming = batch[i].replay ? batch[i].incoming : fresh[next++];
                visible_.observe(static_cast<double>(clock_.now() - incoming.receivedAt) / 1e6);
                if (!all[i].withheld.empty()) erased.emplace_back(&incoming, &all[i].withheld);
                outcomes.push_back(std::move(outcome));
            }
            journal_.settle(std::move(outcomes));
            for (const auto& [incoming, places] : erased)
                forgetAgain(*incoming, *places);
            const std::lock_guard lock(mutex_);
            if (failing_) log::info("store.recovered", "The lead store takes writes again.");
            failing_ = false;
            return;
        } catch (const std::exception& failure) {
            failures_.add();
            std::unique_lock lock(mutex_);
            if (!failing_) {
                log::error("store.failing",
                           "The lead store can not be written; deliveries are kept in the journal. Check the "
                           "disk's space and health.",
                           {{"reason", log::oneLine(failure.what(), 300)}});
            }
            failing_ = true;
            if (stopping_) return; // the envelopes stay ready in the journal
            work_.wait_for(lock, kRetryPause, [&] { return stopping_; });
        }
    }
}

} // namespace trevo::pipeline
