// The numbers that name a vehicle besides its plate: chassis (VIN), RENAVAM, and the code of its model in the
// FIPE table.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trevo::identity {

struct VinReading {
    std::string normalised; // 17 upper-case characters; what was legible of it when invalid
    std::string suggestion; // with O, Q -> 0 and I -> 1, when that makes it a VIN
    bool valid = false;     // the check digit of position 9 is not looked at: Brazil does not require it
    bool serialNotNumeric = false; // the last four are usually digits: worth a warning, no more
    std::string_view why;          // vin_empty, _length, _characters, _placeholder
};

VinReading readVin(std::string_view raw);

// The model year that position 10 of a valid VIN codes, the latest of its 30-year cycle that is not after
// `latest`.
std::optional<int> vinModelYear(std::string_view vin, int latest);

struct CodeReading {
    std::string normalised;
    bool valid = false;
    std::string_view why;
};

// 11 digits; the 9 digits of before 2013 are padded. why: renavam_empty, _length, _repeated, _check_digit.
CodeReading readRenavam(std::string_view raw);

// "001004-9". why: fipe_empty, fipe_format.
CodeReading readFipe(std::string_view raw);

} // namespace trevo::identity
