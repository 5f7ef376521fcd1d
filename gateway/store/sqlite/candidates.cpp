#include "store/sqlite/candidates.hpp"

#include <algorithm>
#include <stdexcept>

namespace trevo::store::sqlite {

std::vector<match::PersonId> GroupCandidates::personsWith(const match::Key& key, std::size_t limit) {
    return tables_.people.holders(indexHash(key, group_), limit);
}

match::Profile GroupCandidates::profile(match::PersonId id) {
    const auto at = profiles_.find(id);
    return at != profiles_.end() ? at->second
                                 : profiles_.emplace(id, tables_.people.profile(id)).first->second;
}

match::Recency GroupCandidates::recency(match::PersonId id) {
    return {tables_.negotiations.hasOpen(id), tables_.records.lastOfPerson(id)};
}

bool GroupCandidates::cannotLink(match::PersonId person, std::int64_t record) {
    return tables_.people.cannotLink(person, record);
}

std::vector<match::PersonId> FixedCandidates::personsWith(const match::Key&, std::size_t limit) {
    std::vector<match::PersonId> ids;
    for (const auto& profile : profiles_) {
        if (ids.size() < limit) ids.push_back(profile.id);
    }
    return ids;
}

match::Profile& FixedCandidates::of(match::PersonId id) {
    const auto at = std::find_if(profiles_.begin(), profiles_.end(),
                                 [&](const auto& profile) { return profile.id == id; });
    if (at == profiles_.end()) throw std::logic_error("a person outside the question was asked for");
    return *at;
}

} // namespace trevo::store::sqlite
