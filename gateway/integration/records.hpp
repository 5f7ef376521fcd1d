// From the canonical JSON that a mapping, a plugin or a client wrote to records, with what the configuration
// knows of dealers.
#pragma once

#include "base/result.hpp"
#include "integration/integration.hpp"
#include "model/record.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace trevo {

struct RecordContext {
    const config::Config& config;
    const Integration* integration = nullptr; // null: a client of POST /v1/records
    std::string source;                       // id that records without a source get
    std::string dealer;                       // of records without one
    bool anySource = false;                   // records may name another integration
    UtcTime receivedAt;
};

Result<model::Record, Problems> readRecord(std::string_view canonicalJson, const RecordContext& context);

} // namespace trevo
