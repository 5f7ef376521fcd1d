// A human's answers to possible matches, within the writer's transaction.
#pragma once

#include "store/sqlite/corrections.hpp"

namespace trevo::store::sqlite {

class Reviews {
  public:
    Reviews(Tables& tables, Applier& applier, Corrections& corrections)
        : tables_(tables), applier_(applier), corrections_(corrections) {}

    // Both take the id of an open match. `with` names one of its candidates; empty is the only one there is
    // (accept), or all of them (reject).
    //
    // Accepted: the record's person is merged into the candidate; a record that was given to a person only
    // for the time being goes alone. Returns the id of the person that the record belongs to now.
    Result<std::string> accept(const std::string& match, const std::string& with, const Actor& actor,
                               UtcTime now);
    // Rejected: what either side holds now is never linked to the other again.
    Result<Done> reject(const std::string& match, const std::string& with, const Actor& actor, UtcTime now);

  private:
    struct Question {
        StoredMatch match;
        StoredRecord record;
        std::vector<std::int64_t> candidates; // resolved, without the record's own person
        bool provisional = false;             // the record was given to one of several for the time being
    };
    Result<Question> open(const std::string& match);
    Result<std::int64_t> chosen(const Question& question, const std::string& with);
    void decided(DecisionKind kind, const Question& question, std::int64_t other, const Actor& actor,
                 UtcTime now);

    Tables& tables_;
    Applier& applier_;
    Corrections& corrections_;
};

} // namespace trevo::store::sqlite
