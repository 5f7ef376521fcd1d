// Appends JSON text to a string. Text must be UTF-8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trevo::canonical {

void writeString(std::string& out, std::string_view text); // quoted and escaped
void writeInteger(std::string& out, std::int64_t value);
void writeUnsigned(std::string& out, std::uint64_t value);
void writeDouble(std::string& out,
                 double value); // the shortest text that reads as the same number; it must be finite

} // namespace trevo::canonical
