// The operator's transitions and retention: rare, so their statements are made when used. Same rules as
// Table: inside the writer's transaction, on its thread.
#pragma once

#include "journal/table.hpp"

namespace trevo::journal {

// dead -> ready. A corrected body replaces the bytes; the first ones stay in meta as original_body_base64.
bool retryDead(Table& table, const Uuid& id, const std::optional<std::string>& body, UtcTime now,
               Effects& effects);
// dead -> dropped
bool dropDead(Table& table, const Uuid& id, UtcTime now, Effects& effects);
// done | dead -> ready; false when retention has taken the bytes.
bool replay(Table& table, const Uuid& id, UtcTime now, Effects& effects);

struct SweptPage {
    std::int64_t removed = 0;
    std::int64_t lastSeq = 0; // where the next page starts
    bool finished = false;
};

// Looks at the next batchRows rows after `afterSeq`. A finished row past its time goes; while its key window
// still runs only its bytes go. The newest row of all stays, so that no seq is ever given twice.
SweptPage sweepPage(Table& table, const Retention& retention, std::int64_t afterSeq, UtcTime now,
                    Effects& effects);

} // namespace trevo::journal
