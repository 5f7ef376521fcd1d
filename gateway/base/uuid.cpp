#include "base/uuid.hpp"

#include "base/hash.hpp"

#include <cstring>

namespace trevo {

std::string Uuid::text() const {
    const std::string digits = hex(view());
    return digits.substr(0, 8) + '-' + digits.substr(8, 4) + '-' + digits.substr(12, 4) + '-' +
           digits.substr(16, 4) + '-' + digits.substr(20);
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid uuid;
    std::size_t digit = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        const char c = text[i];
        int value = 0;
        if (c >= '0' && c <= '9')
            value = c - '0';
        else if (c >= 'a' && c <= 'f')
            value = c - 'a' + 10;
        else if (c >= 'A' && c <= 'F')
            value = c - 'A' + 10;
        else
            return std::nullopt;
        auto& byte = uuid.bytes[digit / 2];
        byte = static_cast<std::uint8_t>(digit % 2 == 0 ? value << 4 : byte | value);
        ++digit;
    }
    return uuid;
}

std::optional<Uuid> Uuid::fromBytes(std::string_view sixteenBytes) {
    if (sixteenBytes.size() != 16) return std::nullopt;
    Uuid uuid;
    std::memcpy(uuid.bytes.data(), sixteenBytes.data(), 16);
    return uuid;
}

UuidSource::UuidSource(const Clock& clock) : clock_(clock) {
    const std::string seed = randomBytes(sizeof random_);
    std::memcpy(random_, seed.data(), sizeof random_);
}

// 48 bits of milliseconds, then a 12+14-bit counter that keeps one millisecond's ids in order, then 48 random
// bits that a xorshift walks on from a kernel seed: ids must be unique and hard to guess for a reader, not
// secret from the kernel.
Uuid UuidSource::next() {
    const std::lock_guard lock(mutex_);
    const auto millis = static_cast<std::uint64_t>(clock_.now().micros / 1000);
    if (millis > lastMillis_) {
        lastMillis_ = millis;
        counter_ = 0;
    } else if (++counter_ >= (1U << 26)) {
        ++lastMillis_;
        counter_ = 0;
    }
    std::uint64_t x = random_[0];
    const std::uint64_t y = random_[1];
    random_[0] = y;
    x ^= x << 23;
    random_[1] = x ^ y ^ (x >> 17) ^ (y >> 26);
    const std::uint64_t tail = random_[1] + y;

    Uuid uuid;
    auto& b = uuid.bytes;
    for (std::size_t i = 0; i < 6; ++i)
        b[i] = static_cast<std::uint8_t>(lastMillis_ >> (40 - 8 * i));
    b[6] = static_cast<std::uint8_t>(0x70 | (counter_ >> 22));
    b[7] = static_cast<std::uint8_t>(counter_ >> 14);
    b[8] = static_cast<std::uint8_t>(0x80 | ((counter_ >> 8) & 0x3f));
    b[9] = static_cast<std::uint8_t>(counter_);
    for (std::size_t i = 0; i < 6; ++i)
        b[10 + i] = static_cast<std::uint8_t>(tail >> (8 * i));
    return uuid;
}

} // namespace trevo
