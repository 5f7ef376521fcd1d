// Whole numbers and year pairs as partners write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trevo::identity {

enum class NumberFormat {
    Plain,     // "31000"
    Brazilian, // "31.000 km": groups of three, a unit after it
};

struct IntegerReading {
    std::int64_t value = 0;
    bool valid = false;
    std::string_view why; // integer_empty, integer_format, integer_range
};

// A decimal part counts only when it is zero.
IntegerReading readInteger(std::string_view raw, NumberFormat format);

// Appends "1.234.567" to `out` without its marks; false when a group is not of three digits.
bool joinGroups(std::string_view text, char mark, std::string& out);

struct YearPairReading {
    int build = 0; // 0 when only one year came
    int model = 0;
    bool valid = false;
    bool unusual = false; // the model year is neither the year of building nor the next
    std::string_view why; // year_empty, year_format, year_range
};

// "2021/2022", "2021-2022", "21/22", "2021 2022" or one year alone, which is the model's. 1900 to 2100.
YearPairReading readYearPair(std::string_view raw);

} // namespace trevo::identity
