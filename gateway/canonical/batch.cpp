#include "canonical/batch.hpp"

#include "base/utf8.hpp"
#include "canonical/syntax.hpp"

#include <simdjson.h>

namespace trevo::canonical {

namespace {

using Items = std::vector<BatchItem>;
namespace ondemand = simdjson::ondemand;

Problem malformed(std::string place, std::string detail) {
    return {"malformed_json", "", std::move(place), std::move(detail)};
}

Problem tooMany() {
    return {"too_many_records", "", "", "at most " + std::to_string(kMaxBatch) + " records a request"};
}

Result<Items, Problem> splitLines(std::string_view body) {
    Items items;
    std::size_t line = 0;
    while (!body.empty()) {
        const auto end = body.find('\n');
        const auto text = trimAscii(body.substr(0, end));
        ++line;
        if (!text.empty()) items.push_back({text, line, 0});
        if (items.size() > kMaxBatch) return tooMany();
        body = end == std::string_view::npos ? std::string_view() : body.substr(end + 1);
    }
    if (items.empty()) return malformed("", "the body holds no record");
    return items;
}

simdjson::error_code rawOf(ondemand::value value, std::string_view& raw) {
    ondemand::json_type kind;
    if (const auto failed = value.type().get(kind)) return failed;
    if (kind != ondemand::json_type::object) {
        raw = value.raw_json_token();
        return simdjson::SUCCESS;
    }
    ondemand::object object;
    if (const auto failed = value.get_object().get(object)) return failed;
    return object.raw_json().get(raw);
}

Result<Items, Problem> splitArray(std::string_view text, int maxDepth) {
    Items items;
    ondemand::parser parser;
    const simdjson::padded_string padded(text);
    ondemand::document document;
    ondemand::array array;
    auto failed = parser.allocate(text.size(), static_cast<std::size_t>(maxDepth));
    if (!failed) failed = parser.iterate(padded).get(document);
    if (!failed) failed = document.get_array().get(array);
    if (!failed) {
        for (auto element : array) {
            ondemand::value value;
            std::string_view raw;
            if ((failed = element.get(value)) || (failed = rawOf(value, raw))) break;
            const auto offset = static_cast<std::size_t>(raw.data() - padded.data());
            items.push_back({text.substr(offset, raw.size()), 0, items.size() + 1});
            if (items.size() > kMaxBatch) return tooMany();
        }
    }
    if (!failed && document.current_location().error() != simdjson::OUT_OF_BOUNDS)
        failed = simdjson::TAPE_ERROR;
    if (failed)
        return malformed(placeOfSyntaxError(text),
                         std::string("not a JSON array: ") + simdjson::error_message(failed));
    if (items.empty()) return malformed("", "the array is empty");
    return items;
}

} // namespace

std::string BatchItem::placeInBody(const std::string& place) const {
    static constexpr std::string_view kFirstLine = "line 1"; // an item of NDJSON has no other
    if (line > 0) {
        const std::string at = "line " + std::to_string(line);
        return place.starts_with(kFirstLine) ? at + place.substr(kFirstLine.size()) : at;
    }
    if (number == 0) return place;
    const std::string at = "record " + std::to_string(number);
    return place.empty() ? at : at + ", " + place;
}

bool isNdjson(std::string_view contentType) {
    const std::string type = lowerAscii(trimAscii(contentType.substr(0, contentType.find(';'))));
    return type == "application/x-ndjson" || type == "application/ndjson" || type == "application/jsonl";
}

Result<Items, Problem> splitBatch(std::string_view contentType, std::string_view body, int maxDepth) {
    if (isNdjson(contentType)) return splitLines(body);
    const auto text = trimAscii(body);
    if (text.empty()) return malformed("", "the body is empty");
    if (text.front() != '[') return Items{{text, 0, 0}};
    return splitArray(text, maxDepth);
}

} // namespace trevo::canonical
