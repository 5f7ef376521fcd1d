// Keeps what follows from membership: a person's profile and keys, and its negotiations. Both are functions
// of the person's records in the order of their arrival, so that undoing a membership change restores them
// exactly.
#pragma once

#include "store/sqlite/tables.hpp"

#include <set>
#include <string>
#include <vector>

namespace trevo::store::sqlite {

class Projection {
  public:
    Projection(Tables& tables, std::int64_t window) : tables_(tables), window_(window) {}

    // A stored record that is new to its person: takes it into a negotiation or opens one; one that came late
    // is put where its time is, and what followed is grouped again. Sets record.negotiation, adds the events,
    // returns the reason.
    std::string join(StoredRecord& record, const match::Features& features, UtcTime now);

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
