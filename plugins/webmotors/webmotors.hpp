// Leads of Webmotors: announced by a callback with ids only, fetched with the dealer's own user, and, where
// the contract has a list by date, reconciled with it.
#pragma once

#include "callback.hpp"
#include "list.hpp"
#include "token.hpp"

#include <trevo/plugin.hpp>
#include <trevo/recent.hpp>
#include <trevo/turns.hpp>

#include <string>

namespace trevo::webmotors {

class Webmotors : public Plugin, public Fetch, public Poll, public Examine {
  public:
    Webmotors(const Config& config, const Host& host)
        : Plugin(config, host), tokens_(config.settings, host) {}

    static Outcome check(const Config& config);

    Outcome fetch(const Push& push, Bring& bring) override;
    Outcome poll(Bring& bring, std::int64_t& nextPollSeconds) override;
    Outcome examine(Checks& checks) override;

  private:
    Outcome bringDetail(const Listed& lead, const Dealer& dealer, Bring& bring);
    Outcome reconcile(const Dealer& dealer, Bring& bring, std::int64_t& budget);
    std::vector<Listed> listOf(const Dealer& dealer);
    HttpResponse get(const std::string& path, const Dealer& dealer);
    // The leads of one dealer that were brought lately, so that the list fetches only what is new.
    Recent broughtOf(const Dealer& dealer) const;

    Tokens tokens_;
    Turns turns_;
};

} // namespace trevo::webmotors
