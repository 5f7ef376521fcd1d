#include "base/utf8.hpp"
#include "formats/csv.hpp"

#include <algorithm>

namespace trevo::formats {

namespace {

constexpr std::size_t kSampleBytes = 64 << 10;
constexpr std::size_t kSampleRows = 60;
constexpr std::string_view kDelimiters = ";,\t|";

bool blank(const std::vector<std::string_view>& cells) {
    return std::all_of(cells.begin(), cells.end(),
                       [](std::string_view cell) { return trimAscii(cell).empty(); });
}

// How many of the first rows have as many columns as the first of them, in thousandths; then how many
// columns.
std::pair<std::size_t, std::size_t> fit(std::string_view text, Dialect dialect) {
    RowReader reader(text, dialect);
    std::vector<std::string_view> cells;
    std::size_t columns = 0, rows = 0, equal = 0;
    while (!reader.atEnd() && rows < kSampleRows) {
        reader.next(cells);
        if (blank(cells)) continue;
        // The sample ends somewhere within a row.
        if (reader.atEnd() && text.size() == kSampleBytes && rows > 0) break;
        if (rows++ == 0) columns = cells.size();
        // A delimiter too many at the end of a row, or too few, is common.
        const bool close = cells.size() == columns || (cells.size() == columns + 1 && cells.back().empty());
        if (close) ++equal;
    }
    if (columns < 2) return {0, 0};
    return {equal * 1000 / rows, columns};
}

// Whether cells are put between apostrophes: "'" is a letter of names too.
char likelyQuote(std::string_view text, char delimiter) {
    std::size_t doubles = 0, singles = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins = i == 0 || text[i - 1] == delimiter || text[i - 1] == '\n' || text[i - 1] == '\r';
        if (!begins || (text[i] != '"' && text[i] != '\'')) continue;
        const auto end = text.find(text[i], i + 1);
        const bool ends =
            end != std::string_view::npos && (end + 1 == text.size() || text[end + 1] == delimiter ||
                                              text[end + 1] == '\n' || text[end + 1] == '\r');
        if (ends) ++(text[i] == '"' ? doubles : singles);
        if (end != std::string_view::npos) i = end;
    }
    return doubles == 0 && singles > 1 ? '\'' : '"';
}

} // namespace

std::size_t separatorLine(std::string_view text) {
    if (text.size() < 5 || !equalsIgnoreCase(text.substr(0, 4), "sep=")) return 0;
    if (std::string_view(";,|:^~#\t").find(text[4]) == std::string_view::npos) return 0;
    auto end = std::min<std::size_t>(5, text.size());
    if (end < text.size() && text[end] == '\r') ++end;
    if (end < text.size() && text[end] == '\n') ++end;
    return end > 5 || text.size() == 5 ? end : 0;
}

Dialect detectDialect(std::string_view text, Dialect pinned) {
    Dialect best = pinned;
    if (const auto skipped = separatorLine(text); skipped > 0) {
        if (!best.delimiter) best.delimiter = text[4];
        text.remove_prefix(skipped);
    }
    text = text.substr(0, kSampleBytes);
    if (!best.delimiter) {
        best.delimiter = kDelimiters.front();
        std::pair<std::size_t, std::size_t> score{0, 0};
        for (const char delimiter : kDelimiters) {
            const char quote = pinned.quote ? pinned.quote : likelyQuote(text, delimiter);
            const auto found = fit(text, {delimiter, quote});
            if (found <= score) continue;
            score = found;
            best.delimiter = delimiter;
        }
    }
    if (!best.quote) best.quote = likelyQuote(text, best.delimiter);
    return best;
}

} // namespace trevo::formats
