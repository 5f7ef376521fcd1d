#include "journal/table.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace trevo::journal {

namespace {

constexpr int kReady = static_cast<int>(State::Ready);
constexpr int kDead = static_cast<int>(State::Dead);

std::int64_t sizeOf(const Delivery& delivery) {
    return static_cast<std::int64_t>(delivery.body.size() + delivery.meta.size());
}

std::int64_t after(UtcTime time, std::int64_t micros) {
    return micros > kNever.micros - time.micros ? kNever.micros : time.micros + micros;
}

Uuid uuidOf(std::string_view bytes) {
    const auto id = Uuid::fromBytes(bytes);
    if (!id)
        throw std::runtime_error(
            "the journal holds an id that is not 16 bytes: restore the file from a backup");
    return *id;
}

} // namespace

std::string selectEnvelope(bool withBody) {
    return std::string(
               "SELECT e.seq, e.id, s.integration, s.door, e.state, e.attempt, e.at, e.received_at, e.trial, "
               "e.parent, c.type, c.meta, ") +
           (withBody ? "c.body" : "x''") +
           ", r.stage, r.code, r.field, r.place, r.detail, e.owner, e.replay FROM envelope e JOIN source s "
           "ON s.id = "
           "e.source "
           "LEFT JOIN content c ON c.seq = e.seq LEFT JOIN reason r ON r.seq = e.seq ";
}

Envelope envelopeOf(const Statement& row) {
    Envelope envelope;
    envelope.seq = row.integer(0);
    envelope.id = uuidOf(row.view(1));
    envelope.integration = row.text(2);
    envelope.door = row.text(3);
    envelope.state = static_cast<State>(row.integer(4));
    envelope.attempt = static_cast<int>(row.integer(5));
    envelope.nextAt = {row.integer(6)};
    envelope.receivedAt = {row.integer(7)};
    envelope.trial = row.integer(8) != 0;
    envelope.replay = row.integer(19) != 0;
    if (!row.isNull(9)) envelope.parent = uuidOf(row.view(9));
    envelope.contentType = row.text(10);
    envelope.meta = row.text(11);
    envelope.body = row.text(12);
    if (!row.isNull(13)) {
        envelope.reason = Reason{{row.text(14), row.text(15), row.text(16), row.text(17)}, row.text(13)};
    }
    return envelope;
}

Table::Table(Database& database, UuidSource& ids, const Limits& limits)
    : database_(database),
      ids_(ids),
      lease_(limits.lease),
      insertEnvelope_(
          database.handle(),
          "INSERT INTO envelope(seq, id, source, state, attempt, at, owner, received_at, size, key, "
          "key_until, content_hash, trial, parent) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
          "ON CONFLICT(key) WHERE key IS NOT NULL DO NOTHING"),
      insertContent_(database.handle(), "INSERT INTO content(seq, type, meta, body) VALUES (?, ?, ?, ?)"),
      findKey_(database.handle(),
               "SELECT seq, id, state, content_hash, key_until FROM envelope WHERE key = ?"),
      freeKey_(database.handle(), "UPDATE envelope SET key = NULL WHERE seq = ?"),
      insertSource_(database.handle(),
                    "INSERT INTO source(integration, door) VALUES (?, ?) ON CONFLICT DO NOTHING"),
      findSource_(database.handle(), "SELECT id FROM source WHERE integration = ? AND door = ?"),
      setState_(database.handle(), "INSERT INTO state(integration, key, value) VALUES (?1, ?2, ?3) "
                                   "ON CONFLICT DO UPDATE SET value = ?3"),
      deleteState_(database.handle(), "DELETE FROM state WHERE integration = ? AND key = ?"),
      sizeOf_(database.handle(), "SELECT size FROM envelope WHERE seq = ? AND state = 0"),
      settle_(database.handle(), "UPDATE envelope SET state = ?, at = ?, owner = 0 WHERE seq = ?"),
      retry_(database.handle(), "UPDATE envelope SET attempt = attempt + 1, at = ?, owner = 0 WHERE seq = ?"),
      setReason_(database.handle(), "INSERT OR REPLACE INTO reason(seq, stage, code, field, place, detail) "
                                    "VALUES (?, ?, ?, ?, ?, ?)"),
      // ?1 bounds the walk along the index: now, or everything while leases of earlier openings are looked
      // for.
      due_(database.handle(),
           selectEnvelope(true) +
               "WHERE e.seq IN (SELECT seq FROM envelope INDEXED BY ready WHERE state = 0 "
               "AND at <= ?1 AND (at <= ?2 OR owner NOT IN (0, ?3)) ORDER BY at LIMIT ?4)"),
      takeLease_(database.handle(), "UPDATE envelope SET owner = ?, at = ?, attempt = ? WHERE seq = ?"),
      nextDue_(database.handle(),
               "SELECT at FROM envelope INDEXED BY ready WHERE state = 0 ORDER BY at LIMIT 1"),
      release_(database.handle(),
               "UPDATE envelope SET owner = 0, at = ? WHERE seq = ? AND state = 0 AND owner = ?") {
    database_.run("UPDATE opening SET number = number + 1");
    opening_ = database_.number("SELECT number FROM opening");
    nextSeq_ = database_.number("SELECT max(seq) FROM envelope") + 1;
}

