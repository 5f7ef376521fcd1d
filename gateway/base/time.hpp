// Instants, their text, and the clocks that hand them out. Zones are IANA names resolved with the system's tz
// data.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trevo {

// An instant in UTC, microseconds since 1970-01-01T00:00:00Z.
struct UtcTime {
    std::int64_t micros = 0;

    auto operator<=>(const UtcTime&) const = default;
    std::int64_t seconds() const { return micros / 1'000'000; }
    static UtcTime fromSeconds(std::int64_t seconds) { return {seconds * 1'000'000}; }
};

inline UtcTime operator+(UtcTime t, std::int64_t micros) {
    return {t.micros + micros};
}
inline std::int64_t operator-(UtcTime a, UtcTime b) {
    return a.micros - b.micros;
}

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

// Year, month and day of the proleptic Gregorian calendar with a time of day; no zone.
struct CivilTime {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, micro = 0;
};

// False for a day, month or hour that does not exist; years 1 to 9999; second 60 is refused.
bool isValid(const CivilTime& civil);
std::int64_t daysFromCivil(int year, int month, int day); // days since 1970-01-01
UtcTime toUtc(const CivilTime& civil, int offsetSeconds);
CivilTime toCivil(UtcTime time, int offsetSeconds);

// The offset of an IANA zone ("America/Sao_Paulo") at a local time: east of Greenwich is positive. A local
// time that a change of the clocks repeats or skips takes the first reading. Empty when the zone is unknown.
// Thread-safe.
std::optional<int> zoneOffsetSeconds(std::string_view zone, const CivilTime& local);
bool zoneExists(std::string_view zone);

// "2026-11-22T13:00:00Z", with a fraction only when there is one (3 or 6 digits).
std::string formatRfc3339(UtcTime time);

// ISO 8601 / RFC 3339 as partners write it: 'T' or blank, fraction of any length, 'Z', +hh:mm, +hhmm, +hh, or
// no zone, which is then read in `defaultZone`. A date alone is midnight there. Empty for anything else.
std::optional<UtcTime> parseIsoTime(std::string_view text, std::string_view defaultZone);

class Clock {
  public:
    virtual ~Clock() = default;
    virtual UtcTime now() const = 0; // thread-safe
};

class SystemClock final : public Clock {
  public:
    UtcTime now() const override;
};

// Stands still until told otherwise. For tests; set() and now() may race freely.
class ManualClock final : public Clock {
  public:
    explicit ManualClock(UtcTime start) : micros_(start.micros) {}
    UtcTime now() const override { return {__atomic_load_n(&micros_, __ATOMIC_RELAXED)}; }
    void set(UtcTime time) { __atomic_store_n(&micros_, time.micros, __ATOMIC_RELAXED); }
    void advance(std::int64_t micros) { __atomic_fetch_add(&micros_, micros, __ATOMIC_RELAXED); }

  private:
    std::int64_t micros_;
};

} // namespace trevo
