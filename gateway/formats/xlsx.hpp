// The rows of a sheet of an XLSX workbook, as CSV: the n-th line is the n-th row, the cells as a Brazilian
// spreadsheet would save them (31/12/2026 14:30:00, 1234,5), so that a mapping reads both alike. A line
// break within a cell becomes a blank.
//
// The workbook lies in memory packed; its sheet is unpacked and read on the way. What a bomb would cost is
// bounded.
#pragma once

#include "base/result.hpp"
#include "formats/bytes.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace trevo::formats {

struct XlsxOptions {
    std::string sheet; // its name; empty: the first
    char delimiter = ';';
    std::size_t maxPackedBytes = std::size_t{64} << 20;
    std::size_t maxTextBytes = std::size_t{96} << 20; // of all texts that cells share
    std::uint64_t maxSheetBytes = std::uint64_t{2} << 30;
    std::size_t maxColumns = 1024;
};

class XlsxReader {
  public:
    // `packed` gives the bytes of the workbook. What can not be read as one is the problem().
    XlsxReader(const Read& packed, XlsxOptions options);
    ~XlsxReader();
    XlsxReader(const XlsxReader&) = delete;
    XlsxReader& operator=(const XlsxReader&) = delete;

    // UTF-8. A sheet that is broken or above a limit ends early: problem() says so, and nothing of it may be
    // taken for whole.
    Read rows();
    const std::optional<Problem>& problem() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace trevo::formats
