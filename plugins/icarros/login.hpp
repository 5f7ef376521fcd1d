// The access token of a login. Where refresh tokens rotate, it is renewed under the lock of its account, and
// the next refresh token is durable before the access token that came with it is used: losing it would need a
// person to consent again.
#pragma once

#include <trevo/host.hpp>
#include <trevo/settings.hpp>

#include <string>

namespace trevo::icarros {

class Login {
  public:
    // Both outlive it.
    Login(const Settings& settings, const Host& host) : settings_(settings), host_(host) {}

    // The kept token, or a new one. Trouble stops the call with the outcome that says what to do.
    std::string token() const;
    // Another than `refused`: renewed here, or meanwhile by another instance of the same account.
    std::string insteadOf(const std::string& refused) const;

    // Whether the settings that the chosen grant needs are there: the name of the first missing one, or
    // empty.
    static std::string missing(const Settings& settings);

  private:
    std::string owner() const;
    std::string account() const;
    std::string renew(const Account& account, const std::string& refresh) const;

    const Settings& settings_;
    const Host& host_;
};

} // namespace trevo::icarros
