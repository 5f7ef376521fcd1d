#include "sqlite/database.hpp"

#include "sqlite/gathered_writes.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>

#include <sqlite3.h>

#include <mutex>

namespace trevo::sqlite {
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
    return text + "?vfs=" + vfs;
}

// Before SQLite's first use; later it refuses both, and only speed is lost: no lock in every call of a
// connection, and none for the bookkeeping of each allocation.
void prepareLibrary() {
    static std::once_flag once;
    std::call_once(once, [] {
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        Poco::Data::SQLite::Connector::registerConnector();
    });
}

} // namespace

Database::Database(const std::string& path, const std::string& vfs) {
    prepareLibrary();
    try {
        // Poco tries again until the login time-out, 60 s unless told: a missing folder must not take that
        // long to say.
        constexpr std::size_t kNoRetry = 0;
        session_ = std::make_unique<Poco::Data::Session>(Poco::Data::SQLite::Connector::KEY,
                                                         uri(path, gatheredWrites(vfs)), kNoRetry);
    } catch (const Poco::Exception& error) {
        throw SqlError(SQLITE_CANTOPEN, error.displayText());
    }
    handle_ = Poco::Data::SQLite::Utility::dbHandle(*session_);
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, 5000);
}

Database::~Database() = default;

void Database::run(std::string_view sql) const {
    char* message = nullptr;
    const int code = sqlite3_exec(handle_, std::string(sql).c_str(), nullptr, nullptr, &message);
    if (code == SQLITE_OK) return;
    const std::string text = message ? message : sqlite3_errstr(code);
    sqlite3_free(message);
    throw SqlError(sqlite3_extended_errcode(handle_), text);
}

std::int64_t Database::number(std::string_view sql) const {
    Statement statement(handle_, sql);
    return statement.first() ? statement.integer(0) : 0;
}

std::int64_t Database::changes() const {
    return sqlite3_changes64(handle_);
}

void Database::rollback() noexcept {
    // A failed ROLLBACK leaves nothing to do: SQLite has ended the transaction or the next BEGIN tells.
    if (sqlite3_get_autocommit(handle_) == 0) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

} // namespace trevo::sqlite
