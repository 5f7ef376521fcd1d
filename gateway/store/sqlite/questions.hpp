// When possible matches are asked, answered, and answer themselves. Within the writer's transaction.
#pragma once

#include "store/sqlite/tables.hpp"

namespace trevo::store::sqlite {

class Questions {
  public:
    explicit Questions(Tables& tables) : tables_(tables) {}

    // A decision about the record was made. In doubt it becomes a question; otherwise the one that was open
    // about the record answers itself.
    void decided(const StoredRecord& record, const match::Decision& decision, UtcTime now);
    // The members of these people changed: what is no question any more closes.
    void membersChanged(const std::vector<std::int64_t>& people, UtcTime now);
    void answer(const StoredMatch& match, MatchState state, const Actor& actor, UtcTime now);

  private:
    Tables& tables_;
};

} // namespace trevo::store::sqlite
