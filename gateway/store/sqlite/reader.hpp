// Reads. Whatever the filter's `dealers` does not allow is not there: not listed, not found, not counted, and
// no part of a golden record.
#pragma once

#include "store/sqlite/query.hpp"
#include "store/sqlite/read_pool.hpp"
#include "store/sqlite/search.hpp"

#include <memory>
#include <mutex>

namespace trevo::store::sqlite {

class SqliteReader final : public Reader {
  public:
    explicit SqliteReader(const Options& options);
    void configure(const Options& options); // thread-safe

    std::vector<RecordRow> records(const Filter& filter, const Page& page) override;
    std::optional<RecordRow> record(const std::string& id) override;
    std::vector<Revision> revisions(const std::string& record) override;
    std::vector<PersonRow> people(const Filter& filter, const Page& page) override;
    std::optional<PersonRow> person(const std::string& id) override;
    std::vector<NegotiationRow> negotiations(const Filter& filter, const Page& page) override;
    std::optional<NegotiationRow> negotiation(const std::string& id) override;
    std::vector<DecisionRow> decisions(const std::string& recordOrPerson) override;
    std::vector<PinRow> pins(const Filter& filter) override;
    std::vector<MatchRow> matches(const Filter& filter, const Page& page) override;
    std::optional<Erasure> erasure(const std::string& person) override;
    privacy::Values valuesIn(const Uuid& envelope) override;
    std::vector<AuditRow> audit(const std::string& person) override;
    std::vector<EventRow> events(std::int64_t after, int limit, const Filter& filter) override;
    std::int64_t lastEvent() override;
    std::optional<Token> tokenByHash(std::string_view sha256) override;
    std::vector<Token> tokens() override;
    Counts counts() override;

  private:
    struct Settings {
        std::vector<std::string> groups;
        match::Survivorship survivorship;
    };
    std::shared_ptr<const Settings> settings() const;
    std::vector<std::int64_t> groups(ReadSession& session) const;

    ReadPool pool_;
    mutable std::mutex mutex_;
    std::shared_ptr<const Settings> settings_; // under mutex_; what is handed out stays as it is
};

// The conditions of a filter on record `r` that do not search: what it is, whose, when, and what the caller
// may see. False when nothing can match.
bool whereRecord(Query& query, const Filter& filter, ReadSession& session);
bool limitsRecords(const Filter& filter); // whether whereRecord adds anything but the trial's absence

} // namespace trevo::store::sqlite
