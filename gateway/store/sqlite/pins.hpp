// What a human fixed about a person.
//
// A pin belongs to the id that was edited and is never moved. A person has the pins of all ids that lead to
// it, so a merge brings them along and an unmerge takes them away without touching one.
#pragma once

#include "match/match.hpp"
#include "store/sqlite/database.hpp"
#include "store/store.hpp"

#include <functional>
#include <string>
#include <vector>

namespace trevo::store::sqlite {

struct StoredPin {
    std::int64_t person = 0; // the id that was edited
    std::string field;       // "name", "phones" … ; consent has one a channel: "consent.whatsapp"
    UtcTime at;
    std::int64_t actor = 0; // name
    std::string reason;
    std::string dealers; // of the editor's token, a line each; empty: all
    std::string value;   // canonical JSON
    std::string features;
};

// The pins of a person: of one field the latest; of one channel's consent the strictest.
std::vector<StoredPin> pinsOf(const Database& database, std::int64_t person);

class Pins {
  public:
    explicit Pins(const Database& database);

    void put(const StoredPin& pin);
    // Of every id that leads to the person. Whether there was one.
    bool remove(std::int64_t person, const std::string& field);
    std::vector<StoredPin> of(std::int64_t person); // as pinsOf(); quick when nobody has a pin

  private:
    const Database& database_;
    Statement put_, remove_;
    bool any_ = false;
};

// The golden record with the pins in place and "pinned" as their source. A pinned yes to a contact channel
// gives way to a later no: `saidAt` tells when a record, "r12", was said.
std::string withPins(const std::string& golden, const std::vector<StoredPin>& pins,
                     const std::function<UtcTime(std::string_view)>& saidAt);

} // namespace trevo::store::sqlite
