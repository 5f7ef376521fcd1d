#include "api/json.hpp"

#include "base/json_text.hpp"
#include "base/utf8.hpp"

namespace trevo::api {

void JsonWriter::separate() {
    if (comma_) out_ += ',';
    comma_ = true;
}

JsonWriter& JsonWriter::beginObject() {
    separate();
    out_ += '{';
    comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::endObject() {
    out_ += '}';
    comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::beginArray() {
    separate();
    out_ += '[';
    comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::endArray() {
    out_ += ']';
    comma_ = true;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    separate();
    appendJsonString(out_, name);
    out_ += ':';
    comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    separate();
    if (isUtf8(value)) {
        appendJsonString(out_, value);
    } else {
        appendJsonString(out_, guessUtf8(value));
    }
    return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
    separate();
    out_ += std::to_string(value);
    return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
    separate();
    out_ += value ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::null() {
    separate();
    out_ += "null";
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    if (json.empty()) return null();
    separate();
    out_ += json;
    return *this;
}

JsonWriter& JsonWriter::member(std::string_view name, const std::optional<UtcTime>& value) {
    key(name);
    return value ? text(formatRfc3339(*value)) : null();
}

JsonWriter& JsonWriter::member(std::string_view name, const std::vector<std::string>& values) {
    key(name).beginArray();
    for (const auto& value : values)
        text(value);
    return endArray();
}

JsonWriter& JsonWriter::maybe(std::string_view name, std::string_view value) {
    key(name);
    return value.empty() ? null() : text(value);
}

} // namespace trevo::api
