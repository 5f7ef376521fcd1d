#include "store/sqlite/candidates.hpp"

#include <algorithm>
#include <stdexcept>

namespace trevo::store::sqlite {

match::Holders GroupCandidates::personsWith(const match::Key& key, std::size_t limit) {
    const std::int64_t hash = indexHash(key, group_);
    match::Holders holders;
    holders.generic = tables_.generic.contains(hash);
    holders.persons = tables_.people.holders(hash, limit, holders.generic);
    holders.count = holders.persons.size();
    looked_.emplace_back(hash, holders.persons);
    return holders;
}

bool GroupCandidates::mayHold(std::int64_t hash, match::PersonId person, std::size_t most) const {
    const auto at =
        std::find_if(looked_.begin(), looked_.end(), [&](const auto& one) { return one.first == hash; });
    if (at == looked_.end()) return true;
    const auto others = std::count_if(at->second.begin(), at->second.end(),
                                      [&](match::PersonId holder) { return holder != person; });
    return static_cast<std::size_t>(others) > most;
}

const match::Profile& GroupCandidates::profile(match::PersonId id) {
    auto& seen = profiles_[id];
    if (!seen) seen = tables_.people.profile(id);
    return *seen;
}

bool GroupCandidates::cannotLink(match::PersonId person, std::int64_t record) {
    return tables_.partings.apart(person, record);
}

bool GroupCandidates::toldApart(match::PersonId a, match::PersonId b) {
    return tables_.partings.peopleApart(a, b);
}

double GroupCandidates::peopleNamed(match::NamePart part, std::string_view token) {
    return token.empty() ? tables_.nameCounts.named(group_) : tables_.nameCounts.people(group_, part, token);
}

match::Holders FixedCandidates::personsWith(const match::Key& key, std::size_t limit) {
    match::Holders holders;
    const std::int64_t hash = indexHash(key, group_);
    holders.generic = generic_.contains(hash) || tables_.generic.contains(hash);
    for (const auto& profile : profiles_) {
        if (holders.persons.size() < limit) holders.persons.push_back(profile.id);
    }
    holders.count = 1;
    return holders;
}

match::Profile& FixedCandidates::of(match::PersonId id) {
    const auto at = std::find_if(profiles_.begin(), profiles_.end(),
                                 [&](const auto& profile) { return profile.id == id; });
    if (at == profiles_.end()) throw std::logic_error("a person outside the question was asked for");
    return *at;
}

} // namespace trevo::store::sqlite
