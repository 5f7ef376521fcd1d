// The core lead store: records with their revisions, persons, negotiations, decisions with evidence, the
// change feed, access tokens and the audit trail. SQLite now, PostgreSQL as a second engine: SQL stays behind
// this interface, per dialect.
//
// Invariants
//  - One transaction applies an envelope: its records, matches, events and the mark that it was applied.
//  Applying it again
//    changes nothing and returns what the first time did.
//  - Same (integration, kind, external_id) is an update of that record, kept as a revision; equal content
//  makes none.
//  - A person is a projection of its member records. merge and unmerge move membership by decisions; nothing
//  is destroyed, and
//    unmerge restores both sides exactly and forbids the link for good.
//  - Public ids are stable: "r12", "p7", "n3". The losing id of a merge redirects.
#pragma once

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "match/match.hpp"
#include "model/record.hpp"
#include "privacy/values.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace trevo::store {

struct Dealer { // what the store must know of the configuration
    std::string id, group, cnpj;
};

// What a dealer group wants done about a lead that repeats another of the same person. A lead is judged by
// the first rule of its dealer that finds such a one; without any it joins the negotiation it belongs to.
struct DuplicateRule {
    enum class Policy { Merge, Flag, Refuse };
    enum class Same { Vehicle, Person };              // the same person and vehicle; the same person alone
    enum class Within { Dealer, Group, OtherDealer }; // where the other lead was made
    std::vector<std::string> dealers;
    Policy policy = Policy::Merge;
    Same same = Same::Vehicle;
    Within within = Within::Dealer;
    std::int64_t window = 30 * kDay;
};

struct Options {
    std::string path;
    std::vector<Dealer> dealers;
    match::Settings matching;
    std::int64_t negotiationWindow = 30 * kDay;
    std::vector<DuplicateRule> duplicates; // in the order in which they are tried
    std::string vfs;                       // tests inject faults here
    std::string erasureKey; // secret of the digests that stay of what is erased; empty: nothing can be erased
};

struct Incoming {
    Uuid envelope;
    std::string integration, mappingVersion;
    UtcTime receivedAt;
    bool trial = false;
    std::vector<model::Record> records;
};

struct AppliedRecord {
    std::string record, person, negotiation; // public ids; negotiation may be empty
    int revision = 1;
    bool changed = true; // false: the content was there already
};

struct Actor {
    std::string name; // "system", token name, operator
    std::string reason;
};

struct RecordRow {
    std::int64_t number = 0;
    std::string id, kind, integration, externalId, dealer, person, negotiation;
    Uuid envelope;
    UtcTime receivedAt, occurredAt, updatedAt;
    int revision = 1;
    bool trial = false;
    std::string body;                         // canonical JSON
    std::string duplicateOf, duplicateReason; // of a lead that the dealer group's policy calls a duplicate
    bool refused = false;                     // by that policy: kept, but in no negotiation
    bool disputedDocument = false;            // valid, but not believed to be its person's
};
struct Revision {
    int revision = 0;
    Uuid envelope;
    UtcTime receivedAt;
    std::string body;
};
struct PersonRow {
    std::int64_t number = 0;
    std::string id;
    std::string golden; // canonical JSON: the surviving customer with sources per field
    std::int64_t records = 0, negotiations = 0;
    UtcTime firstSeen, lastSeen;
    std::vector<std::string> mergedIds; // ids that redirect here
};
struct NegotiationRow {
    std::int64_t number = 0;
    std::string id, person, dealer, state; // "open" | "closed"
    UtcTime openedAt, lastEventAt;
    std::string vehicle; // canonical JSON of the vehicle, most complete
    std::vector<std::string> records;
};
struct DecisionRow {
    std::int64_t number = 0;
    std::string kind; // "assign", "merge", "split", "cannot_link", "must_link"
    std::string record, person, other;
    UtcTime at;
    std::string actor, reason, model;
    std::string evidence; // JSON: candidates, weights, guards
};
struct EventRow {
    std::int64_t sequence = 0; // gap-free order of commit
    std::string type;          // "record.created", "record.updated", "person.created", "person.changed",
                      // "person.merged", "person.split", "negotiation.opened", "negotiation.changed",
                      // "negotiation.moved", "negotiation.closed", "record.moved", "match.opened",
                      // "match.closed", "record.duplicate", "person.erased"
    UtcTime at;
    std::string subject; // public id
    std::string dealer;
    std::string data; // JSON object
};

