// The query string of a request against the parameters that its route declares.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::api {

struct Param {
    enum class Type { Text, Word, Integer, Time, Flag, Cursor };
    std::string name;
    Type type = Type::Text;
    std::string help;
    std::int64_t min = 0, max = 0;  // Integer
    std::vector<std::string> words; // Word
};

// Values that passed their parameter's check, still as text.
class Query {
  public:
    // The Problem names the parameter: unknown, given twice, or not of its type.
    static Result<Query> parse(std::string_view raw, const std::vector<Param>& params);

    bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
    std::string text(std::string_view name) const; // empty when absent
    std::int64_t integer(std::string_view name, std::int64_t fallback) const;
    std::optional<UtcTime> time(std::string_view name) const;
    bool flag(std::string_view name) const;
    std::int64_t cursor(std::string_view name) const; // 0 when absent

    // The same query with one value replaced, percent-encoded: the target of the next page.
    std::string with(std::string_view name, std::string_view value) const;

  private:
    std::map<std::string, std::string, std::less<>> values_;
};

// Opaque to callers: base64url of a row's number.
std::string encodeCursor(std::int64_t number);
std::optional<std::int64_t> decodeCursor(std::string_view cursor);

} // namespace trevo::api
