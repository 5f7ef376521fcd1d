#include "canonical/read.hpp"

#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "canonical/reader.hpp"
#include "canonical/syntax.hpp"

#include <simdjson.h>

namespace trevo::canonical {

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kLargest = 16U << 20;
constexpr std::size_t kKeptCapacity =
    1U << 20; // a parser that once met a larger record is not kept at that size
constexpr std::size_t kDeepest = 32;

Problem syntaxProblem(std::string_view json, simdjson::error_code error) {
    switch (error) {
    case simdjson::DEPTH_ERROR: return {"too_deep", "", "", "the record nests more than 32 levels deep"};
    case simdjson::CAPACITY: return {"too_large", "", "", "the record is larger than 16 MB"};
    case simdjson::UTF8_ERROR:
        return {"not_utf8", "", placeOfByte(json, std::min(invalidUtf8At(json), json.size())),
                "the text is not UTF-8"};
    case simdjson::NUMBER_ERROR:
        return {"malformed_json", "", placeOfSyntaxError(json),
                "a number is malformed or has too many digits"};
    case simdjson::EMPTY: return {"malformed_json", "", "line 1, column 1", "there is no JSON value"};
    default: return {"malformed_json", "", placeOfSyntaxError(json), simdjson::error_message(error)};
    }
}

} // namespace

Result<model::Record, Problems> read(std::string_view json, const Context& context) {
    if (json.size() > kLargest) return Problems{syntaxProblem(json, simdjson::CAPACITY)};
    thread_local dom::parser parser(kLargest);
    if (parser.max_depth() != kDeepest || parser.capacity() > kKeptCapacity) {
        if (const auto error = parser.allocate(kKeptCapacity / 16, kDeepest))
            return Problems{syntaxProblem(json, error)};
    }
    auto parsed = parser.parse(json.data(), json.size());
    if (parsed.error() == simdjson::NUMBER_ERROR && placeOfSyntaxError(json).empty())
        parsed = parser.parse(withLongNumbersAsText(json));
    if (parsed.error()) return Problems{syntaxProblem(json, parsed.error())};
    dom::object root;
    if (parsed.get(root)) return Problems{{"not_an_object", "", "", "a record is one JSON object"}};

    model::Record record;
    Problems problems;
    Reader(context, record, problems).read(root);
    if (!problems.empty()) return problems;
    return record;
}

} // namespace trevo::canonical
