// What makes a delivery the same as an earlier one.
#pragma once

#include "journal/journal.hpp"

#include <array>

namespace trevo::journal {

struct Key {
    std::array<char, 16> bytes{};
    std::optional<std::int64_t> contentHash; // when the key binds the content

    std::string_view view() const { return {bytes.data(), bytes.size()}; }
};

// First half of SHA-256 over (integration, 0, trial, what is hashed, 0, sender's key or body). A delivery
// refused at ingest goes by its bytes, never by the sender's id: the corrected delivery under that id must
// get in. A trial never meets the key of a real delivery. Pure; run on the caller's thread.
Key keyOf(const Delivery& delivery);

} // namespace trevo::journal
