#include "integration/integration.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace trevo {

void IntegrationHealth::failed(const Problem& problem) {
    const std::lock_guard lock(mutex_);
    problem_ = describe(problem);
}

void IntegrationHealth::recovered() {
    const std::lock_guard lock(mutex_);
    problem_.clear();
}

std::string IntegrationHealth::lastProblem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
}

std::unique_ptr<http::RateLimiter> makeRateLimiter(const config::Rate& rate, std::size_t maxKeys) {
    if (rate.perMinute == 0) return nullptr;
    return std::make_unique<http::RateLimiter>(rate.perMinute / 60.0, rate.burst, maxKeys);
}

Integration::Integration(config::Integration settings, plugin::Manifest manifest,
                         std::shared_ptr<const config::Config> config)
    : settings_(std::move(settings)),
      manifest_(std::move(manifest)),
      config_(std::move(config)),
      authenticator_(settings_.authentication),
      health_(std::make_shared<IntegrationHealth>()),
      rate_(makeRateLimiter(settings_.rate, 1)) {}

Integration::~Integration() = default;

const mapping::Mapping* Integration::mapping(const std::string& role) const {
    const auto found = mappings_.find(role);
    return found == mappings_.end() ? nullptr : found->second.get();
}

bool Integration::acceptsPush() const {
    // What has another door and says of no sender who may push is open to none, not to all.
    if ((settings_.files || settings_.remote) && manifest_.authentication == "required" &&
        !canAuthenticate_ && settings_.authentication.isOpen())
        return false;
    return mapping("inbound") != nullptr || canDecode_ || canFetch_;
}

bool Integration::acceptsContentType(std::string_view contentType) const {
    const std::string type = lowerAscii(trimAscii(contentType.substr(0, contentType.find(';'))));
    if (contentTypes_.empty()) return true;
    return std::find(contentTypes_.begin(), contentTypes_.end(), type) != contentTypes_.end();
}

std::string Integration::defaultDealer() const {
    return settings_.dealers.size() == 1 ? settings_.dealers.front() : "";
}

std::string Integration::dealerOf(std::string_view reference) const {
    if (const auto code = settings_.dealerCodes.find(std::string(reference));
        code != settings_.dealerCodes.end()) {
        return code->second;
    }
    const auto& own = settings_.dealers;
    const auto allowed = [&](const std::string& id) {
        return own.empty() || std::find(own.begin(), own.end(), id) != own.end();
    };
    const auto* dealer = config_->dealerOf(reference);
    return dealer && allowed(dealer->id) ? dealer->id : std::string();
}

int Integration::successStatus() const {
    return settings_.successStatus != 0 ? settings_.successStatus : manifest_.successStatus;
}

std::string Integration::answerBody(const Uuid& receipt) const {
    if (settings_.answerBody.empty()) return "{\"receipt\":\"" + receipt.text() + "\"}";
    std::string body = settings_.answerBody;
    constexpr std::string_view kMark = "{receipt}";
    if (const auto at = body.find(kMark); at != std::string::npos)
        body.replace(at, kMark.size(), receipt.text());
    return body;
}

std::int64_t Integration::pollIntervalSeconds() const {
    return settings_.pollIntervalSeconds != 0 ? settings_.pollIntervalSeconds : manifest_.pollIntervalSeconds;
}

} // namespace trevo
