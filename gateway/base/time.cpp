#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <vector>

namespace trevo {

namespace {

bool isLeap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int daysInMonth(int year, int month) {
    static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && isLeap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// The transitions of one zone from the system's compiled tz database (RFC 8536), 64-bit block. Past the last
// transition its last offset holds, which is right for Brazil since the end of daylight saving in 2019 and is
// refreshed with tzdata.
struct Zone {
    std::vector<std::int64_t> at;
    std::vector<int> offset; // offset[i] holds from at[i]
    int before = 0;          // holds ahead of at[0]
};

std::uint32_t readU32(const char* p) {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value = (value << 8) | static_cast<unsigned char>(p[i]);
    return value;
}

std::int64_t readI64(const char* p) {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i)
        value = (value << 8) | static_cast<unsigned char>(p[i]);
    return static_cast<std::int64_t>(value);
}

std::optional<Zone> loadZone(std::string_view name) {
    // The name becomes a path: letters, digits, '_', '-', '+' and single slashes only.
    if (name.empty() || name.size() > 64 || name.front() == '/') return std::nullopt;
    for (const char c : name) {
        if (!std::isalnum(static_cast<unsigned char>(c)) && !std::strchr("_-+/", c)) return std::nullopt;
    }
    const std::string path = "/usr/share/zoneinfo/" + std::string(name);
    if (std::error_code failed; !std::filesystem::is_regular_file(path, failed)) return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    const std::string data{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    constexpr std::size_t kHeader = 44;
    if (data.size() < kHeader || data.compare(0, 4, "TZif") != 0 || data[4] < '2') return std::nullopt;

    struct Counts {
        std::uint32_t isUt, isStd, leap, time, type, chars;
    };
    const auto countsAt = [&](std::size_t at) {
        const char* p = data.data() + at + 20;
        return Counts{readU32(p),      readU32(p + 4),  readU32(p + 8),
                      readU32(p + 12), readU32(p + 16), readU32(p + 20)};
    };
    const Counts v1 = countsAt(0);
    const std::size_t second = kHeader + std::size_t{v1.time} * 5 + std::size_t{v1.type} * 6 + v1.chars +
                               std::size_t{v1.leap} * 8 + v1.isStd + v1.isUt;
    if (data.size() < second + kHeader) return std::nullopt;
    const Counts v2 = countsAt(second);
    const std::size_t times = second + kHeader;
    const std::size_t indexes = times + std::size_t{v2.time} * 8;
    const std::size_t types = indexes + v2.time;
    if (v2.type == 0 || data.size() < types + std::size_t{v2.type} * 6) return std::nullopt;

    const auto offsetOf = [&](std::size_t type) {
        return static_cast<int>(readU32(data.data() + types + std::min<std::size_t>(type, v2.type - 1) * 6));
    };
    Zone zone;
    zone.before = offsetOf(0);
    for (std::size_t i = 0; i < v2.time; ++i) {
        zone.at.push_back(readI64(data.data() + times + i * 8));
        zone.offset.push_back(offsetOf(static_cast<unsigned char>(data[indexes + i])));
    }
    return zone;
}

const Zone* findZone(std::string_view name) {
    static std::shared_mutex mutex;
    static std::map<std::string, std::optional<Zone>, std::less<>> zones;
    {
        const std::shared_lock lock(mutex);
        const auto found = zones.find(name);
        if (found != zones.end()) return found->second ? &*found->second : nullptr;
    }
    auto zone = loadZone(name);
    const std::unique_lock lock(mutex);
    if (!zone && zones.size() > 1000) return nullptr; // hostile names must not grow the cache
    const auto [entry, inserted] = zones.try_emplace(std::string(name), std::move(zone));
    return entry->second ? &*entry->second : nullptr;
}

int offsetAt(const Zone& zone, std::int64_t utcSeconds) {
    const auto after = std::upper_bound(zone.at.begin(), zone.at.end(), utcSeconds);
    if (after == zone.at.begin()) return zone.before;
    return zone.offset[static_cast<std::size_t>(after - zone.at.begin() - 1)];
}

// Reads exactly `width` digits.
bool readDigits(std::string_view& text, int width, int& value) {
    if (text.size() < static_cast<std::size_t>(width)) return false;
    value = 0;
    for (int i = 0; i < width; ++i) {
        const char c = text[static_cast<std::size_t>(i)];
        if (c < '0' || c > '9') return false;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(static_cast<std::size_t>(width));
    return true;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

bool readFraction(std::string_view& text, int& micro) {
    if (!take(text, '.') && !take(text, ',')) return true;
    int digits = 0;
    int value = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (digits < 6) value = value * 10 + (text.front() - '0');
        ++digits;
        text.remove_prefix(1);
    }
    if (digits == 0 || digits > 12) return false;
    for (int i = digits; i < 6; ++i)
        value *= 10;
    micro = value;
    return true;
}

// "Z", "+03:00", "-0300", "-03"; empty text leaves `offset` unset.
bool readOffset(std::string_view text, std::optional<int>& offset) {
    if (text.empty()) return true;
    if (text == "Z" || text == "z") {
        offset = 0;
        return true;
    }
    const bool west = text.front() == '-';
    if (!west && text.front() != '+') return false;
    text.remove_prefix(1);
    int hours = 0;
    int minutes = 0;
    if (!readDigits(text, 2, hours)) return false;
    if (!text.empty()) {
        take(text, ':');
        if (!readDigits(text, 2, minutes)) return false;
    }
    if (!text.empty() || hours > 18 || minutes > 59) return false;
    const int seconds = hours * 3600 + minutes * 60;
    offset = west ? -seconds : seconds;
    return true;
}

} // namespace

bool isValid(const CivilTime& c) {
    return c.year >= 1 && c.year <= 9999 && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
           c.day <= daysInMonth(c.year, c.month) && c.hour >= 0 && c.hour <= 23 && c.minute >= 0 &&
           c.minute <= 59 && c.second >= 0 && c.second <= 59 && c.micro >= 0 && c.micro <= 999'999;
}

std::int64_t daysFromCivil(int year, int month, int day) {
    using namespace std::chrono;
    const auto date = std::chrono::year(year) / month / day;
    return sys_days(date).time_since_epoch().count();
}

UtcTime toUtc(const CivilTime& c, int offsetSeconds) {
    const std::int64_t seconds =
        daysFromCivil(c.year, c.month, c.day) * 86'400 + c.hour * 3600 + c.minute * 60 + c.second;
    return {(seconds - offsetSeconds) * 1'000'000 + c.micro};
}

CivilTime toCivil(UtcTime time, int offsetSeconds) {
    using namespace std::chrono;
    const sys_time<microseconds> local{microseconds(time.micros + std::int64_t{offsetSeconds} * 1'000'000)};
    const auto day = floor<days>(local);
    const year_month_day date{day};
    const hh_mm_ss<microseconds> clock{local - day};
    return {static_cast<int>(date.year()),
            static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day())),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<int>(clock.seconds().count()),
            static_cast<int>(clock.subseconds().count())};
}

std::optional<int> zoneOffsetSeconds(std::string_view zoneName, const CivilTime& local) {
    const Zone* zone = findZone(zoneName);
    if (!zone) return std::nullopt;
    const std::int64_t wall = toUtc(local, 0).seconds();
    // An offset fits when the instant it gives has that offset. Trying the one in force a day earlier first
    // gives the first of two readings; in a gap neither fits and the earlier offset is taken.
    const int earlier = offsetAt(*zone, wall - 86'400);
    if (offsetAt(*zone, wall - earlier) == earlier) return earlier;
    const int later = offsetAt(*zone, wall + 86'400);
    if (offsetAt(*zone, wall - later) == later) return later;
    return earlier;
}

bool zoneExists(std::string_view zone) {
    return findZone(zone) != nullptr;
}

std::string formatRfc3339(UtcTime time) {
    const CivilTime c = toCivil(time, 0);
    std::array<char, 48> text;
    int length = std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month,
                               c.day, c.hour, c.minute, c.second);
    const auto end = [&] { return text.data() + length; };
    const auto left = [&] { return text.size() - static_cast<std::size_t>(length); };
    if (c.micro % 1000 != 0)
        length += std::snprintf(end(), left(), ".%06d", c.micro);
    else if (c.micro != 0)
        length += std::snprintf(end(), left(), ".%03d", c.micro / 1000);
    return std::string(text.data(), static_cast<std::size_t>(length)) + 'Z';
}

std::optional<UtcTime> parseIsoTime(std::string_view text, std::string_view defaultZone) {
    CivilTime c;
    std::optional<int> offset;
    if (!readDigits(text, 4, c.year) || !take(text, '-') || !readDigits(text, 2, c.month) ||
        !take(text, '-') || !readDigits(text, 2, c.day)) {
        return std::nullopt;
    }
    if (!text.empty()) {
        if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return std::nullopt;
        if (!readDigits(text, 2, c.hour) || !take(text, ':') || !readDigits(text, 2, c.minute))
            return std::nullopt;
        if (take(text, ':') && !(readDigits(text, 2, c.second) && readFraction(text, c.micro)))
            return std::nullopt;
        if (!readOffset(text, offset)) return std::nullopt;
    }
    if (!isValid(c)) return std::nullopt;
    if (!offset) offset = zoneOffsetSeconds(defaultZone, c);
    if (!offset) return std::nullopt;
    return toUtc(c, *offset);
}

UtcTime SystemClock::now() const {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

} // namespace trevo
