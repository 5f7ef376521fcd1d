// Keeps what follows from membership: a person's profile and keys, and its negotiations. Both are functions
// of the person's records in the order of their arrival, so that undoing a membership change restores them
// exactly.
#pragma once

#include "store/sqlite/tables.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace trevo::store::sqlite {

class Projection {
  public:
    Projection(Tables& tables, std::int64_t window) : tables_(tables), window_(window) {}
    void setWindow(std::int64_t window) { window_ = window; }

    // A record that is new to its person and about to be stored: takes it into a negotiation or opens one.
    // Sets record.negotiation, adds the events, returns the reason. Empty when others of the person are
    // later: then joinLate() follows once it is stored.
    std::optional<std::string> join(StoredRecord& record, const match::Features& features, UtcTime now);
    // Puts a stored record where its time is; what followed is grouped again as if it had come in time.
    std::string joinLate(StoredRecord& record, UtcTime now);

    // Profile and keys from the members and the pins, after `removed` no longer speaks of the person.
    void rebuild(std::int64_t person, const std::vector<match::Features>& removed);

    // Groups all members again, in the order of their own times. `arrived` are the negotiations that other
    // people lost with the members that came. The feed tells of every record whose negotiation became
    // another, and of the `newcomers` in any case.
    void regroup(std::int64_t person, const std::vector<StoredNegotiation>& arrived, UtcTime now,
                 const std::set<std::int64_t>& newcomers = {});

    // The negotiations of a person whose members are about to leave; they are gone then.
    std::vector<StoredNegotiation> dissolve(std::int64_t person);

    match::Profile profileOf(const std::vector<StoredRecord>& members, std::int64_t without = 0);

  private:
    void moved(const StoredRecord& record, UtcTime now);
    void emit(EventType type, const StoredNegotiation& negotiation, std::int64_t person, UtcTime now);

    Tables& tables_;
    std::int64_t window_;
};

} // namespace trevo::store::sqlite
