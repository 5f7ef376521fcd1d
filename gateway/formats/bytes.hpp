// Bytes that come bit by bit, from a file, an archive or a mail.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace trevo::formats {

// Puts up to `size` bytes at `into` and returns how many; 0 at the end. Throws what its owner throws when
// reading fails.
using Read = std::function<std::size_t(char* into, std::size_t size)>;

Read readFrom(std::string_view text); // views it

enum class Encoding { Bytes, Utf16Little, Utf16Big }; // Bytes: UTF-8 or a charset that has ASCII in it

struct Mark {
    Encoding encoding = Encoding::Bytes;
    std::size_t length = 0; // of the byte order mark; 0 when there is none
};

// By byte order mark, else by where the zero bytes of the first letters stand.
Mark detectEncoding(std::string_view start);

// UTF-16 to UTF-8, in pieces that may end anywhere. What is no letter becomes U+FFFD.
class Utf16Reader {
  public:
    explicit Utf16Reader(Encoding encoding) : big_(encoding == Encoding::Utf16Big) {}
    void convert(std::string_view bytes, std::string& out);
    void finish(std::string& out); // what was cut off at the end

  private:
    void unit(unsigned value, std::string& out);

    bool big_;
    int first_ = -1;    // of a pair of bytes
    unsigned high_ = 0; // first half of a surrogate pair
};

} // namespace trevo::formats
