// The files in a ZIP archive, one after the other, without unpacking to disk. What a bomb would cost is
// bounded.
#pragma once

#include "base/result.hpp"
#include "formats/bytes.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace trevo::formats {

struct ZipLimits {
    std::size_t maxEntries = 1000;
    std::uint64_t maxEntryBytes = std::uint64_t{1} << 30; // unpacked
    std::uint64_t maxTotalBytes = std::uint64_t{2} << 30; // unpacked, of all entries
    unsigned maxRatio = 200;                              // unpacked to packed, beyond the first megabyte
};

struct ZipEntry {
    std::string name; // UTF-8, without control characters. To be shown; no path to open.
};

class ZipReader {
  public:
    // `read` gives the bytes of the archive.
    explicit ZipReader(Read read, ZipLimits limits = {});
    ~ZipReader();
    ZipReader(const ZipReader&) = delete;
    ZipReader& operator=(const ZipReader&) = delete;

    // The next file; folders are passed over. An encrypted one is a Problem. False at the end.
    Result<bool> next(ZipEntry& entry);

    // The bytes of the file that next() found, until the next call of it. A file that is broken or above a
    // limit ends early: problem() says so, and nothing of it may be taken for whole.
    Read content();
    const std::optional<Problem>& problem() const;

    struct State; // private to zip.cpp

  private:
    std::unique_ptr<State> state_;
};

} // namespace trevo::formats
