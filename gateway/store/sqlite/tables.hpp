// Everything the writer keeps prepared on its connection, and the figures it carries from one transaction to
// the next.
#pragma once

#include "store/sqlite/decisions.hpp"
#include "store/sqlite/duplicates.hpp"
#include "store/sqlite/events.hpp"
#include "store/sqlite/matches.hpp"
#include "store/sqlite/names.hpp"
#include "store/sqlite/negotiations.hpp"
#include "store/sqlite/partings.hpp"
#include "store/sqlite/people.hpp"
#include "store/sqlite/pins.hpp"
#include "store/sqlite/records.hpp"
#include "store/sqlite/tokens.hpp"
#include "store/sqlite/tombstones.hpp"
#include "store/sqlite/values.hpp"
#include "store/sqlite/vehicles.hpp"
#include "store/store.hpp"

namespace trevo::store::sqlite {

struct Tables {
    explicit Tables(const Database& db, const std::string& erasureKey = {})
        : names(db),
          records(db),
          people(db),
          partings(db),
          negotiations(db),
          decisions(db),
          events(db),
          matches(db),
          tokens(db),
          generic(db),
          nameCounts(db),
          traffic(db),
          tombstones(db, erasureKey),
          vehicles(db),
          pins(db),
          duplicates(db) {}

    Names names;
    Records records;
    People people;
    Partings partings;
    Negotiations negotiations;
    Decisions decisions;
    Events events;
    Matches matches;
    Tokens tokens;
    GenericValues generic;
    NameCounts nameCounts;
    Traffic traffic;
    Tombstones tombstones;
    Vehicles vehicles;
    Pins pins;
    Duplicates duplicates;

    // True within a transaction; read again after a rollback.
    std::int64_t lastRecord = 0, lastPerson = 0;
    Reader::Counts counts;
};

} // namespace trevo::store::sqlite
