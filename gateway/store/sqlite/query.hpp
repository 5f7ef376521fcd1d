// A SELECT put together from conditions. Values are always bound; only our own texts and numbers are pasted.
#pragma once

#include "store/sqlite/database.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace trevo::store::sqlite {

class Query {
  public:
    using Value = std::variant<std::int64_t, std::string>;

    // Conditions are joined by AND; each '?' takes one value.
    Query& where(const std::string& condition, std::vector<Value> values = {});
    Query& whereOneOf(std::string_view column,
                      const std::vector<std::string>& names); // names of the name table
    Query& pointer(void* value, const char* type); // for the last '?' that where() left without a value

    // `tail`: ORDER BY and LIMIT, without values.
    Statement run(const Database& database, std::string_view select, std::string_view tail);

  private:
    struct Pointer {
        void* value;
        const char* type;
    };
    std::string conditions_;
    std::vector<std::variant<std::int64_t, std::string, Pointer>> values_;
};

inline constexpr std::string_view kNameNumber = "(SELECT id FROM name WHERE text=?)";

// Rows after the cursor, in the page's direction.
void applyPage(Query& query, std::string_view column, const Page& page);
// `computed`: sort what the conditions found instead of walking the table in order until enough matched.
std::string orderAndLimit(std::string_view column, const Page& page, bool computed);

} // namespace trevo::store::sqlite
