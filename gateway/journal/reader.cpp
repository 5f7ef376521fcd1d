#include "journal/reader.hpp"

#include <limits>

namespace trevo::journal {

Reader::Reader(const Options& options)
    : database_(options.path, options.vfs),
      find_(database_.handle(), selectEnvelope(true) + "WHERE e.id = ?"),
      children_(database_.handle(), selectEnvelope(true) + "WHERE e.parent = ? ORDER BY e.seq"),
      state_(database_.handle(), "SELECT value FROM state WHERE integration = ? AND key = ?"),
      oldest_(database_.handle(), "SELECT received_at FROM envelope WHERE seq = "
                                  "(SELECT min(seq) FROM envelope INDEXED BY ready WHERE state = 0)") {
    database_.run("PRAGMA query_only = 1");
    database_.run("PRAGMA cache_size = -2000");
}

std::optional<Envelope> Reader::find(const Uuid& id) {
    const std::lock_guard lock(mutex_);
    find_.start(Blob{id.view()});
    if (!find_.next()) return std::nullopt;
    Envelope envelope = envelopeOf(find_);
    find_.reset();
    return envelope;
}

std::vector<Envelope> Reader::children(const Uuid& parent) {
    const std::lock_guard lock(mutex_);
    std::vector<Envelope> found;
    children_.start(Blob{parent.view()});
    while (children_.next())
        found.push_back(envelopeOf(children_));
    return found;
}

std::vector<Envelope> Reader::list(const Query& query) {
    std::string sql = selectEnvelope(query.withBody) + "WHERE e.seq < ?";
    if (query.state)
        sql +=
            " AND e.state = " + std::to_string(static_cast<int>(*query.state)); // lets the dead index serve
    if (!query.integration.empty()) sql += " AND e.source IN (SELECT id FROM source WHERE integration = ?3)";
    sql += " ORDER BY e.seq DESC LIMIT ?2";

    const std::lock_guard lock(mutex_);
    Statement statement(database_.handle(), sql);
    const std::int64_t before =
        query.beforeSeq > 0 ? query.beforeSeq : std::numeric_limits<std::int64_t>::max();
    if (query.integration.empty())
        statement.start(before, query.limit);
    else
        statement.start(before, query.limit, query.integration);
    std::vector<Envelope> found;
    while (statement.next())
        found.push_back(envelopeOf(statement));
    return found;
}

std::optional<std::string> Reader::state(const std::string& integration, const std::string& key) {
    const std::lock_guard lock(mutex_);
    state_.start(integration, key);
    if (!state_.next()) return std::nullopt;
    std::string value = state_.text(0);
    state_.reset();
    return value;
}

std::vector<Reader::Place> Reader::mayHold(const privacy::Mask& mask, std::int64_t& afterSeq, int limit) {
    const std::lock_guard lock(mutex_);
    Statement rows(database_.handle(),
                   "SELECT c.seq, c.meta, c.body, e.id FROM content c JOIN envelope e ON e.seq = c.seq "
                   "WHERE c.seq > ? AND e.state <> 0 ORDER BY c.seq LIMIT ?");
    std::vector<Place> found;
    rows.start(afterSeq, limit);
    while (rows.next()) {
        afterSeq = rows.integer(0);
        // A body that was corrected by hand left its first bytes in meta, in base64.
        const bool corrected = rows.view(1).find("original_body_base64") != std::string_view::npos;
        if (corrected || mask.mayHold(rows.view(1)) || mask.mayHold(rows.view(2)))
            found.push_back({afterSeq, Uuid::fromBytes(rows.view(3)).value_or(Uuid{})});
    }
    return found;
}

std::optional<UtcTime> Reader::oldestReady(UtcTime now) {
    const std::lock_guard lock(mutex_);
    if (oldestReadAt_.micros != 0 && now >= oldestReadAt_ && now - oldestReadAt_ < kSecond)
        return oldestReady_;
    oldestReadAt_ = now;
    oldestReady_.reset();
    oldest_.start();
    if (oldest_.next()) {
        oldestReady_ = UtcTime{oldest_.integer(0)};
        oldest_.reset();
    }
    return oldestReady_;
}

} // namespace trevo::journal
