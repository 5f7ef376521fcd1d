// The access token of each dealer's own user, kept in the gateway's durable state until shortly before it
// ends.
#pragma once

#include <trevo/host.hpp>
#include <trevo/settings.hpp>

#include <string>

namespace trevo::webmotors {

class Tokens {
  public:
    // Both outlive it.
    Tokens(const Settings& settings, const Host& host) : settings_(settings), host_(host) {}

    // The kept token, or a new one. Trouble stops the call with the outcome that says what to do.
    std::string of(const Dealer& dealer) const;
    std::string renew(const Dealer& dealer) const;

  private:
    HttpRequest request(const Dealer& dealer) const;
    std::string owner(const Dealer& dealer) const;

    const Settings& settings_;
    const Host& host_;
};

} // namespace trevo::webmotors
