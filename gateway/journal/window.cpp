#include "journal/window.hpp"

#include <algorithm>
#include <chrono>

namespace trevo::journal {

namespace {

constexpr std::size_t kRefillBelow =
    64; // asked for ahead of need, so that a claimer seldom waits for the read

std::int64_t bytesOf(const Envelope& envelope) {
    return static_cast<std::int64_t>(envelope.body.size() + envelope.meta.size());
}

} // namespace

Window::Window(const Limits& limits, const Clock& clock, std::function<void()> wake)
    : maxRows_(static_cast<std::int64_t>(limits.windowRows)),
      maxBytes_(static_cast<std::int64_t>(limits.windowBytes)),
      lease_(limits.lease),
      clock_(clock),
      wake_(std::move(wake)) {}

std::vector<Envelope> Window::claim(std::size_t max, std::int64_t waitMicros) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::microseconds(waitMicros);
    std::vector<Envelope> claimed;
    std::unique_lock lock(mutex_);
    while (!closed_ && max > 0) {
        const UtcTime now = clock_.now();
        if (!wanted_ && refilled_.size() < kRefillBelow && nextDue_ <= now) {
            wanted_ = true;
            lock.unlock();
            wake_();
            lock.lock();
            continue; // the writer may have answered meanwhile
        }
        while (claimed.size() < max && !(fresh_.empty() && refilled_.empty())) {
            if (!refilled_.empty()) take(refilled_, claimed, now);
            if (!fresh_.empty() && claimed.size() < max) take(fresh_, claimed, now);
        }
        if (!claimed.empty()) break;
        if (wanted_) {
            changed_.wait(lock);
            continue;
        }
        auto until = deadline;
        if (nextDue_ < kNever) {
            const auto due = std::chrono::microseconds(std::min(nextDue_ - now, kHour));
            until = std::min(until, std::chrono::steady_clock::now() + due);
        }
        if (std::chrono::steady_clock::now() >= deadline) break;
        changed_.wait_until(lock, until);
    }
    if (!fresh_.empty() || !refilled_.empty()) changed_.notify_one();
    return claimed;
}

void Window::take(std::deque<Envelope>& from, std::vector<Envelope>& to, UtcTime now) {
    claimed_[from.front().seq] = now + lease_;
    if (&from == &fresh_) freshBytes_ -= bytesOf(from.front());
    to.push_back(std::move(from.front()));
    from.pop_front();
}

Window::Room Window::room() const {
    const std::lock_guard lock(mutex_);
    return {maxRows_ - static_cast<std::int64_t>(fresh_.size()), maxBytes_ - freshBytes_};
}

void Window::addFresh(std::vector<Envelope> envelopes) {
    if (envelopes.empty()) return;
    const std::lock_guard lock(mutex_);
    for (Envelope& envelope : envelopes) {
        freshBytes_ += bytesOf(envelope);
        fresh_.push_back(std::move(envelope));
    }
}

// A claimer that leaves some behind wakes the next: one suffices for most batches.
void Window::announceFresh() {
    changed_.notify_one();
}

void Window::dueAt(UtcTime time) {
    const std::lock_guard lock(mutex_);
    if (time >= nextDue_) return;
    nextDue_ = time;
    changed_.notify_all();
}

bool Window::refillWanted() const {
    const std::lock_guard lock(mutex_);
    return wanted_;
}

void Window::refilled(std::vector<Envelope> envelopes, UtcTime nextDue) {
    const std::lock_guard lock(mutex_);
    for (Envelope& envelope : envelopes)
        refilled_.push_back(std::move(envelope));
    nextDue_ = nextDue;
    wanted_ = false;
    changed_.notify_all();
}

void Window::settled(const std::vector<Outcome>& outcomes) {
    if (outcomes.empty()) return;
    const std::lock_guard lock(mutex_);
    for (const Outcome& outcome : outcomes)
        claimed_.erase(outcome.seq);
}

bool Window::holds(std::int64_t seq) const {
    const std::lock_guard lock(mutex_);
    if (const auto claim = claimed_.find(seq); claim != claimed_.end() && claim->second > clock_.now())
        return true;
    const auto bySeq = [](const Envelope& envelope, std::int64_t value) { return envelope.seq < value; };
    const auto at = std::lower_bound(fresh_.begin(), fresh_.end(), seq, bySeq);
    if (at != fresh_.end() && at->seq == seq) return true;
    return std::any_of(refilled_.begin(), refilled_.end(), [&](const Envelope& e) { return e.seq == seq; });
}

std::vector<std::int64_t> Window::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    std::vector<std::int64_t> unclaimed;
    for (const auto* queue : {&fresh_, &refilled_}) {
        for (const Envelope& envelope : *queue)
            unclaimed.push_back(envelope.seq);
    }
    changed_.notify_all();
    return unclaimed;
}

} // namespace trevo::journal
