// Postal codes (CEP) and federation units (UF).
#pragma once

#include <string>
#include <string_view>

namespace trevo::identity {

struct PlaceReading {
    std::string normalised; // empty when invalid
    bool valid = false;
    std::string_view why;
};

// "01310-100". Seven unmasked digits lost a leading zero (São Paulo begins with 0). why: postal_code_empty,
// _format, _repeated.
PlaceReading readPostalCode(std::string_view raw);

// "SP", from the code or the full name in any case, with or without accents. why: uf_empty, uf_unknown.
PlaceReading readState(std::string_view raw);

// How two spellings of a city compare: upper case, no accents, single blanks.
std::string cityMatchKey(std::string_view city);

} // namespace trevo::identity
