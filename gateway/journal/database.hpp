// The journal's file as a Poco::Data session, and the statements of the hot path on its native handle.
//
// Poco::Data opens, configures and migrates. The statements that run per delivery are held on sqlite3_stmt:
// @MEASURE@
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace Poco::Data {
class Session;
}

namespace trevo::journal {

// What SQLite answered. The text never holds a bound value.
class SqlError : public std::runtime_error {
  public:
    SqlError(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
    int code() const { return code_; } // extended result code
    bool diskFull() const;

  private:
    int code_;
};

// One connection; used by one thread at a time.
class Database {
  public:
    // Opens or creates. An empty vfs is the system's. Throws SqlError.
    Database(const std::string& path, const std::string& vfs);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    sqlite3* handle() const { return handle_; }
    Poco::Data::Session& session() { return *session_; }
    void run(const std::string& sql);            // one statement without parameters or with ignored rows
    std::int64_t number(const std::string& sql); // the first column of the first row; 0 when there is none

    std::int64_t changes() const; // rows of the last statement
    void rollback() noexcept;     // when a transaction is open; also after SQLite rolled back by itself

  private:
    std::unique_ptr<Poco::Data::Session> session_;
    sqlite3* handle_ = nullptr;
};

struct Text {
    std::string_view value;
};
struct Blob {
    std::string_view value;
};

// A prepared statement. Bound views must live until the next reset; run() resets before it returns.
class Statement {
  public:
    Statement(const Database& database, const std::string& sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    template <class... Values>
    void run(const Values&... values) {
        start(values...);
        while (step()) {
        }
    }
    template <class... Values>
    void start(const Values&... values) {
        reset();
        int index = 0;
        (bind(++index, values), ...);
    }
    bool step(); // true while there is a row; resets after the last one. Throws SqlError.
    void reset();

    bool isNull(int column) const;
    std::int64_t integer(int column) const;
    std::string_view view(int column) const; // until the next step
    std::string text(int column) const { return std::string(view(column)); }

    void bind(int index, std::int64_t value);
    void bind(int index, int value) { bind(index, std::int64_t{value}); }
    void bind(int index, std::nullptr_t);
    void bind(int index, Text value);
    void bind(int index, Blob value);
    template <class T>
    void bind(int index, const std::optional<T>& value) {
        if (value)
            bind(index, *value);
        else
            bind(index, nullptr);
    }

  private:
    void check(int code) const;

    sqlite3* database_;
    sqlite3_stmt* statement_ = nullptr;
};

} // namespace trevo::journal
