#include "match/json_text.hpp"

#include "base/json_text.hpp"

#include <charconv>

namespace trevo::match {

void JsonObject::begin(std::string_view name) {
    if (out_.size() > 1) out_ += ',';
    appendJsonString(out_, name);
    out_ += ':';
}

JsonObject& JsonObject::text(std::string_view name, std::string_view value) {
    begin(name);
    appendJsonString(out_, value);
    return *this;
}

JsonObject& JsonObject::textIfAny(std::string_view name, std::string_view value) {
    return value.empty() ? *this : text(name, value);
}

JsonObject& JsonObject::number(std::string_view name, std::int64_t value) {
    begin(name);
    out_ += std::to_string(value);
    return *this;
}

JsonObject& JsonObject::decimal(std::string_view name, double value) {
    begin(name);
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 2).ptr;
    out_.append(text, end);
    return *this;
}

JsonObject& JsonObject::boolean(std::string_view name, bool value) {
    begin(name);
    out_ += value ? "true" : "false";
    return *this;
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view json) {
    begin(name);
    out_ += json;
    return *this;
}

} // namespace trevo::match
