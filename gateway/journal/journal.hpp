// The journal: every inbound delivery as it came, committed before it is acknowledged. One SQLite file
// (journal.db, WAL, synchronous=FULL) with one narrow table of envelopes and its unique key; no other queue
// exists beside it.
//
// Invariants
//  - append() calls back only after the transaction that holds the bytes and their unique key is on disk.
//  - A delivery whose key is already there gets the receipt of the first and no second row.
//  - An envelope is in one state: ready -> done | dead; dead -> ready (retry) | dropped. `attempt`, `next_at`
//    and the lease live in the row. A crash at any point leaves rows that claim() finds; start-up uses
//    nothing else. A lease that ran out or outlived its process counts as an attempt: a payload that ends the
//    process does not come back for ever.
//  - One writer thread owns the file. It gathers what waited during the last commit, commits once, wakes the
//    waiters.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "privacy/values.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace trevo::journal {

enum class State : std::uint8_t { Ready = 0, Done = 1, Dead = 2, Dropped = 3 };

struct Reason { // of a dead letter
    Problem problem;
    std::string stage; // "ingest", "decode", "store", "fetch"
};

// One inbound delivery before it is committed.
struct Delivery {
    std::string integration;
    std::string door; // "http", "records", "poll", "fetch"
    std::string contentType;
    std::string meta; // JSON object: method, sub-path, query, headers with secrets redacted, remote address
    std::string body; // the bytes as they came
    UtcTime receivedAt;
    std::string key; // the sender's own id; empty: the bytes themselves are the key
    bool keyBindsContent =
        false; // true (Idempotency-Key): the same key with other bytes is a conflict, not a repeat
    std::int64_t keyWindow = 90 * kDay; // how long a repeat is recognised, microseconds
    std::optional<Uuid> parent;         // a fetched detail names its hint, a refused part the whole document
    std::optional<Reason> dead;         // refused after authentication: kept as a dead letter from the start
    bool trial = false;
};

struct Receipt {
    Uuid id;
    bool repeated = false;
    State state = State::Ready; // of the first delivery when repeated
};

enum class AppendError { KeyConflict, Overloaded, DiskFull, Failed, Stopped };

// A committed delivery, as the pipeline and the operator see it.
struct Envelope {
    std::int64_t seq = 0; // commit order within this journal
    Uuid id;
    std::string integration, door, contentType, meta, body;
    UtcTime receivedAt;
    State state = State::Ready;
    int attempt = 0;
    UtcTime nextAt;
    std::optional<Uuid> parent;
    std::optional<Reason> reason; // of a dead letter, or of the last failed attempt
    bool trial = false;
    bool replay = false; // asked for again: what it made before is to be made anew
};

// Durable state of an integration: cursors, tokens. An empty value deletes.
struct StateChange {
    std::string integration, key, value;
};

// What becomes of a claimed envelope. One transition, one transaction (shared with others of the same batch).
struct Outcome {
    enum class Kind { Done, Retry, Dead };
    std::int64_t seq = 0;
    Kind kind = Kind::Done;
    UtcTime nextAt;               // Retry
    std::optional<Reason> reason; // Retry, Dead
};

struct Limits {
    std::int64_t maxReadyRows = 5'000'000;
    std::int64_t maxReadyBytes = std::int64_t{8} << 30;
    std::int64_t minFreeDiskBytes = std::int64_t{256} << 20;
    std::size_t maxWaiting = 65'536; // appends that wait for a commit
    std::size_t windowRows =
        8'192; // envelopes handed to the pipeline straight from memory, and as many bytes as below
    std::size_t windowBytes = std::size_t{32} << 20;
    std::int64_t lease = 60 * kSecond;
};

struct Options {
    std::string path;
    Limits limits;
    std::string vfs; // name of the SQLite VFS; empty is the system's (tests inject faults here)
    // Pages (4 KiB) in the write-ahead log from which on it is moved to the file, while appends wait. 64 MB:
    // at full rate that is once a second, so that the wait touches fewer than one append in a hundred, and a
    // page that many commits have changed is moved once. After a crash the log is read once, 50 ms for each
    // 64 MB.
    int checkpointFrames = 16'000;
};

