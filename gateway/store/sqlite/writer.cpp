#include "store/sqlite/writer.hpp"

#include "store/sqlite/schema.hpp"

#include <map>

namespace trevo::store::sqlite {
namespace {

// What one envelope may be refused for, without a word about what it carried.
Problem refusal(const SqlError& error) {
    return {"store_refused", "", "",
            "the store refused a record of this envelope, SQLite code " + std::to_string(error.code()) +
                "; the record may be too large"};
}

Database& migrated(Database& database) {
    migrate(database);
    return database;
}

} // namespace

SqliteWriter::SqliteWriter(const Options& options)
    : database_(options.path, options.vfs, Access::Write),
      tables_(migrated(database_), options.erasureKey),
      applier_(tables_, options),
      corrections_(tables_, applier_),
      reviews_(tables_, applier_, corrections_),
      erasures_(database_, tables_),
      edits_(tables_, applier_),
      begin_(database_.prepare("BEGIN IMMEDIATE")),
      commit_(database_.prepare("COMMIT")),
      readCounts_(database_.prepare("SELECT records, people, negotiations FROM counter WHERE id=1")),
      writeCounts_(database_.prepare("UPDATE counter SET records=?1, people=?2, negotiations=?3 WHERE id=1")),
      told_(tables_.events.last()) {}

void SqliteWriter::begin() {
    begin_.run();
    if (figuresKnown_) return;
    tables_.names.forget();
    tables_.people.forget();
    tables_.generic.load();
    tables_.nameCounts.load();
    tables_.traffic.forget();
    tables_.lastRecord = tables_.records.last();
    tables_.lastPerson = tables_.people.last();
    if (readCounts_.first())
        tables_.counts = {readCounts_.integer(0), readCounts_.integer(1), readCounts_.integer(2)};
    readCounts_.reset();
    figuresKnown_ = true;
}

void SqliteWriter::commit() {
    writeCounts_.run(tables_.counts.records, tables_.counts.people, tables_.counts.negotiations);
    tables_.nameCounts.flush();
    tables_.traffic.flush();
    commit_.run();
}

template <class Work>
auto SqliteWriter::inTransaction(Work work) {
    const auto run = [&] {
        try {
            begin();
            auto result = work();
            commit();
            return result;
        } catch (...) {
            figuresKnown_ = false;
            database_.rollback();
            throw;
        }
    };
    auto result = run();
    const std::int64_t last = tables_.events.last();
    if (last != told_) {
        told_ = last;
        if (listener_) listener_(last);
    }
    return result;
}

EnvelopeResult SqliteWriter::applyOne(const Incoming& incoming, bool replay, UtcTime now) {
    return applier_.apply(incoming, replay, now);
}

std::vector<EnvelopeResult> SqliteWriter::apply(std::span<const Incoming> batch, UtcTime now) {
    // Envelopes fail alone so seldom that no savepoint is paid for each: the batch runs again without the one
    // that was refused.
    std::map<std::size_t, Problem> refused;
    while (true) {
        std::size_t at = 0;
        try {
            return inTransaction([&] {
                std::vector<EnvelopeResult> results;
                for (at = 0; at < batch.size(); ++at) {
                    if (const auto problem = refused.find(at); problem != refused.end()) {
                        results.push_back({batch[at].envelope, {}, false, problem->second, {}});
                        continue;
                    }
                    results.push_back(applyOne(batch[at], false, now));
                }
                return results;
            });
        } catch (const SqlError& error) {
            if (!error.aboutOneRow() || at >= batch.size()) throw;
            refused.emplace(at, refusal(error));
        }
    }
}

EnvelopeResult SqliteWriter::reapply(const Incoming& incoming, UtcTime now) {
    try {
        return inTransaction([&] { return applyOne(incoming, true, now); });
    } catch (const SqlError& error) {
        if (!error.aboutOneRow()) throw;
        return {incoming.envelope, {}, false, refusal(error), {}};
    }
}

Result<std::string> SqliteWriter::merge(const std::string& keep, const std::string& lose, const Actor& actor,
                                        UtcTime now) {
    return inTransaction([&] { return corrections_.merge(keep, lose, actor, now); });
}

Result<std::vector<std::string>> SqliteWriter::unmerge(const std::string& person, const Actor& actor,
                                                       UtcTime now) {
    return inTransaction([&] { return corrections_.unmerge(person, actor, now); });
}

Result<std::string> SqliteWriter::acceptMatch(const std::string& match, const std::string& with,
                                              const Actor& actor, UtcTime now) {
    return inTransaction([&] { return reviews_.accept(match, with, actor, now); });
}

Result<Done> SqliteWriter::rejectMatch(const std::string& match, const std::string& with, const Actor& actor,
                                       UtcTime now) {
    return inTransaction([&] { return reviews_.reject(match, with, actor, now); });
}

Result<std::string> SqliteWriter::edit(const std::string& person, const Edit& edit, const Actor& actor,
                                       UtcTime now) {
    return inTransaction([&] { return edits_.edit(person, edit, actor, now); });
}

Result<Erasure> SqliteWriter::erase(const std::string& person, UtcTime now) {
    return inTransaction([&] { return erasures_.erase(person, now); });
}

bool SqliteWriter::compact(bool rebuild) {
    if (rebuild) database_.run("VACUUM");
    // Waits for the readers that are still in the log, as long as a busy file is waited for.
    Statement checkpoint = database_.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
    const bool complete = checkpoint.first() && checkpoint.integer(0) == 0;
    checkpoint.reset();
    return complete;
}

void SqliteWriter::addToken(const Token& token, std::string_view sha256) {
    inTransaction([&] {
        tables_.tokens.add(token, sha256);
        return true;
    });
}

bool SqliteWriter::revokeToken(const std::string& id, UtcTime now) {
    return inTransaction([&] { return tables_.tokens.revoke(id, now); });
}

void SqliteWriter::audit(const Actor& actor, std::string_view action, std::string_view subject, UtcTime now) {
    inTransaction([&] {
        tables_.tokens.audit(actor, action, subject, now);
        return true;
    });
}

} // namespace trevo::store::sqlite
