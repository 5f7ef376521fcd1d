// Digests and encodings of bytes. Thin over OpenSSL; all functions are thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trevo {

std::array<std::uint8_t, 32> sha256(std::string_view bytes);
std::array<std::uint8_t, 32> hmacSha256(std::string_view key, std::string_view bytes);
std::string hex(std::string_view bytes); // lower case
std::string base64(std::string_view bytes);
std::optional<std::string>
fromBase64(std::string_view text);          // padding optional; empty on any other character
std::string randomBytes(std::size_t count); // from the kernel, for tokens and keys

// In constant time for equal lengths.
bool equalSecrets(std::string_view a, std::string_view b);

// A fast hash for in-memory tables and index keys that need no defence against chosen input beyond its 64-bit
// seed.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

template <std::size_t N>
std::string_view asView(const std::array<std::uint8_t, N>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), N};
}

} // namespace trevo
