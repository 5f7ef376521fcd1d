#include "canonical/writer.hpp"

#include <array>
#include <charconv>

namespace trevo::canonical {

namespace {

bool needsEscape(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void writeEscaped(std::string& out, char c) {
    switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
    }
    static constexpr std::string_view kHex = "0123456789abcdef";
    out += "\\u00";
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 0xF];
}

template <class Number>
void writeNumber(std::string& out, Number value) {
    std::array<char, 40> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

} // namespace

void writeString(std::string& out, std::string_view text) {
    out += '"';
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!needsEscape(text[i])) continue;
        out.append(text, begin, i - begin);
        writeEscaped(out, text[i]);
        begin = i + 1;
    }
    out.append(text, begin, text.size() - begin);
    out += '"';
}

void writeInteger(std::string& out, std::int64_t value) {
    writeNumber(out, value);
}
void writeUnsigned(std::string& out, std::uint64_t value) {
    writeNumber(out, value);
}
void writeDouble(std::string& out, double value) {
    writeNumber(out, value == 0 ? 0.0 : value);
} // "-0" would read as 0

} // namespace trevo::canonical
