// The authorisation of each seller. A refresh token is good once and each renewal brings the next: two that
// renew at once lose the account, so it is done under the account's lock, and the new pair is durable before
// it is used.
#pragma once

#include <trevo/host.hpp>
#include <trevo/settings.hpp>

#include <map>
#include <string>

namespace trevo::mercadolivre {

class Tokens {
  public:
    // Both outlive it.
    Tokens(const Settings& settings, const Host& host) : settings_(settings), host_(host) {}

    // The kept access token, or a new one. Trouble stops the call with the outcome that says what to do.
    std::string of(const Dealer& dealer);
    // Another than `refused`: renewed here, or meanwhile by another instance.
    std::string insteadOf(const std::string& refused, const Dealer& dealer);

  private:
    std::string owner(const Dealer& dealer) const;
    std::string renew(const Account& account, const std::string& refresh, const Dealer& dealer);

    const Settings& settings_;
    const Host& host_;
    std::map<std::string, std::string> unsaved_; // by user id: pairs that could not be stored when they came
};

} // namespace trevo::mercadolivre
