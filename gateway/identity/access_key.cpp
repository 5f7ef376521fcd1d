#include "identity/access_key.hpp"

#include "identity/text.hpp"

namespace trevo::identity {

AccessKeyReading readAccessKey(std::string_view raw) {
    AccessKeyReading reading;
    const std::string text = plain(raw);
    std::string_view key = text;
    if (key.substr(0, 3) == "NFe") key.remove_prefix(3); // the form of the XML's Id attribute
    for (const char c : key) {
        if (c == ' ' || c == '.' || c == '-' || c == '/') continue;
        const char upper = upperAscii(c);
        if (!isDigit(upper) && !isAsciiLetter(upper)) {
            reading.why = "access_key_characters";
            return reading;
        }
        reading.normalised += upper;
        if (reading.normalised.size() > 44) break;
    }
    const std::string& n = reading.normalised;
    if (n.size() != 44) {
        reading.why = "access_key_length";
        return reading;
    }
    // Characters 7 to 20 are the issuer's CNPJ, which may hold letters; all others are digits.
    if (!allDigits(n.substr(0, 6)) || !allDigits(n.substr(18))) {
        reading.why = "access_key_characters";
        return reading;
    }
    int sum = 0;
    for (std::size_t i = 0; i < 43; ++i)
        sum += (n[i] - '0') * static_cast<int>((42 - i) % 8 + 2);
    const int rest = sum % 11;
    reading.valid = n[43] - '0' == (rest < 2 ? 0 : 11 - rest) && !allEqual(n);
    if (!reading.valid) reading.why = "access_key_check_digit";
    return reading;
}

} // namespace trevo::identity
