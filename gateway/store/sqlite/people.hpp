// Persons, the index of their identity values, and merges.
#pragma once

#include "store/sqlite/codec.hpp"
#include "store/sqlite/database.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace trevo::store::sqlite {

// The hash of a key within a dealer group, as the column holds it.
std::int64_t indexHash(const match::Key& key, std::int64_t dealerGroup);

struct StoredPerson {
    std::int64_t number = 0, group = 0;
    std::int64_t redirect = 0; // 0: a person of its own
};
struct Merge {
    std::int64_t id = 0, keep = 0, lose = 0;
    std::int64_t upto = 0; // the last record that existed then
    bool human = true;     // false: the matcher's own, which it may take back
};

class People {
  public:
    explicit People(const Database& database);

    std::int64_t last();
    void insert(std::int64_t number, std::int64_t group, const match::Profile& profile);
    std::optional<StoredPerson> find(std::int64_t number);
    std::optional<StoredPerson> resolve(std::int64_t number); // follows redirects
    // Decoded ones are kept for the records that follow: the people of a busy ad or phone are asked for with
    // each.
    std::shared_ptr<const match::Profile> profile(std::int64_t number);
    void forget(); // what is kept, after a rollback
    void setProfile(std::int64_t number, match::Profile profile);
    void redirect(std::int64_t number, std::int64_t to); // 0: a person of its own again

    // The oldest ones, or the newest; ascending either way.
    std::vector<std::int64_t> holders(std::int64_t hash, std::size_t limit, bool newest);
    void addKeys(std::int64_t person, std::int64_t group, const std::vector<match::Key>& keys);
    void removeKey(std::int64_t person, std::int64_t hash);

    std::int64_t addMerge(const Merge& merge, const std::vector<std::int64_t>& moved);
    std::optional<Merge> latestMergeOf(std::int64_t lose);   // not undone
    std::optional<Merge> latestMergeInto(std::int64_t keep); // not undone
    std::vector<std::int64_t> moved(std::int64_t merge);
    void undo(std::int64_t merge);

    bool mergedByHuman(std::int64_t keep); // a human's merge into this person is in force

  private:
    std::optional<Merge> merge(Statement& statement, std::int64_t person);
    std::shared_ptr<const match::Profile> keep(std::int64_t number, match::Profile profile);

    Statement last_, insert_, find_, profile_, setProfile_, redirect_, holders_, newest_, addKey_, removeKey_,
        addMerge_, addMove_, mergeOf_, mergeInto_, moved_, undo_, mergedByHuman_;
    const Database& database_;
    std::unordered_map<std::int64_t, std::shared_ptr<const match::Profile>> kept_;
};

} // namespace trevo::store::sqlite
