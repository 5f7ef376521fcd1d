#include "store/sqlite/database.hpp"

namespace trevo::store::sqlite {

Database::Database(const std::string& path, const std::string& vfs, Access access)
    : trevo::sqlite::Database(path, vfs) {
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
        // What is overwritten or deleted is somebody's data: it does not stay behind in free pages.
        run("PRAGMA secure_delete=ON");
    } else {
        run("PRAGMA query_only=ON");
        run("PRAGMA cache_size=-2048");
    }
}

} // namespace trevo::store::sqlite
