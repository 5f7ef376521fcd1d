#include "token.hpp"

#include <trevo/encode.hpp>
#include <trevo/partner.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace trevo::webmotors {

namespace {

using nlohmann::json;

constexpr std::int64_t kUsualLifeSeconds = 3'600; // when the answer does not say
constexpr std::int64_t kMarginSeconds = 60;       // a token is not used in its last minute

std::string stateKey(const Dealer& dealer) {
    return "token/" + dealer.id;
}

std::int64_t lifeOf(const json& answer) {
    const auto found = answer.find("expires_in");
    if (found == answer.end()) return kUsualLifeSeconds;
    if (found->is_number()) return found->get<std::int64_t>();
    std::int64_t seconds = kUsualLifeSeconds;
    if (found->is_string()) {
        const auto& text = found->get_ref<const std::string&>();
        std::from_chars(text.data(), text.data() + text.size(), seconds);
    }
    return seconds;
}

} // namespace

// A kept token is only good for the user and the host it was issued for: settings may have changed since.
std::string Tokens::owner(const Dealer& dealer) const {
    return partner::fingerprint(settings_.text("base_url") + '\n' + settings_.text("client_id") + '\n' +
                                dealer.settings.text("username"));
}

std::string Tokens::of(const Dealer& dealer) const {
    if (const auto kept = host_.state(stateKey(dealer))) {
        const json token = json::parse(*kept, nullptr, false);
        if (token.is_object() && token.value("owner", "") == owner(dealer) &&
            token.value("until", std::int64_t{0}) > host_.nowSeconds()) {
            return token.value("token", "");
        }
    }
    return renew(dealer);
}

HttpRequest Tokens::request(const Dealer& dealer) const {
    const std::string& style = settings_.text("token_style");
    const std::string& client = settings_.text("client_id");
    const std::string& secret = settings_.text("client_secret");
    Pairs fields = {{"grant_type", "password"}};
    if (style == "form") {
        fields.emplace_back("client_id", client);
        fields.emplace_back("client_secret", secret);
    }
    fields.emplace_back("username", dealer.settings.text("username"));
    fields.emplace_back("password", dealer.settings.text("password"));
    if (settings_.boolean("site_product")) fields.emplace_back("integracaoSite", "true");

    HttpRequest request;
    request.method = "POST";
    request.url = partner::join(settings_.text("base_url"), settings_.text("token_path"));
    if (style == "basic_json") {
        json body;
        for (const auto& [name, value] : fields)
            body[name] = value;
        request.headers = {{"Authorization", "Basic " + encode::base64(client + ':' + secret)},
                           {"Content-Type", "application/json"}};
        request.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
    } else {
        request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
        if (style == "form_client_header") request.headers.emplace_back("client_id", client);
        request.body = encode::form(fields);
    }
    request.headers.emplace_back("Accept", "application/json");
    return request;
}

std::string Tokens::renew(const Dealer& dealer) const {
    const HttpResponse response = host_.http(request(dealer));
    if (response.status == 400 || response.status == 401 || response.status == 403) {
        throw Stop(Outcome::auth("login_refused", "Webmotors refused the user of dealer " + dealer.id +
                                                      " or the application (" +
                                                      std::to_string(response.status) + ")"));
    }
    if (response.status != 200 && response.status != 201)
        throw Stop(partner::troubleWith(response, "the Webmotors login"));

    const json answer = json::parse(response.body, nullptr, false);
    const auto token = answer.is_object() ? answer.find("access_token") : answer.end();
    if (token == answer.end() || !token->is_string() || token->get_ref<const std::string&>().empty()) {
        throw Stop(
            Outcome::retryAfter(0, "no_access_token", "the Webmotors login answered without access_token"));
    }
    auto text = token->get<std::string>();
    const std::int64_t life = std::max<std::int64_t>(0, lifeOf(answer) - kMarginSeconds);
    host_.setState(
        stateKey(dealer),
        json{{"token", text}, {"until", host_.nowSeconds() + life}, {"owner", owner(dealer)}}.dump());
    return text;
}

} // namespace trevo::webmotors
