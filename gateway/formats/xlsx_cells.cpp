#include "formats/xlsx_cells.hpp"

#include "base/utf8.hpp"

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace trevo::formats {

CellFormat builtInFormat(unsigned id) {
    if (id == 22) return CellFormat::DateTime;
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return CellFormat::Time;
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return CellFormat::Date;
    return CellFormat::Number;
}

CellFormat cellFormatOf(std::string_view code) {
    bool date = false, time = false, months = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = code[i];
        if (c == ';') break; // further sections are for other signs
        if (c == '\\' || c == '_' || c == '*') {
            ++i;
        } else if (c == '"' || c == '[') {
            const auto end = code.find(c == '"' ? '"' : ']', i + 1);
            const auto held = code.substr(i + 1, end == std::string_view::npos ? end : end - i - 1);
            if (c == '[' && !held.empty() && held.find_first_not_of("hHmMsS") == std::string_view::npos)
                time = true; // [h]:mm
            if (end == std::string_view::npos) break;
            i = end;
        } else if (c == 'd' || c == 'D' || c == 'y' || c == 'Y' || c == 'a') {
            date = true;
        } else if (c == 'h' || c == 'H' || c == 's' || c == 'S') {
            time = true;
        } else if (c == 'm' || c == 'M') {
            months = true;
        } else if (c == '0' || c == '#' || c == 'G' || c == '@') {
            if (!date && !time) return CellFormat::Number;
        }
    }
    if (months && !time) date = true;
    if (date) return time ? CellFormat::DateTime : CellFormat::Date;
    return time ? CellFormat::Time : CellFormat::Number;
}

std::string shownNumber(std::string_view value, CellFormat format, bool from1904) {
    const std::string_view trimmed = trimAscii(value);
    double number = 0;
    const auto read = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), number);
    if (trimmed.empty() || read.ec != std::errc() || read.ptr != trimmed.data() + trimmed.size() ||
        !std::isfinite(number))
        return std::string(trimmed);
    char text[64];
    if (format == CellFormat::Number || number < 0 || number > 2'958'466) {
        if (std::abs(number) < 1e15 && number == std::floor(number)) {
            std::snprintf(text, sizeof text, "%.0f", number);
            return text;
        }
        std::snprintf(text, sizeof text, "%.15g", number);
        std::string shown = text;
        if (const auto point = shown.find('.'); point != std::string::npos) shown[point] = ',';
        return shown;
    }
    auto days = static_cast<std::int64_t>(number);
    auto seconds = std::llround((number - static_cast<double>(days)) * 86'400);
    if (seconds >= 86'400) {
        seconds -= 86'400;
        ++days;
    }
    std::string clock;
    if (format == CellFormat::Time || (format == CellFormat::DateTime) || seconds != 0) {
        const auto hours = format == CellFormat::Time ? days * 24 + seconds / 3600 : seconds / 3600;
        std::snprintf(text, sizeof text, "%02d:%02d:%02d", static_cast<int>(hours),
                      static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
        clock = text;
    }
    if (format == CellFormat::Time) return clock;
    // Day 60 of 1900 is 29 February, which never was: after it everything is one late.
    const auto epoch = from1904     ? std::chrono::year{1904} / 1 / 1
                       : days >= 60 ? std::chrono::year{1899} / 12 / 30
                                    : std::chrono::year{1899} / 12 / 31;
    const std::chrono::year_month_day date{std::chrono::sys_days{epoch} + std::chrono::days{days}};
    std::snprintf(text, sizeof text, "%02u/%02u/%04d", static_cast<unsigned>(date.day()),
                  static_cast<unsigned>(date.month()), static_cast<int>(date.year()));
    return clock.empty() ? text : std::string(text) + ' ' + clock;
}

std::size_t columnOf(std::string_view cell) {
    std::size_t column = 0;
    for (const char c : cell) {
        if (c < 'A' || c > 'Z' || column > 100'000) break;
        column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    }
    return column;
}

std::string oneLineCell(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (text.substr(i, 3) == "_x0" && text.size() >= i + 7 && text[i + 6] == '_' && text[i + 3] == '0' &&
            (text[i + 4] == '0' || text[i + 4] == '1')) { // _x000D_: a control character
            c = ' ';
            i += 6;
        }
        if (c == '\r' || c == '\n') c = ' ';
        if (c == ' ' && out.ends_with(' ')) continue;
        out += c;
    }
    return out;
}

} // namespace trevo::formats
