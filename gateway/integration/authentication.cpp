#include "integration/authentication.hpp"

#include "base/hash.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstring>

namespace trevo {

using Type = config::Authentication::Type;

struct Authenticator::Block {
    std::array<std::uint8_t, 16> bytes{}; // IPv4 as ::ffff:a.b.c.d
    int bits = 128;
};

namespace {

bool readAddress(std::string_view text, std::array<std::uint8_t, 16>& bytes, bool& v4) {
    const std::string copy(text);
    in_addr four{};
    if (::inet_pton(AF_INET, copy.c_str(), &four) == 1) {
        bytes.fill(0);
        bytes[10] = bytes[11] = 0xff;
        std::memcpy(bytes.data() + 12, &four, 4);
        v4 = true;
        return true;
    }
    v4 = false;
    return ::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1;
}

bool readBlock(std::string_view text, std::array<std::uint8_t, 16>& bytes, int& bits) {
    const auto slash = text.find('/');
    bool v4 = false;
    if (!readAddress(text.substr(0, slash), bytes, v4)) return false;
    bits = 128;
    if (slash == std::string_view::npos) return true;
    const auto digits = text.substr(slash + 1);
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (failed != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > (v4 ? 32 : 128))
        return false;
    if (v4) bits += 96;
    return true;
}

Problem refused(std::string code, std::string field, std::string detail) {
    return {std::move(code), std::move(field), "", std::move(detail)};
}

std::optional<std::string> queryValue(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto pair = query.substr(0, end);
        const auto equals = pair.find('=');
        if (pair.substr(0, equals) == name) {
            return equals == std::string_view::npos ? std::string() : std::string(pair.substr(equals + 1));
        }
        if (end == std::string_view::npos) break;
        query.remove_prefix(end + 1);
    }
    return std::nullopt;
}

bool matchesAny(const std::vector<std::string>& secrets, std::string_view given) {
    bool matched = false;
    for (const auto& secret : secrets)
        matched |= equalSecrets(secret, given);
    return matched;
}

std::string_view withoutScheme(std::string_view text, std::string_view scheme) {
    if (text.size() <= scheme.size() || !equalsIgnoreCase(text.substr(0, scheme.size()), scheme)) return {};
    return trimAscii(text.substr(scheme.size()));
}

// A token in a header, in the forms that the partner's notes say are seen.
bool headerMatches(const config::Authentication& config, std::string_view value) {
    for (const auto& form : config.accept) {
        if (form == "raw" && matchesAny(config.secrets, value)) return true;
        if (form == "bearer" && matchesAny(config.secrets, withoutScheme(value, "bearer "))) return true;
        if (form != "base64" && form != "basic") continue;
        const auto encoded = form == "basic" ? withoutScheme(value, "basic ") : value;
        const auto plain = encoded.empty() ? std::nullopt : fromBase64(encoded);
        if (!plain) continue;
        if (config.user.empty() && matchesAny(config.secrets, *plain)) return true;
        const auto colon = plain->find(':');
        if (colon != std::string::npos && equalSecrets(plain->substr(0, colon), config.user) &&
            matchesAny(config.secrets, std::string_view(*plain).substr(colon + 1))) {
            return true;
        }
    }
    return false;
}

} // namespace

bool isAddressBlock(std::string_view text) {
    std::array<std::uint8_t, 16> bytes;
    int bits = 0;
    return readBlock(text, bytes, bits);
}

Authenticator::Authenticator(const config::Authentication& config) : config_(config) {
    for (const auto& text : config.addresses) {
        Block block;
        if (readBlock(text, block.bytes, block.bits)) addresses_.push_back(block);
    }
    if (config.type == Type::StandardWebhooks) {
        for (const auto& secret : config.secrets) {
            std::string_view text = secret;
            if (text.starts_with("whsec_")) text.remove_prefix(6);
            keys_.push_back(fromBase64(text).value_or(secret));
        }
    }
}

Authenticator::~Authenticator() = default;
Authenticator::Authenticator(Authenticator&&) noexcept = default;

