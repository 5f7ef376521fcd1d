// Leads and calls of iCarros, which only answers questions. Each question starts some days before the last
// answered one; each person (or call) of an answer becomes a document (a list
// of one) whose bytes are its key, so that what
// is read again has no second effect and what changed is an update.
#pragma once

#include "login.hpp"

#include <trevo/plugin.hpp>
#include <trevo/turns.hpp>

#include <string>

namespace trevo::icarros {

class Icarros : public Plugin, public Poll, public Examine {
  public:
    Icarros(const Config& config, const Host& host) : Plugin(config, host), login_(config.settings, host) {}

    static Outcome check(const Config& config);

    Outcome poll(Bring& bring, std::int64_t& nextPollSeconds) override;
    Outcome examine(Checks& checks) override;

  private:
    // `role` is "leads" or "calls"; its path is in the setting ROLE_path.
    void ask(const std::string& role, const Dealer& dealer, Bring& bring);
    std::string urlOf(const std::string& role, const Dealer& dealer, std::int64_t from) const;
    std::int64_t firstDay(const std::string& cursor) const;
    HttpResponse get(const std::string& url);

    Login login_;
    Turns turns_;
};

} // namespace trevo::icarros
