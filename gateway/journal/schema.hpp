// The tables of journal.db, and how an older file becomes a present one.
#pragma once

#include "sqlite/database.hpp"

namespace trevo::journal {

using sqlite::Blob;
using sqlite::Database;
using sqlite::SqlError;
using sqlite::Statement;

inline constexpr int kSchemaVersion = 1;

// Creates or migrates, one transaction per version, and sets the pragmas that live in the file. Throws
// std::runtime_error with a next step when the file is of a newer version or no journal.
void prepareSchema(Database& database, const std::string& path);

// The pragmas of every connection that writes.
void configureWriter(Database& database);

} // namespace trevo::journal