// A record of which the engine could not tell whether it belongs to somebody known.
struct MatchCandidate {
    std::string person;   // as it was proposed: may redirect by now
    std::string evidence; // JSON: score, weights, guards
};
struct MatchRow {
    std::int64_t number = 0;
    std::string id;                     // "m12"
    std::string state;                  // "open" | "accepted" | "rejected" | "closed": answered itself
    std::string record, person, dealer; // the record, where it is now, and its dealer
    UtcTime openedAt;
    std::optional<UtcTime> settledAt;
    std::string actor, reason;              // of the answer
    std::vector<MatchCandidate> candidates; // best first; the record's person among them when it was given
                                            // to that one for the time being
};

// What a human fixed about a person: it wins over every record, until it is released.
struct PinRow {
    std::string person; // the id that was edited; it may have been merged since
    std::string field;  // of a canonical customer; "consent.whatsapp" for one channel
    std::string value;  // canonical JSON
    UtcTime at;
    std::string actor, reason;
};
struct Edit {
    model::Record values;                      // a customer, normalised
    std::map<std::string, std::string> fields; // to be pinned, with their canonical JSON
    std::vector<std::string> released;         // fields that are pinned no longer
    std::vector<std::string> dealers;          // of the editor's token; empty: all
};

// What the store knows of a person, to be forgotten or shown to it.
struct Erasure {
    struct Delivery {
        Uuid envelope;
        bool whole = false;       // made no record of anybody else
        privacy::Values others{}; // of whom it spoke too
    };
    std::string person;               // the one that its ids lead to
    std::vector<std::string> ids;     // with those that were merged into it
    std::vector<std::string> records; // members
    std::vector<Delivery> deliveries; // that brought them, repeats included
    privacy::Values values;
};
struct AuditRow {
    UtcTime at;
    std::string actor, action, subject, reason;
};

// Filters are conjunctive; an empty one filters nothing.
struct Filter {
    std::string kind, integration, dealer, person, negotiation, externalId;
    std::string state; // negotiations, matches; records: "accepted", "duplicate", "refused"
    std::optional<std::vector<std::string>> dealers; // what the caller's token may see
    std::optional<Uuid> envelope;
    std::string subject;                 // events: the public id they speak of; matches: their own id
    std::optional<UtcTime> since, until; // received
    std::string search;                  // a name, phone, document, plate, VIN, e-mail or external id
    bool withTrials = false;
};
struct Page {               // ascending by number unless newestFirst
    std::int64_t after = 0; // cursor: the number of the last row seen
    int limit = 50;
    bool newestFirst = false;
};

struct Token {
    std::string id, name;
    std::vector<std::string> scopes;
    std::vector<std::string> dealers; // empty: all
    UtcTime createdAt;
    std::optional<UtcTime> expiresAt, revokedAt;
};

// Reads on connections of their own; thread-safe.
class Reader {
  public:
    virtual ~Reader() = default;
    virtual std::vector<RecordRow> records(const Filter& filter, const Page& page) = 0;
    virtual std::optional<RecordRow> record(const std::string& id) = 0;
    virtual std::vector<Revision> revisions(const std::string& record) = 0;
    virtual std::vector<PersonRow> people(const Filter& filter, const Page& page) = 0;
    virtual std::optional<PersonRow> person(const std::string& id) = 0; // follows redirects
    virtual std::vector<NegotiationRow> negotiations(const Filter& filter, const Page& page) = 0;
    virtual std::optional<NegotiationRow> negotiation(const std::string& id) = 0;
    virtual std::vector<DecisionRow> decisions(const std::string& recordOrPerson) = 0; // oldest first
    virtual std::vector<PinRow> pins(const Filter& filter) = 0; // of filter.person, for filter.dealers
    // By state, dealer of the record, person (its own or a candidate) and subject.
    virtual std::vector<MatchRow> matches(const Filter& filter, const Page& page) = 0;
    virtual std::optional<Erasure> erasure(const std::string& person) = 0; // looks at every delivery: slow
    virtual privacy::Values valuesIn(const Uuid& envelope) = 0;            // of all whom its records speak of
    virtual std::vector<AuditRow> audit(const std::string& person) = 0;    // that name this id; slow
    virtual std::vector<EventRow> events(std::int64_t after, int limit, const Filter& filter) = 0;
    virtual std::int64_t lastEvent() = 0;
    virtual std::optional<Token> tokenByHash(std::string_view sha256) = 0;
    virtual std::vector<Token> tokens() = 0;
    struct Counts {
        std::int64_t records = 0, people = 0, negotiations = 0;
    };
    virtual Counts counts() = 0; // cheap: kept, not counted
};

