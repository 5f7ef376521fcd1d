// A store in memory that filters as the real one promises to, and a daemon that does what it is told.
#pragma once

#include "api/api.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>

namespace trevo::api::test {

class FakeStore final : public store::Store, public store::Reader, public store::Writer {
  public:
    std::vector<store::RecordRow> recordRows;
    std::vector<store::PersonRow> personRows;
    std::vector<store::NegotiationRow> negotiationRows;
    std::vector<store::DecisionRow> decisionRows;
    std::vector<store::MatchRow> matchRows;
    std::vector<store::PinRow> pinRows;
    store::Edit lastEdit;
    std::vector<store::Erasure::Delivery> erasedDeliveries;
    std::map<std::string, store::Token> tokenRows; // by hash
    bool broken = false;
    int tokenReads = 0;

    void addEvent(std::string dealer, std::string subject = "r1") {
        const std::lock_guard lock(mutex_);
        eventRows_.push_back(
            {static_cast<std::int64_t>(eventRows_.size()) + 1, "record.created", {}, subject, dealer, "{}"});
    }

    store::Reader& reader() override { return *this; }
    store::Writer& writer() override { return *this; }
    void onEvents(std::function<void(std::int64_t)>) override {}
    void configure(const store::Options&) override {}

    std::vector<store::RecordRow> records(const store::Filter& f, const store::Page& page) override {
        if (broken) throw std::runtime_error("disk I/O error");
        return paged(recordRows, page, [&](const store::RecordRow& row) {
            return has(f.kind, row.kind) && has(f.integration, row.integration) &&
                   has(f.dealer, row.dealer) && has(f.person, row.person) &&
                   has(f.externalId, row.externalId) && allowed(f, row.dealer) &&
                   (!f.envelope || *f.envelope == row.envelope) && (!f.since || row.receivedAt >= *f.since) &&
                   (f.withTrials || !row.trial);
        });
    }
    std::optional<store::RecordRow> record(const std::string& id) override { return byId(recordRows, id); }
    std::vector<store::Revision> revisions(const std::string&) override {
        return {{1, Uuid{}, {}, R"({"kind":"lead","source":{"integration":"olx"}})"}};
    }
    std::vector<store::PersonRow> people(const store::Filter& f, const store::Page& page) override {
        return paged(personRows, page, [&](const store::PersonRow& row) {
            return has(f.person, row.id) &&
                   (!f.dealers || std::any_of(recordRows.begin(), recordRows.end(), [&](const auto& record) {
                       return record.person == row.id && allowed(f, record.dealer);
                   }));
        });
    }
    std::optional<store::Erasure> erasure(const std::string& id) override {
        if (!byId(personRows, id)) return std::nullopt;
        return store::Erasure{id, {id}, {"r1"}, erasedDeliveries, {}};
    }
    privacy::Values valuesIn(const Uuid&) override { return {}; }
    std::vector<store::AuditRow> audit(const std::string& id) override {
        return {{{}, "reader", "getPerson", id, ""}};
    }
    std::vector<store::PinRow> pins(const store::Filter& f) override {
        std::vector<store::PinRow> rows;
        for (const auto& pin : pinRows)
            if (pin.person == f.person) rows.push_back(pin);
        return rows;
    }
    std::vector<store::MatchRow> matches(const store::Filter& f, const store::Page& page) override {
        return paged(matchRows, page, [&](const store::MatchRow& row) {
            return has(f.subject, row.id) && has(f.state, row.state) && allowed(f, row.dealer);
        });
    }
    std::optional<store::PersonRow> person(const std::string& id) override { return byId(personRows, id); }
    std::vector<store::NegotiationRow> negotiations(const store::Filter& f,
                                                    const store::Page& page) override {
        return paged(negotiationRows, page, [&](const auto& row) { return allowed(f, row.dealer); });
    }
    std::optional<store::NegotiationRow> negotiation(const std::string& id) override {
        return byId(negotiationRows, id);
    }
    std::vector<store::DecisionRow> decisions(const std::string& id) override {
        std::vector<store::DecisionRow> found;
        for (const auto& row : decisionRows)
            if (row.record == id || row.person == id) found.push_back(row);
        return found;
    }
    std::vector<store::EventRow> events(std::int64_t after, int limit, const store::Filter& f) override {
        const std::lock_guard lock(mutex_);
        std::vector<store::EventRow> found;
        for (const auto& row : eventRows_)
            if (row.sequence > after && has(f.subject, row.subject) && allowed(f, row.dealer) &&
                static_cast<int>(found.size()) < limit)
                found.push_back(row);
        return found;
    }
    std::int64_t lastEvent() override {
        const std::lock_guard lock(mutex_);
        return static_cast<std::int64_t>(eventRows_.size());
    }
    std::optional<store::Token> tokenByHash(std::string_view hash) override {
        ++tokenReads;
        const auto found = tokenRows.find(std::string(hash));
        if (found == tokenRows.end()) return std::nullopt;
        return found->second;
    }
    std::vector<store::Token> tokens() override {
        std::vector<store::Token> all;
        for (const auto& [hash, token] : tokenRows)
            all.push_back(token);
        return all;
    }
    Counts counts() override { return {1, 2, 3}; }

