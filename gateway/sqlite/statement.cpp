#include "sqlite/statement.hpp"

#include <sqlite3.h>

#include <utility>

namespace trevo::sqlite {

bool SqlError::aboutOneRow() const {
    const int primary = code_ & 0xff;
    return primary == SQLITE_TOOBIG || primary == SQLITE_CONSTRAINT || primary == SQLITE_MISMATCH;
}

bool SqlError::diskFull() const {
    return (code_ & 0xff) == SQLITE_FULL;
}

Statement::Statement(sqlite3* database, std::string_view sql) : database_(database) {
    check(sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                             &statement_, nullptr));
}

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}

bool Statement::next() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) {
        const SqlError error(sqlite3_extended_errcode(database_), sqlite3_errmsg(database_));
        sqlite3_reset(statement_);
        throw error;
    }
    sqlite3_reset(statement_);
    return false;
}

// The code of sqlite3_reset repeats the failure of the last step, which next() has thrown already.
void Statement::reset() {
    sqlite3_reset(statement_);
}

bool Statement::isNull(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(statement_, column);
}

std::string_view Statement::view(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    if (!bytes) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Statement::bind(int index, std::int64_t value) {
    check(sqlite3_bind_int64(statement_, index, value));
}

void Statement::bind(int index, double value) {
    check(sqlite3_bind_double(statement_, index, value));
}

void Statement::bind(int index, std::nullptr_t) {
    check(sqlite3_bind_null(statement_, index));
}

// A null pointer would bind NULL where an empty value is meant.
void Statement::bind(int index, std::string_view value) {
    check(sqlite3_bind_text64(statement_, index, value.empty() ? "" : value.data(), value.size(),
                              SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int index, Blob value) {
    check(sqlite3_bind_blob64(statement_, index, value.bytes.empty() ? "" : value.bytes.data(),
                              value.bytes.size(), SQLITE_STATIC));
}

void Statement::bindPointer(int index, void* pointer, const char* type) {
    check(sqlite3_bind_pointer(statement_, index, pointer, type, nullptr));
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) throw SqlError(code, sqlite3_errmsg(database_));
}

} // namespace trevo::sqlite
