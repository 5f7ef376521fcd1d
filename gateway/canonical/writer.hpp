// Appends JSON numbers to a string; texts: base/json_text.hpp.
#pragma once

#include <cstdint>
#include <string>

namespace trevo::canonical {

void writeInteger(std::string& out, std::int64_t value);
void writeUnsigned(std::string& out, std::uint64_t value);
void writeDouble(std::string& out,
                 double value); // the shortest text that reads as the same number; it must be finite

} // namespace trevo::canonical
