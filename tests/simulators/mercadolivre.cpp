// Mercado Livre: announces leads and questions by notifications, answers for the details. The application is
// 5503910000000001 with the secret "mercadolivre-client"; each dealer's code is its seller's user id, and the
// first refresh token of its authorisation is the secret "mercadolivre-DEALER". Every refresh token is good
// once, as there: using one again ends the authorisation for good. An access token ends after some questions,
// so that it is renewed.
#include "simulators/partner.hpp"

#include <Poco/URI.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <set>

namespace trevo::sim {

namespace {

using json = nlohmann::ordered_json;

constexpr const char* kApplication = "5503910000000001";
constexpr std::size_t kMostKept = 5'000;
constexpr int kQuestionsOfToken = 40;
constexpr const char* kContactTypes[] = {"whatsapp", "call",          "question", "contact_request",
                                         "question", "visit_request", "whatsapp", "reservation"};

std::string contactTypeOf(const Lead& lead) {
    return kContactTypes[static_cast<std::size_t>(lead.dice) % std::size(kContactTypes)];
}

std::string uuidOf(const Lead& lead) { // its last digits are the lead's number
    char text[40];
    std::snprintf(text, sizeof text, "%08x-3a5c-4c19-9f39-%012lld", static_cast<unsigned>(lead.dice),
                  static_cast<long long>(lead.id));
    return text;
}

class MercadoLivre : public Partner {
  public:
    MercadoLivre(const World& world, const Options& options)
        : world_(world), secret_(options.secret("mercadolivre-client")) {
        for (std::size_t i = 0; i < world_.dealers().size(); ++i)
            accounts_[i].refresh = options.secret("mercadolivre-" + world_.dealers()[i].id);
    }

    bool answers() const override { return true; }
    // An answer that is lost after the token was used up would end the authorisation, as it does there.
    bool mayFail(const Request& request) const override { return request.path != "/oauth/token"; }
    std::string typeOf(const Lead& lead) const override { return contactTypeOf(lead); }
    int resends() const override { return 8; }

    std::optional<Push> offer(const Lead& lead, std::int64_t utcMillis) override {
        const std::lock_guard lock(mutex_);
        kept_.push_back({lead, utcMillis});
        if (kept_.size() > kMostKept) kept_.pop_front();
        return Push{"application/json", notification(lead, utcMillis).dump(), {}};
    }

    void undelivered(const Lead& lead) override {
        const std::lock_guard lock(mutex_);
        for (const auto& kept : kept_) {
            if (kept.lead.id == lead.id) missed_.push_back(notification(kept.lead, kept.utcMillis));
        }
    }

    std::optional<Answer> answer(const Request& request) override {
        const std::lock_guard lock(mutex_);
        if (request.path == "/oauth/token") return login(request);
        const auto parts = segments(request.path);
        const bool known = !parts.empty() && (parts[0] == "vis" || parts[0] == "leads" ||
                                              parts[0] == "questions" || parts[0] == "missed_feeds");
        if (!known) return std::nullopt;
        const auto dealer = dealerOfToken(request.header("Authorization"));
        if (!dealer) return Answer{401, R"({"message":"invalid access token","error":"unauthorized"})"};
        if (parts[0] == "missed_feeds") return missedFeeds(request);
        if (parts.size() == 5 && parts[1] == "users" && parts[3] == "leads")
            return parts[2] == world_.dealers()[*dealer].code
                       ? list(request, *dealer)
                       : Answer{403, R"({"message":"caller is not the seller"})"};
        if (parts.size() == 3 && parts[1] == "leads") return detail(parts[2], *dealer, false);
        if (parts.size() == 3 && parts[2] == "details") return detail(parts[1], *dealer, true);
        if (parts.size() == 2 && parts[0] == "questions") return question(parts[1], *dealer);
        return Answer{404, R"({"message":"not found"})"};
    }

  private:
    struct Kept {
        Lead lead;
        std::int64_t utcMillis;
    };
    struct Account {
        std::string refresh; // the next that is good
        std::set<std::string> used;
        std::map<std::string, int> access; // token -> questions left
        bool lost = false;
    };

    static std::vector<std::string> segments(const std::string& path) {
        std::vector<std::string> all;
        Poco::URI(path).getPathSegments(all);
        return all;
    }

