#include "formats/csv_splitter.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace trevo::formats {

namespace {

constexpr std::size_t kBlock = 64 << 10;

std::size_t countLines(std::string_view text, char lineEnd) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), lineEnd));
}

bool isBlank(std::string_view row, char delimiter) {
    return std::all_of(row.begin(), row.end(), [&](char c) {
        return c == delimiter || c == ' ' || c == '\t' || c == '\r' || c == '\n';
    });
}

} // namespace

CsvSplitter::CsvSplitter(Read read, SplitOptions options)
    : read_(std::move(read)), options_(std::move(options)) {}

// Reads until so many bytes wait, or the end.
void CsvSplitter::fill(std::size_t wanted) {
    if (at_ > 0) {
        pending_.erase(0, at_);
        at_ = 0;
    }
    char block[kBlock];
    while (!ended_ && pending_.size() < wanted) {
        const std::size_t count = read_(block, sizeof block);
        ended_ = count == 0;
        if (utf16_) {
            utf16_->convert({block, count}, pending_);
            if (ended_) utf16_->finish(pending_);
        } else {
            pending_.append(block, count);
        }
    }
}

std::optional<Problem> CsvSplitter::start() {
    started_ = true;
    fill(4096);
    const Mark mark = detectEncoding(pending_);
    pending_.erase(0, mark.length);
    if (mark.encoding != Encoding::Bytes) {
        utf16_.emplace(mark.encoding);
        const std::string bytes = std::move(pending_);
        pending_.clear();
        utf16_->convert(bytes, pending_);
        if (ended_) utf16_->finish(pending_);
        options_.charset.clear();
    }
    fill(options_.maxRowBytes);
    const std::string_view sample(pending_);
    dialect_ = detectDialect(sample, options_.dialect);
    if (sample.find('\n') == std::string_view::npos && sample.find('\r') != std::string_view::npos)
        lineEnd_ = '\r';
    if (const auto skipped = separatorLine(sample); skipped > 0) {
        at_ += skipped;
        ++line_;
    }
    head_ = std::string("sep=") + dialect_.delimiter + lineEnd_;
    headLines_ = 1;
    if (!options_.header) return std::nullopt;
    while (true) {
        auto first = row();
        if (!first) return first.error();
        if (!*first) return Problem{"bad_csv", "", "line 1", "the first line must name the columns"};
        const Row header = **first;
        if (header.unclosed)
            return Problem{"bad_csv", "", "line " + std::to_string(line_),
                           "a quote is opened and never closed"};
        const bool blank = isBlank(header.text, dialect_.delimiter);
        if (!blank) {
            head_ += dialect_.quote == '"' ? converted(header.text) : quotedAnew(converted(header.text));
            if (head_.back() != lineEnd_) head_ += lineEnd_;
            headLines_ = countLines(head_, lineEnd_);
        }
        take(header);
        if (!blank) return std::nullopt;
    }
}

// The next row, or none at the end. Quotes count only where they open a cell.
Result<std::optional<CsvSplitter::Row>> CsvSplitter::row() {
    if (pending_.size() - at_ < options_.maxRowBytes && !ended_) fill(options_.maxRowBytes + 12 * kBlock);
    const std::string_view rest = std::string_view(pending_).substr(at_);
    if (rest.empty()) return std::optional<Row>();
    const auto lineOf = [&](std::size_t from) {
        const auto end = rest.find(lineEnd_, from);
        return end == std::string_view::npos ? rest.size() : end + 1;
    };
    const std::size_t firstLine = lineOf(0);
    std::size_t end = firstLine;
    if (std::memchr(rest.data(), dialect_.quote, firstLine)) {
        RowReader reader(rest.substr(0, options_.maxRowBytes), dialect_);
        std::vector<std::string_view> cells;
        reader.next(cells);
        end = reader.offset();
        if (reader.unclosed() && firstLine <= options_.maxRowBytes) {
            if (++unclosed_ > options_.maxUnclosedQuotes)
                return Problem{"bad_csv", "", "line " + std::to_string(line_),
                               "too many quotes are opened and never closed"};
            return std::optional<Row>(Row{rest.substr(0, firstLine), 1, true});
        }
    }
    const bool cut =
        end == options_.maxRowBytes && end < rest.size() && rest[end - 1] != '\n' && rest[end - 1] != '\r';
    if (cut || end > options_.maxRowBytes) {
        return Problem{"row_too_long", "", "line " + std::to_string(line_),
                       "a row has more than " + std::to_string(options_.maxRowBytes) + " bytes"};
    }
    const auto text = rest.substr(0, end);
    return std::optional<Row>(Row{text, countLines(text, lineEnd_), false});
}

void CsvSplitter::take(const Row& row) {
    at_ += row.text.size();
    line_ += row.lines;
}

std::string CsvSplitter::converted(std::string_view bytes) const {
    if (!options_.charset.empty()) {
        if (auto text = toUtf8(bytes, options_.charset)) return std::move(*text);
    }
    if (isUtf8(bytes)) return std::string(bytes);
    // A file that several programs wrote to may change its charset from line to line.
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 8);
    while (!bytes.empty()) {
        const auto end = bytes.find(lineEnd_);
        const auto line = bytes.substr(0, end == std::string_view::npos ? bytes.size() : end + 1);
        out += guessUtf8(line);
        bytes.remove_prefix(line.size());
    }
    return out;
}

// With " as the quote, which is the one that mappings read.
std::string CsvSplitter::quotedAnew(std::string_view text) const {
    RowReader reader(text, dialect_);
    std::vector<std::string_view> cells;
    std::string out;
    while (!reader.atEnd()) {
        const auto start = reader.offset();
        reader.next(cells);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i > 0) out += dialect_.delimiter;
            appendCell(out, cells[i], dialect_.delimiter);
        }
        auto end = text.substr(start, reader.offset() - start);
        const auto last = end.find_last_not_of("\r\n");
        out += end.substr(last == std::string_view::npos ? 0 : last + 1);
    }
    return out;
}

Result<bool> CsvSplitter::next(Piece& piece) {
    if (!started_) {
        if (auto failure = start()) return *failure;
    }
    const std::size_t startLine = line_;
    piece.rows = 0;
    std::string bytes;
    bool unclosed = false;
    while (!unclosed && piece.rows < options_.rowsPerPiece && bytes.size() < options_.maxPieceBytes) {
        auto found = row();
        if (!found) {
            if (piece.rows == 0) return found.error();
            break; // the good rows first; the next call meets it again
        }
        if (!*found) break;
        const Row& one = **found;
        if (one.unclosed && piece.rows > 0) {
            --unclosed_; // it counts when it is taken
            break;
        }
        bytes += one.text;
        unclosed = one.unclosed;
        if (!isBlank(one.text, dialect_.delimiter)) ++piece.rows;
        take(one);
    }
    if (bytes.empty()) return false;
    std::string text = converted(bytes);
    if (dialect_.quote != '"') {
        if (unclosed)
            text.insert(0, 1, '"'); // so that it is not read as something else
        else
            text = quotedAnew(text);
    }
    piece.number = number_++;
    piece.lineOffset = static_cast<std::int64_t>(startLine) - 1 - static_cast<std::int64_t>(headLines_);
    piece.text = head_ + text;
    return true;
}

} // namespace trevo::formats
