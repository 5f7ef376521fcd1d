#include "store/sqlite/partings.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace trevo::store::sqlite {

Partings::Partings(const Database& db)
    : last_(db.prepare("SELECT max(parting) FROM parted")),
      add_(db.prepare("INSERT INTO parted(parting, side, record) VALUES (?1,?2,?3)")),
      remove_(db.prepare("DELETE FROM parted WHERE parting=?1")),
      ofRecord_(db.prepare("SELECT parting, side FROM parted WHERE record=?1")),
      side_(db.prepare("SELECT record FROM parted WHERE parting=?1 AND side=?2")),
      record_(db.prepare("SELECT 1 FROM parted AS mine CROSS JOIN parted AS other "
                         "ON other.parting=mine.parting AND other.side<>mine.side "
                         "CROSS JOIN record ON record.id=other.record "
                         "WHERE mine.record=?2 AND record.person=?1 LIMIT 1")),
      people_(db.prepare("SELECT 1 FROM record AS a CROSS JOIN parted AS mine ON mine.record=a.id "
                         "CROSS JOIN parted AS other ON other.parting=mine.parting AND other.side<>mine.side "
                         "CROSS JOIN record AS b ON b.id=other.record "
                         "WHERE a.person=?1 AND b.person=?2 LIMIT 1")),
      any_(db.number("SELECT EXISTS (SELECT 1 FROM parted)") != 0) {}

void Partings::part(const Records& one, const Records& other) {
    if (one.empty() || other.empty()) return;
    const std::int64_t parting = last_.first() ? last_.integer(0) + 1 : 1;
    last_.reset();
    for (const std::int64_t record : one)
        add_.run(parting, 0, record);
    for (const std::int64_t record : other)
        add_.run(parting, 1, record);
    any_ = true;
}

Partings::Records Partings::sideOf(std::int64_t parting, int side) {
    Records records;
    for (bool row = side_.first(parting, side); row; row = side_.next())
        records.insert(side_.integer(0));
    return records;
}

// Of the pairs of both sides those remain of which one record at most is among the united.
void Partings::unite(const Records& records) {
    if (!any_) return;
    std::map<std::int64_t, std::set<std::int64_t>> sides; // of each parting, those with united records
    for (const std::int64_t record : records) {
        for (bool row = ofRecord_.first(record); row; row = ofRecord_.next())
            sides[ofRecord_.integer(0)].insert(ofRecord_.integer(1));
    }
    for (const auto& [parting, both] : sides) {
        if (both.size() < 2) continue;
        const Records one = sideOf(parting, 0), other = sideOf(parting, 1);
        const auto without = [&](const Records& all) {
            Records rest;
            std::set_difference(all.begin(), all.end(), records.begin(), records.end(),
                                std::inserter(rest, rest.end()));
            return rest;
        };
        Records oneUnited;
        std::set_intersection(one.begin(), one.end(), records.begin(), records.end(),
                              std::inserter(oneUnited, oneUnited.end()));
        remove_.run(parting);
        part(without(one), other);
        part(oneUnited, without(other));
    }
}

bool Partings::apart(std::int64_t person, std::int64_t record) {
    if (!any_) return false;
    const bool found = record_.first(person, record);
    record_.reset();
    return found;
}

bool Partings::peopleApart(std::int64_t a, std::int64_t b) {
    if (!any_) return false;
    const bool found = people_.first(a, b);
    people_.reset();
    return found;
}

} // namespace trevo::store::sqlite
