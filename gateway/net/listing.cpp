#include "net/listing.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>

namespace trevo::net {
namespace {

constexpr std::size_t kMaxLine = 2048;

enum class Kind { File, Other, Unreadable };

struct Line {
    Kind kind = Kind::Unreadable;
    ListedFile file;
};

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

int monthOf(std::string_view word) { // as English and Portuguese servers write it
    static constexpr std::array<std::string_view, 24> kNames = {
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        "jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"};
    if (word.ends_with('.')) word.remove_suffix(1);
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (equalsIgnoreCase(word, kNames[i])) return static_cast<int>(i % 12) + 1;
    }
    return 0;
}

struct Moment {
    std::int64_t year = 0, month = 0, day = 0;
    std::optional<std::int64_t> hour, minute, second;

    bool valid() const {
        return year >= 1970 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
               hour.value_or(0) < 24 && minute.value_or(0) < 60 && second.value_or(0) <= 60;
    }
    std::string text() const {
        char out[40];
        int length = std::snprintf(out, sizeof out, "%04d-%02d-%02d", static_cast<int>(year),
                                   static_cast<int>(month), static_cast<int>(day));
        if (hour) {
            length += std::snprintf(out + length, sizeof out - static_cast<std::size_t>(length), " %02d:%02d",
                                    static_cast<int>(*hour), static_cast<int>(minute.value_or(0)));
        }
        if (second)
            std::snprintf(out + length, sizeof out - static_cast<std::size_t>(length), ":%02d",
                          static_cast<int>(*second));
        return out;
    }
};

// "20:24", "8:24PM", "20:24:07", "20:24:07.000000"
bool readClock(std::string_view text, Moment& moment) {
    text = text.substr(0, text.find('.'));
    bool afternoon = false, twelve = false;
    if (text.size() > 2 &&
        (text.ends_with("AM") || text.ends_with("PM") || text.ends_with("am") || text.ends_with("pm"))) {
        twelve = true;
        afternoon = (text[text.size() - 2] | 0x20) == 'p';
        text.remove_suffix(2);
    }
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return false;
    const auto second = text.find(':', colon + 1);
    moment.hour = number(text.substr(0, colon));
    moment.minute =
        number(text.substr(colon + 1, second == std::string_view::npos ? second : second - colon - 1));
    if (!moment.hour || !moment.minute) return false;
    if (second != std::string_view::npos) {
        moment.second = number(text.substr(second + 1));
        if (!moment.second) return false;
    }
    if (twelve) moment.hour = *moment.hour % 12 + (afternoon ? 12 : 0);
    return true;
}

// Takes the next word off `rest`, and the blanks before it.
std::string_view word(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const auto found = rest.substr(0, rest.find(' '));
    rest.remove_prefix(found.size());
    return found;
}

std::string_view afterBlank(std::string_view rest) {
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    return rest;
}

// The date that begins at `rest`, and what follows it. `ls` leaves out the year of the last months.
std::optional<Moment> unixDate(std::string_view& rest, UtcTime now) {
    std::string_view after = rest;
    const auto first = word(after);
    Moment moment;
    if (first.size() == 10 && first[4] == '-' && first[7] == '-') { // 2026-11-25 20:24
        const auto year = number(first.substr(0, 4)), month = number(first.substr(5, 2)),
                   day = number(first.substr(8, 2));
        if (!year || !month || !day || !readClock(word(after), moment)) return std::nullopt;
        moment.year = *year, moment.month = *month, moment.day = *day;
        std::string_view zone = after;
        if (const auto offset = word(zone);
            offset.size() == 5 && (offset[0] == '+' || offset[0] == '-') && number(offset.substr(1)))
            after = zone;
        rest = after;
        return moment.valid() ? std::optional(moment) : std::nullopt;
    }
    const auto second = word(after);
    const bool monthFirst = monthOf(first) != 0;
    moment.month = monthFirst ? monthOf(first) : monthOf(second);
    const auto day = number(monthFirst ? second : first);
    if (moment.month == 0 || !day) return std::nullopt;
    moment.day = *day;
    const auto third = word(after);
    if (const auto year = number(third); year && third.size() == 4) {
        moment.year = *year;
    } else {
        if (!readClock(third, moment)) return std::nullopt;
        const CivilTime today = toCivil(now + kDay, 0); // its clock may be ahead of ours
        moment.year = today.year;
        if (moment.month > today.month || (moment.month == today.month && moment.day > today.day))
            --moment.year;
    }
    rest = after;
    return moment.valid() ? std::optional(moment) : std::nullopt;
}

// "-rw-r--r--   1 owner group   1234 Nov 25 20:24 leads.csv": the size is what stands before the date.
Line unixLine(std::string_view line, UtcTime now) {
    std::string_view rest = line;
    if (std::string_view after = line; number(word(after))) rest = after; // ls -i
    const auto mode = word(rest);
    if (mode.size() < 10 || std::string_view("-dlbcpsD").find(mode[0]) == std::string_view::npos) return {};
    std::optional<std::int64_t> size;
    for (int column = 0; column < 8 && !rest.empty(); ++column) {
        std::string_view after = rest;
        if (size) {
            if (const auto moment = unixDate(after, now)) {
                const auto name = afterBlank(after);
                if (mode[0] != '-') return {Kind::Other, {}};
                return {Kind::File, {std::string(name), *size, moment->text()}};
            }
        }
        size = number(word(rest));
    }
    return {};
}

// "11-25-26  08:24PM   1234 leads.csv", "25/11/2026  20:24   <DIR>   old"
Line windowsLine(std::string_view line) {
    std::string_view rest = line;
    const auto date = word(rest);
    const auto sign = date.find_first_of("-/.");
    if (sign == std::string_view::npos) return {};
    const auto last = date.find(date[sign], sign + 1);
    if (last == std::string_view::npos) return {};
    const auto a = number(date.substr(0, sign)), b = number(date.substr(sign + 1, last - sign - 1)),
               c = number(date.substr(last + 1));
    Moment moment;
    if (!a || !b || !c) return {};
    if (sign == 4) {
        moment.year = *a, moment.month = *b, moment.day = *c;
    } else { // month first unless it can not be
        moment.year = *c < 70 ? *c + 2000 : *c < 100 ? *c + 1900 : *c;
        moment.month = *a > 12 ? *b : *a;
        moment.day = *a > 12 ? *a : *b;
    }
    std::string clock(word(rest));
    std::string_view further = rest;
    if (const auto half = word(further); half == "AM" || half == "PM") {
        clock += half;
        rest = further;
    }
    if (!readClock(clock, moment) || !moment.valid()) return {};
    const auto what = word(rest);
    if (what.starts_with('<')) return {Kind::Other, {}};
    std::string digits;
    std::copy_if(what.begin(), what.end(), std::back_inserter(digits),
                 [](char letter) { return letter != '.' && letter != ','; });
    const auto size = number(digits);
    if (!size) return {};
    return {Kind::File, {std::string(afterBlank(rest)), *size, moment.text()}};
}

std::string timeOfEpoch(std::int64_t seconds) {
    if (seconds < 0 || seconds > 250'000'000'000) return {};
    const CivilTime civil = toCivil(UtcTime::fromSeconds(seconds), 0);
    return Moment{civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second}.text();
}

// "+i8388621.48594,m825718503,r,s280,<tab>leads.csv"
Line eplfLine(std::string_view line) {
    const auto tab = line.find('\t');
    if (tab == std::string_view::npos) return {};
    Line found{Kind::Other, {std::string(line.substr(tab + 1)), -1, {}}};
    std::string_view facts = line.substr(1, tab - 1);
    while (!facts.empty()) {
        const auto fact = facts.substr(0, facts.find(','));
        facts.remove_prefix(std::min(fact.size() + 1, facts.size()));
        if (fact == "r") found.kind = Kind::File;
        if (fact.starts_with('s')) found.file.size = number(fact.substr(1)).value_or(-1);
        if (fact.starts_with('m'))
            if (const auto seconds = number(fact.substr(1))) found.file.time = timeOfEpoch(*seconds);
    }
    return found;
}

// "type=file;size=1234;modify=20261125202407; leads.csv"
Line mlsdLine(std::string_view line) {
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos || line.find('=') > blank) return {};
    Line found{Kind::Other, {std::string(line.substr(blank + 1)), -1, {}}};
    std::string_view facts = line.substr(0, blank);
    while (!facts.empty()) {
        const auto fact = facts.substr(0, facts.find(';'));
        facts.remove_prefix(std::min(fact.size() + 1, facts.size()));
        const auto equals = fact.find('=');
        if (equals == std::string_view::npos) continue;
        const auto key = fact.substr(0, equals), value = fact.substr(equals + 1);
        if (equalsIgnoreCase(key, "type")) {
            found.kind = equalsIgnoreCase(value, "file") ? Kind::File : Kind::Other;
        } else if (equalsIgnoreCase(key, "size")) {
            found.file.size = number(value).value_or(-1);
        } else if (equalsIgnoreCase(key, "modify") && value.size() >= 14) {
            const auto part = [&](std::size_t at, std::size_t size) {
                return number(value.substr(at, size));
            };
            Moment moment{part(0, 4).value_or(0),
                          part(4, 2).value_or(0),
                          part(6, 2).value_or(0),
                          part(8, 2),
                          part(10, 2),
                          part(12, 2)};
            if (moment.hour && moment.minute && moment.second && moment.valid())
                found.file.time = moment.text();
        }
    }
    return found;
}

Line listLine(std::string_view line, UtcTime now) {
    if (line.starts_with('+')) return eplfLine(line);
    if (auto found = unixLine(line, now); found.kind != Kind::Unreadable) return found;
    return windowsLine(line);
}

// "total 12", "Total of 3 files", and what a blank line is.
bool saysNothing(std::string_view line) {
    return trimAscii(line).empty() || equalsIgnoreCase(line.substr(0, 6), "total ");
}

} // namespace

