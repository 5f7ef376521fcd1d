#include "api/access.hpp"

#include "base/hash.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace trevo::api {

bool Principal::may(std::string_view scope) const {
    const auto holds = [this](std::string_view wanted) {
        return std::find(scopes.begin(), scopes.end(), wanted) != scopes.end();
    };
    return scope.empty() || holds(scope) || holds("admin") || (scope == "read" && holds("operate"));
}

std::string_view bearerToken(const http::Head& head) {
    constexpr std::string_view kScheme = "bearer ";
    constexpr std::size_t kLongest = 256;
    const std::string_view value = http::find(head.headers, "Authorization");
    if (value.size() <= kScheme.size() || !equalsIgnoreCase(value.substr(0, kScheme.size()), kScheme))
        return {};
    const std::string_view token = trimAscii(value.substr(kScheme.size()));
    return token.size() <= kLongest ? token : std::string_view{};
}

bool fromLoopback(const http::Head& head) {
    if (head.local) return true;
    if (!http::find(head.headers, "Forwarded").empty() ||
        !http::find(head.headers, "X-Forwarded-For").empty())
        return false;
    return head.remoteAddress == "127.0.0.1" || head.remoteAddress == "::1" ||
           head.remoteAddress == "::ffff:127.0.0.1";
}

std::string newToken() {
    std::string text = base64(randomBytes(32));
    while (!text.empty() && text.back() == '=')
        text.pop_back();
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return "trv_" + text;
}

std::optional<Principal> Access::principalOf(const Entry& entry, UtcTime now) const {
    if (!entry.token || entry.token->revokedAt) return std::nullopt;
    if (entry.token->expiresAt && *entry.token->expiresAt <= now) return std::nullopt;
    Principal principal{entry.token->name, entry.token->scopes, std::nullopt};
    if (!entry.token->dealers.empty()) principal.dealers = entry.token->dealers;
    return principal;
}

std::optional<Access::Known> Access::recall(std::string_view token) {
    const auto digest = sha256(token);
    const UtcTime now = clock_.now();
    const std::lock_guard lock(mutex_);
    const auto found = remembered_.find(asView(digest));
    if (found == remembered_.end() || found->second.until <= now) return std::nullopt;
    return Known{principalOf(found->second, now)};
}

std::optional<Principal> Access::check(std::string_view token) {
    if (auto known = recall(token)) return std::move(known->principal);
    const auto digest = sha256(token);
    const UtcTime now = clock_.now();
    std::uint64_t generation = 0;
    {
        const std::lock_guard lock(mutex_);
        generation = generation_;
    }
    const Entry entry{reader_.tokenByHash(asView(digest)), now + kRemembered};
    const std::lock_guard lock(mutex_);
    if (generation == generation_) {
        // Full: start anew. Guessed tokens must not push the memory up, and real ones come back at once.
        if (remembered_.size() >= kMaxRemembered) remembered_.clear();
        remembered_.insert_or_assign(std::string(asView(digest)), entry);
    }
    return principalOf(entry, now);
}

void Access::forget() {
    const std::lock_guard lock(mutex_);
    ++generation_;
    remembered_.clear();
}

} // namespace trevo::api
