// How a source value is read: the words of `as` in a mapping. A reader checks the shape and writes the
// canonical form that canonical::read understands; whether a CPF or a phone is a real one is decided there.
#pragma once

#include "mapping/value.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::mapping {

enum class TimeFormat : unsigned char {
    Iso,
    IsoLoose,
    Brazilian,
    Compact,
    EpochSeconds,
    EpochMillis,
    Excel,
    Mail
};

struct ReadOptions {
    std::vector<TimeFormat> formats; // tried in order; empty: iso
    std::string zone;                // of times that name none; empty: the dealer's, applied later
};

// What a reader wrote. `text` views the source or `buffer`.
struct Reading {
    Type type = Type::Text; // Text, Number or Boolean
    std::string_view text;
    std::string buffer;
};

// False when the value is not of the shape. `in` is a scalar, its text trimmed and not empty.
using ReadFunction = bool (*)(const Value& in, const ReadOptions& options, Reading& out);

struct Reader {
    std::string_view name;
    ReadFunction read;
    std::string_view expects; // "a date such as 2026-11-22": completes "expected …"
    bool takesFormats = false, takesZone = false;
};

const Reader* findReader(std::string_view name); // null when unknown
std::span<const std::string> readerNames();
const TimeFormat* findTimeFormat(std::string_view name);
std::span<const std::string> timeFormatNames();

} // namespace trevo::mapping
