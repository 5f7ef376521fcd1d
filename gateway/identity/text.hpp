// Text helpers that the normalisers share. Any bytes are accepted; all functions are thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace trevo::identity {

inline bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
inline bool isAsciiLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
inline char upperAscii(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
bool isAscii(std::string_view text);
bool allDigits(std::string_view text); // and not empty
bool allEqual(std::string_view text);  // one character repeated; true for one character, false for none

std::string digitsOf(std::string_view text);

// The typographic blanks, dashes and full-width digits of copied text as their ASCII forms, invisible marks
// dropped, outer blanks trimmed. Bytes that are not UTF-8 stay as they are.
std::string plain(std::string_view text);

// Composed form (NFC). Text that is not UTF-8 comes back unchanged.
std::string composed(std::string_view text);

// Accents stripped and upper-cased: "Conceição" -> "CONCEICAO". Bytes that are not UTF-8 read as
// Windows-1252.
std::string folded(std::string_view text);

} // namespace trevo::identity