Counters Table::countQueued() {
    Counters counters;
    Statement ready(database_.handle(),
                    "SELECT count(*), total(size) FROM envelope INDEXED BY ready WHERE state = 0");
    ready.start();
    if (ready.next()) {
        counters.ready = ready.integer(0);
        counters.readyBytes = ready.integer(1);
    }
    counters.dead = database_.number("SELECT count(*) FROM envelope INDEXED BY dead WHERE state = 2");
    return counters;
}

std::optional<Receipt> Table::insert(Item& item, UtcTime now, Effects& effects) {
    Delivery& delivery = item.delivery;
    const std::int64_t size = sizeOf(delivery);
    const bool dead = delivery.dead.has_value();
    const bool leased = !dead && effects.room.rows > 0 && effects.room.bytes >= size;
    const UtcTime at = leased ? now + lease_ : now;
    const std::int64_t seq = nextSeq_;
    const Uuid id = ids_.next();

    if (!tryInsert(item, seq, id, at, leased)) {
        const Existing first = existing(item);
        if (!first.expired) {
            if (first.conflict) return std::nullopt;
            ++effects.counters.repeated;
            return first.receipt;
        }
        // key -> free: its window is over, the next delivery under it is a new one.
        freeKey_.run(first.seq);
        if (!tryInsert(item, seq, id, at, leased)) throw std::logic_error("a freed key is still taken");
    }
    insertContent_.run(seq, delivery.contentType, delivery.meta, Blob{delivery.body});
    ++nextSeq_;
    ++effects.counters.appended;
    if (dead) {
        setReason(seq, *delivery.dead);
        ++effects.counters.dead;
        return Receipt{id, false, State::Dead};
    }
    ++effects.counters.ready;
    effects.counters.readyBytes += size;
    if (leased) {
        --effects.room.rows;
        effects.room.bytes -= size;
        effects.fresh.push_back({seq, id, std::move(delivery.integration), std::move(delivery.door),
                                 std::move(delivery.contentType), std::move(delivery.meta),
                                 std::move(delivery.body), delivery.receivedAt, State::Ready, 0, at,
                                 delivery.parent, std::nullopt, delivery.trial});
    } else {
        effects.due(at);
    }
    return Receipt{id, false, State::Ready};
}

bool Table::tryInsert(const Item& item, std::int64_t seq, const Uuid& id, UtcTime at, bool leased) {
    const Delivery& delivery = item.delivery;
    std::optional<Blob> parent;
    if (delivery.parent) parent = Blob{delivery.parent->view()};
    insertEnvelope_.run(seq, Blob{id.view()}, source(delivery), delivery.dead ? kDead : kReady, at.micros,
                        leased ? opening_ : 0, delivery.receivedAt.micros, sizeOf(delivery),
                        Blob{item.key.view()}, after(delivery.receivedAt, delivery.keyWindow),
                        item.key.contentHash, delivery.trial ? 1 : 0, parent);
    return database_.changes() == 1;
}

