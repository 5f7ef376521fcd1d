// Cuts a CSV file of any size into documents of some hundred rows, each with the header, so that a file of a
// million rows becomes envelopes that are worked off alone.
//
// Invariants
//  - Memory is bounded by the limits below, whatever the file holds.
//  - The same bytes and options give the same pieces: a restart in the middle counts on it.
//  - Every row is in exactly one piece, as it came, transcoded to UTF-8. A row whose quote is never closed is
//  a piece of
//    its own first line, and the rows after it are read on.
//  - The lines of a piece can be named by their place in the file: see Piece::lineOffset.
#pragma once

#include "base/result.hpp"
#include "formats/bytes.hpp"
#include "formats/csv.hpp"

#include <cstdint>
#include <optional>

namespace trevo::formats {

struct SplitOptions {
    Dialect dialect{0, 0}; // what is pinned; 0: detected
    std::string
        charset; // empty: UTF-16 by its marks; else rows that are valid UTF-8, or Windows-1252 row by row
    bool header = true; // the first row names the columns
    std::size_t rowsPerPiece = 500;
    std::size_t maxPieceBytes = std::size_t{1} << 20; // a piece ends earlier when it grows beyond
    std::size_t maxRowBytes = std::size_t{256} << 10;
    int maxUnclosedQuotes = 100; // of a file; more is no CSV
};

struct Piece {
    std::size_t number = 0;      // from 0
    std::size_t rows = 0;        // not blank ones
    std::int64_t lineOffset = 0; // what to add to the line of a row in the piece to have its line in the file
    std::string text;            // UTF-8 CSV: a line "sep=;" that names the delimiter, the header, the rows
};

class CsvSplitter {
  public:
    CsvSplitter(Read read, SplitOptions options);

    // The next piece; false at the end. A Problem names the line from which on the file can not be read;
    // pieces before it are good.
    Result<bool> next(Piece& piece);

    const Dialect& dialect() const { return dialect_; } // after the first next()

  private:
    // One row of the file, views of pending_.
    struct Row {
        std::string_view text; // with its line end
        std::size_t lines = 0;
        bool unclosed = false;
    };

    std::optional<Problem> start();
    void fill(std::size_t wanted);
    Result<std::optional<Row>> row();
    std::string converted(std::string_view bytes) const;
    std::string quotedAnew(std::string_view text) const;
    void take(const Row& row);

    Read read_;
    SplitOptions options_;
    Dialect dialect_;
    std::optional<Utf16Reader> utf16_;
    std::string pending_; // read and not yet given out
    std::size_t at_ = 0;  // in pending_
    bool ended_ = false, started_ = false;
    char lineEnd_ = '\n';
    std::string head_; // of every piece: the line "sep=;" and the header, UTF-8
    std::size_t headLines_ = 0;
    std::size_t line_ = 1; // of the next row in the file
    std::size_t number_ = 0;
    int unclosed_ = 0;
};

} // namespace trevo::formats
