// Access tokens and the audit trail, on the writer's connection; tokens are read on any.
#pragma once

#include "store/sqlite/database.hpp"
#include "store/store.hpp"

namespace trevo::store::sqlite {

class Tokens {
  public:
    explicit Tokens(const Database& database);

    void add(const Token& token, std::string_view sha256);
    bool revoke(const std::string& id, UtcTime now); // false: unknown or revoked before
    void audit(const Actor& actor, std::string_view action, std::string_view subject, UtcTime now);

  private:
    Statement insert_, revoke_, audit_;
    const Database& database_;
};

std::optional<Token> tokenByHash(const Database& database, std::string_view sha256);
std::vector<Token> allTokens(const Database& database); // oldest first

} // namespace trevo::store::sqlite
