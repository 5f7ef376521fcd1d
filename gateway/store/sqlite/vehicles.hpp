// What the records tell of one car under its different names, so that a call about an ad and a lead about a
// plate meet. Stands in for a stock feed where there is none.
#pragma once

#include "match/match.hpp"
#include "store/sqlite/database.hpp"

#include <string>

namespace trevo::store::sqlite {

class Vehicles {
  public:
    explicit Vehicles(const Database& database);

    // Fills in what the record leaves out of its car, and remembers what it tells. What a record was given
    // stays its own, whatever becomes known later: grouping again gives the same negotiations.
    void complete(match::Features& features, std::int64_t group);

    void forget(const std::string& plateOrVin); // looks at every row

  private:
    struct Facts {
        std::string plate, vin, brand, model;
        std::optional<int> year;
        bool ambiguous = false;
        bool operator==(const Facts&) const = default;
    };
    static Facts of(const match::Features& features);
    static Facts together(Facts known, const Facts& told);

    Statement read_, write_, forget_;
};

} // namespace trevo::store::sqlite
