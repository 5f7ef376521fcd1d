// Moves records between people: merge, split, and the second look at what rested on a value that turned
// generic. Every move is a decision in the log and an event in the feed; nothing is destroyed.
#pragma once

#include "store/sqlite/candidates.hpp"
#include "store/sqlite/projection.hpp"
#include "store/sqlite/questions.hpp"

#include <string>
#include <vector>

namespace trevo::store::sqlite {

struct Why { // of a decision
    Actor actor;
    std::string model;
    std::string evidence = "{}";
    std::int64_t record = 0; // that brought it about; 0: a human
};

class Membership {
  public:
    Membership(Tables& tables, Projection& projection, Questions& questions, const match::Matcher& matcher)
        : tables_(tables), projection_(projection), questions_(questions), matcher_(matcher) {}

    // All records of `lose` go to `keep`, whose id redirects from now on. `upto` is the last record that
    // existed.
    void merge(std::int64_t keep, std::int64_t lose, std::int64_t upto, bool human, const Why& why,
               UtcTime now);

    // These records become a person of their own; returns its number.
    std::int64_t split(std::int64_t person, const std::vector<std::int64_t>& records, const Why& why,
                       UtcTime now);

    // A value (a hash of the key table) turned generic: whoever was linked by it alone is parted again. The
    // majority keeps the id; what a human merged stays.
    void turnedGeneric(std::int64_t hash, std::int64_t group, const Why& why, UtcTime now);

    // A record came on a phone that several people share: contacts without a name, attached for the time
    // being, go to whoever of them was in touch at the nearest time. `person` is whose the record became;
    // numbers that nobody else had, as far as its decision looked, are passed over.
    void settleNameless(const match::Features& came, std::int64_t person, std::int64_t group,
                        const GroupCandidates& looked, const Why& why, UtcTime now);

    // One record goes to another person; both keep others.
    void moveRecord(const StoredRecord& record, std::int64_t to, const Why& why, UtcTime now);

    void decided(DecisionKind kind, std::int64_t person, std::int64_t other, const Why& why, UtcTime now);
    // One event per dealer that has to do with it: whoever may read only one dealer's events sees it too.
    void emit(EventType type, std::int64_t subject, std::string_view role, std::int64_t other,
              const std::vector<StoredRecord>& members, UtcTime now);

  private:
    using Group = std::vector<std::int64_t>; // records
    struct Contact {
        StoredRecord record;
        match::Features features;
    };
    // The same for those behind one number, with or without an area code.
    void settleOn(const std::string& number, std::int64_t hash, std::int64_t group, const Why& why,
                  UtcTime now);
    bool onGenericPhone(const match::Features& features, std::int64_t group) const;
    const Contact* nearestTo(const Contact& contact, const std::vector<Contact>& said) const;
    std::vector<Group> clustersWithout(std::int64_t hash, std::int64_t group,
                                       const std::vector<StoredRecord>& members);

    // What it is the document of keeps it as what came, no longer as whose it is.
    void disputeDocument(std::int64_t hash, std::int64_t group, std::int64_t person,
                         const std::vector<StoredRecord>& members);
    bool boundByHuman(const std::vector<StoredRecord>& members);

    Tables& tables_;
    Projection& projection_;
    Questions& questions_;
    const match::Matcher& matcher_;
};

} // namespace trevo::store::sqlite
