// Dates and times in the format that the source declares.
#pragma once

#include "base/time.hpp"

#include <string>
#include <string_view>

namespace trevo::identity {

enum class DateFormat {
    Iso,          // 2026-11-22[T10:00[:00[.fraction]][zone]]
    Brazilian,    // 22/11/2026[ 10:00[:00]]
    Compact,      // 20261122
    EpochSeconds, // 10 digits
    EpochMillis,  // 13 digits
    ExcelSerial,  // 46348.5: days since 1899-12-30
};

struct DateTimeReading {
    UtcTime at;
    bool valid = false;
    std::string_view
        why; // date_empty, date_format, date_range (no such day or hour, or outside 1900 to 2199), date_zone
};

// `zone` is the IANA zone of a time that names none; a date alone is midnight there.
DateTimeReading readDateTime(std::string_view raw, DateFormat format, std::string_view zone);

struct DateReading {
    std::string normalised; // YYYY-MM-DD
    bool valid = false;
    std::string_view why; // as above
};

// A calendar date, free of zones: a time of day that follows it is left out. Not for the epoch formats.
DateReading readDate(std::string_view raw, DateFormat format);

// Whether the instant lies in the years 1900 to 2199.
bool isPlausible(UtcTime time);

} // namespace trevo::identity
