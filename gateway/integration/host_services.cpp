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
    HostServices(std::string integration, const IntegrationServices& services)
        : integration_(std::move(integration)), services_(services) {}

    void log(plugin::LogLevel level, std::string_view message) override {
        static constexpr log::Level kLevels[] = {log::Level::Debug, log::Level::Info, log::Level::Warning,
                                                 log::Level::Error};
        log::write(kLevels[static_cast<std::size_t>(level)], "plugin.message", log::oneLine(message),
                   {{"integration", integration_}});
    }

    UtcTime now() override { return services_.clock.now(); }

    std::optional<std::string> state(const std::string& key) override {
        return services_.journal.state(integration_, key);
    }

    void setState(const std::string& key, const std::string& value) override {
        if (!services_.journal.commit({}, {{integration_, key, value}}))
            throw std::runtime_error("the state of " + integration_ + " can not be written now");
    }

    plugin::HttpResponse http(const plugin::HttpRequest& request) override {
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

  private:
    std::string integration_;
    IntegrationServices services_;
};

} // namespace

std::unique_ptr<plugin::Host> makeHost(const std::string& integration, const IntegrationServices& services) {
    return std::make_unique<HostServices>(integration, services);
}

} // namespace trevo
