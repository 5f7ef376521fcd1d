#include "store/sqlite/tombstones.hpp"

#include "base/hash.hpp"

namespace trevo::store::sqlite {
namespace {

constexpr std::size_t kDigestBytes = 16;

std::string recordText(std::string_view integration, int kind, std::string_view externalId) {
    std::string text(integration);
    text += '\0';
    text += std::to_string(kind);
    text += '\0';
    text += externalId;
    return text;
}

std::string partText(std::string_view envelope, std::size_t place) {
    return std::string(envelope) + std::to_string(place);
}

} // namespace

Tombstones::Tombstones(const Database& db, std::string key)
    : key_(std::move(key)),
      find_(db.prepare("SELECT 1 FROM tombstone WHERE digest=?1")),
      insert_(db.prepare("INSERT OR IGNORE INTO tombstone(digest, at) VALUES (?1,?2)")),
      any_(db.number("SELECT 1 FROM tombstone LIMIT 1") == 1) {}

std::string Tombstones::digest(std::string_view sort, std::string_view text) const {
    std::string message(sort);
    message += '\0';
    message += text;
    return std::string(asView(hmacSha256(key_, message)).substr(0, kDigestBytes));
}

bool Tombstones::has(const std::string& digest) {
    const bool held = find_.first(Blob{digest});
    find_.reset();
    return held;
}

void Tombstones::putRecord(std::string_view integration, int kind, std::string_view externalId, UtcTime now) {
    if (externalId.empty()) return;
    insert_.run(Blob{digest("record", recordText(integration, kind, externalId))}, now);
    any_ = true;
}

void Tombstones::putBody(std::string_view body, UtcTime now) {
    insert_.run(Blob{digest("body", body)}, now);
    any_ = true;
}

void Tombstones::putPart(std::string_view envelope, std::size_t place, UtcTime now) {
    insert_.run(Blob{digest("part", partText(envelope, place))}, now);
    any_ = true;
}

bool Tombstones::holds(std::string_view integration, int kind, std::string_view externalId,
                       std::string_view body, std::string_view envelope, std::size_t place) {
    if (!any_ || !ready()) return false;
    return (!externalId.empty() && has(digest("record", recordText(integration, kind, externalId)))) ||
           has(digest("body", body)) || has(digest("part", partText(envelope, place)));
}

} // namespace trevo::store::sqlite
