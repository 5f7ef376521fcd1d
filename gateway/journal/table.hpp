// The rows of the journal as the writer changes them. Every member runs inside the writer's transaction, on
// its thread; nothing in memory counts until the commit has succeeded: what a batch would change is gathered
// in Effects.
#pragma once

#include "journal/journal.hpp"
#include "journal/key.hpp"
#include "journal/schema.hpp"
#include "journal/window.hpp"

#include <unordered_map>

namespace trevo::journal {

// One delivery on its way to the file.
struct Item {
    Delivery delivery;
    Key key;
};

struct Counters {
    std::int64_t ready = 0, readyBytes = 0, dead = 0, appended = 0, repeated = 0;

    void add(const Counters& other) {
        ready += other.ready;
        readyBytes += other.readyBytes;
        dead += other.dead;
        appended += other.appended;
        repeated += other.repeated;
    }
};

struct Effects {
    Counters counters;
    Window::Room room;           // what the window can still take
    std::vector<Envelope> fresh; // born leased, to hand over after the commit
    UtcTime dueAt = kNever;      // the earliest time at which a row outside the window became claimable
    bool refilled = false;
    bool exhausted =
        false; // the refill found fewer than it could take: no lease of an earlier opening is left
    std::vector<Envelope> taken;
    UtcTime nextDue = kNever; // of the rows not taken; only with refilled

    void due(UtcTime time) { dueAt = std::min(dueAt, time); }
};

// Columns of an envelope, in the order that envelopeOf() reads them; `withBody` off reads an empty body.
std::string selectEnvelope(bool withBody);
Envelope envelopeOf(const Statement& row);

class Table {
  public:
    // Counts this opening; leases of earlier ones are free from here on.
    Table(Database& database, UuidSource& ids, const Limits& limits);

    Counters countQueued(); // ready and dead, from the indexes alone

    // Empty when the key is bound to other bytes.
    std::optional<Receipt> insert(Item& item, UtcTime now, Effects& effects);
    void change(const StateChange& change);
    void settle(const Outcome& outcome, UtcTime now, Effects& effects);
    // Takes the lease of up to `max` rows that are due, or whose lease belongs to nobody alive. A row that
    // `window` still holds only has its lease renewed.
    void refill(std::size_t max, UtcTime now, const Window& window, Effects& effects);
    void release(std::int64_t seq, UtcTime now); // the lease of a row that nobody claimed
    void setReason(std::int64_t seq, const Reason& reason);
    // What the transaction made true; exactly one of them after each.
    void committed(const Effects& effects);
    void rolledBack();

    Database& database() { return database_; }

  private:
    struct Existing {
        std::int64_t seq;
        Receipt receipt;
        bool expired, conflict;
    };

    bool tryInsert(const Item& item, std::int64_t seq, const Uuid& id, UtcTime at, bool leased);
    Existing existing(const Item& item);
    std::int64_t source(const Delivery& delivery);

    Database& database_;
    UuidSource& ids_;
    const std::int64_t lease_;
    std::int64_t opening_ = 0;
    std::int64_t nextSeq_ = 1;
    bool takeover_ = true;                                  // leases of earlier openings may be left
    std::unordered_map<std::string, std::int64_t> sources_; // may be ahead of the file until the commit
    std::vector<std::string> newSources_;

    Statement insertEnvelope_, insertContent_, findKey_, freeKey_, insertSource_, findSource_, setState_,
        deleteState_, sizeOf_, settle_, retry_, setReason_, due_, takeLease_, nextDue_, release_;
};

} // namespace trevo::journal
