// The schema of the store's file and how older files are brought to it. PRAGMA user_version is the number of
// migrations that were applied; each is one transaction.
#pragma once

#include "store/sqlite/database.hpp"

#include <span>
#include <string_view>

namespace trevo::store::sqlite {

std::span<const std::string_view> migrations(); // in order; the first makes user_version 1
// Throws std::runtime_error when the file is of a newer program.
void migrate(Database& database);

} // namespace trevo::store::sqlite
