#include "base/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace trevo {

void appendJsonString(std::string& out, std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    out += '"';
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        out.append(text, start, i - start);
        start = i + 1;
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            out += "\\u00";
            out += kHex[c >> 4];
            out += kHex[c & 15];
        }
    }
    out.append(text, start, text.size() - start);
    out += '"';
}

bool isExactNumber(std::string_view number) {
    const char* const begin = number.data();
    const char* const end = begin + number.size();
    if (number.find_first_of(".eE") == std::string_view::npos) {
        std::int64_t whole = 0;
        std::uint64_t large = 0;
        return std::from_chars(begin, end, whole).ec == std::errc() ||
               std::from_chars(begin, end, large).ec == std::errc();
    }
    int digits = 0;
    for (const char c : number.substr(0, number.find_first_of("eE"))) {
        if (c >= '0' && c <= '9' && (digits > 0 || c != '0')) ++digits;
    }
    double value = 0;
    return digits <= 15 && std::from_chars(begin, end, value).ec == std::errc();
}

std::string withLongNumbersAsText(std::string_view json) {
    std::string out;
    out.reserve(json.size() + 16);
    for (std::size_t i = 0; i < json.size();) {
        std::size_t end = i + 1;
        if (json[i] == '"') {
            while (end < json.size() && json[end] != '"')
                end += json[end] == '\\' ? 2 : 1;
            end = std::min(end + 1, json.size());
            out.append(json.substr(i, end - i));
        } else if (json[i] == '-' || (json[i] >= '0' && json[i] <= '9')) {
            end = std::min(json.find_first_not_of("0123456789+-.eE", i), json.size());
            const auto number = json.substr(i, end - i);
            if (isExactNumber(number))
                out.append(number);
            else
                out.append("\"").append(number).append("\"");
        } else {
            out += json[i];
        }
        i = end;
    }
    return out;
}

} // namespace trevo
