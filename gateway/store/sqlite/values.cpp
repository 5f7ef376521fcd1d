#include "store/sqlite/values.hpp"

#include "base/hash.hpp"
#include "match/visits.hpp"

#include <algorithm>

namespace trevo::store::sqlite {
namespace {

constexpr std::size_t kTrafficHeld = 10'000; // counts

constexpr std::int64_t kEverybody = 0; // part and hash of the count of all named people

std::int64_t tokenHash(std::string_view token) {
    return static_cast<std::int64_t>(hash64(token));
}

} // namespace

GenericValues::GenericValues(const Database& db)
    : insert_(db.prepare(
          "INSERT OR IGNORE INTO generic_value(hash, dealer_group, since, holders) VALUES (?1,?2,?3,?4)")),
      read_(db.prepare("SELECT hash FROM generic_value")) {}

void GenericValues::add(std::int64_t hash, std::int64_t group, std::size_t holders, UtcTime since) {
    if (hashes_.insert(hash).second) insert_.run(hash, group, since, static_cast<std::int64_t>(holders));
}

void GenericValues::load() {
    hashes_.clear();
    for (bool row = read_.first(); row; row = read_.next())
        hashes_.insert(read_.integer(0));
}

NameCounts::NameCounts(const Database& db)
    : read_(db.prepare("SELECT dealer_group, part, hash, people FROM name_count")),
      write_(db.prepare(
          "INSERT OR REPLACE INTO name_count(dealer_group, part, hash, people) VALUES (?1,?2,?3,?4)")),
      remove_(db.prepare("DELETE FROM name_count WHERE dealer_group=?1 AND hash=?2")) {}

double NameCounts::people(std::int64_t group, match::NamePart part, std::string_view token) const {
    const auto at = counts_.find({group, static_cast<std::int64_t>(part), tokenHash(token)});
    return at == counts_.end() ? 0 : static_cast<double>(at->second);
}

double NameCounts::named(std::int64_t group) const {
    const auto at = counts_.find({group, kEverybody, kEverybody});
    return at == counts_.end() ? 0 : static_cast<double>(at->second);
}

void NameCounts::count(const Key& key) {
    ++counts_[key];
    changed_.insert(key);
}

void NameCounts::add(std::int64_t group, const std::vector<std::string>& tokens) {
    if (tokens.empty()) return;
    count({group, kEverybody, kEverybody});
    count({group, static_cast<std::int64_t>(match::NamePart::First), tokenHash(tokens.front())});
    for (std::size_t i = 1; i < tokens.size(); ++i) {
        if (tokens[i].size() > 1)
            count({group, static_cast<std::int64_t>(match::NamePart::Last), tokenHash(tokens[i])});
    }
}

void NameCounts::forget(std::int64_t group, const std::string& token) {
    const std::int64_t hash = tokenHash(token);
    for (const auto part : {match::NamePart::First, match::NamePart::Last}) {
        const Key key{group, static_cast<std::int64_t>(part), hash};
        counts_.erase(key);
        changed_.erase(key);
    }
    remove_.run(group, hash);
}

void NameCounts::flush() {
    for (const auto& key : changed_)
        write_.run(key.group, key.part, key.hash, counts_[key]);
    changed_.clear();
}

void NameCounts::load() {
    counts_.clear();
    changed_.clear();
    for (bool row = read_.first(); row; row = read_.next())
        counts_[{read_.integer(0), read_.integer(1), read_.integer(2)}] = read_.integer(3);
}

Traffic::Traffic(const Database& db)
    : read_(db.prepare("SELECT records FROM traffic WHERE hash=?1")),
      write_(db.prepare("INSERT OR REPLACE INTO traffic(hash, records) VALUES (?1,?2)")) {}

Traffic::Counts::iterator Traffic::count(const std::string& dealer, const std::string& model,
                                         std::int64_t period) {
    const auto hash =
        static_cast<std::int64_t>(hash64(dealer + "|" + model, static_cast<std::uint64_t>(period)));
    const auto [at, fresh] = counts_.try_emplace(hash);
    if (fresh && read_.first(hash)) {
        at->second = read_.integer(0);
        read_.reset();
    }
    return at;
}

void Traffic::add(const match::Features& features) {
    if (!match::isVisit(features)) return;
    const std::int64_t period = features.at / match::kPeriodSeconds;
    const auto add = [&](const std::string& model) {
        const auto one = count(features.dealer, model, period);
        ++one->second;
        changed_.insert(one->first);
    };
    add({});
    if (features.model.empty()) return;
    add(features.model);
    if (features.modelYear) add(match::trafficOf(features.model, *features.modelYear));
}

double Traffic::perDay(const std::string& dealer, const std::string& model, std::int64_t at) {
    // The period before, too: the present one has only begun.
    const std::int64_t period = at / match::kPeriodSeconds;
    const std::int64_t records =
        std::max(count(dealer, model, period)->second, count(dealer, model, period - 1)->second);
    return static_cast<double>(records) * 86'400 / match::kPeriodSeconds;
}

void Traffic::flush() {
    for (const std::int64_t hash : changed_)
        write_.run(hash, counts_[hash]);
    changed_.clear();
    if (counts_.size() > kTrafficHeld) counts_.clear();
}

void Traffic::forget() {
    counts_.clear();
    changed_.clear();
}

} // namespace trevo::store::sqlite
