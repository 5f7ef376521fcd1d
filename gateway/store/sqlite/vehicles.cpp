#include "store/sqlite/vehicles.hpp"

#include "store/sqlite/people.hpp"

#include <vector>

namespace trevo::store::sqlite {
namespace {

// Plates and VINs are keys already; a separate seed keeps ads and stock units apart from other kinds.
std::vector<std::int64_t> namesOf(const match::Features& features, std::int64_t group) {
    std::vector<std::int64_t> hashes;
    const auto add = [&](match::KeyKind kind, std::string_view mark, const std::string& value) {
        if (!value.empty()) hashes.push_back(indexHash(match::keyOf(kind, std::string(mark) + value), group));
    };
    add(match::KeyKind::Plate, "", features.plate);
    add(match::KeyKind::Vin, "", features.vin);
    add(match::KeyKind::AdFirst, "ad:", features.adId);
    add(match::KeyKind::AdFirst, "stock:", features.stockId);
    return hashes;
}

void fill(std::string& held, const std::string& told) {
    if (held.empty()) held = told;
}

bool differ(const std::string& a, const std::string& b) {
    return !a.empty() && !b.empty() && a != b;
}

} // namespace

Vehicles::Vehicles(const Database& db)
    : read_(db.prepare("SELECT plate, vin, brand, model, year, ambiguous FROM vehicle_fact WHERE hash=?1")),
      write_(
          db.prepare("INSERT OR REPLACE INTO vehicle_fact(hash, plate, vin, brand, model, year, ambiguous) "
                     "VALUES (?1,?2,?3,?4,?5,?6,?7)")),
      forget_(db.prepare("DELETE FROM vehicle_fact WHERE plate=?1 OR vin=?1")) {}

void Vehicles::forget(const std::string& plateOrVin) {
    forget_.run(plateOrVin);
}

Vehicles::Facts Vehicles::of(const match::Features& features) {
    return {features.plate, features.vin, features.brand, features.model, features.modelYear, false};
}

Vehicles::Facts Vehicles::together(Facts known, const Facts& told) {
    known.ambiguous = known.ambiguous || differ(known.plate, told.plate) || differ(known.vin, told.vin);
    fill(known.plate, told.plate);
    fill(known.vin, told.vin);
    fill(known.brand, told.brand);
    fill(known.model, told.model);
    if (!known.year) known.year = told.year;
    return known;
}

void Vehicles::complete(match::Features& features, std::int64_t group) {
    const std::vector<std::int64_t> names = namesOf(features, group);
    const Facts told = of(features);
    std::vector<std::pair<Facts, bool>> rows; // with whether there was one
    for (const std::int64_t hash : names) {
        Facts facts;
        const bool any = read_.first(hash);
        if (any) {
            facts = {read_.text(0), read_.text(1), read_.text(2),
                     read_.text(3), std::nullopt,  read_.integer(5) != 0};
            if (!read_.isNull(4)) facts.year = read_.small(4);
        }
        read_.reset();
        if (any && !facts.ambiguous && !together(facts, told).ambiguous) {
            fill(features.plate, facts.plate);
            fill(features.vin, facts.vin);
            fill(features.brand, facts.brand);
            fill(features.model, facts.model);
            if (!features.modelYear) features.modelYear = facts.year;
        }
        rows.emplace_back(std::move(facts), any);
    }
    const Facts all = of(features);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const Facts next = together(rows[i].first, all);
        if (rows[i].second && next == rows[i].first) continue;
        write_.run(names[i], next.plate, next.vin, next.brand, next.model, next.year, next.ambiguous);
    }
}

} // namespace trevo::store::sqlite
