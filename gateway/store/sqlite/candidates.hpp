// Where matching finds people: the index of one dealer group, or a few profiles that are held in memory.
#pragma once

#include "store/sqlite/tables.hpp"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace trevo::store::sqlite {

// For the decision about one record, within the writer's transaction.
class GroupCandidates : public match::CandidateSource {
  public:
    GroupCandidates(Tables& tables, std::int64_t group) : tables_(tables), group_(group) {}

    match::Holders personsWith(const match::Key& key, std::size_t limit) override;
    const match::Profile& profile(match::PersonId id) override;
    bool cannotLink(match::PersonId person, std::int64_t record) override;
    bool toldApart(match::PersonId a, match::PersonId b) override;
    // Whether more than `most` people other than `person` may hold the value by now, as far as the decision
    // looked: a value that was not looked up may be anybody's.
    bool mayHold(std::int64_t hash, match::PersonId person, std::size_t most) const;
    double people() override { return static_cast<double>(tables_.counts.people); }
    double peopleNamed(match::NamePart part, std::string_view token) override;
    double traffic(const std::string& dealer, const std::string& model, std::int64_t at) override {
        return tables_.traffic.perDay(dealer, model, at);
    }

  protected:
    Tables& tables_;
    std::int64_t group_;

  private:
    std::map<match::PersonId, std::shared_ptr<const match::Profile>> profiles_; // as this decision sees them
    std::vector<std::pair<std::int64_t, std::vector<match::PersonId>>> looked_; // by hash: a record has few
};

// Only these people are in question, whatever the record's values; how rare those are the group knows. Values
// of `generic` (key hashes of the index) link nobody.
class FixedCandidates final : public GroupCandidates {
  public:
    FixedCandidates(Tables& tables, std::int64_t group, std::vector<match::Profile> profiles,
                    std::set<std::int64_t> generic = {})
        : GroupCandidates(tables, group), profiles_(std::move(profiles)), generic_(std::move(generic)) {}

    match::Holders personsWith(const match::Key& key, std::size_t limit) override;
    const match::Profile& profile(match::PersonId id) override { return of(id); }
    match::Profile& of(match::PersonId id);
    void add(match::Profile profile) { profiles_.push_back(std::move(profile)); }
    const std::vector<match::Profile>& profiles() const { return profiles_; }

  private:
    std::vector<match::Profile> profiles_;
    std::set<std::int64_t> generic_;
};

} // namespace trevo::store::sqlite
