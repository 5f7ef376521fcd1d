// Where matching finds people: the index of one dealer group, or a few profiles that are held in memory.
#pragma once

#include "store/sqlite/tables.hpp"

#include <map>
#include <vector>

namespace trevo::store::sqlite {

// For the decision about one record, within the writer's transaction.
class GroupCandidates final : public match::CandidateSource {
  public:
    GroupCandidates(Tables& tables, std::int64_t group) : tables_(tables), group_(group) {}

    std::vector<match::PersonId> personsWith(const match::Key& key, std::size_t limit) override;
    match::Profile profile(match::PersonId id) override;
    match::Recency recency(match::PersonId id) override;
    bool cannotLink(match::PersonId person, std::int64_t record) override;

  private:
    Tables& tables_;
    std::int64_t group_;
    std::map<match::PersonId, match::Profile> profiles_; // read once per decision, used again to attach
};

// Only these people are in question, whatever the record's values.
class FixedCandidates final : public match::CandidateSource {
  public:
    explicit FixedCandidates(std::vector<match::Profile> profiles) : profiles_(std::move(profiles)) {}

    std::vector<match::PersonId> personsWith(const match::Key& key, std::size_t limit) override;
    match::Profile profile(match::PersonId id) override { return of(id); }
    match::Recency recency(match::PersonId) override { return {}; }
    bool cannotLink(match::PersonId, std::int64_t) override { return false; }
    match::Profile& of(match::PersonId id);

  private:
    std::vector<match::Profile> profiles_;
};

} // namespace trevo::store::sqlite
