// Taking one person out of stored deliveries. Same rules as Table: inside the writer's transaction, on its
// thread.
#pragma once

#include "journal/table.hpp"

namespace trevo::journal {

// done | dead | dropped: the bytes go, the row and its key stay. False when it waits, is not there or was
// emptied before.
bool emptyDelivery(Table& table, const Uuid& id, UtcTime now, Effects& effects);
// Whether anything was found in the body or in meta.
bool overwriteDelivery(Table& table, std::int64_t seq, const privacy::Mask& mask);
std::optional<std::int64_t> seqOf(Table& table, const Uuid& id);

} // namespace trevo::journal
