#include "store/sqlite/read_pool.hpp"

#include "store/sqlite/codec.hpp"
#include "store/sqlite/search.hpp"

#include <sqlite3.h>

#include <exception>

namespace trevo::store::sqlite {
namespace {

constexpr int kConnections = 4;

// trevo_matches(features, search): whether these features hold what is searched.
void matchesFunction(sqlite3_context* context, int, sqlite3_value** values) {
    const auto* search = static_cast<const Search*>(sqlite3_value_pointer(values[1], kSearchPointer));
    const auto* bytes = static_cast<const char*>(sqlite3_value_blob(values[0]));
    const auto length = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
    try {
        const bool held = search && bytes && matches(*search, decodeFeatures({bytes, length}));
        sqlite3_result_int(context, held ? 1 : 0);
    } catch (const std::exception& error) {
        sqlite3_result_error(context, error.what(), -1);
    }
}

} // namespace

ReadSession::ReadSession(const std::string& path, const std::string& vfs)
    : database(path, vfs, Access::Read), names(database) {
    const int code =
        sqlite3_create_function_v2(database.handle(), "trevo_matches", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                   nullptr, matchesFunction, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw SqlError(code, sqlite3_errmsg(database.handle()));
}

ReadPool::Lease ReadPool::lease() {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return !idle_.empty() || open_ < kConnections; });
    if (!idle_.empty()) {
        auto session = std::move(idle_.back());
        idle_.pop_back();
        return {*this, std::move(session)};
    }
    ++open_;
    lock.unlock();
    try {
        return {*this, std::make_unique<ReadSession>(path_, vfs_)};
    } catch (...) {
        lock.lock();
        --open_;
        freed_.notify_one();
        throw;
    }
}

void ReadPool::giveBack(std::unique_ptr<ReadSession> session) {
    {
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(session));
    }
    freed_.notify_one();
}

} // namespace trevo::store::sqlite
