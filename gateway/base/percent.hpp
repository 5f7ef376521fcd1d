// Percent-coding of URLs (RFC 3986).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trevo {

// Everything but letters, digits and "-_.~" is coded: right for a path segment, a name and a value.
std::string percentEncode(std::string_view text);

// For queries: '+' is a blank. Empty when the coding is broken or the bytes are not UTF-8.
std::optional<std::string> percentDecode(std::string_view text);

// The bytes of a form's or query's text, as browsers read it: '+' is a blank, and a '%' that starts no two
// hexadecimal digits stands for itself.
std::string formDecode(std::string_view text);

int hexDigit(char c); // its value; -1 for anything else

} // namespace trevo
