// From an envelope to canonical records. Pure: the same bytes and the same mapping version give the same
// records.
#pragma once

#include "integration/integration.hpp"
#include "integration/records.hpp"
#include "journal/journal.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace trevo::pipeline {

// A part of the document that can not go on, as a delivery of its own.
struct RefusedPart {
    mapping::Part part;
    Problem problem;
    std::string role; // of the mapping that reads it; empty: that of the whole
};

struct Decoded {
    std::vector<model::Record> records;
    std::vector<RefusedPart> refused;
    std::string mappingVersion; // of the mapping that read it, or of the plugin
    std::optional<Problem>
        nothing; // why there is nothing to make of it: an automatic reply. Then there are no records
};

// Reads by mapping, or, for what came over POST /v1/records, as canonical JSON. `integration` may be null for
// the latter. The parts of a document stand for themselves: what one lacks does not hold back the others.
// Parts that `apart` names were refused before and have become deliveries of their own; nothing is made of
// them here. It is asked only of documents that have several parts. The first Problem tells why the envelope
// as a whole can not go on.
Result<Decoded, Problems> decode(const journal::Envelope& envelope, const Integration* integration,
                                 const config::Config& config,
                                 const std::function<std::set<std::string>()>& apart);

// Reads what a plugin's decode wrote: all of it or nothing.
Result<Decoded, Problems> readDecoded(const journal::Envelope& envelope, const Integration& integration,
                                      const std::vector<std::string>& canonicalRecords);

// What the journal keeps of a refused part: a dead letter under the envelope, once for each part.
journal::Delivery deliveryOf(const journal::Envelope& envelope, RefusedPart refused);

} // namespace trevo::pipeline
