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

} // namespace trevo
