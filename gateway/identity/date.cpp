#include "identity/date.hpp"

#include "base/utf8.hpp"
#include "identity/text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>

namespace trevo::identity {

namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;
constexpr std::int64_t kExcelEpochDays = -25'569; // 1899-12-30

std::optional<int> digits(std::string_view& text, std::size_t fewest, std::size_t most) {
    std::size_t count = 0;
    int value = 0;
    while (count < most && count < text.size() && isDigit(text[count]))
        value = value * 10 + (text[count++] - '0');
    if (count < fewest) return std::nullopt;
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

bool readParts(std::string_view& text, DateFormat format, CivilTime& civil) {
    std::optional<int> year;
    std::optional<int> month;
    std::optional<int> day;
    if (format == DateFormat::Brazilian) {
        day = digits(text, 1, 2);
        if (!day || !take(text, '/')) return false;
        month = digits(text, 1, 2);
        if (!month || !take(text, '/')) return false;
        year = digits(text, 4, 4);
    } else {
        const bool iso = format == DateFormat::Iso;
        year = digits(text, 4, 4);
        if (!year || (iso && !take(text, '-'))) return false;
        month = digits(text, 2, 2);
        if (!month || (iso && !take(text, '-'))) return false;
        day = digits(text, 2, 2);
    }
    if (!year || !day) return false;
    civil.year = *year;
    civil.month = *month;
    civil.day = *day;
    return true;
}

// "[ HH:mm[:ss]]"
bool readClock(std::string_view& text, CivilTime& civil) {
    if (text.empty()) return true;
    if (!take(text, ' ') && !take(text, 'T')) return false;
    text = trimAscii(text);
    const auto hour = digits(text, 1, 2);
    if (!hour || !take(text, ':')) return false;
    const auto minute = digits(text, 2, 2);
    if (!minute) return false;
    civil.hour = *hour;
    civil.minute = *minute;
    if (take(text, ':')) {
        const auto second = digits(text, 2, 2);
        if (!second) return false;
        civil.second = *second;
    }
    return text.empty();
}

DateTimeReading refused(std::string_view why) {
    return {{}, false, why};
}

DateTimeReading accepted(UtcTime at) {
    if (!isPlausible(at)) return refused("date_range");
    return {at, true, {}};
}

DateTimeReading local(const CivilTime& civil, std::string_view zone) {
    if (!isValid(civil)) return refused("date_range");
    const auto offset = zoneOffsetSeconds(zone, civil);
    if (!offset) return refused("date_zone");
    return accepted(toUtc(civil, *offset));
}

// Days and the time of day of an Excel serial number, to the second.
std::optional<CivilTime> excelTime(std::string_view text) {
    if (text.size() > 24 || text.empty() || !isDigit(text.front())) return std::nullopt;
    double serial = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), serial, std::chars_format::fixed);
    if (error != std::errc() || end != text.data() + text.size() || serial < 1 || serial > 110'000)
        return std::nullopt;
    const auto seconds = std::llround(serial * 86'400);
    return toCivil(UtcTime::fromSeconds(kExcelEpochDays * 86'400 + seconds), 0);
}

} // namespace

bool isPlausible(UtcTime time) {
    static const UtcTime first = toUtc({kFirstYear, 1, 1, 0, 0, 0, 0}, 0);
    static const UtcTime end = toUtc({kLastYear + 1, 1, 1, 0, 0, 0, 0}, 0);
    return time >= first && time < end;
}

DateTimeReading readDateTime(std::string_view raw, DateFormat format, std::string_view zone) {
    if (raw.size() > 128) return refused("date_format");
    const std::string plainText = plain(raw);
    std::string_view text = plainText;
    if (text.empty()) return refused("date_empty");
    switch (format) {
    case DateFormat::Iso: {
        if (const auto at = parseIsoTime(text, zone)) return accepted(*at);
        CivilTime civil;
        if (!readParts(text, format, civil)) return refused("date_format");
        if (!isValid(civil)) return refused("date_range");
        if (!zoneExists(zone)) return refused("date_zone");
        return refused("date_format");
    }
    case DateFormat::Brazilian: {
        CivilTime civil;
        if (!readParts(text, format, civil) || !readClock(text, civil)) return refused("date_format");
        return local(civil, zone);
    }
    case DateFormat::Compact: {
        CivilTime civil;
        if (!readParts(text, format, civil) || !text.empty()) return refused("date_format");
        return local(civil, zone);
    }
    case DateFormat::EpochSeconds:
    case DateFormat::EpochMillis: {
        const bool seconds = format == DateFormat::EpochSeconds;
        std::int64_t count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (error != std::errc() || end != text.data() + text.size()) return refused("date_format");
        if (text.size() > (seconds ? 11U : 14U)) return refused("date_range"); // the other unit, most likely
        return accepted({seconds ? count * kSecond : count * 1000});
    }
    case DateFormat::ExcelSerial: {
        const auto civil = excelTime(text);
        return civil ? local(*civil, zone) : refused("date_format");
    }
    }
    return refused("date_format");
}

DateReading readDate(std::string_view raw, DateFormat format) {
    DateReading reading;
    if (raw.size() > 128) {
        reading.why = "date_format";
        return reading;
    }
    const std::string plainText = plain(raw);
    std::string_view text = plainText;
    CivilTime civil;
    if (text.empty()) {
        reading.why = "date_empty";
        return reading;
    }
    if (format == DateFormat::ExcelSerial) {
        const auto serial = excelTime(text);
        if (!serial) {
            reading.why = "date_format";
            return reading;
        }
        civil = *serial;
    } else {
        const bool read = format != DateFormat::EpochSeconds && format != DateFormat::EpochMillis &&
                          readParts(text, format, civil);
        if (!read || !(text.empty() || text.front() == ' ' || text.front() == 'T')) {
            reading.why = "date_format";
            return reading;
        }
    }
    if (!isValid(civil) || civil.year < kFirstYear || civil.year > kLastYear) {
        reading.why = "date_range";
        return reading;
    }
    std::array<char, 48> out;
    std::snprintf(out.data(), out.size(), "%04d-%02d-%02d", civil.year, civil.month, civil.day);
    reading.normalised = out.data();
    reading.valid = true;
    return reading;
}

} // namespace trevo::identity