    std::vector<store::EnvelopeResult> apply(std::span<const store::Incoming>, UtcTime) override {
        return {};
    }
    store::EnvelopeResult reapply(const store::Incoming&, UtcTime) override { return {}; }
    Result<std::string> merge(const std::string& keep, const std::string&, const store::Actor&,
                              UtcTime) override {
        return keep;
    }
    Result<std::vector<std::string>> unmerge(const std::string& id, const store::Actor&, UtcTime) override {
        return Problem{"nothing_to_undo", "", "", "Person " + id + " was never merged."};
    }
    Result<std::string> acceptMatch(const std::string&, const std::string& with, const store::Actor&,
                                    UtcTime) override {
        if (with.empty()) return Problem{"which_person", "/with", "", "name one"};
        return with;
    }
    Result<Done> rejectMatch(const std::string&, const std::string&, const store::Actor&, UtcTime) override {
        return Done{};
    }
    Result<std::string> edit(const std::string& id, const store::Edit& edit, const store::Actor&,
                             UtcTime) override {
        lastEdit = edit;
        return id;
    }
    Result<store::Erasure> erase(const std::string& id, UtcTime) override {
        if (auto found = erasure(id)) return std::move(*found);
        return Problem{"unknown_person", "/person", "", "nobody"};
    }
    bool compact(bool) override { return true; }
    void addToken(const store::Token& token, std::string_view hash) override {
        tokenRows[std::string(hash)] = token;
    }
    bool revokeToken(const std::string& id, UtcTime now) override {
        for (auto& [hash, token] : tokenRows)
            if (token.id == id && !token.revokedAt) return token.revokedAt = now, true;
        return false;
    }
    void audit(const store::Actor&, std::string_view, std::string_view, UtcTime) override {}

  private:
    static bool has(const std::string& wanted, const std::string& value) {
        return wanted.empty() || wanted == value;
    }
    static bool allowed(const store::Filter& f, const std::string& dealer) {
        return !f.dealers || std::find(f.dealers->begin(), f.dealers->end(), dealer) != f.dealers->end();
    }
    template <class Row, class Takes>
    static std::vector<Row> paged(const std::vector<Row>& rows, const store::Page& page, Takes takes) {
        std::vector<Row> sorted = rows, found;
        if (page.newestFirst) std::reverse(sorted.begin(), sorted.end());
        for (const Row& row : sorted) {
            const bool behind =
                page.after == 0 || (page.newestFirst ? row.number < page.after : row.number > page.after);
            if (behind && takes(row) && static_cast<int>(found.size()) < page.limit) found.push_back(row);
        }
        return found;
    }
    template <class Row>
    static std::optional<Row> byId(const std::vector<Row>& rows, const std::string& id) {
        for (const Row& row : rows)
            if (row.id == id) return row;
        return std::nullopt;
    }

    std::mutex mutex_;
    std::vector<store::EventRow> eventRows_;
};

class FakeDaemon final : public Operations {
  public:
    explicit FakeDaemon(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

    std::vector<std::string> audited; // "name action subject"
    std::vector<std::string> failures, reasons;
    std::vector<std::string> unready;

    Result<std::string> merge(const std::string& keep, const std::string& lose,
                              const store::Actor& actor) override {
        return store_.writer().merge(keep, lose, actor, clock_.now());
    }
    Result<std::vector<std::string>> unmerge(const std::string& person, const store::Actor& actor) override {
        return store_.writer().unmerge(person, actor, clock_.now());
    }
    Result<std::string> acceptMatch(const std::string& match, const std::string& with,
                                    const store::Actor& actor) override {
        return store_.writer().acceptMatch(match, with, actor, clock_.now());
    }
    Result<Done> rejectMatch(const std::string& match, const std::string& with,
                             const store::Actor& actor) override {
        return store_.writer().rejectMatch(match, with, actor, clock_.now());
    }
    Result<std::string> edit(const std::string& person, const store::Edit& edit,
                             const store::Actor& actor) override {
        reasons.push_back(actor.reason);
        return store_.writer().edit(person, edit, actor, clock_.now());
    }
    Result<ErasedPerson> erase(const std::string& person) override {
        auto erased = store_.writer().erase(person, clock_.now());
        if (!erased) return erased.error();
        return ErasedPerson{std::move(*erased), 1, 0, 0, {}};
    }
    void addToken(const store::Token& token, std::string_view hash) override {
        store_.writer().addToken(token, hash);
    }
    bool revokeToken(const std::string& id) override { return store_.writer().revokeToken(id, clock_.now()); }
    void audit(const store::Actor& actor, std::string_view action, std::string_view subject) override {
        audited.push_back(actor.name + ' ' + std::string(action) + ' ' + std::string(subject));
    }
    std::vector<IntegrationStatus> integrations() override {
        return {{"olx", "olx", "running", {"centro"}, "", std::nullopt, std::nullopt},
                {"adf", "adf", "running", {"centro", "sul"}, "late", std::nullopt, std::nullopt}};
    }
    Result<Done> pollNow(const std::string& id) override {
        return Problem{"does_not_poll", "", "", "the integration '" + id + "' does not poll"};
    }
    Result<Done> pause(const std::string&) override { return Done{}; }
    Result<Done> resume(const std::string& id) override {
        return Problem{"storage", "", "", "the journal takes nothing now, so " + id + " stays as it is"};
    }
    Result<std::vector<IntegrationCheck>> examine(const std::string&) override {
        return std::vector<IntegrationCheck>{
            {"log_in", "good", "", "the partner let us in", ""},
            {"list", "failed", "sul", "refused with 403", "ask for the profile"}};
    }
    Result<std::string> tryIntegration(const std::string&) override { return std::string("r-1"); }
    std::string versionJson() override { return R"({"version":"0.1.0"})"; }
    std::string metricsText() override { return "trevo_up 1\n"; }
    std::vector<std::string> unreadyReasons() override { return unready; }
    void failed(std::string_view operation, std::string_view what) override {
        failures.push_back(std::string(operation) + ' ' + std::string(what));
    }

  private:
    store::Store& store_;
    const Clock& clock_;
};

} // namespace trevo::api::test
