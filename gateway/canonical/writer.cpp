#include "canonical/writer.hpp"

#include <array>
#include <charconv>

namespace trevo::canonical {

namespace {

template <class Number>
void writeNumber(std::string& out, Number value) {
    std::array<char, 40> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

} // namespace

void writeInteger(std::string& out, std::int64_t value) {
    writeNumber(out, value);
}
void writeUnsigned(std::string& out, std::uint64_t value) {
    writeNumber(out, value);
}
void writeDouble(std::string& out, double value) {
    writeNumber(out, value == 0 ? 0.0 : value);
} // "-0" would read as 0

} // namespace trevo::canonical
