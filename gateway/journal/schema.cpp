#include "journal/schema.hpp"

#include <stdexcept>

namespace trevo::journal {

namespace {

constexpr std::int64_t kApplicationId = 0x5472766a; // "Trvj"

// envelope  state only, about 80 bytes: an UPDATE in SQLite writes the whole row again, and every row is
// settled once, so
//           the bytes of the delivery live beside it in `content` and are never rewritten.
//           at     ready: when it may be claimed, or when its lease ends; else when it came into its state
//           owner  the opening of the journal that holds the lease; 0: nobody
//           key    first 16 bytes of the hash in key.hpp; NULL once its window is over and another row took
//           it
//           replay 1 once it was asked for again although it may have been applied
// source    dictionary of (integration, door); both come from the configuration, so it stays small.
// ready     holds size and owner so that counting a million rows at start and looking for orphaned leases
// read only it.
constexpr const char* kVersion1[] = {
    "CREATE TABLE opening(one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, probe INTEGER "
    "NOT NULL)",
    "INSERT INTO opening VALUES (1, 0, 0)",
    "CREATE TABLE source(id INTEGER PRIMARY KEY, integration TEXT NOT NULL, door TEXT NOT NULL, "
    "UNIQUE (integration, door))",
    "CREATE TABLE envelope(seq INTEGER PRIMARY KEY, id BLOB NOT NULL, source INTEGER NOT NULL, state INTEGER "
    "NOT NULL, "
    "attempt INTEGER NOT NULL, at INTEGER NOT NULL, owner INTEGER NOT NULL, received_at INTEGER NOT NULL, "
    "size INTEGER NOT NULL, key BLOB, key_until INTEGER NOT NULL, content_hash INTEGER, trial INTEGER NOT "
    "NULL, "
    "parent BLOB, replay INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE content(seq INTEGER PRIMARY KEY, type TEXT NOT NULL, meta TEXT NOT NULL, body BLOB NOT "
    "NULL)",
    "CREATE TABLE reason(seq INTEGER PRIMARY KEY, stage TEXT NOT NULL, code TEXT NOT NULL, field TEXT NOT "
    "NULL, "
    "place TEXT NOT NULL, detail TEXT NOT NULL)",
    "CREATE TABLE state(integration TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, "
    "PRIMARY KEY (integration, key)) WITHOUT ROWID",
    "CREATE UNIQUE INDEX by_key ON envelope(key) WHERE key IS NOT NULL",
    "CREATE UNIQUE INDEX by_id ON envelope(id)", // UUIDv7: appends at the right edge
    "CREATE INDEX ready ON envelope(at, size, owner) WHERE state = 0",
    "CREATE INDEX dead ON envelope(seq) WHERE state = 2",
    "CREATE INDEX by_parent ON envelope(parent) WHERE parent IS NOT NULL",
};

} // namespace

void prepareSchema(Database& database, const std::string& path) {
    const std::int64_t version = database.number("PRAGMA user_version");
    const bool empty = database.number("SELECT count(*) FROM sqlite_master") == 0;
    if (!empty && database.number("PRAGMA application_id") != kApplicationId) {
        throw std::runtime_error(path + " is a database, but not a Trevo journal: name another data_dir");
    }
    if (version > kSchemaVersion) {
        throw std::runtime_error(path + " has journal version " + std::to_string(version) +
                                 ", this program knows up to " + std::to_string(kSchemaVersion) +
                                 ": start the newer program, or restore the backup from before the upgrade");
    }
    if (empty) {
        database.run("PRAGMA page_size = 4096");
        // The switch to WAL runs through a rollback journal. Were its deletion not synced, a power cut could
        // bring it back and with it the file from before the switch.
        database.run("PRAGMA synchronous = EXTRA");
    }
    database.run("PRAGMA journal_mode = WAL");
    if (version == kSchemaVersion) return;

    try {
        database.run("BEGIN IMMEDIATE");
        for (const char* sql : kVersion1)
            database.run(sql);
        database.run("PRAGMA application_id = " + std::to_string(kApplicationId));
        database.run("PRAGMA user_version = " + std::to_string(kSchemaVersion));
        database.run("COMMIT");
    } catch (const SqlError&) {
        database.rollback();
        throw;
    }
}

void configureWriter(Database& database) {
    database.run("PRAGMA synchronous = FULL");
    // What is overwritten or deleted is somebody's data: it does not stay behind in free pages.
    database.run("PRAGMA secure_delete = ON");
    database.run("PRAGMA wal_autocheckpoint = 0"); // the writer checkpoints between two acknowledgements
    // Small, since SQLite walks all of it at the end of a transaction that split a page.
    database.run("PRAGMA cache_size = -8192");
    database.run("PRAGMA temp_store = MEMORY");
}

} // namespace trevo::journal
