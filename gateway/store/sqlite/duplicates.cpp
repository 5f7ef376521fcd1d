#include "store/sqlite/duplicates.hpp"

#include <algorithm>
#include <cstdlib>

namespace trevo::store::sqlite {
namespace {

bool namesCar(const match::Features& f) {
    return !f.plate.empty() || !f.vin.empty() || !f.stockId.empty() || !f.adId.empty() || !f.model.empty();
}

// Leads that name no car ask for the same.
bool sameRequest(const match::Features& a, const match::Features& b) {
    const match::SameCar same = match::sameCar(a, b);
    return same == match::SameCar::Yes || (same == match::SameCar::Unknown && !namesCar(a) && !namesCar(b));
}

} // namespace

Duplicates::Duplicates(const Database& db)
    : insert_(db.prepare("INSERT INTO duplicate(record, of, refused, reason) VALUES (?1,?2,?3,?4)")),
      refused_(db.prepare("SELECT 1 FROM duplicate WHERE record=?1 AND refused=1")),
      any_(db.number("SELECT 1 FROM duplicate LIMIT 1") == 1) {}

void Duplicates::put(std::int64_t record, const Duplicate& duplicate) {
    insert_.run(record, duplicate.of, duplicate.refused, duplicate.reason);
    any_ = true;
}

bool Duplicates::refused(std::int64_t record) {
    if (!any_) return false;
    const bool is = refused_.first(record);
    refused_.reset();
    return is;
}

DuplicatePolicy::DuplicatePolicy(Records& records, Duplicates& duplicates, Names& names)
    : records_(records), duplicates_(duplicates), names_(names) {}

std::optional<StoredRecord> DuplicatePolicy::earlier(const DuplicateRule& rule, const StoredRecord& record,
                                                     const match::Features& features) {
    using Within = DuplicateRule::Within;
    std::optional<StoredRecord> latest;
    for (auto& other : records_.ofPerson(record.person)) {
        if (other.kind != model::Kind::Lead || other.number == record.number ||
            std::llabs(record.at() - other.at()) > rule.window)
            continue;
        const bool sameDealer = other.dealer == record.dealer;
        if ((rule.within == Within::Dealer && !sameDealer) ||
            (rule.within == Within::OtherDealer && sameDealer))
            continue;
        if (latest && other.at() < latest->at()) continue;
        if (duplicates_.refused(other.number)) continue; // that one was never worked on
        if (rule.same == DuplicateRule::Same::Vehicle &&
            !sameRequest(features, records_.features(other.number)))
            continue;
        latest = std::move(other);
    }
    return latest;
}

std::optional<Duplicate> DuplicatePolicy::judge(const StoredRecord& record, const match::Features& features) {
    using Policy = DuplicateRule::Policy;
    if (rules_.empty() || record.kind != model::Kind::Lead) return std::nullopt;
    const std::string dealer = names_.text(record.dealer);
    for (const auto& rule : rules_) {
        if (std::find(rule.dealers.begin(), rule.dealers.end(), dealer) == rule.dealers.end()) continue;
        const auto other = earlier(rule, record, features);
        if (!other) continue;
        if (rule.policy == Policy::Merge) return std::nullopt;
        const bool vehicle = rule.same == DuplicateRule::Same::Vehicle;
        return Duplicate{
            other->number, rule.policy == Policy::Refuse,
            std::string(vehicle ? "the same person asked for the same vehicle" : "the same person asked") +
                (other->dealer == record.dealer ? "" : " at another dealer of the group") + " within " +
                std::to_string(rule.window / kDay) + " days: " + recordId(other->number)};
    }
    return std::nullopt;
}

} // namespace trevo::store::sqlite
