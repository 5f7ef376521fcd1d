#include "store/sqlite/records.hpp"

#include "base/hash.hpp"

#include <stdexcept>

namespace trevo::store::sqlite {
namespace {

#define TREVO_RECORD_COLUMNS                                                                                 \
    "id, kind, integration, dealer, external_id, envelope, mapping, received, occurred, updated, revision, " \
    "trial, "                                                                                                \
    "person, negotiation"

StoredRecord take(const Statement& row) {
    StoredRecord r;
    r.number = row.integer(0);
    r.kind = static_cast<model::Kind>(row.small(1));
    r.integration = row.integer(2);
    r.dealer = row.integer(3);
    r.externalId = row.text(4);
    r.envelope = Uuid::fromBytes(row.view(5)).value_or(Uuid{});
    r.mapping = row.integer(6);
    r.received = row.time(7);
    if (!row.isNull(8)) r.occurred = row.time(8);
    r.updated = row.time(9);
    r.revision = row.small(10);
    r.trial = row.integer(11) != 0;
    r.person = row.integer(12);
    r.negotiation = row.integer(13);
    return r;
}

std::optional<std::int64_t> orNull(std::int64_t number) {
    return number == 0 ? std::nullopt : std::optional(number);
}

} // namespace

std::int64_t externalHash(std::string_view externalId) {
    return static_cast<std::int64_t>(hash64(externalId));
}

Records::Records(const Database& db)
    : last_(db.prepare("SELECT max(id) FROM record")),
      insert_(db.prepare("INSERT INTO record(" TREVO_RECORD_COLUMNS
                         ") VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)")),
      insertContent_(db.prepare("INSERT INTO content(id, features, body) VALUES (?1,?2,?3)")),
      insertExternal_(db.prepare("INSERT INTO external(hash, record) VALUES (?1,?2)")),
      update_(db.prepare(
          "UPDATE record SET dealer=?2, envelope=?3, mapping=?4, occurred=?5, updated=?6, revision=?7 "
          "WHERE id=?1")),
      updateContent_(db.prepare("UPDATE content SET features=?2, body=?3 WHERE id=?1")),
      setFeatures_(db.prepare("UPDATE content SET features=?2 WHERE id=?1")),
      revision_(db.prepare(
          "INSERT INTO revision(record, revision, envelope, received, body) VALUES (?1,?2,?3,?4,?5)")),
      find_(db.prepare("SELECT " TREVO_RECORD_COLUMNS " FROM record WHERE id=?1")),
      external_(db.prepare(
          "SELECT " TREVO_RECORD_COLUMNS " FROM external JOIN record ON record.id=external.record "
          "WHERE external.hash=?1 AND kind=?2 AND integration=?3 AND external_id=?4 AND trial=?5")),
      content_(db.prepare("SELECT features, body FROM content WHERE id=?1")),
      features_(db.prepare("SELECT features FROM content WHERE id=?1")),
      ofPerson_(db.prepare("SELECT " TREVO_RECORD_COLUMNS " FROM record WHERE person=?1 ORDER BY id")),
      lastOfPerson_(db.prepare("SELECT max(id) FROM record WHERE person=?1")),
      movePerson_(db.prepare("UPDATE record SET person=?2 WHERE id=?1")),
      setNegotiation_(db.prepare("UPDATE record SET negotiation=?2 WHERE id=?1")),
      applied_(db.prepare("SELECT records FROM applied WHERE envelope=?1")),
      setApplied_(db.prepare("INSERT INTO applied(envelope, records) VALUES (?1,?2) "
                             "ON CONFLICT(envelope) DO UPDATE SET records=excluded.records")) {}

std::int64_t Records::last() {
    const std::int64_t number = last_.first() ? last_.integer(0) : 0;
    last_.reset();
    return number;
}

void Records::insert(const StoredRecord& r, std::string_view features, std::string_view body) {
    insert_.run(r.number, static_cast<int>(r.kind), r.integration, r.dealer, r.externalId,
                Blob{r.envelope.view()}, r.mapping, r.received, r.occurred, r.updated, r.revision, r.trial,
                orNull(r.person), orNull(r.negotiation));
    insertContent_.run(r.number, Blob{features}, body);
    if (!r.externalId.empty()) insertExternal_.run(externalHash(r.externalId), r.number);
}

void Records::update(const StoredRecord& r, std::string_view features, std::string_view body) {
    update_.run(r.number, r.dealer, Blob{r.envelope.view()}, r.mapping, r.occurred, r.updated, r.revision);
    updateContent_.run(r.number, Blob{features}, body);
}

void Records::keepRevision(const StoredRecord& r, std::string_view body) {
    revision_.run(r.number, r.revision, Blob{r.envelope.view()}, r.updated, body);
}

std::optional<StoredRecord> Records::find(std::int64_t number) {
    if (!find_.first(number)) return std::nullopt;
    StoredRecord record = take(find_);
    find_.reset();
    return record;
}

std::optional<StoredRecord> Records::findExternal(model::Kind kind, std::int64_t integration,
                                                  std::string_view externalId, bool trial) {
    if (!external_.first(externalHash(externalId), static_cast<int>(kind), integration, externalId, trial))
        return std::nullopt;
    StoredRecord record = take(external_);
    external_.reset();
    return record;
}

Content Records::content(std::int64_t number) {
    if (!content_.first(number)) throw std::runtime_error("the store has no content for " + recordId(number));
    Content content{decodeFeatures(content_.view(0)), content_.text(1)};
    content_.reset();
    return content;
}

match::Features Records::features(std::int64_t number) {
    if (!features_.first(number))
        throw std::runtime_error("the store has no content for " + recordId(number));
    match::Features features = decodeFeatures(features_.view(0));
    features_.reset();
    return features;
}

void Records::setFeatures(std::int64_t number, std::string_view encoded) {
    setFeatures_.run(number, Blob{encoded});
}

std::set<std::int64_t> Records::numbersOf(std::int64_t person) {
    std::set<std::int64_t> numbers;
    for (const auto& record : ofPerson(person))
        numbers.insert(record.number);
    return numbers;
}

std::vector<StoredRecord> Records::ofPerson(std::int64_t person) {
    std::vector<StoredRecord> records;
    for (bool row = ofPerson_.first(person); row; row = ofPerson_.next())
        records.push_back(take(ofPerson_));
    return records;
}

std::int64_t Records::lastOfPerson(std::int64_t person) {
    const std::int64_t number = lastOfPerson_.first(person) ? lastOfPerson_.integer(0) : 0;
    lastOfPerson_.reset();
    return number;
}

bool Records::alone(std::int64_t person) {
    if (!ofPerson_.first(person)) return false;
    const bool more = ofPerson_.next();
    ofPerson_.reset();
    return !more;
}

void Records::movePerson(std::int64_t record, std::int64_t person) {
    movePerson_.run(record, person);
}

void Records::setNegotiation(std::int64_t record, std::int64_t negotiation) {
    setNegotiation_.run(record, orNull(negotiation));
}

std::optional<std::vector<Made>> Records::applied(const Uuid& envelope) {
    if (!applied_.first(Blob{envelope.view()})) return std::nullopt;
    auto made = decodeMade(applied_.view(0));
    applied_.reset();
    return made;
}

void Records::setApplied(const Uuid& envelope, const std::vector<Made>& made) {
    const std::string bytes = encode(made);
    setApplied_.run(Blob{envelope.view()}, Blob{bytes});
}

} // namespace trevo::store::sqlite
