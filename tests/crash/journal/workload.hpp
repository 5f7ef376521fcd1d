// A script of everything the journal does, and the check of what it left: each acknowledged delivery is there
// exactly once, whole, with the state changes of its call; and nothing is there that was never sent.
#pragma once

#include "crash/faulty_vfs.hpp"
#include "unit/journal/support.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <map>
#include <set>

namespace trevo::crash {

using namespace trevo::journal;
using journal::testing::delivery;
using journal::testing::kStart;
using journal::testing::reason;

struct Ledger {
    std::set<std::string> sent;
    std::map<std::string, Uuid> acknowledged; // body -> receipt
    std::string cursor;                       // the last one acknowledged
    int refused = 0;
};

inline std::string bodyOf(int step) {
    // Every seventh fills overflow pages.
    return "lead " + std::to_string(step) +
           std::string(step % 7 == 3 ? 9'000 : 300, static_cast<char>('a' + step % 26));
}

// Calls of two deliveries and a cursor, claims, outcomes, an operator's transitions, repeats. Each call waits
// for its answer. `betweenSteps` runs after each step.
template <class Between>
void runWorkload(Journal& journal, Ledger& ledger, int from, int to, Between betweenSteps) {
    for (int step = from; step < to; ++step) {
        std::vector<Delivery> call{delivery(bodyOf(step)), delivery(bodyOf(step + 10'000))};
        if (step % 5 == 4) call[1].dead = reason();
        for (const Delivery& d : call)
            ledger.sent.insert(d.body);
        const std::string cursor = std::to_string(step);
        const auto receipts = journal::testing::append(journal, call, {{"olx", "cursor", cursor}});
        if (receipts.ok()) {
            ledger.acknowledged[call[0].body] = (*receipts)[0].id;
            ledger.acknowledged[call[1].body] = (*receipts)[1].id;
            ledger.cursor = cursor;
        } else {
            ++ledger.refused;
        }
        // While nothing can be written a claim has only what the window holds, and an operator's wish may
        // fail.
        if (step % 3 == 0) {
            std::vector<Outcome> outcomes;
            for (const Envelope& envelope : journal.claim(4, 0)) {
                const auto kind = static_cast<Outcome::Kind>(envelope.seq % 3);
                outcomes.push_back({envelope.seq, kind, kStart + kHour, reason()});
            }
            journal.settle(std::move(outcomes));
            journal.flush();
        }
        try {
            if (step % 10 == 9 && receipts.ok()) journal.retry((*receipts)[1].id, "corrected " + cursor);
            if (step % 10 == 4 && receipts.ok()) journal.drop((*receipts)[1].id);
        } catch (const std::runtime_error&) {
            ++ledger.refused;
        }
        betweenSteps();
    }
}

inline std::string integrity(const FaultyVfs& vfs, const std::string& path) {
    sqlite3* db = nullptr;
    sqlite3_stmt* statement = nullptr;
    std::string answer = "can not be read";
    if (sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE, vfs.name().c_str()) == SQLITE_OK &&
        sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, nullptr) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        answer = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

// Empty when every promise held, else the first that did not.
inline std::string broken(Journal& journal, const Ledger& ledger) {
    std::map<std::string, int> found;
    Query query;
    query.limit = 1'000'000;
    query.withBody = true;
    std::int64_t ready = 0, dead = 0;
    for (const Envelope& envelope : journal.list(query)) {
        ready += envelope.state == State::Ready;
        dead += envelope.state == State::Dead;
        if (envelope.body.starts_with("corrected ")) continue;
        if (ledger.sent.count(envelope.body) == 0) return "a row that nobody sent";
        if (++found[envelope.body] > 1) return "a delivery is there twice";
    }
    for (const auto& [body, id] : ledger.acknowledged) {
        const auto envelope = journal.find(id);
        if (!envelope) return "an acknowledged delivery is lost";
        if (envelope->body != body && !envelope->body.starts_with("corrected "))
            return "an acknowledged delivery changed";
        const auto again = journal::testing::append(journal, delivery(body));
        if (!again.ok() || !again->repeated || again->id != id)
            return "a repeat did not get the receipt of the first";
    }
    const auto cursor = journal.state("olx", "cursor");
    if (!ledger.cursor.empty() && (!cursor || std::stoi(*cursor) < std::stoi(ledger.cursor)))
        return "a cursor went back";
    if (cursor && journal.list({}).empty()) return "a cursor ran ahead of its deliveries";
    if (cursor && found.count(bodyOf(std::stoi(*cursor))) == 0) return "a cursor ran ahead of its deliveries";
    const Stats stats = journal.stats();
    if (stats.ready != ready || stats.dead != dead) return "the counters disagree with the rows";
    return "";
}

inline Options optionsOn(const FaultyVfs& vfs) {
    Options options;
    options.path = "/sim/journal.db";
    options.vfs = vfs.name();
    options.limits.windowRows = 5;
    options.checkpointFrames = 40;
    return options;
}

} // namespace trevo::crash
