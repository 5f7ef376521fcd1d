// The one header that a plugin includes.
//
//   class Acme : public trevo::Plugin, public trevo::Poll {
//     public:
//       using Plugin::Plugin;
//       static trevo::Outcome check(const trevo::Config& config);          // optional: beyond what the
//       manifest checks trevo::Outcome poll(trevo::Bring& bring, std::int64_t& nextPollSeconds) override;
//   };
//   TREVO_PLUGIN(Acme)
//
// Several instances of one plugin live side by side: no globals.
#pragma once

#include "trevo/abi/plugin.h"
#include "trevo/capabilities.hpp"
#include "trevo/host.hpp"
#include "trevo/outcome.hpp"
#include "trevo/settings.hpp"

namespace trevo {

class Plugin {
  public:
    // Both outlive the plugin.
    Plugin(const Config& config, const Host& host) : config_(config), host_(host) {}
    virtual ~Plugin() = default;
    Plugin(const Plugin&) = delete;
    Plugin& operator=(const Plugin&) = delete;

    // No side effects. A class of yours with the same signature takes its place.
    static Outcome check(const Config&) { return Outcome::done(); }

  protected:
    const Config& config() const { return config_; }
    const Settings& settings() const { return config_.settings; }
    const Host& host() const { return host_; }

  private:
    const Config& config_;
    const Host& host_;
};

} // namespace trevo

#include "trevo/detail/export.hpp"
