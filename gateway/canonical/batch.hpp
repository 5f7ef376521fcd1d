// The single records of a body that may hold one object, an array of them, or a line each (NDJSON).
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::canonical {

struct BatchItem {
    std::string_view text;  // within the body, the sender's own bytes
    std::size_t line = 0;   // NDJSON: from 1; 0 otherwise
    std::size_t number = 0; // in an array: from 1; 0 otherwise

    // A problem's place, told from the item's own text, as one of the whole body: "line 3, column 5",
    // "record 2".
    std::string placeInBody(const std::string& place) const;
};

inline constexpr std::size_t kMaxBatch = 100'000; // records of one body

bool isNdjson(std::string_view contentType);

// Splits without judging the single records. Errors, of the body as a whole: malformed_json (with its place)
// and too_many_records. Thread-safe.
Result<std::vector<BatchItem>, Problem> splitBatch(std::string_view contentType, std::string_view body,
                                                   int maxDepth);

} // namespace trevo::canonical