    // A question is announced under either topic: with both switched on it comes through the one or the other
    // first.
    json notification(const Lead& lead, std::int64_t utcMillis) const {
        const std::string type = contactTypeOf(lead);
        const std::string& user = world_.dealers()[lead.dealer].code;
        json body;
        if (lead.dice % 3 != 0) body[lead.dice % 2 == 0 ? "_id" : "id"] = "n-" + std::to_string(lead.id);
        if (type == "question" && lead.dice % 2 == 0) {
            body["resource"] = "/questions/" + std::to_string(lead.id);
            body["topic"] = "questions";
        } else if (type == "visit_request") {
            body["resource"] = "/vis_leads/" + uuidOf(lead);
            body["actions"] = {type};
        } else {
            body["resource"] = "/vis/leads/" + uuidOf(lead);
            body["topic"] = "vis_leads";
            body["actions"] = {type};
        }
        if (lead.dice % 5 == 0)
            body["user_id"] = user;
        else
            body["user_id"] = std::stoll(user);
        body["application_id"] = std::stoll(kApplication);
        body["attempts"] = 1;
        body["sent"] = isoTime(utcMillis, 0);
        body["received"] = isoTime(utcMillis, 0);
        return body;
    }

    Answer login(const Request& request) {
        std::map<std::string, std::string> fields;
        Poco::URI uri;
        uri.setRawQuery(request.body);
        for (const auto& [key, value] : uri.getQueryParameters())
            fields[key] = value;
        if (fields["client_id"] != kApplication || fields["client_secret"] != secret_)
            return {401, R"({"error":"invalid_client"})"};
        for (auto& [dealer, account] : accounts_) {
            const std::string& refresh = fields["refresh_token"];
            if (account.used.contains(refresh)) account.lost = true;
            if (account.lost || fields["grant_type"] != "refresh_token" || refresh != account.refresh)
                continue;
            account.used.insert(refresh);
            const std::string number = std::to_string(++issued_) + '-' + world_.dealers()[dealer].code;
            account.refresh = "TG-" + number;
            account.access = {{"APP_USR-" + number, kQuestionsOfToken}};
            return {200, json{{"access_token", "APP_USR-" + number},
                              {"token_type", "Bearer"},
                              {"expires_in", 21'600},
                              {"user_id", std::stoll(world_.dealers()[dealer].code)},
                              {"refresh_token", account.refresh}}
                             .dump()};
        }
        return {400, R"({"error":"invalid_grant","message":"Error validating grant"})"};
    }

    std::optional<std::size_t> dealerOfToken(const std::string& header) {
        if (!header.starts_with("Bearer ")) return std::nullopt;
        for (auto& [dealer, account] : accounts_) {
            const auto found = account.access.find(header.substr(7));
            if (account.lost || found == account.access.end() || found->second == 0) continue;
            --found->second;
            return dealer;
        }
        return std::nullopt;
    }

    const Kept* find(const std::string& id) const {
        for (const auto& kept : kept_) {
            if (uuidOf(kept.lead) == id || std::to_string(kept.lead.id) == id) return &kept;
        }
        return nullptr;
    }

    json leadOf(const Kept& kept) const {
        const Lead& lead = kept.lead;
        const std::string type = contactTypeOf(lead);
        return {{"id", uuidOf(lead)},
                {"item_id", "MLB" + std::to_string(lead.vehicle.adId)},
                {"created_at", isoTime(kept.utcMillis, 0)},
                {"contact_type", type},
                {"external_id", type == "question" ? std::to_string(lead.id) : ""},
                {"status", type == "contact_request" || type == "reservation" ? "created" : "active"},
                {"buyer_id", 120'000'000 + lead.person.index}};
    }

    static void addPerson(json& body, const Lead& lead) {
        body["name"] = lead.spelling.name;
        if (!lead.spelling.email.empty()) body["email"] = lead.spelling.email;
        if (!lead.spelling.phone.empty()) body["phone"] = lead.spelling.phone;
    }

    Answer detail(const std::string& id, std::size_t dealer, bool details) const {
        const Kept* kept = find(id);
        if (!kept || uuidOf(kept->lead) != id) return {404, R"({"message":"lead not found"})"};
        if (kept->lead.dealer != dealer) return {403, R"({"message":"caller is not the seller"})"};
        json body = leadOf(*kept);
        const std::string type = contactTypeOf(kept->lead);
        if (details && type != "contact_request" && type != "reservation")
            return {404, R"({"message":"lead not found"})"};
        addPerson(body, kept->lead);
        if (details) {
            body["identification_type"] = "CPF";
            body["identification_number"] = kept->lead.person.cpf;
            body["details"] = {{"color", "prata"}, {"zip_code", "01310100"}, {"dealership", "Auto"}};
        }
        return {200, body.dump()};
    }

    Answer question(const std::string& id, std::size_t dealer) const {
        const Kept* kept = find(id);
        if (!kept || contactTypeOf(kept->lead) != "question") return {404, R"({"message":"not_found"})"};
        if (kept->lead.dealer != dealer) return {403, R"({"message":"caller is not the seller"})"};
        return {200, json{{"id", kept->lead.id},
                          {"item_id", "MLB" + std::to_string(kept->lead.vehicle.adId)},
                          {"seller_id", std::stoll(world_.dealers()[dealer].code)},
                          {"status", "UNANSWERED"},
                          {"text", kept->lead.message},
                          {"date_created", isoTime(kept->utcMillis, -4)},
                          {"answer", nullptr},
                          {"from", {{"id", 120'000'000 + kept->lead.person.index}}},
                          {"hold", false}}
                         .dump()};
    }

    Answer list(const Request& request, std::size_t dealer) const {
        const auto number = [&](const char* name, std::size_t otherwise) {
            const std::string text = request.parameter(name);
            return text.empty() ? otherwise : static_cast<std::size_t>(std::stoul(text));
        };
        const std::string type = request.parameter("contact_types"), buyer = request.parameter("buyer_ids");
        const std::string from = request.parameter("date_from"), to = request.parameter("date_to");
        std::vector<json> rows;
        for (const auto& kept : kept_) {
            const std::string day = isoTime(kept.utcMillis).substr(0, 10);
            if (kept.lead.dealer != dealer || day < from || (!to.empty() && day > to)) continue;
            if (!type.empty() && contactTypeOf(kept.lead) != type) continue;
            json lead = leadOf(kept);
            if (!buyer.empty() && lead["buyer_id"].dump() != buyer) continue;
            json row = {{"id", lead["buyer_id"]}, {"item_id", lead["item_id"]}};
            addPerson(row, kept.lead);
            if (!kept.lead.spelling.cpf.empty()) {
                row["identification_type"] = "CPF";
                row["identification_number"] = kept.lead.person.cpf;
            }
            lead["uuid"] = lead["id"];
            lead["channel"] = lead["contact_type"];
            lead.erase("buyer_id");
            row["leads"] = json::array({lead});
            rows.push_back(std::move(row));
        }
        const std::size_t offset = number("offset", 0), limit = number("limit", 10);
        json results = json::array();
        for (std::size_t i = offset; i < rows.size() && i < offset + limit; ++i)
            results.push_back(rows[i]);
        return {200, json{{"results", results},
                          {"paging", {{"offset", offset}, {"limit", limit}, {"total", rows.size()}}}}
                         .dump()};
    }

    Answer missedFeeds(const Request& request) const {
        if (request.parameter("app_id") != kApplication)
            return {403, R"({"message":"not your application"})"};
        const std::string topic = request.parameter("topic");
        const std::size_t offset = std::stoul('0' + request.parameter("offset"));
        const std::size_t limit = std::stoul('0' + request.parameter("limit"));
        json messages = json::array();
        std::size_t number = 0;
        for (const json& message : missed_) {
            if (message.value("topic", "vis_leads") != topic) continue;
            if (number++ >= offset && messages.size() < limit) messages.push_back(message);
        }
        return {200, json{{"messages", messages}}.dump()};
    }

    const World& world_;
    const std::string secret_;
    std::mutex mutex_;
    std::deque<Kept> kept_;
    std::deque<json> missed_;
    std::map<std::size_t, Account> accounts_; // by dealer
    int issued_ = 0;
};

} // namespace

std::unique_ptr<Partner> makeMercadoLivre(const World& world, const Options& options) {
    return std::make_unique<MercadoLivre>(world, options);
}

} // namespace trevo::sim
