#include "store/sqlite/names.hpp"

#include <sqlite3.h>

namespace trevo::store::sqlite {

Names::Names(const Database& database)
    : find_(database.prepare("SELECT id FROM name WHERE text=?1")),
      insert_(database.prepare("INSERT INTO name(text) VALUES (?1)")),
      read_(database.prepare("SELECT text FROM name WHERE id=?1")),
      database_(database) {}

std::int64_t Names::number(std::string_view text) {
    const std::string key(text);
    if (const auto at = numbers_.find(key); at != numbers_.end()) return at->second;
    std::int64_t number = 0;
    if (find_.first(text)) {
        number = find_.integer(0);
        find_.reset();
    } else {
        insert_.run(text);
        number = sqlite3_last_insert_rowid(database_.handle());
    }
    numbers_.emplace(key, number);
    return number;
}

const std::string& Names::text(std::int64_t number) {
    static const std::string kNone;
    if (const auto at = texts_.find(number); at != texts_.end()) return at->second;
    if (!read_.first(number)) return kNone;
    const std::string& text = texts_.emplace(number, read_.text(0)).first->second;
    read_.reset();
    return text;
}

void Names::forget() {
    numbers_.clear();
    texts_.clear();
}

} // namespace trevo::store::sqlite
