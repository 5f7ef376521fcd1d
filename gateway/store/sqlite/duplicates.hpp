// Leads that say again what another lead of the same person said: which ones they are, and what a dealer
// group wants done about them.
#pragma once

#include "store/sqlite/codec.hpp"
#include "store/sqlite/names.hpp"
#include "store/sqlite/people.hpp"
#include "store/sqlite/records.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>

namespace trevo::store::sqlite {

struct Duplicate {
    std::int64_t of = 0; // record
    bool refused = false;
    std::string reason;
};

class Duplicates {
  public:
    explicit Duplicates(const Database& database);

    void put(std::int64_t record, const Duplicate& duplicate);
    bool refused(std::int64_t record); // such a record is in no negotiation

  private:
    Statement insert_, refused_;
    bool any_ = false; // else nobody is looked up
};

class DuplicatePolicy {
  public:
    DuplicatePolicy(Records& records, Duplicates& duplicates, Names& names);
    void setRules(std::vector<DuplicateRule> rules) { rules_ = std::move(rules); }

    // About a record that is not stored yet, of a person that is known. Empty: nothing is to be done.
    std::optional<Duplicate> judge(const StoredRecord& record, const match::Features& features);

  private:
    std::optional<StoredRecord> earlier(const DuplicateRule& rule, const StoredRecord& record,
                                        const match::Features& features);

    Records& records_;
    Duplicates& duplicates_;
    Names& names_;
    std::vector<DuplicateRule> rules_;
};

} // namespace trevo::store::sqlite
