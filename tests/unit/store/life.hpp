// A random life of a store: records late and early, corrected, repeated and replayed, and everything that
// humans do about people in between. The same seed on the same store does the same.
#pragma once

#include "stream.hpp"

#include <map>
#include <set>

namespace trevo::store::test {

class Life {
  public:
    Life(TestStore& store, unsigned seed, int envelopes = 160)
        : store_(store), random_(seed), log_(stream(store, seed, envelopes)) {}

    // Takes the next few records and then lets a human do something; false at the end of the log.
    bool go() {
        if (next_ >= log_.size()) return false;
        const std::size_t count = std::min<std::size_t>(1 + random_() % 8, log_.size() - next_);
        store_.writer().apply(std::span(log_).subspan(next_, count), kNow);
        next_ += count;
        if (random_() % 6 == 0) store_.writer().apply(std::span(log_).subspan(random_() % next_, 1), kNow);
        if (random_() % 6 == 0) store_.writer().reapply(log_[random_() % next_], kNow);
        together();
        humans();
        return true;
    }

    // Whom a human told apart, by undoing a merge or refusing a possible match, a human alone brings
    // together: a pair of records that is together although nobody said so. Empty when all is well.
    std::string broughtBack() {
        const auto at = persons();
        for (const auto& [one, other] : parted_) {
            const auto a = at.find(one), b = at.find(other);
            if (a != at.end() && b != at.end() && a->second == b->second)
                return one + " and " + other + " of " + a->second;
        }
        return again_;
    }
    int changes() const { return changes_; }
    int undone() const { return undone_; }

  private:
    void humans() {
        const Actor human{"operator", "told on the phone"};
        const auto people = store_.reader().people({}, {0, 1000, false});
        if (people.size() < 2) return;
        const std::string one = people[random_() % people.size()].id;
        const std::string two = people[random_() % people.size()].id;
        Filter open;
        open.state = "open";
        const auto asked = store_.reader().matches(open, {0, 1, random_() % 2 == 0});
        Writer& writer = store_.writer();
        switch (random_() % 8) {
        case 0:
        case 7: unmerge(people, human); return;
        case 1:
            if (asked.empty()) return;
            changes_ += writer.acceptMatch(asked[0].id, asked[0].candidates[0].person, human, kNow).ok();
            break;
        case 2:
            if (!asked.empty()) reject(asked[0], human);
            return;
        case 3: changes_ += writer.erase(one, kNow).ok(); return;
        case 4: {
            Edit edit;
            edit.values = record({"Ana Prado"});
            edit.fields["name"] = "\"Ana Prado\"";
            changes_ += writer.edit(one, edit, human, kNow).ok();
            return;
        }
        default: changes_ += writer.merge(one, two, human, kNow).ok();
        }
        // What a human put together is together.
        const auto at = persons();
        std::erase_if(parted_, [&](const auto& pair) {
            const auto a = at.find(pair.first), b = at.find(pair.second);
            return a == at.end() || b == at.end() || a->second == b->second;
        });
    }

    void unmerge(const std::vector<PersonRow>& people, const Actor& human) {
        std::vector<std::string> lost;
        for (const auto& person : people)
            lost.insert(lost.end(), person.mergedIds.begin(), person.mergedIds.end());
        if (lost.empty()) return;
        const auto sides = store_.writer().unmerge(lost[random_() % lost.size()], human, kNow);
        if (!sides.ok()) return;
        ++changes_;
        ++undone_;
        std::vector<std::string> of[2];
        for (const auto& [record, owner] : persons()) {
            for (const std::size_t side : {0U, 1U})
                if (owner == sides->at(side)) of[side].push_back(record);
        }
        for (const auto& a : of[0])
            for (const auto& b : of[1])
                parted_.emplace(a, b);
    }

    void reject(const MatchRow& match, const Actor& human) {
        const auto at = persons();
        std::set<std::string> candidates;
        for (const auto& candidate : match.candidates) {
            if (const auto person = store_.reader().person(candidate.person)) candidates.insert(person->id);
        }
        candidates.erase(at.at(match.record));
        if (!store_.writer().rejectMatch(match.id, "", human, kNow).ok()) return;
        ++changes_;
        for (const auto& [record, owner] : at)
            if (candidates.contains(owner)) parted_.emplace(match.record, record);
    }

    void together() {
        if (again_.empty()) again_ = broughtBack();
    }

    std::map<std::string, std::string> persons() {
        std::map<std::string, std::string> at;
        for (const auto& row : store_.reader().records({}, {0, 10'000, false}))
            at[row.id] = row.person;
        return at;
    }

    TestStore& store_;
    std::mt19937 random_;
    std::vector<Incoming> log_;
    std::size_t next_ = 0;
    std::set<std::pair<std::string, std::string>> parted_;
    std::string again_;
    int changes_ = 0, undone_ = 0;
};

} // namespace trevo::store::test
