// One configured link at run time: its configuration, its mappings and its sender check. Immutable after
// build(); replaced as a whole by a reload and shared until the last user lets go, which may be a call into a
// plugin that takes long. So the runners of plugin instances, whose end waits for such calls, belong to the
// set and not to the integration.
#pragma once

#include "base/time.hpp"
#include "config/config.hpp"
#include "ingest/http/rate_limit.hpp"
#include "integration/accounts.hpp"
#include "integration/authentication.hpp"
#include "integration/quotas.hpp"
#include "journal/journal.hpp"
#include "mapping/mapping.hpp"
#include "net/http_client.hpp"
#include "plugin/plugin.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace trevo {

// What integrations need of the running daemon. All outlive every Integration.
struct IntegrationServices {
    journal::Journal& journal;
    const net::HttpClient& http;
    const Clock& clock;
    AccountLocks& accounts;
    Quotas& quotas;
};

// What an operator wants to know of it. Thread-safe.
class IntegrationHealth {
  public:
    void delivered(UtcTime at) { lastDelivery_ = at.micros; }
    void polledNext(UtcTime at) { nextPoll_ = at.micros; }
    void failed(const Problem& problem);
    void recovered();
    UtcTime lastDelivery() const { return {lastDelivery_}; }
    UtcTime nextPoll() const { return {nextPoll_}; }
    std::string lastProblem() const;

  private:
    std::atomic<std::int64_t> lastDelivery_{0}, nextPoll_{0};
    mutable std::mutex mutex_;
    std::string problem_;
};

class Integration {
  public:
    Integration(config::Integration settings, plugin::Manifest manifest,
                std::shared_ptr<const config::Config> config);
    ~Integration();

    const std::string& id() const { return settings_.id; }
    const config::Integration& settings() const { return settings_; }
    const plugin::Manifest& manifest() const { return manifest_; }
    const config::Config& config() const { return *config_; }
    const Authenticator& authenticator() const { return authenticator_; }

    const mapping::Mapping* mapping(const std::string& role) const; // null when the role has none
    bool acceptsPush() const;                                       // reads what is posted to /in/ID
    bool acceptsContentType(std::string_view contentType) const;

    bool canAuthenticate() const { return canAuthenticate_; }
    bool canFetch() const { return canFetch_; }
    bool canPoll() const { return canPoll_; }
    bool canDecode() const { return canDecode_; }
    bool canExamine() const { return canExamine_; }

    // The dealer of a reference (id, CNPJ, the partner's code), or empty.
    std::string dealerOf(std::string_view reference) const;
    std::string defaultDealer() const; // of an integration with one dealer

    // What `trevo try` sends when the plugin names no case: the first of the inbound mapping's own.
    const std::optional<mapping::Sample>& sample() const { return sample_; }

    int successStatus() const;
    std::string answerBody(const Uuid& receipt) const;
    std::int64_t pollIntervalSeconds() const;

    // Seconds to wait when the integration's own rate is used up.
    std::optional<int> takeRate(const Clock& clock) const {
        return rate_ ? rate_->take(id(), clock) : std::nullopt;
    }

    IntegrationHealth& health() const { return *health_; }

  private:
    friend class IntegrationSet;
    config::Integration settings_;
    plugin::Manifest manifest_;
    std::shared_ptr<const config::Config> config_;
    Authenticator authenticator_;
    std::map<std::string, std::shared_ptr<const mapping::Mapping>> mappings_; // by role
    std::vector<std::string> contentTypes_;
    std::optional<mapping::Sample> sample_;
    bool canAuthenticate_ = false, canFetch_ = false, canPoll_ = false, canDecode_ = false,
         canExamine_ = false;
    std::shared_ptr<IntegrationHealth> health_;
    std::unique_ptr<http::RateLimiter> rate_; // null: unlimited
};

// The limiter of a configured rate, or null when it is unlimited.
std::unique_ptr<http::RateLimiter> makeRateLimiter(const config::Rate& rate, std::size_t maxKeys);

// Every enabled integration of one configuration.
class IntegrationSet {
  public:
    // Loads plugins and compiles mappings. All mistakes are reported; nothing runs yet and nothing outside is
    // touched, so a reload can build the new set beside the old. Without `services` it only checks
    // (`--check`).
    static Result<std::shared_ptr<const IntegrationSet>, toml::Errors>
    build(std::shared_ptr<const config::Config> config, const IntegrationServices* services,
          const IntegrationSet* previous);

    std::shared_ptr<const Integration> find(std::string_view id) const;
    plugin::Runner* runner(const std::string& id) const; // null for a mapping alone
    const std::map<std::string, std::shared_ptr<Integration>, std::less<>>& all() const {
        return integrations_;
    }
    const config::Config& config() const { return *config_; }

  private:
    std::shared_ptr<const config::Config> config_;
    std::map<std::string, std::shared_ptr<Integration>, std::less<>> integrations_;
    std::map<std::string, std::unique_ptr<plugin::Runner>> runners_;
};

// The set in force. Readers take a snapshot; a reload swaps it. The end of a set waits for the calls of its
// runners, so whoever replaces one keeps the old until nobody else holds it.
class IntegrationDirectory {
  public:
    std::shared_ptr<const IntegrationSet> snapshot() const {
        const std::lock_guard lock(mutex_);
        return set_;
    }
    void replace(std::shared_ptr<const IntegrationSet> set) {
        {
            const std::lock_guard lock(mutex_);
            set_.swap(set);
        }
        // The old one may end here, outside the lock.
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const IntegrationSet> set_;
};

// The gateway's services for one plugin instance.
std::unique_ptr<plugin::Host> makeHost(const config::Integration& settings,
                                       const IntegrationServices& services);

// The file of a mapping id ("olx/lead") in the configured folders, or empty.
std::string findMapping(const config::Config& config, const std::string& id);

} // namespace trevo
