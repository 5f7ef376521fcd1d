#include "plugin/services.hpp"

#include "plugin/boundary.hpp"

#include <algorithm>

namespace trevo::plugin {

namespace {

constexpr std::size_t kLongestLine = 1024;
constexpr int kLongestLockWaitSeconds = 60;
constexpr std::size_t kLongestUrl = 8 * 1024, kLongestHeader = 8 * 1024, kMostHeaders = 64;

bool isHeaderName(std::string_view name) {
    return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

bool isHeaderValue(std::string_view value) { // no line break: one header stays one
    return value.size() <= kLongestHeader && value.find_first_of(std::string_view("\r\n\0", 3)) == value.npos;
}

std::optional<HttpRequest> readRequest(const trevo_http_request& raw) {
    HttpRequest request;
    request.method = viewOf(raw.method);
    request.url = viewOf(raw.url);
    request.body = viewOf(raw.body);
    request.timeoutSeconds = raw.timeout_seconds == 0 ? 30 : std::clamp(raw.timeout_seconds, 1, 300);
    const bool web = request.url.starts_with("https://") || request.url.starts_with("http://");
    const bool clean = std::none_of(request.url.begin(), request.url.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
    });
    if (!isHeaderName(request.method) || !web || !clean || request.url.size() > kLongestUrl ||
        raw.header_count > kMostHeaders || (raw.header_count > 0 && !raw.headers)) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < raw.header_count; ++i) {
        const auto name = viewOf(raw.headers[i].name), value = viewOf(raw.headers[i].value);
        if (!isHeaderName(name) || !isHeaderValue(value)) return std::nullopt;
        request.headers.emplace_back(name, value);
    }
    return request;
}

} // namespace

const void* Services::service(const trevo_host*, const char* id) noexcept {
    static constexpr trevo_log kLog{write};
    static constexpr trevo_clock kClock{now};
    static constexpr trevo_state kState{get, set};
    static constexpr trevo_http kHttp{exchange};
    static constexpr trevo_account kAccount{lockAccount, unlockAccount, getAccount, setAccount};
    if (!id) return nullptr;
    const std::string_view wanted(id);
    if (wanted == TREVO_LOG_ID) return &kLog;
    if (wanted == TREVO_CLOCK_ID) return &kClock;
    if (wanted == TREVO_STATE_ID) return &kState;
    if (wanted == TREVO_HTTP_ID) return &kHttp;
    if (wanted == TREVO_ACCOUNT_ID) return &kAccount;
    return nullptr;
}

void Services::write(const trevo_host* raw, std::int32_t level, trevo_text message) noexcept {
    try {
        if (!self(raw).scope_.allows()) return;
        const auto known = static_cast<LogLevel>(std::clamp(level, TREVO_LOG_DEBUG + 0, TREVO_LOG_ERROR + 0));
        self(raw).host_.log(known, printable(viewOf(message), kLongestLine));
    } catch (...) { // a line lost is better than a call lost
    }
}

std::int64_t Services::now(const trevo_host* raw) noexcept {
    try {
        return self(raw).scope_.allows() ? self(raw).host_.now().micros : 0;
    } catch (...) {
        return 0;
    }
}

trevo_status Services::get(const trevo_host* raw, trevo_text key, void* ctx,
                           void (*take)(void*, trevo_text)) noexcept {
    try {
        if (!self(raw).scope_.allows() || !take) return TREVO_BUG;
        if (!isToken(viewOf(key), kLongestKey)) return TREVO_LIMIT;
        if (const auto value = self(raw).host_.state(std::string(viewOf(key)))) take(ctx, textOf(*value));
        return TREVO_OK;
    } catch (...) {
        return TREVO_RETRY_AFTER;
    }
}

trevo_status Services::set(const trevo_host* raw, trevo_text key, trevo_text value) noexcept {
    try {
        if (!self(raw).scope_.allows()) return TREVO_BUG;
        if (!isToken(viewOf(key), kLongestKey) || value.size > kLongestValue) return TREVO_LIMIT;
        self(raw).host_.setState(std::string(viewOf(key)), std::string(viewOf(value)));
        return TREVO_OK;
    } catch (...) {
        return TREVO_RETRY_AFTER;
    }
}

