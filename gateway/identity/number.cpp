#include "identity/number.hpp"

#include "identity/text.hpp"

#include <algorithm>
#include <charconv>

namespace trevo::identity {

bool joinGroups(std::string_view text, char mark, std::string& out) {
    bool first = true;
    while (true) {
        const auto at = text.find(mark);
        const std::string_view group = text.substr(0, at);
        if (!allDigits(group) || group.size() > 3 || (!first && group.size() != 3)) return false;
        out += group;
        if (at == std::string_view::npos) return true;
        text.remove_prefix(at + 1);
        first = false;
    }
}

IntegerReading readInteger(std::string_view raw, NumberFormat format) {
    IntegerReading reading;
    const auto refuse = [&](std::string_view why) {
        reading.why = why;
        return reading;
    };
    const std::string text = plain(raw);
    std::string_view rest = text;
    if (rest.empty()) return refuse("integer_empty");
    const bool negative = rest.front() == '-';
    if (negative) rest.remove_prefix(1);

    const bool brazilian = format == NumberFormat::Brazilian;
    if (brazilian) { // a unit of letters may follow: km, anos
        const auto unit =
            std::find_if(rest.begin(), rest.end(), [](char c) { return c == ' ' || isAsciiLetter(c); });
        const std::string_view word = rest.substr(static_cast<std::size_t>(unit - rest.begin()));
        if (word.size() > 12 || std::any_of(word.begin(), word.end(), isDigit))
            return refuse("integer_format");
        rest = rest.substr(0, rest.size() - word.size());
    }
    const auto point = rest.find(brazilian ? ',' : '.');
    if (point != std::string_view::npos) {
        const std::string_view fraction = rest.substr(point + 1);
        if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos)
            return refuse("integer_format");
        rest = rest.substr(0, point);
    }
    std::string joined;
    if (brazilian && rest.find('.') != std::string_view::npos) {
        if (!joinGroups(rest, '.', joined)) return refuse("integer_format");
        rest = joined;
    }
    if (!allDigits(rest)) return refuse("integer_format");
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc() || end != rest.data() + rest.size()) return refuse("integer_range");
    reading.value = negative ? -value : value;
    reading.valid = true;
    return reading;
}

YearPairReading readYearPair(std::string_view raw) {
    YearPairReading reading;
    const auto refuse = [&](std::string_view why) {
        reading.why = why;
        return reading;
    };
    const std::string text = plain(raw);
    if (text.empty()) return refuse("year_empty");
    const auto year = [](std::string_view digits) {
        if (!allDigits(digits) || (digits.size() != 4 && digits.size() != 2)) return -1;
        int value = 0;
        for (const char c : digits)
            value = value * 10 + (c - '0');
        if (digits.size() == 2) value += value < 70 ? 2000 : 1900;
        return value;
    };
    const auto split = text.find_first_of("/- ");
    if (split == std::string::npos) {
        reading.model = text.size() == 4 ? year(text) : -1;
    } else {
        const auto second = text.find_first_not_of("/- ", split);
        reading.build = year(std::string_view(text).substr(0, split));
        reading.model = second == std::string::npos ? -1 : year(std::string_view(text).substr(second));
    }
    if (reading.build < 0 || reading.model < 0) {
        reading.build = reading.model = 0;
        return refuse("year_format");
    }
    const auto known = [](int value) { return value >= 1900 && value <= 2100; };
    if (!known(reading.model) || (reading.build != 0 && !known(reading.build))) return refuse("year_range");
    reading.unusual =
        reading.build != 0 && reading.model != reading.build && reading.model != reading.build + 1;
    reading.valid = true;
    return reading;
}

} // namespace trevo::identity
