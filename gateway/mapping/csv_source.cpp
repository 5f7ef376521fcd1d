#include "base/utf8.hpp"
#include "mapping/load.hpp"

#include <algorithm>
#include <set>

namespace trevo::mapping {

namespace {

constexpr const char* kUnclosed = "a quote is opened and never closed";

// Reads one row at a time (RFC 4180, any line end). A quote inside an unquoted cell is a letter; text after a
// closing quote is kept.
class RowReader {
  public:
    RowReader(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

    bool atEnd() const { return at_ >= text_.size(); }
    std::size_t line() const { return line_; }
    std::size_t offset() const { return at_; }
    bool unclosed() const { return unclosed_; }

    void next(std::vector<std::string>& cells) {
        cells.clear();
        std::string cell;
        bool quoted = false;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == '\n') ++line_;
            if (quoted) {
                if (c != '"') {
                    cell += c;
                } else if (at_ < text_.size() && text_[at_] == '"') {
                    cell += '"';
                    ++at_;
                } else {
                    quoted = false;
                }
            } else if (c == '"' && cell.empty()) {
                quoted = true;
            } else if (c == delimiter_) {
                cells.push_back(std::move(cell));
                cell.clear();
            } else if (c == '\r' || c == '\n') {
                if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') {
                    ++at_;
                    ++line_;
                } else if (c == '\r') {
                    ++line_;
                }
                break;
            } else {
                cell += c;
            }
        }
        unclosed_ = quoted;
        cells.push_back(std::move(cell));
    }

  private:
    std::string_view text_;
    char delimiter_;
    std::size_t at_ = 0, line_ = 1;
    bool unclosed_ = false;
};

char likelyDelimiter(std::string_view text) {
    constexpr std::string_view kCandidates = ";,\t|";
    std::size_t counts[4] = {};
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (!quoted && (c == '\n' || c == '\r')) break;
        const auto which = kCandidates.find(c);
        if (!quoted && which != std::string_view::npos) ++counts[which];
    }
    return kCandidates[static_cast<std::size_t>(std::max_element(counts, counts + 4) - counts)];
}

bool blankRow(const std::vector<std::string>& cells) {
    return std::all_of(cells.begin(), cells.end(),
                       [](const std::string& cell) { return trimAscii(cell).empty(); });
}

std::vector<std::string_view> uniqueNames(const std::vector<std::string>& header, Tree& tree) {
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
                const CsvOptions& options, const Limits& limits, Tree& tree) {
    thread_local std::string converted;
    const auto decoded = decodeText(body, contentType.charset, usualCharset, converted);
    if (!decoded.ok()) return decoded.error();
    const std::string_view text = *decoded;

    tree.clear(true); // a header is typed by hand: case, accents and blanks do not count
    const Ref rows = tree.open(Type::List, {}, kNone);
    RowReader reader(text, options.delimiter ? options.delimiter : likelyDelimiter(text));
    std::vector<std::string> cells = options.columns;
    if (options.columns.empty()) {
        if (!reader.atEnd()) reader.next(cells);
        if (blankRow(cells)) return Problem{"bad_csv", "", "line 1", "the first line must name the columns"};
        if (reader.unclosed()) return Problem{"bad_csv", "", "line 1", kUnclosed};
    }
    tree.setHeader(text.substr(0, reader.offset()));
    const auto names = uniqueNames(cells, tree);
    while (!reader.atEnd()) {
        const auto line = reader.line();
        const auto start = reader.offset();
        reader.next(cells);
        if (blankRow(cells)) continue;
        const auto place = "line " + std::to_string(line);
        if (tree.size() + cells.size() >= limits.maxNodes) return tooManyValues(limits, place);
        const Ref row = tree.open(Type::Table, {}, rows);
        tree.setLine(row, line);
        tree.setRow(row, text.substr(start, reader.offset() - start));
        if (reader.unclosed()) { // swallows what follows, which is kept with it
            tree.setProblem(row, {"bad_csv", "", place, kUnclosed});
        } else if (cells.size() > names.size()) {
            tree.setProblem(row, {"bad_csv", "", place,
                                  std::to_string(cells.size()) + " cells in a line of " +
                                      std::to_string(names.size()) + " columns"});
        } else {
            for (std::size_t i = 0; i < cells.size(); ++i)
                tree.add(Type::Text, names[i], tree.keep(std::move(cells[i])), row);
        }
        tree.close(row);
    }
    tree.close(rows);
    return std::nullopt;
}

} // namespace trevo::mapping