trevo_status Services::exchange(const trevo_host* raw, const trevo_http_request* asked, void* ctx,
                                void (*take)(void*, const trevo_http_response*)) noexcept {
    try {
        if (!self(raw).scope_.allows() || !asked || !take) return TREVO_BUG;
        auto request = readRequest(*asked);
        if (!request) return TREVO_BUG;
        const auto seconds = self(raw).secondsFor(request->timeoutSeconds);
        HttpResponse response{0, {}, "", "the time of this call is used up"};
        if (seconds) {
            request->timeoutSeconds = *seconds;
            response = self(raw).host_.http(*request);
        }
        std::vector<trevo_pair> headers;
        headers.reserve(response.headers.size());
        for (const auto& [name, value] : response.headers)
            headers.push_back({textOf(name), textOf(value)});
        const trevo_http_response told{response.status, headers.data(), headers.size(), textOf(response.body),
                                       textOf(response.error)};
        take(ctx, &told);
        return TREVO_OK;
    } catch (...) {
        return TREVO_BUG;
    }
}

trevo_status Services::lockAccount(const trevo_host* raw, trevo_text name,
                                   std::int32_t waitSeconds) noexcept {
    try {
        Services& services = self(raw);
        if (!services.scope_.allows()) return TREVO_BUG;
        if (!isToken(viewOf(name), kLongestKey)) return TREVO_LIMIT;
        const std::string account(viewOf(name));
        if (services.lockedAccounts_.contains(account)) return TREVO_BUG;
        const int wait = std::clamp(waitSeconds, 0, kLongestLockWaitSeconds);
        if (!services.host_.lockAccount(account, services.secondsFor(wait).value_or(0)))
            return TREVO_RETRY_AFTER;
        services.lockedAccounts_.insert(account);
        return TREVO_OK;
    } catch (...) {
        return TREVO_RETRY_AFTER;
    }
}

void Services::unlockAccount(const trevo_host* raw, trevo_text name) noexcept {
    try {
        Services& services = self(raw);
        const std::string account(viewOf(name));
        if (services.scope_.allows() && services.lockedAccounts_.erase(account) > 0)
            services.host_.unlockAccount(account);
    } catch (...) { // the end of the call gives it back
    }
}

trevo_status Services::getAccount(const trevo_host* raw, trevo_text name, void* ctx,
                                  void (*take)(void*, trevo_text)) noexcept {
    try {
        if (!self(raw).scope_.allows() || !take) return TREVO_BUG;
        if (!isToken(viewOf(name), kLongestKey)) return TREVO_LIMIT;
        if (const auto value = self(raw).host_.accountState(std::string(viewOf(name))))
            take(ctx, textOf(*value));
        return TREVO_OK;
    } catch (...) {
        return TREVO_RETRY_AFTER;
    }
}

trevo_status Services::setAccount(const trevo_host* raw, trevo_text name, trevo_text value) noexcept {
    try {
        Services& services = self(raw);
        const std::string account(viewOf(name));
        if (!services.scope_.allows() || !services.lockedAccounts_.contains(account)) return TREVO_BUG;
        if (value.size > kLongestValue) return TREVO_LIMIT;
        services.host_.setAccountState(account, std::string(viewOf(value)));
        return TREVO_OK;
    } catch (...) {
        return TREVO_RETRY_AFTER;
    }
}

// A partner that is slow ends a call in order, with what was brought so far, and not by being given up. The
// last sixth is no time to begin anything: cut short it would only be lost, a new login worst of all.
std::optional<int> Services::secondsFor(int wished) {
    const std::int64_t whole = host_.callTimeoutSeconds() * kSecond;
    if (whole == 0) return wished;
    const std::int64_t left = whole - whole / 12 - (host_.now() - began_);
    if (left < whole / 6) return std::nullopt;
    return static_cast<int>(std::min<std::int64_t>(wished, std::max<std::int64_t>(1, left / kSecond)));
}

void Services::callBegins() noexcept {
    try {
        began_ = host_.now();
    } catch (...) { // then the last call's counts: earlier, so it is more careful
    }
}

void Services::callEnded() noexcept {
    for (const auto& account : lockedAccounts_) {
        try {
            host_.unlockAccount(account);
        } catch (...) { // the others are given back all the same
        }
    }
    lockedAccounts_.clear();
}

} // namespace trevo::plugin
