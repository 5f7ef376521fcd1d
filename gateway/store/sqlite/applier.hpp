// Takes the records of one envelope into the store, within the writer's transaction.
//
// An update (same integration, kind and external id) keeps its person: people do not jump about because a
// field was corrected. Two exceptions, both decided by the new identity values:
//  - it is the person's only record: it is matched again as if it were new; when it links to somebody, its
//  old person
//    redirects there;
//  - a guard now forbids it beside the person's other records (a second valid document, say): it moves to
//  whom it
//    matches, or to a new person.
#pragma once

#include "store/sqlite/candidates.hpp"
#include "store/sqlite/membership.hpp"

#include <map>
#include <string>

namespace trevo::store::sqlite {

class Applier {
  public:
    Applier(Tables& tables, const Options& options);
    void configure(const Options& options); // between transactions

    // `replay`: applies although the envelope was applied before.
    EnvelopeResult apply(const Incoming& incoming, bool replay, UtcTime now);
    Projection& projection() { return projection_; }
    Questions& questions() { return questions_; }
    // Without what is nobody's.
    match::Features featuresOf(const model::Record& record, UtcTime received);
    Membership& membership() { return membership_; }
    const match::Matcher& matcher() const { return matcher_; }

  private:
    struct Place { // where a record goes, and why
        match::Decision decision;
        std::int64_t person = 0; // 0: a new one
    };
    Made insert(const Incoming& incoming, const model::Record& record, UtcTime now);
    Made update(StoredRecord existing, const Incoming& incoming, const model::Record& record, UtcTime now);
    Place placeAgain(const StoredRecord& record, const match::Features& before, const match::Features& after,
                     bool alone);
    bool boundHere(const StoredRecord& record, const match::Features& features);
    void move(StoredRecord& record, const match::Features& before, const match::Features& after,
              const Place& place, bool alone, UtcTime now);
    void decided(const StoredRecord& record, const match::Decision& decision, std::string_view grouping,
                 std::string_view reason, UtcTime now);
    // Merges whom the record proves to be one; returns who they are now.
    std::int64_t mergeProven(const match::Decision& decision, std::int64_t record, UtcTime now);
    // Of the record's values, those that by now too many people share.
    void learnGeneric(const StoredRecord& record, const match::Features& features, std::int64_t group,
                      const GroupCandidates& looked, UtcTime now);
    void countName(std::int64_t group, const match::Profile& held, const match::Features& features);
    std::int64_t groupOf(const std::string& dealer);
    std::int64_t newPerson(std::int64_t group, const match::Profile& profile);

    Tables& tables_;
    match::Settings settings_;
    match::Matcher matcher_;
    Projection projection_;
    Questions questions_;
    DuplicatePolicy duplicates_;
    Membership membership_;
    std::map<std::string, std::string> groups_; // by dealer
};

match::Settings settingsOf(const Options& options); // with the group's own documents as generic values

} // namespace trevo::store::sqlite
