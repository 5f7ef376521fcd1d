// What plugins that call a partner's HTTP API need again and again.
#pragma once

#include "trevo/capabilities.hpp"
#include "trevo/encode.hpp"
#include "trevo/host.hpp"
#include "trevo/outcome.hpp"
#include "trevo/text.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trevo::partner {

// The seconds since 1970 of an HTTP date ("Sun, 06 Nov 1994 08:49:37 GMT"); nothing for anything else.
inline std::optional<std::int64_t> httpDate(std::string_view text) {
    constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || text[3] != ',' || !text.ends_with(" GMT")) return std::nullopt;
    const auto number = [&](std::size_t from, std::size_t size) {
        int value = -1;
        const char* const first = text.data() + from;
        const auto [end, error] = std::from_chars(first, first + size, value);
        return error == std::errc{} && end == first + size ? value : -1;
    };
    const std::size_t month = kMonths.find(text.substr(8, 3));
    const int day = number(5, 2), year = number(12, 4);
    const int hour = number(17, 2), minute = number(20, 2), second = number(23, 2);
    if (month == kMonths.npos || month % 3 != 0 || day < 0 || year < 0 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 60 || text[19] != ':' || text[22] != ':')
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month / 3 + 1)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date}.time_since_epoch().count() * std::int64_t{86'400} + hour * 3'600 +
           minute * 60 + second;
}

// The seconds that Retry-After asks for, at most a day; 0 when it is missing. A date counts from the answer's
// own Date, so that a clock that goes wrong does no harm; without one it is a minute.
inline std::int64_t retryAfterSeconds(const HttpResponse& response) {
    const std::string_view text = response.header("Retry-After");
    std::int64_t seconds = 0;
    if (const auto until = httpDate(text)) {
        const auto now = httpDate(response.header("Date"));
        return now ? std::clamp<std::int64_t>(*until - *now, 0, 86'400) : 60;
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size()) return 0;
    return std::clamp<std::int64_t>(seconds, 0, 86'400);
}

// What to do about an answer that is no success and that the caller does not know better: no answer and 5xx
// are tried again, 429 more slowly, 401, 403 and redirects (a login page) mean the credential, other 4xx the
// input.
inline Outcome troubleWith(const HttpResponse& response, const std::string& who) {
    if (response.status == 0) return Outcome::retryAfter(0, "no_answer", who + ": " + response.error);
    const std::string said = who + " answered " + std::to_string(response.status);
    // Not the partner's answer: the host keeps the `quota` of the configuration.
    if (!response.header("X-Trevo-Quota").empty()) {
        return Outcome::limit(retryAfterSeconds(response), "quota_used_up",
                              "the quota of requests to " + who + " is used up for now");
    }
    if (response.status == 429) return Outcome::limit(retryAfterSeconds(response), "too_many_requests", said);
    if (response.status == 401 || response.status == 403 ||
        (response.status >= 300 && response.status < 400)) {
        return Outcome::auth("credential_refused", said);
    }
    if (response.status >= 400 && response.status < 500 && response.status != 408)
        return Outcome::reject("refused_by_partner", "", said);
    return Outcome::retryAfter(retryAfterSeconds(response), "partner_trouble", said);
}

// The check "clock": whether this machine's clock agrees with the Date of an answer that was just had.
inline void checkClock(Checks& checks, const HttpResponse& response, std::int64_t nowSeconds) {
    constexpr std::int64_t kTolerated = 60;
    const auto theirs = httpDate(response.header("Date"));
    if (!theirs) return;
    const std::int64_t ahead = nowSeconds - *theirs;
    const std::string by =
        std::to_string(ahead < 0 ? -ahead : ahead) + " s " + (ahead < 0 ? "behind" : "ahead of");
    if (ahead > kTolerated || ahead < -kTolerated) {
        checks.failed("clock", "this machine's clock is " + by + " the partner's",
                      "keep it with NTP: timedatectl set-ntp true");
    } else {
        checks.good("clock", "this machine's clock agrees with the partner's");
    }
}

// Of several outcomes of one call, the one to tell: what may still succeed later outranks what never will,
// because only then does the host call again.
inline void keepWorse(Outcome& kept, Outcome next) {
    const auto rank = [](const Outcome& outcome) {
        switch (outcome.status) {
        case TREVO_OK: return 0;
        case TREVO_REJECT: return 1;
        case TREVO_CONFIG: return 2;
        case TREVO_AUTH: return 3;
        case TREVO_LIMIT: return 4;
        default: return 5;
        }
    };
    if (rank(next) > rank(kept)) kept = std::move(next);
}

// One part of a call (one dealer's, one lead's); what stops it is that part's outcome and not the whole
// call's.
template <class Part>
Outcome outcomeOf(Part&& part) {
    try {
        return part();
    } catch (const Stop& stop) {
        return stop.outcome();
    }
}

// The names between braces: "/leads/{id}" has "id". An unclosed brace is plain text.
inline std::vector<std::string> placeholders(std::string_view pattern) {
    std::vector<std::string> names;
    for (std::size_t at = pattern.find('{'); at != pattern.npos; at = pattern.find('{', at + 1)) {
        const std::size_t end = pattern.find('}', at);
        if (end == pattern.npos) break;
        names.emplace_back(pattern.substr(at + 1, end - at - 1));
    }
    return names;
}

// Puts the values, percent-encoded, in the place of their names between braces; unknown names stay as they
// are.
inline std::string fill(std::string_view pattern, const Pairs& values) {
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
        const std::size_t end = pattern[at] == '{' ? pattern.find('}', at) : pattern.npos;
        const auto named = [&](const auto& value) {
            return value.first == pattern.substr(at + 1, end - at - 1);
        };
        const auto found =
            end == pattern.npos ? values.end() : std::find_if(values.begin(), values.end(), named);
        if (found == values.end()) {
            out += pattern[at++];
        } else {
            out += encode::percent(found->second);
            at = end + 1;
        }
    }
    return out;
}

// An address and a path with exactly one slash between them.
inline std::string join(std::string_view base, std::string_view path) {
    while (!base.empty() && base.back() == '/')
        base.remove_suffix(1);
    while (!path.empty() && path.front() == '/')
        path.remove_prefix(1);
    return std::string(base) + '/' + std::string(path);
}

// 16 hex digits that change when the text does (FNV-1a). No protection against someone who tries.
inline std::string fingerprint(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text)
        hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4)
        out += "0123456789abcdef"[hash >> shift & 15];
    return out;
}

