// CSV as it is found: which signs it uses, and its rows. Text is UTF-8, or of any charset that has ASCII in
// it.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::formats {

struct Dialect {
    char delimiter = ';';
    char quote = '"';

    bool operator==(const Dialect&) const = default;
};

// The signs under which the first rows of `text` fall into equal numbers of columns: of ; , tab and | the
// delimiter, of " and ' the quote. What `pinned` names (not 0) is taken as it is.
Dialect detectDialect(std::string_view text, Dialect pinned = {0, 0});

// Of the line "sep=;" that spreadsheets write first: its length with the line end, or 0 when there is none.
// The sign stands at 4.
std::size_t separatorLine(std::string_view text);

// Reads one row at a time (RFC 4180, any line end). A quote inside an unquoted cell is a letter; text after a
// closing quote is kept.
class RowReader {
  public:
    RowReader(std::string_view text, Dialect dialect) : text_(text), dialect_(dialect) {}

    bool atEnd() const { return at_ >= text_.size(); }
    std::size_t line() const { return line_; }       // of the next row, from 1
    std::size_t offset() const { return at_; }       // of the next row
    bool unclosed() const { return unclosed_; }      // the last row ends within a quote
    void skip(std::size_t bytes, std::size_t lines); // without looking

    // The cells view `text`, or `unquoted()` where a quoted cell had to be put together; both last until the
    // next row.
    void next(std::vector<std::string_view>& cells);

  private:
    std::size_t quotedCell(std::string_view& cell);

    std::string_view text_;
    Dialect dialect_;
    std::size_t at_ = 0, line_ = 1;
    bool unclosed_ = false;
    std::deque<std::string>
        made_; // cells that are no single stretch of the text; a deque: views of them stay
    std::size_t madeCount_ = 0;
};

// `cell` as it stands in a row: quoted where it must be.
void appendCell(std::string& out, std::string_view cell, char delimiter);

} // namespace trevo::formats
