#include "store/sqlite/events.hpp"

namespace trevo::store::sqlite {

std::string_view name(EventType type) {
    switch (type) {
    case EventType::RecordCreated: return "record.created";
    case EventType::RecordUpdated: return "record.updated";
    case EventType::PersonCreated: return "person.created";
    case EventType::PersonChanged: return "person.changed";
    case EventType::PersonMerged: return "person.merged";
    case EventType::PersonSplit: return "person.split";
    case EventType::NegotiationOpened: return "negotiation.opened";
    case EventType::NegotiationChanged: return "negotiation.changed";
    case EventType::NegotiationMoved: return "negotiation.moved";
    case EventType::NegotiationClosed: return "negotiation.closed";
    case EventType::RecordMoved: return "record.moved";
    case EventType::MatchOpened: return "match.opened";
    case EventType::MatchClosed: return "match.closed";
    case EventType::RecordDuplicate: return "record.duplicate";
    case EventType::PersonErased: return "person.erased";
    }
    return "record.updated";
}

char subjectPrefix(EventType type) {
    const std::string_view text = name(type);
    return text.front(); // record, person, negotiation, match
}

Events::Events(const Database& db)
    : last_(db.prepare("SELECT max(id) FROM event")),
      insert_(db.prepare("INSERT INTO event(type, at, subject, dealer, data) VALUES (?1,?2,?3,?4,?5)")) {}

std::int64_t Events::last() {
    const std::int64_t sequence = last_.first() ? last_.integer(0) : 0;
    last_.reset();
    return sequence;
}

void Events::add(EventType type, UtcTime at, std::int64_t subject, std::int64_t dealer,
                 std::string_view data) {
    insert_.run(static_cast<int>(type), at, subject, dealer, data);
}

} // namespace trevo::store::sqlite