Table::Existing Table::existing(const Item& item) {
    findKey_.start(Blob{item.key.view()});
    if (!findKey_.next()) throw std::logic_error("a taken key has no row");
    Existing first{findKey_.integer(0),
                   {uuidOf(findKey_.view(1)), true, static_cast<State>(findKey_.integer(2))},
                   findKey_.integer(4) <= item.delivery.receivedAt.micros,
                   false};
    first.conflict =
        item.key.contentHash && !findKey_.isNull(3) && findKey_.integer(3) != *item.key.contentHash;
    findKey_.reset();
    return first;
}

std::int64_t Table::source(const Delivery& delivery) {
    std::string name = delivery.integration + '\0' + delivery.door;
    if (const auto known = sources_.find(name); known != sources_.end()) return known->second;
    insertSource_.run(delivery.integration, delivery.door);
    findSource_.start(delivery.integration, delivery.door);
    if (!findSource_.next()) throw std::logic_error("a source just written is not there");
    const std::int64_t id = findSource_.integer(0);
    findSource_.reset();
    newSources_.push_back(name);
    sources_.emplace(std::move(name), id);
    return id;
}

void Table::change(const StateChange& change) {
    if (change.value.empty())
        deleteState_.run(change.integration, change.key);
    else
        setState_.run(change.integration, change.key, Blob{change.value});
}

// ready -> done | dead, or ready again at a later time. An outcome for a row that left `ready` meanwhile is
// void.
void Table::settle(const Outcome& outcome, UtcTime now, Effects& effects) {
    sizeOf_.start(outcome.seq);
    if (!sizeOf_.next()) return;
    const std::int64_t size = sizeOf_.integer(0);
    sizeOf_.reset();
    if (outcome.kind == Outcome::Kind::Retry) {
        retry_.run(outcome.nextAt.micros, outcome.seq);
        effects.due(outcome.nextAt);
    } else {
        const bool dead = outcome.kind == Outcome::Kind::Dead;
        settle_.run(dead ? kDead : static_cast<int>(State::Done), now.micros, outcome.seq);
        --effects.counters.ready;
        effects.counters.readyBytes -= size;
        if (dead) ++effects.counters.dead;
    }
    if (outcome.reason) setReason(outcome.seq, *outcome.reason);
}

void Table::setReason(std::int64_t seq, const Reason& reason) {
    const Problem& problem = reason.problem;
    setReason_.run(seq, reason.stage, problem.code, problem.field, problem.place, problem.detail);
}

void Table::refill(std::size_t max, UtcTime now, const Window& window, Effects& effects) {
    struct Due {
        Envelope envelope;
        bool lapsed;
    };
    std::vector<Due> found;
    due_.start(takeover_ ? kNever.micros : now.micros, now.micros, opening_, static_cast<std::int64_t>(max));
    while (due_.next()) {
        found.push_back({envelopeOf(due_), due_.integer(18) != 0});
    }
    for (auto& [envelope, lapsed] : found) {
        // Without a lease it was put off by this very transaction, whatever the window still notes.
        const bool waiting = lapsed && window.holds(envelope.seq);
        // A lease that ran out or outlived its process may have been worked on: it counts as an attempt, so
        // that a payload which ends the process does not come back for ever.
        if (lapsed && !waiting) ++envelope.attempt;
        envelope.nextAt = now + lease_;
        takeLease_.run(opening_, envelope.nextAt.micros, envelope.attempt, envelope.seq);
        if (!waiting) effects.taken.push_back(std::move(envelope));
    }
    effects.refilled = true;
    if (found.size() == max) {
        effects.nextDue = now;
        return;
    }
    effects.exhausted = true;
    nextDue_.start();
    effects.nextDue = nextDue_.next() ? UtcTime{nextDue_.integer(0)} : kNever;
    nextDue_.reset();
}

void Table::release(std::int64_t seq, UtcTime now) {
    release_.run(now.micros, seq, opening_);
}

void Table::committed(const Effects& effects) {
    newSources_.clear();
    if (effects.exhausted) takeover_ = false;
}

// Numbers given to rows that were rolled back stay unused.
void Table::rolledBack() {
    for (const std::string& name : newSources_)
        sources_.erase(name);
    newSources_.clear();
}

} // namespace trevo::journal
