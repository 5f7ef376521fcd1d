// Where a text stops being JSON. Slow and exact: for telling the sender, after the fast parser has refused.
#pragma once

#include <string>
#include <string_view>

namespace trevo::canonical {

// "line 3, column 14" of byte `at`, both from 1; columns count bytes.
std::string placeOfByte(std::string_view text, std::size_t at);

// The place of the first syntax error; empty when there is none.
std::string placeOfSyntaxError(std::string_view json);

} // namespace trevo::canonical
