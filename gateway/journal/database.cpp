#include "journal/database.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>

#include <sqlite3.h>

#include <mutex>

namespace trevo::journal {

namespace {

// Poco opens with SQLITE_OPEN_URI, so the VFS can be named; what a URI gives a meaning to is escaped.
std::string uri(const std::string& path, const std::string& vfs) {
    std::string text = "file:";
    for (const char c : path) {
        if (c == '%')
            text += "%25";
        else if (c == '?')
            text += "%3f";
        else if (c == '#')
            text += "%23";
        else
            text += c;
    }
    if (!vfs.empty()) text += "?vfs=" + vfs;
    return text;
}

void registerConnector() {
    static std::once_flag once;
    std::call_once(once, [] { Poco::Data::SQLite::Connector::registerConnector(); });
}

} // namespace

bool SqlError::diskFull() const {
    return (code_ & 0xff) == SQLITE_FULL;
}

Database::Database(const std::string& path, const std::string& vfs) {
    registerConnector();
    try {
        // Poco tries again until the login time-out, 60 s unless told: a missing folder must not take that
        // long to say.
        session_ =
            std::make_unique<Poco::Data::Session>(Poco::Data::SQLite::Connector::KEY, uri(path, vfs), 0);
    } catch (const Poco::Exception& error) {
        throw SqlError(SQLITE_CANTOPEN, error.displayText());
    }
    handle_ = Poco::Data::SQLite::Utility::dbHandle(*session_);
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, 5000);
}

Database::~Database() = default;

void Database::run(const std::string& sql) {
    Statement(*this, sql).run();
}

std::int64_t Database::number(const std::string& sql) {
    Statement statement(*this, sql);
    statement.start();
    return statement.step() ? statement.integer(0) : 0;
}

std::int64_t Database::changes() const {
    return sqlite3_changes64(handle_);
}

void Database::rollback() noexcept {
    // A failed ROLLBACK leaves nothing to do: SQLite has ended the transaction or the next BEGIN tells.
    if (sqlite3_get_autocommit(handle_) == 0) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

Statement::Statement(const Database& database, const std::string& sql) : database_(database.handle()) {
    check(sqlite3_prepare_v3(database_, sql.c_str(), static_cast<int>(sql.size()) + 1,
                             SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
}

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

bool Statement::step() {
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

// The code of sqlite3_reset repeats the failure of the last step, which step() has thrown already.
void Statement::reset() {
    sqlite3_reset(statement_);
}

bool Statement::isNull(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::view(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    if (!bytes) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Statement::bind(int index, std::int64_t value) {
    check(sqlite3_bind_int64(statement_, index, value));
}

void Statement::bind(int index, std::nullptr_t) {
    check(sqlite3_bind_null(statement_, index));
}

// A null pointer would bind NULL where an empty value is meant.
void Statement::bind(int index, Text value) {
    check(sqlite3_bind_text64(statement_, index, value.value.empty() ? "" : value.value.data(),
                              value.value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int index, Blob value) {
    check(sqlite3_bind_blob64(statement_, index, value.value.empty() ? "" : value.value.data(),
                              value.value.size(), SQLITE_STATIC));
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) throw SqlError(code, sqlite3_errmsg(database_));
}

} // namespace trevo::journal
