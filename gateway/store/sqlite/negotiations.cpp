#include "store/sqlite/negotiations.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <tuple>

namespace trevo::store::sqlite {

Negotiations::Negotiations(const Database& db)
    : ofPerson_(
          db.prepare("SELECT id, dealer, closed, opened, last, plate, vin, ad, stock, brand, model, year "
                     "FROM negotiation WHERE person=?1")),
      open_(db.prepare("SELECT 1 FROM negotiation WHERE person=?1 AND closed=0 LIMIT 1")),
      put_(db.prepare(
          "INSERT OR REPLACE INTO negotiation(person, id, dealer, closed, opened, last, plate, vin, ad, "
          "stock, brand, model, year) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)")),
      remove_(db.prepare("DELETE FROM negotiation WHERE person=?1")),
      database_(db) {}

std::vector<StoredNegotiation> Negotiations::latestOf(std::int64_t person) {
    return list(person, kOpenConsidered);
}

std::vector<StoredNegotiation> Negotiations::allOf(std::int64_t person) {
    return list(person, std::numeric_limits<std::size_t>::max());
}

// Sorted here: most people have one or two, and a sorter of SQLite's costs more than reading them.
std::vector<StoredNegotiation> Negotiations::list(std::int64_t person, std::size_t most) {
    std::vector<StoredNegotiation> rows;
    const auto keepLatest = [&] {
        std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
            return std::tuple(b.facts.lastEvent, b.facts.id) < std::tuple(a.facts.lastEvent, a.facts.id);
        });
        if (rows.size() > most) rows.resize(most);
    };
    for (bool row = ofPerson_.first(person); row; row = ofPerson_.next()) {
        StoredNegotiation n;
        n.facts.id = ofPerson_.integer(0);
        n.facts.dealer = ofPerson_.integer(1);
        n.facts.closed = ofPerson_.integer(2) != 0;
        n.opened = ofPerson_.time(3);
        n.facts.lastEvent = ofPerson_.time(4);
        n.facts.plate = ofPerson_.text(5);
        n.facts.vin = ofPerson_.text(6);
        n.facts.adId = ofPerson_.text(7);
        n.facts.stockId = ofPerson_.text(8);
        n.facts.brand = ofPerson_.text(9);
        n.facts.model = ofPerson_.text(10);
        if (!ofPerson_.isNull(11)) n.facts.modelYear = ofPerson_.small(11);
        rows.push_back(std::move(n));
        if (rows.size() / 2 >= most) keepLatest();
    }
    keepLatest();
    return rows;
}

bool Negotiations::hasOpen(std::int64_t person) {
    const bool any = open_.first(person);
    open_.reset();
    return any;
}

void Negotiations::put(std::int64_t person, const StoredNegotiation& n) {
    const auto orNull = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
    };
    put_.run(person, n.facts.id, n.facts.dealer, n.facts.closed, n.opened, n.facts.lastEvent,
             orNull(n.facts.plate), orNull(n.facts.vin), orNull(n.facts.adId), orNull(n.facts.stockId),
             orNull(n.facts.brand), orNull(n.facts.model), n.facts.modelYear);
}

std::int64_t Negotiations::removeAll(std::int64_t person) {
    remove_.run(person);
    return sqlite3_changes64(database_.handle());
}

} // namespace trevo::store::sqlite
