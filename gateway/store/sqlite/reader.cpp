#include "store/sqlite/reader.hpp"

#include "store/sqlite/codec.hpp"
#include "store/sqlite/decisions.hpp"
#include "store/sqlite/events.hpp"
#include "store/sqlite/records.hpp"
#include "store/sqlite/tokens.hpp"

#include <algorithm>
#include <set>

namespace trevo::store::sqlite {
namespace {

constexpr std::string_view kRecordSelect =
    "SELECT r.id, r.kind, r.integration, r.external_id, r.dealer, r.person, r.negotiation, r.envelope, "
    "r.received, "
    "coalesce(r.occurred, r.received), r.updated, r.revision, r.trial, c.body, d.of, d.refused, d.reason, "
    "c.features "
    "FROM record AS r CROSS JOIN content AS c ON c.id=r.id LEFT JOIN duplicate AS d ON d.record=r.id";

RecordRow takeRecord(const Statement& row, Names& names) {
    RecordRow r;
    r.number = row.integer(0);
    r.id = recordId(r.number);
    r.kind = model::name(static_cast<model::Kind>(row.small(1)));
    r.integration = names.text(row.integer(2));
    r.externalId = row.text(3);
    r.dealer = names.text(row.integer(4));
    if (!row.isNull(5)) r.person = personId(row.integer(5));
    if (!row.isNull(6)) r.negotiation = negotiationId(row.integer(6));
    r.envelope = Uuid::fromBytes(row.view(7)).value_or(Uuid{});
    r.receivedAt = row.time(8);
    r.occurredAt = row.time(9);
    r.updatedAt = row.time(10);
    r.revision = row.small(11);
    r.trial = row.integer(12) != 0;
    r.body = row.text(13);
    if (!row.isNull(14)) {
        r.duplicateOf = recordId(row.integer(14));
        r.refused = row.integer(15) != 0;
        r.duplicateReason = row.text(16);
    }
    r.disputedDocument = disputesDocument(row.view(17));
    return r;
}

std::string numberList(const std::vector<Made>& made) {
    std::string list;
    for (const auto& one : made)
        list += (list.empty() ? "" : ",") + std::to_string(one.record);
    return list;
}

std::optional<std::int64_t> typeOrKind(std::string_view kind) {
    const auto known = model::kindNamed(kind);
    return known ? std::optional(static_cast<std::int64_t>(*known)) : std::nullopt;
}

} // namespace

bool limitsRecords(const Filter& f) {
    return !f.kind.empty() || !f.integration.empty() || !f.dealer.empty() || f.dealers ||
           !f.externalId.empty() || f.envelope || f.since || f.until;
}

bool whereRecord(Query& query, const Filter& filter, ReadSession& session) {
    if (!filter.withTrials) query.where("r.trial=0");
    if (!filter.kind.empty()) {
        const auto kind = typeOrKind(filter.kind);
        if (!kind) return false;
        query.where("r.kind=?", {*kind});
    }
    const std::string nameNumber(kNameNumber);
    if (!filter.integration.empty()) query.where("r.integration=" + nameNumber, {filter.integration});
    if (!filter.dealer.empty()) query.where("r.dealer=" + nameNumber, {filter.dealer});
    if (filter.dealers) query.whereOneOf("r.dealer", *filter.dealers);
    if (!filter.externalId.empty())
        query.where("r.id IN (SELECT record FROM external WHERE hash=?) AND r.external_id=?",
                    {externalHash(filter.externalId), filter.externalId});
    if (filter.since) query.where("r.received>=?", {filter.since->micros});
    if (filter.until) query.where("r.received<?", {filter.until->micros});
    if (filter.envelope) {
        Statement applied = session.database.prepare("SELECT records FROM applied WHERE envelope=?1");
        if (!applied.first(Blob{filter.envelope->view()})) return false;
        query.where("r.id IN (" + numberList(decodeMade(applied.view(0))) + ")");
    }
    return true;
}

SqliteReader::SqliteReader(const Options& options) : pool_(options.path, options.vfs) {
    configure(options);
}

void SqliteReader::configure(const Options& options) {
    std::set<std::string> groups{"default"};
    for (const auto& dealer : options.dealers)
        groups.insert(dealer.group);
    auto fresh = std::make_shared<const Settings>(
        Settings{{groups.begin(), groups.end()}, options.matching.survivorship});
    const std::lock_guard lock(mutex_);
    settings_ = std::move(fresh);
}

std::shared_ptr<const SqliteReader::Settings> SqliteReader::settings() const {
    const std::lock_guard lock(mutex_);
    return settings_;
}

std::vector<std::int64_t> SqliteReader::groups(ReadSession& session) const {
    std::vector<std::int64_t> numbers;
    const auto known = settings();
    Statement find = session.database.prepare("SELECT id FROM name WHERE text=?1");
    for (const auto& name : known->groups) {
        if (!name.empty() && find.first(name)) numbers.push_back(find.integer(0));
    }
    return numbers;
}

std::vector<RecordRow> SqliteReader::records(const Filter& filter, const Page& page) {
    const auto session = pool_.lease();
    Query query;
    bool computed = !filter.externalId.empty() || filter.envelope.has_value();
    if (!whereRecord(query, filter, *session)) return {};
    if (filter.state == "accepted")
        query.where("d.record IS NULL");
    else if (!filter.state.empty())
        query.where("d.refused=?", {std::int64_t{filter.state == "refused"}});
    if (!filter.person.empty()) {
        const auto number = numberOf(filter.person, 'p');
        if (!number) return {};
        query.where(
            "r.person IN (WITH RECURSIVE chain(id) AS (SELECT ? UNION SELECT redirect FROM person JOIN chain "
            "ON person.id=chain.id WHERE redirect IS NOT NULL) SELECT id FROM chain)",
            {*number});
        computed = true;
    }
    if (!filter.negotiation.empty()) {
        const auto number = numberOf(filter.negotiation, 'n');
        if (!number) return {};
        query.where("r.person=(SELECT person FROM record WHERE id=?) AND r.negotiation=?",
                    {*number, *number});
        computed = true;
    }
    Search search;
    if (!filter.search.empty()) {
        search = understand(filter.search);
        query.where("(" + peopleCondition(search, "r.person", groups(*session)) +
                    " AND trevo_matches(c.features, ?))");
        query.pointer(&search, kSearchPointer);
        computed = true;
    }
    applyPage(query, "r.id", page);
    std::vector<RecordRow> rows;
    Statement statement = query.run(session->database, kRecordSelect, orderAndLimit("r.id", page, computed));
    while (statement.next())
        rows.push_back(takeRecord(statement, session->names));
    if (rows.empty() && !filter.search.empty() && filter.externalId.empty()) {
        Filter byId = filter;
        byId.search.clear();
        byId.externalId = search.externalId;
        Query external;
        if (!whereRecord(external, byId, *session)) return {};
        applyPage(external, "r.id", page);
        Statement found = external.run(session->database, kRecordSelect, orderAndLimit("r.id", page, true));
        while (found.next())
            rows.push_back(takeRecord(found, session->names));
    }
    return rows;
}

std::optional<RecordRow> SqliteReader::record(const std::string& id) {
    const auto number = numberOf(id, 'r');
    if (!number) return std::nullopt;
    const auto session = pool_.lease();
    Query query;
    query.where("r.id=?", {*number});
    Statement statement = query.run(session->database, kRecordSelect, "");
    if (!statement.next()) return std::nullopt;
    return takeRecord(statement, session->names);
}

std::vector<Revision> SqliteReader::revisions(const std::string& record) {
    const auto number = numberOf(record, 'r');
    if (!number) return {};
    const auto session = pool_.lease();
    std::vector<Revision> revisions;
    Statement statement = session->database.prepare(
        "SELECT revision, envelope, received, body FROM revision WHERE record=?1 UNION ALL "
        "SELECT revision, envelope, updated, body FROM record JOIN content USING (id) WHERE id=?1 ORDER BY "
        "1");
    for (bool row = statement.first(*number); row; row = statement.next())
        revisions.push_back({statement.small(0), Uuid::fromBytes(statement.view(1)).value_or(Uuid{}),
                             statement.time(2), statement.text(3)});
    return revisions;
}

std::vector<DecisionRow> SqliteReader::decisions(const std::string& id) {
    constexpr std::string_view kSelect =
        "SELECT id, kind, record, person, other, at, actor, reason, model, evidence FROM decision";
    const auto record = numberOf(id, 'r');
    const auto person = numberOf(id, 'p');
    if (!record && !person) return {};
    const auto session = pool_.lease();
    Query query;
    if (record) query.where("record=?", {*record});
    if (person)
        query.where(
            "id IN (SELECT id FROM decision WHERE record IN (SELECT id FROM record WHERE person=?) UNION "
            "SELECT id FROM decision WHERE kind<>0 AND person=? UNION SELECT id FROM decision WHERE other=?)",
            {*person, *person, *person});
    std::vector<DecisionRow> rows;
    Statement row = query.run(session->database, kSelect, "ORDER BY id");
    while (row.next()) {
        DecisionRow d;
        d.number = row.integer(0);
        d.kind = name(static_cast<DecisionKind>(row.small(1)));
        if (!row.isNull(2)) d.record = recordId(row.integer(2));
        d.person = personId(row.integer(3));
        if (!row.isNull(4)) d.other = personId(row.integer(4));
        d.at = row.time(5);
        d.actor = session->names.text(row.integer(6));
        d.reason = row.text(7);
        d.model = session->names.text(row.integer(8));
        d.evidence = row.text(9);
        rows.push_back(std::move(d));
    }
    return rows;
}

std::vector<EventRow> SqliteReader::events(std::int64_t after, int limit, const Filter& filter) {
    const auto session = pool_.lease();
    Query query;
    query.where("id>?", {after});
    if (!filter.dealer.empty()) query.where("dealer=" + std::string(kNameNumber), {filter.dealer});
    if (filter.dealers) query.whereOneOf("dealer", *filter.dealers);
    if (filter.since) query.where("at>=?", {filter.since->micros});
    if (filter.until) query.where("at<?", {filter.until->micros});
    if (!filter.subject.empty()) {
        const char prefix = filter.subject.front();
        const auto number = numberOf(filter.subject, prefix);
        std::string types;
        for (int type = 0; type < kEventTypes; ++type) {
            if (subjectPrefix(static_cast<EventType>(type)) != prefix) continue;
            types += (types.empty() ? "" : ",") + std::to_string(type);
        }
        if (!number || types.empty()) return {};
        query.where("subject=? AND type IN (" + types + ")", {*number});
    }
    std::vector<EventRow> rows;
    Statement row = query.run(session->database, "SELECT id, type, at, subject, dealer, data FROM event",
                              "ORDER BY id LIMIT " + std::to_string(std::clamp(limit, 0, 10'000)));
    while (row.next()) {
        const auto type = static_cast<EventType>(row.small(1));
        EventRow event;
        event.sequence = row.integer(0);
        event.type = name(type);
        event.at = row.time(2);
        event.subject = subjectPrefix(type) + std::to_string(row.integer(3));
        event.dealer = session->names.text(row.integer(4));
        event.data = row.text(5);
        rows.push_back(std::move(event));
    }
    return rows;
}

std::int64_t SqliteReader::lastEvent() {
    return pool_.lease()->database.number("SELECT max(id) FROM event");
}

std::optional<Token> SqliteReader::tokenByHash(std::string_view sha256) {
    return sqlite::tokenByHash(pool_.lease()->database, sha256);
}

std::vector<Token> SqliteReader::tokens() {
    return allTokens(pool_.lease()->database);
}

Reader::Counts SqliteReader::counts() {
    const auto session = pool_.lease();
    Statement row = session->database.prepare("SELECT records, people, negotiations FROM counter WHERE id=1");
    if (!row.first()) return {};
    return {row.integer(0), row.integer(1), row.integer(2)};
}

} // namespace trevo::store::sqlite
