// The change feed. The sequence has no gaps: rows are only ever added, by one writer, in transactions.
#pragma once

#include "store/sqlite/database.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace trevo::store::sqlite {

enum class EventType : int {
    RecordCreated = 0,
    RecordUpdated = 1,
    PersonCreated = 2,
    PersonChanged = 3,
    PersonMerged = 4,
    PersonSplit = 5,
    NegotiationOpened = 6,
    NegotiationChanged = 7,
    NegotiationMoved = 8,
    NegotiationClosed = 9,
    RecordMoved = 10,
    MatchOpened = 11,
    MatchClosed = 12,
    RecordDuplicate = 13,
    PersonErased = 14,
};
inline constexpr int kEventTypes = 15;
std::string_view name(EventType type);
char subjectPrefix(EventType type); // 'r', 'p', 'n' or 'm'

class Events {
  public:
    explicit Events(const Database& database);

    std::int64_t last();
    // `data` is a JSON object; `dealer` a name.
    void add(EventType type, UtcTime at, std::int64_t subject, std::int64_t dealer, std::string_view data);

  private:
    Statement last_, insert_;
};

} // namespace trevo::store::sqlite
