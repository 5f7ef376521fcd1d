#include "api/query.hpp"

#include "base/hash.hpp"
#include "base/percent.hpp"
#include "base/suggest.hpp"

#include <algorithm>
#include <charconv>

namespace trevo::api {

namespace {

constexpr std::size_t kMaxText = 256; // of one value; the listener bounds the whole target

std::optional<std::int64_t> wholeNumber(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

// Empty when the value is of the parameter's type; else what was expected.
std::string mismatch(const Param& param, std::string_view value) {
    switch (param.type) {
    case Param::Type::Text:
        return value.size() <= kMaxText ? "" : "at most " + std::to_string(kMaxText) + " bytes";
    case Param::Type::Word:
        return std::find(param.words.begin(), param.words.end(), value) != param.words.end()
                   ? ""
                   : "one of " + joined(param.words);
    case Param::Type::Integer: {
        const auto number = wholeNumber(value);
        return number && *number >= param.min && *number <= param.max
                   ? ""
                   : "a whole number from " + std::to_string(param.min) + " to " + std::to_string(param.max);
    }
    case Param::Type::Time:
        return parseIsoTime(value, "UTC") ? "" : "a time such as 2026-11-22T10:00:00-03:00";
    case Param::Type::Flag: return value == "true" || value == "false" ? "" : "true or false";
    case Param::Type::Cursor: return decodeCursor(value) ? "" : "a cursor from the 'next' of a page";
    }
    return "";
}

} // namespace

Result<Query> Query::parse(std::string_view raw, const std::vector<Param>& params) {
    Query query;
    while (!raw.empty()) {
        const std::size_t end = std::min(raw.find('&'), raw.size());
        const std::string_view pair = raw.substr(0, end);
        raw.remove_prefix(std::min(end + 1, raw.size()));
        if (pair.empty()) continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const auto name = percentDecode(pair.substr(0, equals));
        const auto value = percentDecode(equals < pair.size() ? pair.substr(equals + 1) : "");
        if (!name || !value)
            return Problem{"bad_parameter", name.value_or(""), "", "The query is not percent-encoded UTF-8."};
        const auto param =
            std::find_if(params.begin(), params.end(), [&](const Param& p) { return p.name == *name; });
        if (param == params.end()) {
            std::vector<std::string> known;
            for (const auto& p : params)
                known.push_back(p.name);
            const std::string shown = name->substr(0, 40);
            return Problem{"unknown_parameter", shown, "query",
                           "No such parameter here" + suggestion(shown, known)};
        }
        if (query.has(*name))
            return Problem{"bad_parameter", *name, "query", "The parameter was given twice."};
        if (value->empty()) continue; // "?dealer=" filters nothing
        if (const std::string expected = mismatch(*param, *value); !expected.empty())
            return Problem{"bad_parameter", *name, "query", "Expected " + expected + "."};
        query.values_.emplace(*name, *value);
    }
    return query;
}

std::string Query::text(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string{} : found->second;
}

std::int64_t Query::integer(std::string_view name, std::int64_t fallback) const {
    return wholeNumber(text(name)).value_or(fallback);
}

std::optional<UtcTime> Query::time(std::string_view name) const {
    return has(name) ? parseIsoTime(text(name), "UTC") : std::nullopt;
}

bool Query::flag(std::string_view name) const {
    return text(name) == "true";
}

std::int64_t Query::cursor(std::string_view name) const {
    return decodeCursor(text(name)).value_or(0);
}

std::string Query::with(std::string_view name, std::string_view value) const {
    std::string out;
    for (const auto& [key, old] : values_)
        if (key != name) out += (out.empty() ? "" : "&") + percentEncode(key) + '=' + percentEncode(old);
    return out + (out.empty() ? "" : "&") + percentEncode(name) + '=' + percentEncode(value);
}

std::string encodeCursor(std::int64_t number) {
    std::string text = base64(std::to_string(number));
    while (!text.empty() && text.back() == '=')
        text.pop_back();
    return text; // digits only inside: neither '+' nor '/' can come out
}

std::optional<std::int64_t> decodeCursor(std::string_view cursor) {
    if (cursor.empty() || cursor.size() > 32) return std::nullopt;
    const auto digits = fromBase64(cursor);
    if (!digits) return std::nullopt;
    const auto number = wholeNumber(*digits);
    return number && *number >= 0 ? number : std::nullopt;
}

} // namespace trevo::api
