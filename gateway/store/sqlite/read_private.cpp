// Reads for a person's own rights.
#include "store/sqlite/erasure.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/stored_body.hpp"

namespace trevo::store::sqlite {
namespace {

// A subject is an id, several with blanks or commas between, or a range: "p1 p2", "p1-p50,p60".
bool names(std::string_view subject, std::int64_t person) {
    while (!subject.empty()) {
        const std::size_t end = std::min(subject.find_first_of(" ,"), subject.size());
        const std::string_view part = subject.substr(0, end);
        subject.remove_prefix(std::min(end + 1, subject.size()));
        const std::size_t dash = std::min(part.find('-'), part.size());
        const auto first = numberOf(part.substr(0, dash), 'p');
        const auto last = dash < part.size() ? numberOf(part.substr(dash + 1), 'p') : first;
        if (first && last && *first <= person && person <= *last) return true;
    }
    return false;
}

} // namespace

std::optional<Erasure> SqliteReader::erasure(const std::string& person) {
    return planErasure(pool_.lease()->database, person);
}

privacy::Values SqliteReader::valuesIn(const Uuid& envelope) {
    const auto session = pool_.lease();
    privacy::Values values;
    Statement applied = session->database.prepare("SELECT records FROM applied WHERE envelope=?1");
    if (!applied.first(Blob{envelope.view()})) return values;
    Statement content = session->database.prepare("SELECT features, body FROM content WHERE id=?1");
    for (const Made& one : decodeMade(applied.view(0))) {
        if (!content.first(one.record)) continue;
        values.add(personalValues(content.view(1), decodeFeatures(content.view(0))));
        content.reset();
    }
    return values;
}

std::vector<AuditRow> SqliteReader::audit(const std::string& person) {
    std::vector<AuditRow> rows;
    const auto number = numberOf(person, 'p');
    if (!number) return rows;
    const auto session = pool_.lease();
    Statement row =
        session->database.prepare("SELECT at, actor, action, subject, reason FROM audit ORDER BY id");
    for (bool any = row.first(); any; any = row.next())
        if (names(row.view(3), *number))
            rows.push_back({row.time(0), row.text(1), row.text(2), row.text(3), row.text(4)});
    return rows;
}

} // namespace trevo::store::sqlite
