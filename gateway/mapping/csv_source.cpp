#include "base/utf8.hpp"
#include "formats/csv.hpp"
#include "mapping/load.hpp"

#include <algorithm>
#include <set>

namespace trevo::mapping {

namespace {

constexpr const char* kUnclosed = "a quote is opened and never closed";

bool blankRow(const std::vector<std::string_view>& cells) {
    return std::all_of(cells.begin(), cells.end(),
                       [](std::string_view cell) { return trimAscii(cell).empty(); });
}

std::vector<std::string_view> uniqueNames(const std::vector<std::string_view>& header, Tree& tree) {
    std::vector<std::string_view> names;
    std::set<std::string> taken;
    for (std::size_t i = 0; i < header.size(); ++i) {
        std::string name(trimAscii(header[i]));
        if (name.empty()) name = "column " + std::to_string(i + 1);
        std::string unique = name;
        for (int n = 2; !taken.insert(foldKey(unique)).second; ++n)
            unique = name + ' ' + std::to_string(n);
        names.push_back(tree.keep(std::move(unique)));
    }
    return names;
}

} // namespace

Failure loadCsv(std::string_view body, const ContentType& contentType, const std::string& usualCharset,
                const CsvOptions& options, std::int64_t lineOffset, const Limits& limits, Tree& tree) {
    thread_local std::string converted;
    const auto decoded = decodeText(body, contentType.charset, usualCharset, converted);
    if (!decoded.ok()) return decoded.error();
    const std::string_view text = *decoded;

    tree.clear(true); // a header is typed by hand: case, accents and blanks do not count
    const Ref rows = tree.open(Type::List, {}, kNone);
    const auto dialect = formats::detectDialect(text, {options.delimiter, options.quote});
    formats::RowReader reader(text, dialect);
    if (const auto skipped = formats::separatorLine(text); skipped > 0) reader.skip(skipped, 1);
    std::vector<std::string_view> cells(options.columns.begin(), options.columns.end());
    while (options.columns.empty()) {
        const auto place = "line " + std::to_string(reader.line());
        if (reader.atEnd()) return Problem{"bad_csv", "", place, "the first line must name the columns"};
        reader.next(cells);
        if (reader.unclosed()) return Problem{"bad_csv", "", place, kUnclosed};
        if (!blankRow(cells)) break;
    }
    tree.setHeader(text.substr(0, reader.offset()));
    const auto names = uniqueNames(cells, tree);
    while (!reader.atEnd()) {
        const auto line = static_cast<std::int64_t>(reader.line()) + lineOffset;
        const auto start = reader.offset();
        reader.next(cells);
        if (blankRow(cells)) continue;
        const auto place = "line " + std::to_string(line);
        while (cells.size() > names.size() && trimAscii(cells.back()).empty())
            cells.pop_back();
        if (tree.size() + cells.size() >= limits.maxNodes) return tooManyValues(limits, place);
        const Ref row = tree.open(Type::Table, {}, rows);
        tree.setLine(row, static_cast<std::size_t>(line));
        tree.setRow(row, text.substr(start, reader.offset() - start));
        if (reader.unclosed()) { // swallows what follows, which is kept with it
            tree.setProblem(row, {"bad_csv", "", place, kUnclosed});
        } else if (cells.size() > names.size()) {
            tree.setProblem(row, {"bad_csv", "", place,
                                  std::to_string(cells.size()) + " cells in a line of " +
                                      std::to_string(names.size()) + " columns"});
        } else {
            for (std::size_t i = 0; i < cells.size(); ++i) {
                const bool lasts = cells[i].empty() || (cells[i].data() >= text.data() &&
                                                        cells[i].data() < text.data() + text.size());
                tree.add(Type::Text, names[i], lasts ? cells[i] : tree.keep(std::string(cells[i])), row);
            }
        }
        tree.close(row);
    }
    tree.close(rows);
    return std::nullopt;
}

} // namespace trevo::mapping
