// What the store has learnt about values: which are generic, and how common names are. Held in memory and
// written with the transaction that changed them; read again after a rollback.
#pragma once

#include "match/match.hpp"
#include "store/sqlite/database.hpp"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace trevo::store::sqlite {

// Identity values that too many people of a dealer group share. Once learnt, for good.
class GenericValues {
  public:
    explicit GenericValues(const Database& database);

    bool contains(std::int64_t hash) const { return hashes_.contains(hash); }
    void add(std::int64_t hash, std::int64_t group, std::size_t holders, UtcTime since);
    void load();

  private:
    Statement insert_, read_;
    std::unordered_set<std::int64_t> hashes_;
};

// First and last names of the people of each dealer group.
class NameCounts {
  public:
    explicit NameCounts(const Database& database);

    double people(std::int64_t group, match::NamePart part, std::string_view token) const;
    double named(std::int64_t group) const; // people who said a name
    void add(std::int64_t group, const std::vector<std::string>& tokens);
    void forget(std::int64_t group, const std::string& token); // nobody is called so any more
    void flush();                                              // before the commit
    void load();

  private:
    struct Key {
        std::int64_t group, part, hash;
        bool operator==(const Key&) const = default;
    };
    struct Hash {
        std::size_t operator()(const Key& key) const {
            return static_cast<std::size_t>(key.hash ^ key.group * 0x9e3779b9 ^ key.part);
        }
    };
    void count(const Key& key);

    Statement read_, write_, remove_;
    std::unordered_map<Key, std::int64_t, Hash> counts_;
    std::unordered_set<Key, Hash> changed_;
};

// How many records came about each model at each dealer, by period.
class Traffic {
  public:
    explicit Traffic(const Database& database);

    void add(const match::Features& features);
    double perDay(const std::string& dealer, const std::string& model, std::int64_t at);
    void flush();  // before the commit
    void forget(); // what is held, after a rollback

  private:
    using Counts = std::unordered_map<std::int64_t, std::int64_t>;
    Counts::iterator count(const std::string& dealer, const std::string& model, std::int64_t period);

    Statement read_, write_;
    Counts counts_; // records by hash: those asked for lately
    std::unordered_set<std::int64_t> changed_;
};

} // namespace trevo::store::sqlite
