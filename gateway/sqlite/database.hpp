// One connection to a SQLite file: a Poco::Data session that opens and closes it, and its native handle for
// the statements.
//
// Opened through a VFS of our own that gathers the writes to the write-ahead log (gathered_writes.hpp).
// SQLite runs without a lock per connection: a connection and its statements are used by one thread at a
// time.
#pragma once

#include "sqlite/statement.hpp"

#include <memory>
#include <string>

namespace Poco::Data {
class Session;
}

namespace trevo::sqlite {

class Database {
  public:
    // Opens or creates. An empty vfs is the system's. Throws SqlError.
    Database(const std::string& path, const std::string& vfs);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    sqlite3* handle() const { return handle_; }
    Statement prepare(std::string_view sql) const { return {handle_, sql}; }
    void run(std::string_view sql) const;            // one or more statements without parameters or rows
    std::int64_t number(std::string_view sql) const; // first column of the first row; 0 without a row
    std::int64_t changes() const;                    // rows of the last statement
    void rollback() noexcept; // when a transaction is open; also after SQLite rolled back by itself

  private:
    std::unique_ptr<Poco::Data::Session> session_;
    sqlite3* handle_ = nullptr;
};

} // namespace trevo::sqlite
