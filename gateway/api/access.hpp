// Who asks: bearer tokens looked up by their SHA-256, kept for a moment in memory.
#pragma once

#include "api/api.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace trevo::api {

inline constexpr std::string_view kScopes[] = {"records:write", "read", "operate", "admin"};

// The bearer token of an Authorization header, or empty when there is none of the right shape.
std::string_view bearerToken(const http::Head& head);

// True for a request of this machine that no proxy passed on.
bool fromLoopback(const http::Head& head);

// A new token: "trv_" and 43 base64url characters, 256 random bits.
std::string newToken();

// Thread-safe. A token that was revoked through forget() is refused at once; one whose row was changed
// behind our back, within kRemembered.
class Access {
  public:
    static constexpr std::int64_t kRemembered = 30 * kSecond;
    static constexpr std::size_t kMaxRemembered = 4096;

    Access(store::Reader& reader, const Clock& clock) : reader_(reader), clock_(clock) {}

    struct Known {
        std::optional<Principal> principal; // empty: no such token, or expired, or revoked
    };
    // From memory only; never blocks. Empty when memory does not tell.
    std::optional<Known> recall(std::string_view token);
    std::optional<Principal> check(std::string_view token); // may read the store
    void forget();                                          // after a revocation

  private:
    struct Entry {
        std::optional<store::Token> token;
        UtcTime until;
    };
    std::optional<Principal> principalOf(const Entry& entry, UtcTime now) const;

    store::Reader& reader_;
    const Clock& clock_;
    std::mutex mutex_;
    std::map<std::string, Entry, std::less<>> remembered_; // by SHA-256
    std::uint64_t generation_ = 0; // a look-up that began before forget() is not remembered
};

} // namespace trevo::api