// A calendar day as days since 1970-01-01.
using Day = std::int64_t;

// The day in Brasilia (UTC-3, no daylight saving), where most partners keep their dates.
inline Day brasiliaDay(std::int64_t utcSeconds) {
    constexpr std::int64_t kDay = 86'400;
    const std::int64_t local = utcSeconds - 3 * 3'600;
    return local / kDay - (local % kDay < 0 ? 1 : 0);
}

// `pattern` holds yyyy, MM and dd; all else is copied.
inline std::string dayText(Day day, std::string_view pattern = "yyyy-MM-dd") {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    const auto digits = [](unsigned number, std::size_t width) {
        std::string text = std::to_string(number);
        return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
    };
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
        const std::string_view rest = pattern.substr(at);
        if (rest.starts_with("yyyy")) {
            out += digits(static_cast<unsigned>(static_cast<int>(date.year())), 4);
            at += 4;
        } else if (rest.starts_with("MM") || rest.starts_with("dd")) {
            out += digits(rest.front() == 'M' ? unsigned{date.month()} : unsigned{date.day()}, 2);
            at += 2;
        } else {
            out += pattern[at++];
        }
    }
    return out;
}

// Reads yyyy-MM-dd; nothing for a day that does not exist.
inline std::optional<Day> dayFrom(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto number = [&](std::size_t from, std::size_t size) {
        int value = -1;
        const char* const first = text.data() + from;
        const auto [end, error] = std::from_chars(first, first + size, value);
        return error == std::errc{} && end == first + size ? value : -1;
    };
    const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
    if (year < 0 || month < 0 || day < 0) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date}.time_since_epoch().count();
}

} // namespace trevo::partner
