// Brazilian phone numbers (Anatel Res. 749/2022) to E.164. Foreign numbers are kept; service numbers are told
// apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trevo::identity {

enum class PhoneKind { None, Mobile, Fixed, Foreign, Service };

struct PhoneReading {
    std::string raw;        // this number's part of the field
    std::string normalised; // E.164 when valid; national digits of a service number; else empty
    PhoneKind kind = PhoneKind::None;
    bool valid = false;      // a number at which a person may be reached
    bool dddAssumed = false; // the area code is not the sender's but the default one: weaker evidence
    bool nineAdded = false;  // the number came in its old form, without the ninth digit
    bool weak = false;     // readable, but perhaps not what was meant: an old trunking number, 00 without 55
    std::string extension; // digits after "ramal", "r.", "x", "#"
    // Empty when valid: phone_empty, _characters, _length, _service, _utility, _no_area_code, _area_code,
    // _ninth_digit, _format, _repeated, _sequence.
    std::string_view why;
};

// Reads one number. `defaultDdd` is the dealer's area code, two digits, or empty for none.
PhoneReading readPhone(std::string_view raw, std::string_view defaultDdd);

// Reads a field that may hold several, split at / ; , "e" and "ou". A number without an area code takes that
// of the one before it. At most `most` readings; empty parts are left out.
std::vector<PhoneReading> readPhones(std::string_view raw, std::string_view defaultDdd,
                                     std::size_t most = 20);

bool isDdd(std::string_view twoDigits);

// What two spellings of one line share: area code and last 8 digits, whether or not the ninth digit came; all
// digits of a foreign number; empty for anything else than E.164.
std::string phoneMatchKey(std::string_view e164);

} // namespace trevo::identity
