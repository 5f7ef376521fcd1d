#include "login.hpp"

#include <trevo/encode.hpp>
#include <trevo/partner.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace trevo::icarros {

namespace {

using nlohmann::json;

constexpr std::int64_t kUsualLifeSeconds = 300; // the shortest seen; used only when the answer does not say
constexpr std::int64_t kMarginSeconds = 30;

std::string textIn(const json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t numberIn(const json& object, const char* key, std::int64_t otherwise) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_number() ? found->get<std::int64_t>() : otherwise;
}

} // namespace

std::string Login::missing(const Settings& settings) {
    const std::string& grant = settings.text("grant");
    if (grant == "refresh_token" && settings.text("refresh_token", "").empty()) return "refresh_token";
    if (grant == "password" && settings.text("username", "").empty()) return "username";
    if (grant == "password" && settings.text("password", "").empty()) return "password";
    return {};
}

// What was kept is only good for these settings: a new refresh token from the operator replaces the rotated
// one.
std::string Login::owner() const {
    return partner::fingerprint(settings_.text("token_url") + '\n' + settings_.text("grant") + '\n' +
                                settings_.text("client_id") + '\n' + settings_.text("username", "") + '\n' +
                                settings_.text("refresh_token", ""));
}

std::string Login::account() const {
    const std::string user = settings_.text("username", "");
    return settings_.text("client_id") + (user.empty() ? "" : '/' + user);
}

std::string Login::token() const {
    const json kept = json::parse(host_.accountState(account()).value_or("{}"), nullptr, false);
    if (textIn(kept, "owner") == owner() && numberIn(kept, "until", 0) > host_.nowSeconds())
        return textIn(kept, "token");
    return insteadOf("");
}

std::string Login::insteadOf(const std::string& refused) const {
    const Account locked(host_, account());
    const json kept = json::parse(locked.state().value_or("{}"), nullptr, false);
    const bool ours = textIn(kept, "owner") == owner();
    std::string token = ours ? textIn(kept, "token") : "";
    if (!token.empty() && token != refused && numberIn(kept, "until", 0) > host_.nowSeconds()) return token;
    const std::string rotated = ours ? textIn(kept, "refresh_token") : "";
    return renew(locked, rotated.empty() ? settings_.text("refresh_token", "") : rotated);
}

std::string Login::renew(const Account& locked, const std::string& refresh) const {
    const std::string& grant = settings_.text("grant");
    Pairs fields = {{"grant_type", grant},
                    {"client_id", settings_.text("client_id")},
                    {"client_secret", settings_.text("client_secret")}};
    if (grant == "refresh_token") fields.emplace_back("refresh_token", refresh);
    if (grant == "password") {
        fields.emplace_back("username", settings_.text("username"));
        fields.emplace_back("password", settings_.text("password"));
    }
    if (!settings_.text("scope").empty()) fields.emplace_back("scope", settings_.text("scope"));

    HttpRequest request;
    request.method = "POST";
    request.url = settings_.text("token_url");
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
    request.body = encode::form(fields);
    const HttpResponse response = host_.http(request);
    if (response.status == 400 || response.status == 401 || response.status == 403) {
        throw Stop(Outcome::auth("login_refused", "iCarros refused the login (" +
                                                      std::to_string(response.status) +
                                                      "); renew the consent or the password"));
    }
    if (response.status != 200 && response.status != 201)
        throw Stop(partner::troubleWith(response, "the iCarros login"));

    const json answer = json::parse(response.body, nullptr, false);
    std::string token = textIn(answer, "access_token");
    if (token.empty()) {
        throw Stop(
            Outcome::retryAfter(0, "no_access_token", "the iCarros login answered without access_token"));
    }
    const std::string next = textIn(answer, "refresh_token");
    const std::int64_t life =
        std::max<std::int64_t>(0, numberIn(answer, "expires_in", kUsualLifeSeconds) - kMarginSeconds);
    locked.setState(json{
        {"token", token},
        {"until", host_.nowSeconds() + life},
        {"refresh_token", !next.empty()              ? next
                          : grant == "refresh_token" ? refresh
                                                     : ""},
        {"owner",
         owner()}}.dump());
    return token;
}

} // namespace trevo::icarros
