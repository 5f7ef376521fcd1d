#include "store/sqlite/people.hpp"

#include "base/hash.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

namespace trevo::store::sqlite {

namespace {

constexpr std::size_t kKeptProfiles = 1024; // a few kilobytes each, at most some twenty

} // namespace

std::int64_t indexHash(const match::Key& key, std::int64_t dealerGroup) {
    const std::uint64_t parts[] = {key.hash, static_cast<std::uint64_t>(dealerGroup)};
    return static_cast<std::int64_t>(hash64({reinterpret_cast<const char*>(parts), sizeof parts}));
}

People::People(const Database& db)
    : last_(db.prepare("SELECT max(id) FROM person")),
      insert_(db.prepare("INSERT INTO person(id, dealer_group, profile) VALUES (?1,?2,?3)")),
      find_(db.prepare("SELECT dealer_group, redirect FROM person WHERE id=?1")),
      profile_(db.prepare("SELECT profile FROM person WHERE id=?1")),
      setProfile_(db.prepare("UPDATE person SET profile=?2 WHERE id=?1")),
      redirect_(db.prepare("UPDATE person SET redirect=?2 WHERE id=?1")),
      holders_(db.prepare("SELECT person FROM key WHERE hash=?1 ORDER BY person LIMIT ?2")),
      newest_(db.prepare("SELECT person FROM key WHERE hash=?1 ORDER BY person DESC LIMIT ?2")),
      addKey_(db.prepare("INSERT OR IGNORE INTO key(hash, person) VALUES (?1,?2)")),
      removeKey_(db.prepare("DELETE FROM key WHERE hash=?1 AND person=?2")),
      addMerge_(db.prepare("INSERT INTO merge(keep, lose, upto, undone, human) VALUES (?1,?2,?3,0,?4)")),
      addMove_(db.prepare("INSERT INTO merge_move(merge, record) VALUES (?1,?2)")),
      mergeOf_(db.prepare("SELECT id, keep, lose, upto, human FROM merge WHERE lose=?1 AND undone=0 ORDER BY "
                          "id DESC LIMIT 1")),
      mergeInto_(db.prepare("SELECT id, keep, lose, upto, human FROM merge WHERE keep=?1 AND undone=0 ORDER "
                            "BY id DESC LIMIT 1")),
      moved_(db.prepare("SELECT record FROM merge_move WHERE merge=?1 ORDER BY record")),
      undo_(db.prepare("UPDATE merge SET undone=1 WHERE id=?1")),
      mergedByHuman_(db.prepare("SELECT 1 FROM merge WHERE keep=?1 AND undone=0 AND human=1 LIMIT 1")),
      database_(db) {}

std::int64_t People::last() {
    const std::int64_t number = last_.first() ? last_.integer(0) : 0;
    last_.reset();
    return number;
}

void People::insert(std::int64_t number, std::int64_t group, const match::Profile& profile) {
    const std::string bytes = encode(profile);
    insert_.run(number, group, Blob{bytes});
}

std::optional<StoredPerson> People::find(std::int64_t number) {
    if (!find_.first(number)) return std::nullopt;
    const StoredPerson person{number, find_.integer(0), find_.integer(1)};
    find_.reset();
    return person;
}

std::optional<StoredPerson> People::resolve(std::int64_t number) {
    auto person = find(number);
    while (person && person->redirect != 0)
        person = find(person->redirect);
    return person;
}

std::shared_ptr<const match::Profile> People::profile(std::int64_t number) {
    if (const auto kept = kept_.find(number); kept != kept_.end()) return kept->second;
    if (!profile_.first(number)) throw std::runtime_error("the store has no person " + personId(number));
    match::Profile profile = decodeProfile(profile_.view(0));
    profile_.reset();
    return keep(number, std::move(profile));
}

std::shared_ptr<const match::Profile> People::keep(std::int64_t number, match::Profile profile) {
    profile.id = number;
    if (kept_.size() >= kKeptProfiles) kept_.clear();
    return kept_[number] = std::make_shared<const match::Profile>(std::move(profile));
}

void People::forget() {
    kept_.clear();
}

void People::setProfile(std::int64_t number, match::Profile profile) {
    const std::string bytes = encode(profile);
    setProfile_.run(number, Blob{bytes});
    keep(number, std::move(profile));
}

void People::redirect(std::int64_t number, std::int64_t to) {
    redirect_.run(number, to == 0 ? std::nullopt : std::optional(to));
}

std::vector<std::int64_t> People::holders(std::int64_t hash, std::size_t limit, bool newest) {
    std::vector<std::int64_t> persons;
    Statement& list = newest ? newest_ : holders_;
    for (bool row = list.first(hash, static_cast<std::int64_t>(limit)); row; row = list.next())
        persons.push_back(list.integer(0));
    if (newest) std::reverse(persons.begin(), persons.end());
    return persons;
}

void People::addKeys(std::int64_t person, std::int64_t group, const std::vector<match::Key>& keys) {
    for (const auto& key : keys)
        addKey_.run(indexHash(key, group), person);
}

void People::removeKey(std::int64_t person, std::int64_t hash) {
    removeKey_.run(hash, person);
}

std::int64_t People::addMerge(const Merge& merge, const std::vector<std::int64_t>& moved) {
    addMerge_.run(merge.keep, merge.lose, merge.upto, merge.human);
    const std::int64_t id = sqlite3_last_insert_rowid(database_.handle());
    for (const std::int64_t record : moved)
        addMove_.run(id, record);
    return id;
}

std::optional<Merge> People::merge(Statement& statement, std::int64_t person) {
    if (!statement.first(person)) return std::nullopt;
    const Merge merge{statement.integer(0), statement.integer(1), statement.integer(2), statement.integer(3),
                      statement.integer(4) != 0};
    statement.reset();
    return merge;
}

std::optional<Merge> People::latestMergeOf(std::int64_t lose) {
    return merge(mergeOf_, lose);
}

std::optional<Merge> People::latestMergeInto(std::int64_t keep) {
    return merge(mergeInto_, keep);
}

std::vector<std::int64_t> People::moved(std::int64_t merge) {
    std::vector<std::int64_t> records;
    for (bool row = moved_.first(merge); row; row = moved_.next())
        records.push_back(moved_.integer(0));
    return records;
}

void People::undo(std::int64_t merge) {
    undo_.run(merge);
}

bool People::mergedByHuman(std::int64_t keep) {
    const bool merged = mergedByHuman_.first(keep);
    mergedByHuman_.reset();
    return merged;
}

} // namespace trevo::store::sqlite
