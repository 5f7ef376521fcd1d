#include "store/sqlite/tokens.hpp"

#include <sqlite3.h>

namespace trevo::store::sqlite {
namespace {

#define TREVO_TOKEN_COLUMNS "id, name, scopes, dealers, created, expires, revoked"

// Scopes and dealer ids hold no line end.
std::string lines(const std::vector<std::string>& values) {
    std::string text;
    for (const auto& value : values)
        text += value + "\n";
    return text;
}

std::vector<std::string> fromLines(std::string_view text) {
    std::vector<std::string> values;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        values.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return values;
}

Token tokenOf(const Statement& row) {
    Token token;
    token.id = row.text(0);
    token.name = row.text(1);
    token.scopes = fromLines(row.view(2));
    token.dealers = fromLines(row.view(3));
    token.createdAt = row.time(4);
    if (!row.isNull(5)) token.expiresAt = row.time(5);
    if (!row.isNull(6)) token.revokedAt = row.time(6);
    return token;
}

} // namespace

Tokens::Tokens(const Database& db)
    : insert_(db.prepare("INSERT INTO token(id, hash, name, scopes, dealers, created, expires, revoked) "
                         "VALUES (?1,?2,?3,?4,?5,?6,?7,?8)")),
      revoke_(db.prepare("UPDATE token SET revoked=?2 WHERE id=?1 AND revoked IS NULL")),
      audit_(db.prepare("INSERT INTO audit(at, actor, action, subject, reason) VALUES (?1,?2,?3,?4,?5)")),
      database_(db) {}

void Tokens::add(const Token& token, std::string_view sha256) {
    insert_.run(token.id, Blob{sha256}, token.name, lines(token.scopes), lines(token.dealers),
                token.createdAt, token.expiresAt, token.revokedAt);
}

bool Tokens::revoke(const std::string& id, UtcTime now) {
    revoke_.run(id, now);
    return sqlite3_changes64(database_.handle()) == 1;
}

void Tokens::audit(const Actor& actor, std::string_view action, std::string_view subject, UtcTime now) {
    audit_.run(now, actor.name, action, subject, actor.reason);
}

std::optional<Token> tokenByHash(const Database& database, std::string_view sha256) {
    Statement statement = database.prepare("SELECT " TREVO_TOKEN_COLUMNS " FROM token WHERE hash=?1");
    if (!statement.first(Blob{sha256})) return std::nullopt;
    return tokenOf(statement);
}

std::vector<Token> allTokens(const Database& database) {
    std::vector<Token> tokens;
    Statement statement = database.prepare("SELECT " TREVO_TOKEN_COLUMNS " FROM token ORDER BY created, id");
    for (bool row = statement.first(); row; row = statement.next())
        tokens.push_back(tokenOf(statement));
    return tokens;
}

} // namespace trevo::store::sqlite
