// UTF-8 checks and the charsets that partners really send.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trevo {

// The offset of the first byte that is not well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates), or
// npos.
std::size_t invalidUtf8At(std::string_view text);
inline bool isUtf8(std::string_view text) {
    return invalidUtf8At(text) == std::string_view::npos;
}

// `charset` as declared in a content type ("ISO-8859-1", "windows-1252", "utf-16le" …). Empty when the
// charset is unknown or the bytes are not of it.
std::optional<std::string> toUtf8(std::string_view bytes, std::string_view charset);

// Undeclared bytes: valid UTF-8 as it is, else read as Windows-1252, in which every sender of such bytes
// means it.
std::string guessUtf8(std::string_view bytes);

// Lower-cases ASCII letters only.
std::string lowerAscii(std::string_view text);
std::string_view trimAscii(std::string_view text);
bool equalsIgnoreCase(std::string_view a, std::string_view b);

} // namespace trevo
