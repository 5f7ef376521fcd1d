// One connection to the store's file, as a Poco::Data session with its native handle.
#pragma once

#include "store/sqlite/statement.hpp"

#include <memory>
#include <string>

namespace Poco::Data {
class Session;
}

namespace trevo::store::sqlite {

enum class Access { Write, Read };

// Used by one thread at a time.
class Database {
  public:
    // Write opens or creates, with WAL and synchronous=FULL. An empty vfs is the system's. Throws SqlError.
    Database(const std::string& path, const std::string& vfs, Access access);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    sqlite3* handle() const { return handle_; }
    Statement prepare(std::string_view sql) const { return {handle_, sql}; }
    void run(std::string_view sql) const;            // one or more statements without parameters or rows
    std::int64_t number(std::string_view sql) const; // first column of the first row; 0 without a row
    void rollback() noexcept; // when a transaction is open; also after SQLite rolled back by itself

  private:
    std::unique_ptr<Poco::Data::Session> session_;
    sqlite3* handle_ = nullptr;
};

} // namespace trevo::store::sqlite
