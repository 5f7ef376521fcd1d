// A prepared statement on the native handle of a Poco::Data session, owned. Poco::Data opens and closes the
// file; statements are these: an insert of three columns took 6.2 us through Poco::Data and 1.3 us here
// (bench_store
// --poco, beside other load), and a record takes some twenty statements.
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace trevo::sqlite {

// What SQLite answered. The text never holds a bound value.
class SqlError : public std::runtime_error {
  public:
    SqlError(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
    int code() const { return code_; } // extended result code
    // The statement was refused for what it carried; another may go through. Anything else concerns the file.
    bool aboutOneRow() const;
    bool diskFull() const;

  private:
    int code_;
};

struct Blob {
    std::string_view bytes;
};

// One thread at a time. Bound views must live until the statement has run.
class Statement {
  public:
    Statement(sqlite3* database, std::string_view sql);
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement& operator=(Statement&&) = delete;

    // Binds the values to ?1, ?2 …
    template <class... Values>
    void start(const Values&... values) {
        reset();
        int index = 0;
        (bind(++index, values), ...);
    }
    // … and goes to the first row; false when there is none.
    template <class... Values>
    bool first(const Values&... values) {
        start(values...);
        return next();
    }
    bool next(); // resets after the last row
    // For statements without rows.
    template <class... Values>
    void run(const Values&... values) {
        while (first(values...)) {
        }
    }
    void reset();

    bool isNull(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    int small(int column) const { return static_cast<int>(integer(column)); }
    UtcTime time(int column) const { return {integer(column)}; }
    std::string_view view(int column) const; // until the next step
    std::string text(int column) const { return std::string(view(column)); }

    void bind(int index, std::int64_t value);
    void bind(int index, int value) { bind(index, std::int64_t{value}); }
    void bind(int index, double value);
    void bind(int index, bool value) { bind(index, std::int64_t{value}); }
    void bind(int index, UtcTime value) { bind(index, value.micros); }
    void bind(int index, std::nullptr_t);
    void bind(int index, std::string_view value);
    void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
    void bind(int index, Blob value);
    void bindPointer(int index, void* pointer, const char* type); // for functions of our own
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

} // namespace trevo::sqlite
