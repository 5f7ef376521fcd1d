// iCarros: only answers. The client is "trevo-sim" with the secret "trevo-sim-secret"; the first refresh
// token is "sim-refresh", each later one is good once. Without a good token it redirects to a login page.
#include "simulators/partner.hpp"

#include <Poco/URI.h>
#include <nlohmann/json.hpp>

#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <set>

namespace trevo::sim {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t kMaxKept = 2'000; // the real one forgets after 90 days

class Icarros : public Partner {
  public:
    Icarros(const World& world, const Options& options)
        : world_(world),
          secret_(options.secret("icarros-client")),
          password_(options.secret("icarros-user")) {}

    bool answers() const override { return true; }
    std::string typeOf(const Lead& lead) const override {
        static constexpr const char* kTypes[] = {"MAIL", "MAIL", "FINANCING", "call"};
        return kTypes[static_cast<std::size_t>(lead.dice) % std::size(kTypes)];
    }

    std::optional<Push> offer(const Lead& lead, std::int64_t utcMillis) override {
        const std::lock_guard lock(mutex_);
        kept_.emplace_back(lead, utcMillis);
        if (kept_.size() > kMaxKept) kept_.pop_front();
        return std::nullopt;
    }

    std::optional<Answer> answer(const Request& request) override {
        if (request.path == "/auth/realms/icarros/protocol/openid-connect/token") return login(request);
        const std::string prefix = "/rest/dealerservice/dealer/";
        if (!request.path.starts_with(prefix)) return std::nullopt;
        const std::string bearer = request.header("Authorization");
        const std::lock_guard lock(mutex_);
        if (!bearer.starts_with("Bearer ") || !tokens_.contains(bearer.substr(7)))
            return Answer{302, "", "text/html", {{"Location", "https://accounts.icarros.example/login"}}};

        const std::string rest = request.path.substr(prefix.size()); // CODE/leads[/yyyyMMdd] or CODE/calls
        const auto slash = rest.find('/');
        const std::string code = rest.substr(0, slash);
        const std::string what = slash == rest.npos ? "" : rest.substr(slash + 1);
        for (std::size_t dealer = 0; dealer < world_.dealers().size(); ++dealer) {
            if (world_.dealers()[dealer].code != code) continue;
            if (what == "calls") return Answer{200, calls(dealer)};
            if (what == "leads") return Answer{200, leads(dealer, "")};
            if (what.starts_with("leads/")) return Answer{200, leads(dealer, what.substr(6))};
        }
        return Answer{404, "{}"};
    }

  private:
    Answer login(const Request& request) {
        std::map<std::string, std::string> fields;
        Poco::URI uri;
        uri.setRawQuery(request.body);
        for (const auto& [key, value] : uri.getQueryParameters())
            fields[key] = value;
        if (fields["client_id"] != "trevo-demo" || fields["client_secret"] != secret_)
            return {401, R"({"error":"invalid_client"})"};
        const std::string grant = fields["grant_type"], refresh = fields["refresh_token"];
        const std::lock_guard lock(mutex_);
        const bool good =
            grant == "client_credentials" ||
            (grant == "password" && fields["username"] == "loja" && fields["password"] == password_) ||
            (grant == "refresh_token" && (refresh == "sim-refresh" || (refresh.starts_with("sim-refresh-") &&
                                                                       used_.insert(refresh).second)));
        if (!good) return {400, R"({"error":"invalid_grant"})"};
        const std::string number = std::to_string(++issued_) + '-' + std::to_string(world_.seed());
        tokens_.insert("ic-" + number);
        return {200, json{{"access_token", "ic-" + number},
                          {"expires_in", 300},
                          {"refresh_token", "sim-refresh-" + number},
                          {"token_type", "Bearer"}}
                         .dump()};
    }

    std::string leads(std::size_t dealer, const std::string& since) const {
        std::map<int, json> people;
        for (const auto& [lead, utcMillis] : kept_) {
            const std::string at = isoTime(utcMillis);
            const std::string day = at.substr(0, 4) + at.substr(5, 2) + at.substr(8, 2);
            if (lead.dealer != dealer || typeOf(lead) == "call" || day < since) continue;
            json& person = people[lead.person.index];
            if (person.is_null()) {
                person = {{"userId", 80'000 + lead.person.index}, {"name", lead.spelling.name}};
                if (!lead.spelling.email.empty()) person["email"] = lead.spelling.email;
                if (!lead.spelling.phone.empty()) person["phone"] = lead.spelling.phone;
                person["leads"] = json::array();
            }
            const Vehicle& car = lead.vehicle;
            person["leads"].push_back({{"id", lead.id},
                                       {"type", typeOf(lead)},
                                       {"date", at},
                                       {"message", lead.message},
                                       {"deal",
                                        {{"id", car.adId},
                                         {"makeId", car.brandCode},
                                         {"modelId", car.modelCode},
                                         {"modelYear", car.modelYear},
                                         {"productionYear", car.buildYear},
                                         {"km", car.km},
                                         {"price", car.priceReais},
                                         {"plate", car.plate}}}});
        }
        json all = json::array();
        for (auto& [index, person] : people)
            all.push_back(std::move(person));
        return all.dump();
    }

    std::string calls(std::size_t dealer) const {
        json all = json::array();
        for (const auto& [lead, utcMillis] : kept_) {
            if (lead.dealer != dealer || typeOf(lead) != "call") continue;
            all.push_back({{"id", lead.id},
                           {"callerNumber", lead.person.phone},
                           {"trackedNumber", "1140000001"},
                           {"destination", "1130000001"},
                           {"start", isoTime(utcMillis)},
                           {"duration", 15 + lead.dice % 240},
                           {"status", lead.dice % 3 == 0 ? "perdida" : "atendida"}});
        }
        return all.dump();
    }

    const World& world_;
    const std::string secret_, password_;
    std::mutex mutex_;
    std::deque<std::pair<Lead, std::int64_t>> kept_;
    std::set<std::string> tokens_, used_;
    int issued_ = 0;
};

} // namespace

std::unique_ptr<Partner> makeIcarros(const World& world, const Options& options) {
    return std::make_unique<Icarros>(world, options);
}

} // namespace trevo::sim
