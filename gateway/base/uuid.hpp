// UUIDv7 (RFC 9562): receipt ids. Ordered by creation time within one generator.
#pragma once

#include "base/time.hpp"

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace trevo {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const Uuid&) const = default;
    std::string text() const; // "0190a5c2-…", 36 characters, lower case
    std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    static std::optional<Uuid> parse(std::string_view text);
    static std::optional<Uuid> fromBytes(std::string_view sixteenBytes);
};

// Hands out strictly increasing UUIDv7. Thread-safe.
class UuidSource {
  public:
    explicit UuidSource(const Clock& clock);
    Uuid next();

  private:
    const Clock& clock_;
    std::mutex mutex_;
    std::uint64_t lastMillis_ = 0;
    std::uint64_t counter_ = 0;
    std::uint64_t random_[2];
};

} // namespace trevo