Result<Done> Authenticator::checkHead(const http::Head& head, std::string_view subPath) const {
    if (!config_.addresses.empty()) {
        std::array<std::uint8_t, 16> peer;
        bool v4 = false;
        const bool known = readAddress(head.remoteAddress, peer, v4);
        const bool allowed =
            known && std::any_of(addresses_.begin(), addresses_.end(), [&](const Block& block) {
                for (int bit = 0; bit < block.bits; bit += 8) {
                    const auto i = static_cast<std::size_t>(bit / 8);
                    const int left = std::min(8, block.bits - bit);
                    const auto mask = static_cast<std::uint8_t>(0xff << (8 - left));
                    if (((peer[i] ^ block.bytes[i]) & mask) != 0) return false;
                }
                return true;
            });
        if (!allowed)
            return refused("address_not_allowed", "", "this address is not on the integration's allow list");
    }
    if (!config_.tlsSubject.empty() && head.tlsSubject != config_.tlsSubject) {
        return refused("certificate_not_allowed", "", "the client certificate is not the one expected");
    }
    switch (config_.type) {
    case Type::None:
    case Type::Hmac:
    case Type::StandardWebhooks: return Done{};
    case Type::PathToken: {
        const auto token = subPath.substr(0, subPath.find('/'));
        if (matchesAny(config_.secrets, token)) return Done{};
        return refused("bad_token", "path", "the token in the address is missing or wrong");
    }
    case Type::Query: {
        const auto token = queryValue(head.query, config_.name);
        if (token && matchesAny(config_.secrets, *token)) return Done{};
        return refused("bad_token", config_.name, "the token in the query is missing or wrong");
    }
    case Type::Header: {
        const auto value = trimAscii(http::find(head.headers, config_.name));
        if (!value.empty() && headerMatches(config_, value)) return Done{};
        return refused("bad_token", config_.name, "the header is missing or does not hold the agreed token");
    }
    case Type::Bearer:
        if (matchesAny(config_.secrets, withoutScheme(http::find(head.headers, "Authorization"), "bearer ")))
            return Done{};
        return refused("bad_token", "Authorization", "expected 'Bearer' and the agreed token");
    case Type::Basic: {
        const auto plain = fromBase64(withoutScheme(http::find(head.headers, "Authorization"), "basic "));
        const auto colon = plain ? plain->find(':') : std::string::npos;
        if (colon != std::string::npos && equalSecrets(plain->substr(0, colon), config_.user) &&
            matchesAny(config_.secrets, std::string_view(*plain).substr(colon + 1))) {
            return Done{};
        }
        return refused("bad_token", "Authorization", "expected 'Basic' with the agreed user and password");
    }
    }
    return refused("bad_token", "", "this integration can not check its sender");
}

Result<Done> Authenticator::checkBody(const http::Head& head, std::string_view body, UtcTime now) const {
    if (config_.type == Type::Hmac) {
        std::string_view given = trimAscii(http::find(head.headers, config_.name));
        if (given.empty())
            return refused("missing_signature", config_.name, "the signature header is missing");
        if (!given.starts_with(config_.prefix)) {
            return refused("bad_signature", config_.name,
                           "the signature does not begin with '" + config_.prefix + "'");
        }
        given.remove_prefix(config_.prefix.size());
        bool matched = false;
        for (const auto& secret : config_.secrets) {
            const auto digest = hmacSha256(secret, body);
            const std::string expected = config_.hexEncoding ? hex(asView(digest)) : base64(asView(digest));
            matched |= equalSecrets(expected, config_.hexEncoding ? lowerAscii(given) : std::string(given));
        }
        if (!matched)
            return refused("bad_signature", config_.name,
                           "the signature does not fit the body and the secret");
    }
    if (config_.type == Type::StandardWebhooks) {
        const auto id = http::find(head.headers, "webhook-id");
        const auto stamp = http::find(head.headers, "webhook-timestamp");
        const auto signatures = http::find(head.headers, "webhook-signature");
        if (id.empty() || stamp.empty() || signatures.empty()) {
            return refused("missing_signature", "webhook-signature",
                           "webhook-id, -timestamp and -signature are needed");
        }
        // What is signed is id.timestamp.body: with a '.' in the id the same signature would fit another
        // split.
        if (id.find('.') != std::string_view::npos)
            return refused("bad_signature", "webhook-id", "the id of a delivery has no '.'");
        std::int64_t seconds = 0;
        const auto [end, failed] = std::from_chars(stamp.data(), stamp.data() + stamp.size(), seconds);
        if (failed != std::errc() || end != stamp.data() + stamp.size() ||
            seconds < now.seconds() - config_.toleranceSeconds ||
            seconds > now.seconds() + config_.toleranceSeconds) {
            return refused("stale_signature", "webhook-timestamp",
                           "more than " + std::to_string(config_.toleranceSeconds) +
                               " s away from this gateway's clock");
        }
        const std::string content = std::string(id) + '.' + std::string(stamp) + '.' + std::string(body);
        bool matched = false;
        for (const auto& key : keys_) {
            const auto digest = hmacSha256(key, content);
            const std::string expected = "v1," + base64(asView(digest));
            std::string_view rest = signatures;
            while (!rest.empty()) {
                const auto space = rest.find(' ');
                matched |= equalSecrets(expected, rest.substr(0, space));
                rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
            }
        }
        if (!matched) return refused("bad_signature", "webhook-signature", "no signature in the list fits");
    }
    return Done{};
}

std::string_view Authenticator::secretHeader() const {
    return config_.type == Type::Header || config_.type == Type::Hmac ? std::string_view(config_.name)
                                                                      : std::string_view();
}

std::string_view Authenticator::secretParameter() const {
    return config_.type == Type::Query ? std::string_view(config_.name) : std::string_view();
}

bool Authenticator::secretPath() const {
    return config_.type == Type::PathToken;
}

std::string_view Authenticator::deliveryId(const http::Head& head) {
    return http::find(head.headers, "webhook-id");
}

} // namespace trevo
