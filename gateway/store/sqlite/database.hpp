// A connection to the store's file, set up to write or to read it.
#pragma once

#include "sqlite/database.hpp"

#include <string>

namespace trevo::store::sqlite {

using trevo::sqlite::Blob;
using trevo::sqlite::SqlError;
using trevo::sqlite::Statement;

enum class Access { Write, Read };

// Used by one thread at a time.
class Database : public trevo::sqlite::Database {
  public:
    // Write opens or creates, with WAL and synchronous=FULL. An empty vfs is the system's. Throws SqlError.
    Database(const std::string& path, const std::string& vfs, Access access);
};

} // namespace trevo::store::sqlite
