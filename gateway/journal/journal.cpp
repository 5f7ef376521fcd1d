#include "journal/journal.hpp"

#include "journal/erasure.hpp"
#include "journal/reader.hpp"
#include "journal/writer.hpp"

#include <algorithm>
#include <future>
#include <stdexcept>

namespace trevo::journal {

class Journal::Impl {
  public:
    Impl(const Options& options, const Clock& time, UuidSource& ids)
        : clock(time), writer(options, time, ids), reader(options) {}

    const Clock& clock;
    Writer writer;
    mutable Reader reader; // locks itself
};

Journal::Journal(const Options& options, const Clock& clock, UuidSource& ids) {
    try {
        impl_ = std::make_unique<Impl>(options, clock, ids);
    } catch (const SqlError& error) {
        throw std::runtime_error(
            "the journal " + options.path + " can not be opened (" + error.what() +
            "): check that the folder exists, is writable and has room; if the file is damaged, move "
            "it and its -wal aside together and start again, then import what it holds");
    }
}

Journal::~Journal() = default;

void Journal::append(Delivery delivery, Appended done) {
    Group group;
    group.items.push_back({std::move(delivery), {}});
    group.items[0].key = keyOf(group.items[0].delivery);
    group.done = [done = std::move(done)](Receipts receipts) {
        if (receipts.ok())
            done(receipts.value().front());
        else
            done(receipts.error());
    };
    impl_->writer.append(std::move(group));
}

void Journal::append(std::vector<Delivery> deliveries, std::vector<StateChange> changes,
                     std::function<void(Result<std::vector<Receipt>, AppendError>)> done) {
    Group group;
    group.items.reserve(deliveries.size());
    for (Delivery& delivery : deliveries) {
        const Key key = keyOf(delivery);
        group.items.push_back({std::move(delivery), key});
    }
    group.changes = std::move(changes);
    group.done = std::move(done);
    impl_->writer.append(std::move(group));
}

Result<std::vector<Receipt>, AppendError> Journal::commit(std::vector<Delivery> deliveries,
                                                          std::vector<StateChange> changes) {
    // Shared: the writer's thread may still be in set_value() when the waiter has gone on.
    const auto committed = std::make_shared<std::promise<Receipts>>();
    auto answer = committed->get_future();
    append(std::move(deliveries), std::move(changes),
           [committed](Receipts receipts) { committed->set_value(std::move(receipts)); });
    return answer.get();
}

std::vector<Envelope> Journal::claim(std::size_t max, std::int64_t waitMicros) {
    return impl_->writer.claim(max, waitMicros);
}

void Journal::settle(std::vector<Outcome> outcomes) {
    impl_->writer.settle(std::move(outcomes));
}

void Journal::flush() {
    impl_->writer.flush();
}

std::optional<std::string> Journal::state(const std::string& integration, const std::string& key) const {
    return impl_->reader.state(integration, key);
}

std::optional<Envelope> Journal::find(const Uuid& id) const {
    return impl_->reader.find(id);
}

std::vector<Envelope> Journal::children(const Uuid& parent) const {
    return impl_->reader.children(parent);
}

std::vector<Envelope> Journal::list(const Query& query) const {
    return impl_->reader.list(query);
}

Stats Journal::stats() const {
    Stats stats = impl_->writer.stats();
    if (stats.ready > 0) {
        const UtcTime now = impl_->clock.now();
        if (const auto oldest = impl_->reader.oldestReady(now)) {
            stats.oldestReadyMicros = std::max<std::int64_t>(0, now - *oldest);
        }
    }
    return stats;
}

bool Journal::retry(const Uuid& id, std::optional<std::string> body) {
    bool changed = false;
    return impl_->writer.run([&](Table& table, UtcTime now, Effects& effects) {
        changed = retryDead(table, id, body, now, effects);
    }) && changed;
}

bool Journal::drop(const Uuid& id) {
    bool changed = false;
    return impl_->writer.run([&](Table& table, UtcTime now, Effects& effects) {
        changed = dropDead(table, id, now, effects);
    }) && changed;
}

bool Journal::replay(const Uuid& id) {
    bool changed = false;
    return impl_->writer.run([&](Table& table, UtcTime now, Effects& effects) {
        changed = journal::replay(table, id, now, effects);
    }) && changed;
}

std::int64_t Journal::sweep(const Retention& retention) {
    std::int64_t removed = 0;
    SweptPage page;
    while (!page.finished) {
        const std::int64_t after = page.lastSeq;
        const bool ran = impl_->writer.run([&](Table& table, UtcTime now, Effects& effects) {
            page = sweepPage(table, retention, after, now, effects);
        });
        if (!ran) break;
        removed += page.removed;
    }
    return removed;
}

Erased Journal::erase(const Erasure& erasure) {
    constexpr int kPage = 500;
    Erased erased;
    const bool ran = impl_->writer.run([&](Table& table, UtcTime now, Effects& effects) {
        for (const Uuid& id : erasure.whole)
            erased.emptied += emptyDelivery(table, id, now, effects) ? 1 : 0;
        for (const auto& shared : erasure.shared) {
            const auto seq = seqOf(table, shared.id);
            if (seq && overwriteDelivery(table, *seq, privacy::Mask(shared.values))) ++erased.overwritten;
        }
    });
    if (!ran) throw std::runtime_error("the journal is stopping");
    if (!erasure.others) return erased;
    const privacy::Mask mask(erasure.values);
    std::int64_t after = 0, before = -1;
    while (after != before) {
        before = after;
        std::vector<std::pair<std::int64_t, privacy::Mask>> found;
        for (const auto& place : impl_->reader.mayHold(mask, after, kPage))
            found.emplace_back(place.seq, privacy::Mask(erasure.values.without(erasure.others(place.id))));
        if (found.empty()) continue;
        impl_->writer.run([&](Table& table, UtcTime, Effects&) {
            for (const auto& [seq, left] : found)
                erased.overwritten += overwriteDelivery(table, seq, left) ? 1 : 0;
        });
    }
    return erased;
}

bool Journal::compact(bool rebuild) {
    return impl_->writer.compact(rebuild);
}

void Journal::stop() {
    impl_->writer.stop();
}

} // namespace trevo::journal