bool isPlainName(std::string_view name) {
    if (name.empty() || name.size() > 200 || name == "." || name == "..") return false;
    return std::none_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/' || c == '\\';
    });
}

Result<Listing> readListing(std::string_view text, ListingForm form, UtcTime now) {
    Listing listing;
    std::size_t readable = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (saysNothing(line)) continue;
        Line found;
        if (line.size() <= kMaxLine) found = form == ListingForm::Mlsd ? mlsdLine(line) : listLine(line, now);
        if (found.kind == Kind::Unreadable) {
            ++listing.unreadable;
            continue;
        }
        ++readable;
        if (found.kind != Kind::File) continue;
        if (!isPlainName(found.file.name)) {
            ++listing.refusedNames;
            continue;
        }
        if (listing.files.size() == kMaxListedFiles)
            return Problem{"listing_too_large", "", "",
                           "the folder has more than " + std::to_string(kMaxListedFiles) +
                               " files; clear it, or let the gateway delete or move what it has taken"};
        listing.files.push_back(std::move(found.file));
    }
    if (readable == 0 && listing.unreadable > 0)
        return Problem{"bad_listing", "", "line 1",
                       "the server lists its folder in a form that is not known"};
    return listing;
}

bool sameListedTime(std::string_view a, std::string_view b) {
    return a.starts_with(b) || b.starts_with(a);
}

} // namespace trevo::net
