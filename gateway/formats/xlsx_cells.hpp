// What a cell of a spreadsheet shows: its number by its format. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trevo::formats {

enum class CellFormat : std::uint8_t { Number, Date, Time, DateTime };

CellFormat builtInFormat(unsigned id);          // ECMA-376, 18.8.30
CellFormat cellFormatOf(std::string_view code); // "dd/mm/yyyy hh:mm"

// "44562.5" as 01/01/2022 12:00:00, 12:00:00 or 44562,5; what is no number stays as it is. Days count from
// 1900 with its leap day that never was, or from 1904.
std::string shownNumber(std::string_view value, CellFormat format, bool from1904);

// "BC7" is 55; 0 when it names no column.
std::size_t columnOf(std::string_view cell);

// Without line breaks and the escapes of control characters (_x000D_).
std::string oneLineCell(std::string_view text);

} // namespace trevo::formats
