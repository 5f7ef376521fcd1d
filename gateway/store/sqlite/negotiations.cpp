#include "store/sqlite/negotiations.hpp"

#include <sqlite3.h>

namespace trevo::store::sqlite {

Negotiations::Negotiations(const Database& db)
    : latest_(db.prepare("SELECT id, dealer, closed, opened, last, plate, vin, ad, stock, brand, model, year "
                         "FROM negotiation WHERE person=?1 ORDER BY last DESC, id DESC LIMIT ?2")),
      open_(db.prepare("SELECT 1 FROM negotiation WHERE person=?1 AND closed=0 LIMIT 1")),
      put_(db.prepare(
          "INSERT OR REPLACE INTO negotiation(person, id, dealer, closed, opened, last, plate, vin, ad, "
          "stock, brand, model, year) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)")),
      remove_(db.prepare("DELETE FROM negotiation WHERE person=?1")),
      database_(db) {}

std::vector<StoredNegotiation> Negotiations::latestOf(std::int64_t person) {
    return list(person, static_cast<int>(kOpenConsidered));
}

std::vector<StoredNegotiation> Negotiations::allOf(std::int64_t person) {
    return list(person, -1);
}

std::vector<StoredNegotiation> Negotiations::list(std::int64_t person, int limit) {
    std::vector<StoredNegotiation> rows;
    for (bool row = latest_.first(person, limit); row; row = latest_.next()) {
        StoredNegotiation n;
        n.facts.id = latest_.integer(0);
        n.facts.dealer = latest_.integer(1);
        n.facts.closed = latest_.integer(2) != 0;
        n.opened = latest_.time(3);
        n.facts.lastEvent = latest_.time(4);
        n.facts.plate = latest_.text(5);
        n.facts.vin = latest_.text(6);
        n.facts.adId = latest_.text(7);
        n.facts.stockId = latest_.text(8);
        n.facts.brand = latest_.text(9);
        n.facts.model = latest_.text(10);
        if (!latest_.isNull(11)) n.facts.modelYear = latest_.small(11);
        rows.push_back(std::move(n));
    }
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
    put_.run(person, n.facts.id, n.facts.dealer, n.facts.closed, n.opened, n.facts.lastEvent, orNull(n.facts.plate),
             orNull(n.facts.vin), orNull(n.facts.adId), orNull(n.facts.stockId), orNull(n.facts.brand),
             orNull(n.facts.model), n.facts.modelYear);
}

std::int64_t Negotiations::removeAll(std::int64_t person) {
    remove_.run(person);
    return sqlite3_changes64(database_.handle());
}

} // namespace trevo::store::sqlite
