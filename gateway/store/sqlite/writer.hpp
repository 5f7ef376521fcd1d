// The only connection that writes: transactions around what applier, corrections and tokens do.
#pragma once

#include "store/sqlite/edits.hpp"
#include "store/sqlite/erasure.hpp"
#include "store/sqlite/reviews.hpp"

#include <functional>

namespace trevo::store::sqlite {

class SqliteWriter final : public Writer {
  public:
    explicit SqliteWriter(const Options& options); // opens, creates, migrates

    std::vector<EnvelopeResult> apply(std::span<const Incoming> batch, UtcTime now) override;
    EnvelopeResult reapply(const Incoming& incoming, UtcTime now) override;
    Result<std::string> merge(const std::string& keep, const std::string& lose, const Actor& actor,
                              UtcTime now) override;
    Result<std::vector<std::string>> unmerge(const std::string& person, const Actor& actor,
                                             UtcTime now) override;
    Result<std::string> acceptMatch(const std::string& match, const std::string& with, const Actor& actor,
                                    UtcTime now) override;
    Result<Done> rejectMatch(const std::string& match, const std::string& with, const Actor& actor,
                             UtcTime now) override;
    Result<std::string> edit(const std::string& person, const Edit& edit, const Actor& actor,
                             UtcTime now) override;
    Result<Erasure> erase(const std::string& person, UtcTime now) override;
    bool compact(bool rebuild) override;
    void addToken(const Token& token, std::string_view sha256) override;
    bool revokeToken(const std::string& id, UtcTime now) override;
    void audit(const Actor& actor, std::string_view action, std::string_view subject, UtcTime now) override;

    void configure(const Options& options) { applier_.configure(options); }
    void onEvents(std::function<void(std::int64_t)> listener) { listener_ = std::move(listener); }

  private:
    // Runs `work` in one transaction and tells of new events. When it throws, nothing of it stays.
    template <class Work>
    auto inTransaction(Work work);
    void begin();
    void commit();
    EnvelopeResult applyOne(const Incoming& incoming, bool replay, UtcTime now);

    Database database_;
    Tables tables_;
    Applier applier_;
    Corrections corrections_;
    Reviews reviews_;
    Erasures erasures_;
    Edits edits_;
    Statement begin_, commit_, readCounts_, writeCounts_;
    bool figuresKnown_ = false;
    std::int64_t told_ = 0; // the last event that the listener knows of
    Reader::Counts written_;
    std::function<void(std::int64_t)> listener_;
};

} // namespace trevo::store::sqlite
