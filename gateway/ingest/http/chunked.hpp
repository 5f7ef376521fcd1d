// Removes the chunked transfer coding (RFC 9112 section 7.1), strictly: only CRLF ends a line, sizes are
// plain hexadecimal, extensions and trailers are read and thrown away.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace trevo::http {

class ChunkedDecoder {
  public:
    enum class State { NeedMore, Done, Malformed, TooLarge };

    // `maxBody` bounds the decoded body, `maxOverhead` all extensions and trailers together.
    ChunkedDecoder(std::size_t maxBody, std::size_t maxOverhead)
        : bodyLeft_(maxBody), overheadLeft_(maxOverhead) {}

    // Appends what is decoded of `input` to `body` and adds the bytes used to `used`; bytes after the last
    // chunk are left.
    State feed(std::string_view input, std::string& body, std::size_t& used);

  private:
    enum class At { Size, Extension, SizeLf, Data, DataCr, DataLf, LineStart, Trailer, TrailerLf, LastLf };
    State step(char c); // one byte of framing

    At at_ = At::Size;
    std::size_t bodyLeft_;
    std::size_t overheadLeft_;
    std::uint64_t size_ = 0;
    int digits_ = 0;
    bool named_ = false; // the trailer line has had its colon
};

} // namespace trevo::http
