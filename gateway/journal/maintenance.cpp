#include "journal/maintenance.hpp"

#include "base/hash.hpp"

#include <algorithm>

namespace trevo::journal {

namespace {

struct Row {
    std::int64_t seq, size;
    State state;
    bool hasContent;
};

std::optional<Row> rowOf(Table& table, const Uuid& id) {
    Statement find(table.database().handle(),
                   "SELECT seq, size, state, EXISTS (SELECT 1 FROM content c WHERE c.seq = e.seq) "
                   "FROM envelope e WHERE id = ?");
    find.start(Blob{id.view()});
    if (!find.next()) return std::nullopt;
    return Row{find.integer(0), find.integer(1), static_cast<State>(find.integer(2)), find.integer(3) != 0};
}

void makeReady(Table& table, const Row& row, std::int64_t size, UtcTime now, Effects& effects) {
    Statement update(table.database().handle(),
                     "UPDATE envelope SET state = 0, attempt = 0, at = ?, owner = 0, size = ? WHERE seq = ?");
    update.run(now.micros, size, row.seq);
    if (row.state == State::Dead) --effects.counters.dead;
    ++effects.counters.ready;
    effects.counters.readyBytes += size;
    effects.due(now);
}

std::int64_t replaceBody(Table& table, std::int64_t seq, const std::string& body) {
    std::string original;
    {
        Statement read(table.database().handle(), "SELECT body FROM content WHERE seq = ?");
        read.start(seq);
        if (read.next()) original = base64(read.view(0));
    }
    // json_insert keeps what is there: a second correction does not hide what the sender really sent.
    Statement update(table.database().handle(),
                     "UPDATE content SET meta = json_insert(CASE WHEN json_valid(meta) THEN meta ELSE "
                     "json_object('meta', meta) END, '$.original_body_base64', ?), body = ? WHERE seq = ?");
    update.run(original, Blob{body}, seq);
    Statement measure(table.database().handle(),
                      "SELECT length(body) + length(CAST(meta AS BLOB)) FROM content WHERE seq = ?");
    measure.start(seq);
    return measure.next() ? measure.integer(0) : 0;
}

} // namespace

bool retryDead(Table& table, const Uuid& id, const std::optional<std::string>& body, UtcTime now,
               Effects& effects) {
    const auto row = rowOf(table, id);
    if (!row || row->state != State::Dead || !row->hasContent) return false;
    makeReady(table, *row, body ? replaceBody(table, row->seq, *body) : row->size, now, effects);
    return true;
}

bool dropDead(Table& table, const Uuid& id, UtcTime now, Effects& effects) {
    const auto row = rowOf(table, id);
    if (!row || row->state != State::Dead) return false;
    Statement update(table.database().handle(), "UPDATE envelope SET state = 3, at = ? WHERE seq = ?");
    update.run(now.micros, row->seq);
    --effects.counters.dead;
    return true;
}

bool replay(Table& table, const Uuid& id, UtcTime now, Effects& effects) {
    const auto row = rowOf(table, id);
    if (!row || (row->state != State::Done && row->state != State::Dead) || !row->hasContent) return false;
    makeReady(table, *row, row->size, now, effects);
    Statement mark(table.database().handle(), "UPDATE envelope SET replay = 1 WHERE seq = ?");
    mark.run(row->seq);
    return true;
}

SweptPage sweepPage(Table& table, const Retention& retention, std::int64_t afterSeq, UtcTime now,
                    Effects& effects) {
    const std::int64_t doneBefore = now.micros - retention.keepDone;
    const std::int64_t deadBefore = now.micros - retention.keepDead;
    const std::int64_t newest = table.database().number("SELECT max(seq) FROM envelope");
    struct Old {
        std::int64_t seq;
        bool dead, keyRuns;
    };
    std::vector<Old> old;
    SweptPage page{0, afterSeq, false};
    int seen = 0;
    bool anyOld = false; // rows come in the order of their receipt: a page without an old one ends the walk
    {
        Statement rows(table.database().handle(),
                       "SELECT seq, state, at, received_at, key IS NOT NULL AND key_until > ? "
                       "FROM envelope WHERE seq > ? ORDER BY seq LIMIT ?");
        rows.start(now.micros, afterSeq, retention.batchRows);
        while (rows.next()) {
            ++seen;
            page.lastSeq = rows.integer(0);
            anyOld = anyOld || rows.integer(3) <= std::max(doneBefore, deadBefore);
            const auto state = static_cast<State>(rows.integer(1));
            if (state == State::Ready || page.lastSeq == newest) continue;
            const bool dead = state == State::Dead;
            if (rows.integer(2) > (dead ? deadBefore : doneBefore)) continue;
            old.push_back({page.lastSeq, dead, rows.integer(4) != 0});
        }
    }
    page.finished = seen < retention.batchRows || !anyOld;

    // done | dead | dropped -> gone
    Statement envelope(table.database().handle(), "DELETE FROM envelope WHERE seq = ?");
    Statement reason(table.database().handle(), "DELETE FROM reason WHERE seq = ?");
    Statement content(table.database().handle(), "DELETE FROM content WHERE seq = ?");
    for (const Old& row : old) {
        content.run(row.seq);
        if (row.keyRuns) continue;
        envelope.run(row.seq);
        reason.run(row.seq);
        if (row.dead) --effects.counters.dead;
        ++page.removed;
    }
    return page;
}

} // namespace trevo::journal
