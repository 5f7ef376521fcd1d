// The hand-over between writer and claimers: committed envelopes that this opening holds the lease of. It is
// a window onto the rows, refilled from them; losing it loses nothing.
//
// Fresh deliveries come straight from their commit; the others (put off, beyond the window, left by an
// earlier process) are read back by the writer when a claimer asks. claim() serves both alternately, so
// neither starves the other.
#pragma once

#include "journal/journal.hpp"

#include <condition_variable>
#include <deque>
#include <limits>
#include <mutex>
#include <unordered_map>

namespace trevo::journal {

inline constexpr UtcTime kNever{std::numeric_limits<std::int64_t>::max()};

class Window {
  public:
    struct Room {
        std::int64_t rows = 0, bytes = 0;
    };

    // `wake` rouses the writer when a refill is wanted; called without the window's lock.
    Window(const Limits& limits, const Clock& clock, std::function<void()> wake);

    // Thread-safe; see Journal::claim. A refill that is due is waited for even when waitMicros is 0.
    std::vector<Envelope> claim(std::size_t max, std::int64_t waitMicros);

    // The rest belongs to the writer's thread.
    Room room() const;
    void addFresh(std::vector<Envelope> envelopes);
    void announceFresh();     // wakes a claimer for them: after the senders have their answers
    void dueAt(UtcTime time); // a row outside the window can be claimed from `time` on
    bool refillWanted() const;
    void refilled(std::vector<Envelope> envelopes, UtcTime nextDue);
    void settled(const std::vector<Outcome>& outcomes);
    // Waits here unclaimed, or was claimed less than a lease ago: the lease of a row begins again when it is
    // handed out.
    bool holds(std::int64_t seq) const;
    std::vector<std::int64_t> close(); // ends all waits; the rows nobody claimed

  private:
    void take(std::deque<Envelope>& from, std::vector<Envelope>& to, UtcTime now);

    const std::int64_t maxRows_, maxBytes_, lease_;
    const Clock& clock_;
    const std::function<void()> wake_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Envelope> fresh_, refilled_;             // fresh_ ascends by seq
    std::unordered_map<std::int64_t, UtcTime> claimed_; // not settled yet: until when it is the claimer's
    std::int64_t freshBytes_ = 0;
    UtcTime nextDue_{std::numeric_limits<std::int64_t>::min()}; // unknown until the first refill
    bool wanted_ = false;
    bool closed_ = false;
};

} // namespace trevo::journal