struct Stats {
    std::int64_t ready = 0, readyBytes = 0, dead = 0;
    std::int64_t commits = 0, appended = 0, repeated = 0, refused = 0;
    std::int64_t oldestReadyMicros = 0; // age of the oldest ready envelope
    bool accepting = true;
};

struct Query { // of envelopes, newest first
    std::optional<State> state;
    std::string integration;    // empty: all
    std::int64_t beforeSeq = 0; // 0: from the newest
    int limit = 50;
    bool withBody = false;
};

struct Retention {
    std::int64_t keepDone = 90 * kDay; // rows and bodies of finished envelopes; never below the key window
    std::int64_t keepDead = 365 * kDay;
    int batchRows = 500;
};

// One person to be taken out of what was delivered.
struct Erasure {
    std::vector<Uuid> whole; // spoke of nobody else: their bytes go
    struct Shared {
        Uuid id;
        privacy::Values values;
    };
    std::vector<Shared> shared; // spoke of others too: the values are overwritten where they stand
    // Looked for in every other delivery that is not waiting: dead letters, repeats, what made no record.
    // Found by numbers and addresses. `others` tells whose values a delivery may keep; without it nothing
    // else is looked at.
    privacy::Values values;
    std::function<privacy::Values(const Uuid&)> others;
};
struct Erased {
    std::int64_t emptied = 0, overwritten = 0;
};

class Journal {
  public:
    using Appended = std::function<void(Result<Receipt, AppendError>)>;

    // Opens or creates the file; throws std::runtime_error (path, reason, next step) when it is broken or of
    // a newer version.
    Journal(const Options& options, const Clock& clock, UuidSource& ids);
    ~Journal(); // stop()

    // Never blocks. `done` is called exactly once, on the writer thread (or at once, on the caller's, when
    // refused for Overloaded, DiskFull or Stopped); it must be quick and must not throw. Deliveries of one
    // call, with their state changes, are committed in one transaction.
    void append(Delivery delivery, Appended done);
    void append(std::vector<Delivery> deliveries, std::vector<StateChange> changes,
                std::function<void(Result<std::vector<Receipt>, AppendError>)> done);

    // The same, and waits for the answer. Not from a callback of append().
    Result<std::vector<Receipt>, AppendError> commit(std::vector<Delivery> deliveries,
                                                     std::vector<StateChange> changes = {});

    // Envelopes that are ready and due, leased to this process. Waits up to `waitMicros` for the first. Fresh
    // ones come from memory without a read; the rest, left by an earlier process, put off, or beyond the
    // window, from the file: one path.
    std::vector<Envelope> claim(std::size_t max, std::int64_t waitMicros);

    // Queued and committed with the next batch; flush() waits for it.
    void settle(std::vector<Outcome> outcomes);
    void flush();

    std::optional<std::string> state(const std::string& integration, const std::string& key) const;

    // Reads, on a connection of their own; thread-safe.
    std::optional<Envelope> find(const Uuid& id) const;
    std::vector<Envelope> children(const Uuid& parent) const;
    std::vector<Envelope> list(const Query& query) const;
    Stats stats() const;

    // Operator's transitions; waited for. `body` replaces the bytes of a dead letter that was corrected by
    // hand; the original is kept in `meta`. Dead -> Ready; Dead -> Dropped; replay: Done or Dead -> Ready.
    // False when not in such a state.
    bool retry(const Uuid& id, std::optional<std::string> body = std::nullopt);
    bool drop(const Uuid& id);
    bool replay(const Uuid& id);

    // Removes finished rows past their time, in small batches, each its own transaction. Rows removed.
    std::int64_t sweep(const Retention& retention);

    // Deliveries that are still waiting are left alone. An emptied one can not be replayed; a dead one is
    // dropped.
    Erased erase(const Erasure& erasure);
    // Empties the write-ahead log into the file; `rebuild` writes the file anew first, without free pages,
    // while appends wait. False when a reader was in the way or the journal has stopped.
    bool compact(bool rebuild);

    void stop(); // commits what waits, then refuses with Stopped. Idempotent.

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace trevo::journal
