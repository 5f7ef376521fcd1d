#include "journal/erasure.hpp"

namespace trevo::journal {

std::optional<std::int64_t> seqOf(Table& table, const Uuid& id) {
    Statement find(table.database().handle(), "SELECT seq FROM envelope WHERE id = ?");
    if (!find.first(Blob{id.view()})) return std::nullopt;
    return find.integer(0);
}

bool emptyDelivery(Table& table, const Uuid& id, UtcTime now, Effects& effects) {
    Statement find(table.database().handle(), "SELECT seq, state FROM envelope WHERE id = ?");
    if (!find.first(Blob{id.view()})) return false;
    const std::int64_t seq = find.integer(0);
    const auto state = static_cast<State>(find.integer(1));
    find.reset();
    if (state == State::Ready) return false;
    Statement(table.database().handle(), "DELETE FROM content WHERE seq = ?").run(seq);
    const bool held = table.database().changes() > 0;
    if (state == State::Dead) {
        Statement(table.database().handle(), "UPDATE envelope SET state = 3, at = ? WHERE seq = ?")
            .run(now.micros, seq);
        --effects.counters.dead;
    }
    return held;
}

bool overwriteDelivery(Table& table, std::int64_t seq, const privacy::Mask& mask) {
    Statement read(table.database().handle(),
                   "SELECT c.meta, c.body FROM content c JOIN envelope e ON e.seq = c.seq "
                   "WHERE c.seq = ? AND e.state <> 0");
    if (!read.first(seq)) return false;
    std::string meta = read.text(0), body = read.text(1);
    read.reset();
    const bool inMeta = mask.apply(meta), inBody = mask.apply(body);
    if (!inMeta && !inBody) return false;
    Statement(table.database().handle(), "UPDATE content SET meta = ?, body = ? WHERE seq = ?")
        .run(meta, Blob{body}, seq);
    return true;
}

} // namespace trevo::journal
