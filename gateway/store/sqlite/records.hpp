// The records as the writer sees them: rows, content, older revisions, external ids, applied envelopes.
#pragma once

#include "base/uuid.hpp"
#include "store/sqlite/codec.hpp"
#include "store/sqlite/database.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::store::sqlite {

struct StoredRecord {
    std::int64_t number = 0;
    model::Kind kind = model::Kind::Lead;
    std::int64_t integration = 0, dealer = 0; // names
    std::string externalId;
    Uuid envelope;
    std::int64_t mapping = 0; // name
    UtcTime received, updated;
    std::optional<UtcTime> occurred;
    int revision = 1;
    bool trial = false;
    std::int64_t person = 0, negotiation = 0; // 0: none

    UtcTime at() const { return occurred.value_or(received); } // when it happened, as far as known
};

struct Content {
    match::Features features;
    std::string body;
};

std::int64_t externalHash(std::string_view externalId);

class Records {
  public:
    explicit Records(const Database& database);

    std::int64_t last(); // the highest number in use
    void insert(const StoredRecord& record, std::string_view features, std::string_view body);
    void update(const StoredRecord& record, std::string_view features, std::string_view body);
    void keepRevision(const StoredRecord& record, std::string_view body);
    std::optional<StoredRecord> find(std::int64_t number);
    std::optional<StoredRecord> findExternal(model::Kind kind, std::int64_t integration,
                                             std::string_view externalId, bool trial);
    Content content(std::int64_t number);
    match::Features features(std::int64_t number); // without reading the body
    void setFeatures(std::int64_t number, std::string_view encoded);

    std::vector<StoredRecord> ofPerson(std::int64_t person); // in order of arrival
    std::set<std::int64_t> numbersOf(std::int64_t person);
    std::int64_t lastOfPerson(std::int64_t person);
    bool alone(std::int64_t person); // has one record
    void movePerson(std::int64_t record, std::int64_t person);
    void setNegotiation(std::int64_t record, std::int64_t negotiation);

    std::optional<std::vector<Made>> applied(const Uuid& envelope);
    void setApplied(const Uuid& envelope, const std::vector<Made>& made);

  private:
    Statement last_, insert_, insertContent_, insertExternal_, update_, updateContent_, setFeatures_,
        revision_, find_, external_, content_, features_, ofPerson_, lastOfPerson_, movePerson_,
        setNegotiation_, applied_, setApplied_;
};

} // namespace trevo::store::sqlite
