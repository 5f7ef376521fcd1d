// Writing JSON text without a document in memory. Reading is a library's business.
#pragma once

#include <string>
#include <string_view>

namespace trevo {

// `text` must be UTF-8; control characters, quotes and backslashes are escaped.
void appendJsonString(std::string& out, std::string_view text);
inline std::string jsonString(std::string_view text) {
    std::string out;
    appendJsonString(out, text);
    return out;
}

// Whether every reader of JSON keeps this number as it is written: 64 bits for integers, 15 digits for
// others.
bool isExactNumber(std::string_view number);

// `json`, which is valid JSON, with every number that is not exact as a text instead.
std::string withLongNumbersAsText(std::string_view json);

} // namespace trevo
