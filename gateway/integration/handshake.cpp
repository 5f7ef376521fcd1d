#include "integration/handshake.hpp"

#include "base/hash.hpp"
#include "base/percent.hpp"

#include <algorithm>
#include <optional>

namespace trevo {

namespace {

constexpr std::size_t kMaxChallenge = 256;

// The first value of that name, decoded.
std::optional<std::string> decodedValue(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos && formDecode(pair.substr(0, equals)) == name)
            return formDecode(pair.substr(equals + 1));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
    }
    return std::nullopt;
}

bool isPlain(std::string_view challenge) {
    return !challenge.empty() && challenge.size() <= kMaxChallenge &&
           std::all_of(challenge.begin(), challenge.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      std::string_view("-_.~").find(c) != std::string_view::npos;
           });
}

} // namespace

Result<std::string> answerHandshake(const config::Handshake& handshake, std::string_view query) {
    if (decodedValue(query, "hub.mode") != "subscribe")
        return Problem{"bad_handshake", "hub.mode", "", "expected hub.mode=subscribe"};
    const auto token = decodedValue(query, "hub.verify_token");
    bool matched = false;
    for (const auto& secret : handshake.verifyTokens)
        matched |= token && equalSecrets(secret, *token);
    if (!matched) return Problem{"bad_token", "hub.verify_token", "", "the verify token is missing or wrong"};
    auto challenge = decodedValue(query, "hub.challenge");
    if (!challenge || !isPlain(*challenge))
        return Problem{"bad_handshake", "hub.challenge", "",
                       "expected 1 to 256 letters, digits and '-', '_', '.', '~'"};
    return std::move(*challenge);
}

} // namespace trevo
