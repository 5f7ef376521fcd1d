#include "integration/integration.hpp"
#include "ops/log.hpp"

#include <stdexcept>

namespace trevo {

namespace {

// Scheme, host and path: a query may hold a token, so it is left out of the log.
std::string_view withoutQuery(std::string_view url) {
    return url.substr(0, url.find('?'));
}

class HostServices final : public plugin::Host {
  public:
    HostServices(const config::Integration& settings, const IntegrationServices& services)
        : integration_(settings.id),
          accounts_("@account/" + settings.plugin + '/' +
                    (settings.account.empty() ? '@' + settings.id : settings.account)),
          quota_(settings.quota),
          callTimeoutSeconds_(settings.callTimeoutSeconds),
          services_(services) {}

    void log(plugin::LogLevel level, std::string_view message) override {
        static constexpr log::Level kLevels[] = {log::Level::Debug, log::Level::Info, log::Level::Warning,
                                                 log::Level::Error};
        log::write(kLevels[static_cast<std::size_t>(level)], "plugin.message", log::oneLine(message),
                   {{"integration", integration_}});
    }

    UtcTime now() override { return services_.clock.now(); }
    int callTimeoutSeconds() const override { return callTimeoutSeconds_; }

    std::optional<std::string> state(const std::string& key) override {
        return services_.journal.state(integration_, key);
    }

    void setState(const std::string& key, const std::string& value) override {
        if (!services_.journal.commit({}, {{integration_, key, value}}))
            throw std::runtime_error("the state of " + integration_ + " can not be written now");
    }

    plugin::HttpResponse http(const plugin::HttpRequest& request) override {
        if (const auto seconds = services_.quotas.take(accounts_, quota_)) {
            log::debug("partner.quota", "A request was held back by the integration's quota.",
                       {{"integration", integration_}, {"again_in_seconds", *seconds}});
            return {429, {{"Retry-After", std::to_string(*seconds)}, {"X-Trevo-Quota", "used up"}}, "", ""};
        }
        const UtcTime started = services_.clock.now();
        auto answer = services_.http.perform(
            {request.method, request.url, request.headers, request.body, request.timeoutSeconds, ""});
        log::debug("partner.exchange", "A partner was asked.",
                   {{"integration", integration_},
                    {"method", request.method},
                    {"url", log::oneLine(withoutQuery(request.url), 200)},
                    {"status", answer.status},
                    {"error", answer.error},
                    {"milliseconds", (services_.clock.now() - started) / 1000}});
        return {answer.status, std::move(answer.headers), std::move(answer.body), std::move(answer.error)};
    }

    bool lockAccount(const std::string& name, int waitSeconds) override {
        return services_.accounts.acquire(accounts_ + '/' + name, waitSeconds);
    }

    void unlockAccount(const std::string& name) override {
        services_.accounts.release(accounts_ + '/' + name);
    }

    std::optional<std::string> accountState(const std::string& name) override {
        return services_.journal.state(accounts_, name);
    }

    void setAccountState(const std::string& name, const std::string& value) override {
        if (!services_.journal.commit({}, {{accounts_, name, value}}))
            throw std::runtime_error("the state of an account can not be written now");
    }

  private:
    const std::string integration_;
    const std::string accounts_; // whose accounts: of all integrations that name the same one
    const config::Quota quota_;
    const int callTimeoutSeconds_;
    IntegrationServices services_;
};

} // namespace

std::unique_ptr<plugin::Host> makeHost(const config::Integration& settings,
                                       const IntegrationServices& services) {
    return std::make_unique<HostServices>(settings, services);
}

} // namespace trevo
