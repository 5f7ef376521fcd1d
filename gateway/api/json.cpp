#include "api/json.hpp"

#include "base/utf8.hpp"

namespace trevo::api {

namespace {

void appendEscaped(std::string& out, std::string_view value) {
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte >= 0x20) {
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '\r') {
            out += "\\r";
        } else {
            out += "\\u00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        }
    }
    out += '"';
}

} // namespace

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
    appendEscaped(out_, name);
    out_ += ':';
    comma_ = false;
    return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
    separate();
    if (isUtf8(value)) {
        appendEscaped(out_, value);
    } else {
        appendEscaped(out_, guessUtf8(value));
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
