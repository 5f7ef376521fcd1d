#include "token.hpp"

#include <trevo/encode.hpp>
#include <trevo/partner.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace trevo::mercadolivre {

namespace {

using nlohmann::json;

constexpr std::int64_t kUsualLifeSeconds = 21'600;
constexpr std::int64_t kMarginSeconds = 120; // a token is not used in its last two minutes

std::string textIn(const json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t numberIn(const json& object, const char* key, std::int64_t otherwise) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : otherwise;
}

json pairIn(const std::optional<std::string>& kept) {
    return json::parse(kept.value_or("{}"), nullptr, false);
}

} // namespace

// What was kept belongs to one authorisation: a new refresh token from the operator begins a new one.
std::string Tokens::owner(const Dealer& dealer) const {
    return partner::fingerprint(settings_.text("base_url") + '\n' + settings_.text("app_id") + '\n' +
                                dealer.settings.text("refresh_token"));
}

std::string Tokens::of(const Dealer& dealer) {
    const json pair = pairIn(host_.accountState(dealer.settings.text("user_id")));
    if (textIn(pair, "owner") == owner(dealer) && numberIn(pair, "until", 0) > host_.nowSeconds())
        return textIn(pair, "access");
    return insteadOf("", dealer);
}

std::string Tokens::insteadOf(const std::string& refused, const Dealer& dealer) {
    const std::string& user = dealer.settings.text("user_id");
    const Account account(host_, user);
    if (const auto pair = unsaved_.find(user); pair != unsaved_.end()) {
        account.setState(pair->second);
        unsaved_.erase(pair);
    }
    const json pair = pairIn(account.state());
    if (textIn(pair, "owner") != owner(dealer))
        return renew(account, dealer.settings.text("refresh_token"), dealer);
    // Another instance may have been faster.
    std::string access = textIn(pair, "access");
    if (!access.empty() && access != refused && numberIn(pair, "until", 0) > host_.nowSeconds())
        return access;
    return renew(account, textIn(pair, "refresh"), dealer);
}

std::string Tokens::renew(const Account& account, const std::string& refresh, const Dealer& dealer) {
    HttpRequest request;
    request.method = "POST";
    request.url = partner::join(settings_.text("base_url"), "/oauth/token");
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
    request.body = encode::form({{"grant_type", "refresh_token"},
                                 {"client_id", settings_.text("app_id")},
                                 {"client_secret", settings_.text("client_secret")},
                                 {"refresh_token", refresh}});
    const HttpResponse response = host_.http(request);
    if (response.status == 400 || response.status == 401 || response.status == 403) {
        throw Stop(Outcome::auth("authorisation_lost", "Mercado Livre refused the refresh token of dealer " +
                                                           dealer.id + " or the application (" +
                                                           std::to_string(response.status) +
                                                           "): the seller must authorise again"));
    }
    if (response.status != 200 && response.status != 201)
        throw Stop(partner::troubleWith(response, "the Mercado Livre login"));
    const json answer = json::parse(response.body, nullptr, false);
    std::string access = textIn(answer, "access_token"), next = textIn(answer, "refresh_token");
    if (access.empty())
        throw Stop(Outcome::retryAfter(0, "no_access_token",
                                       "the Mercado Livre login answered without access_token"));
    const std::int64_t life =
        std::max<std::int64_t>(0, numberIn(answer, "expires_in", kUsualLifeSeconds) - kMarginSeconds);
    const std::string pair = json{
        {"access", access},
        {"refresh", next.empty() ? refresh : next},
        {"until", host_.nowSeconds() + life},
        {"owner", owner(dealer)}}.dump(-1, ' ', false, json::error_handler_t::replace);
    const std::string& user = dealer.settings.text("user_id");
    unsaved_[user] = pair; // the old one is used up: when this can not be stored, the next call tries again
    account.setState(pair);
    unsaved_.erase(user);
    return access;
}

} // namespace trevo::mercadolivre
