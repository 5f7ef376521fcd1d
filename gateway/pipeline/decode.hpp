// From an envelope to canonical records. Pure: the same bytes and the same mapping version give the same
// records.
#pragma once

#include "integration/integration.hpp"
#include "integration/records.hpp"
#include "journal/journal.hpp"

#include <string>
#include <vector>

namespace trevo::pipeline {

struct Decoded {
    std::vector<model::Record> records;
    std::string mappingVersion; // of the mapping that read it, or of the plugin
};

// Reads by mapping, or, for what came over POST /v1/records, as canonical JSON. `integration` may be null for
// the latter. The first Problem tells why the envelope can not go on; a document is decoded whole or not at
// all.
Result<Decoded, Problems> decode(const journal::Envelope& envelope, const Integration* integration,
                                 const config::Config& config);

// Reads what a plugin's decode wrote.
Result<Decoded, Problems> readDecoded(const journal::Envelope& envelope, const Integration& integration,
                                      const std::vector<std::string>& canonicalRecords);

} // namespace trevo::pipeline
