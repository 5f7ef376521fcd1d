#include "store/sqlite/database.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>

#include <sqlite3.h>

#include <mutex>

namespace trevo::store::sqlite {
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

} // namespace

Database::Database(const std::string& path, const std::string& vfs, Access access) {
    static std::once_flag once;
    std::call_once(once, [] { Poco::Data::SQLite::Connector::registerConnector(); });
    try {
        // Poco would try a failed open again for a minute.
        constexpr std::size_t kNoRetry = 0;
        session_ = std::make_unique<Poco::Data::Session>(Poco::Data::SQLite::Connector::KEY, uri(path, vfs),
                                                         kNoRetry);
    } catch (const Poco::Exception& error) {
        throw SqlError(SQLITE_CANTOPEN, error.displayText());
    }
    handle_ = Poco::Data::SQLite::Utility::dbHandle(*session_);
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, 5000);
    run("PRAGMA temp_store=MEMORY");
    if (access == Access::Write) {
        // The cache is a bound, not an allocation: pages are taken as the file grows. At a million records
        // the hot pages of the hash indexes are some 60 MB; a checkpoint every 64 MB writes each of them once
        // instead of once per commit.
        // The switch to WAL runs through a rollback journal. Were its deletion not synced, a power cut could
        // bring it back, and with it the file from before the switch.
        run("PRAGMA synchronous=EXTRA");
        run("PRAGMA journal_mode=WAL");
        run("PRAGMA synchronous=FULL");
        run("PRAGMA cache_size=-131072");
        run("PRAGMA wal_autocheckpoint=16384");
        run("PRAGMA journal_size_limit=134217728");
    } else {
        run("PRAGMA query_only=ON");
        run("PRAGMA cache_size=-2048");
    }
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

void Database::rollback() noexcept {
    // A failed ROLLBACK leaves nothing to do: SQLite has ended the transaction or the next BEGIN tells.
    if (sqlite3_get_autocommit(handle_) == 0) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

} // namespace trevo::store::sqlite