struct EnvelopeResult {
    Uuid envelope;
    std::vector<AppliedRecord> records;
    bool repeated = false;             // was applied before
    std::optional<Problem> problem;    // nothing of this envelope was applied
    std::vector<std::size_t> withheld; // places of records that were erased before: they are not taken again
};

// One thread at a time: the pipeline's writer.
class Writer {
  public:
    virtual ~Writer() = default;
    // One transaction for the batch; an envelope that fails alone is left out with its problem. Throws when
    // storing fails as a whole (disk full, I/O): nothing of the batch is applied then and it may be tried
    // again.
    virtual std::vector<EnvelopeResult> apply(std::span<const Incoming> batch, UtcTime now) = 0;
    // Replay: applies the records again although the envelope was applied; records that the envelope made
    // before and no longer makes are kept and reported by an event.
    virtual EnvelopeResult reapply(const Incoming& incoming, UtcTime now) = 0;
    virtual Result<std::string> merge(const std::string& keep, const std::string& lose, const Actor& actor,
                                      UtcTime now) = 0; // surviving id
    // `person` is an id that was merged away, or a survivor, whose latest merge is undone. Returns both ids.
    virtual Result<std::vector<std::string>> unmerge(const std::string& person, const Actor& actor,
                                                     UtcTime now) = 0;
    // Answers to an open possible match. `with` names one of its candidates; empty is the only one (accept)
    // or all of them (reject). Accepting merges the record's person into the candidate and holds for good;
    // rejecting keeps the two apart for good. Returns the person that the record belongs to now.
    virtual Result<std::string> acceptMatch(const std::string& match, const std::string& with,
                                            const Actor& actor, UtcTime now) = 0;
    virtual Result<Done> rejectMatch(const std::string& match, const std::string& with, const Actor& actor,
                                     UtcTime now) = 0;
    // Pins values of a person, or releases them. A pin survives merges and unmerges: it belongs to the id
    // that was edited. Returns the person that the id leads to.
    virtual Result<std::string> edit(const std::string& person, const Edit& edit, const Actor& actor,
                                     UtcTime now) = 0;
    // Forgets a person: its records with all their revisions, values, pins and what people wrote about it.
    // Its ids lead nowhere from then on; keyed digests stay, so that the same records are not taken again.
    virtual Result<Erasure> erase(const std::string& person, UtcTime now) = 0;
    // Empties the write-ahead log into the file; `rebuild` writes the file anew first, without free pages.
    // False when a reader was in the way: call it again.
    virtual bool compact(bool rebuild) = 0;
    virtual void addToken(const Token& token, std::string_view sha256) = 0;
    virtual bool revokeToken(const std::string& id, UtcTime now) = 0;
    virtual void audit(const Actor& actor, std::string_view action, std::string_view subject,
                       UtcTime now) = 0;
};

class Store {
  public:
    virtual ~Store() = default;
    virtual Reader& reader() = 0;
    virtual Writer& writer() = 0;
    // Takes another configuration, all but where the store lies. From the next record on; what is stored is
    // not matched again, and a dealer's people stay in the group in which they were matched. On the writer's
    // thread.
    virtual void configure(const Options& options) = 0;
    // Called on the writer's thread after each commit that added events, with the last sequence.
    virtual void onEvents(std::function<void(std::int64_t)> listener) = 0;
};

// Throws std::runtime_error (path, reason, next step) when the file is broken or of a newer version.
std::unique_ptr<Store> openSqlite(const Options& options);
// Only to read, beside a gateway that writes.
std::unique_ptr<Reader> openSqliteReader(const Options& options);

} // namespace trevo::store
