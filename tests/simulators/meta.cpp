// Meta lead ads: announces ids with a signature over the bytes, several changes in one delivery, and shows
// the leads to the token of the dealer's page. The page of a dealer is 1000000 and its code, its form 2000000
// and its code.
#include "simulators/portals.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <map>
#include <mutex>

namespace trevo::sim {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t kMostLeads = 20'000;
constexpr std::size_t kLeadsOnPage = 10;
constexpr std::int64_t kFirstLead = 1'200'000'000'000'000;

class Meta : public Partner {
  public:
    Meta(const World& world, const Options& options)
        : world_(world),
          secret_(options.secret("meta-app-secret")),
          token_(options.secret("meta-page-token")) {}

    bool answers() const override { return true; }

    // Its change, and once more that of the lead before: Meta repeats itself, and gathers.
    std::optional<Push> offer(const Lead& lead, std::int64_t utcMillis) override {
        const std::lock_guard lock(mutex_);
        const std::int64_t id = kFirstLead + lead.id;
        leads_.insert_or_assign(id, Kept{lead, utcMillis});
        if (leads_.size() > kMostLeads) leads_.erase(leads_.begin());
        json entries = json::array({entryOf(id)});
        if (last_ != 0 && lead.dice % 2 == 0) entries.push_back(entryOf(last_));
        last_ = id;
        Push push{"application/json", json{{"object", "page"}, {"entry", entries}}.dump(-1, ' ', true), {}};
        push.headers.emplace_back("X-Hub-Signature-256", "sha256=" + inHex(signedWith(secret_, push.body)));
        return push;
    }

    // /vN.0/LEAD and /vN.0/FORM/leads
    std::optional<Answer> answer(const Request& request) override {
        const auto second = request.path.find('/', 1);
        if (!request.path.starts_with("/v") || second == std::string::npos) return std::nullopt;
        if (request.parameter("access_token") != token_)
            return trouble(401, 190, 0, "Error validating access token");
        const std::lock_guard lock(mutex_);
        std::string name = request.path.substr(second + 1);
        if (name.ends_with("/leads")) return list(name.substr(0, name.size() - 6), request);
        const auto found = leads_.find(numberOf(name));
        if (found == leads_.end()) return trouble(400, 100, 33, "Unsupported get request");
        return Answer{200, textOf(detail(found->first, found->second)), "application/json; charset=UTF-8"};
    }

  private:
    struct Kept {
        Lead lead;
        std::int64_t utcMillis;
    };

    static std::int64_t numberOf(const std::string& text) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        return error == std::errc{} && end == text.data() + text.size() ? number : 0;
    }

    // As Meta writes: what is not ASCII is escaped.
    static std::string textOf(const json& body) { return body.dump(-1, ' ', true); }

    static Answer trouble(int status, int code, int subcode, const char* message) {
        json error = {{"message", message}, {"type", "OAuthException"}, {"code", code}};
        if (subcode != 0) error["error_subcode"] = subcode;
        return {status, json{{"error", error}}.dump()};
    }

    std::string pageOf(const Lead& lead) const { return "1000000" + world_.dealers()[lead.dealer].code; }
    std::string formOf(const Lead& lead) const { return "2000000" + world_.dealers()[lead.dealer].code; }

    json entryOf(std::int64_t id) const {
        const auto found = leads_.find(id);
        const Kept& kept = found->second;
        const std::string page = pageOf(kept.lead);
        return {{"id", page},
                {"time", kept.utcMillis / 1'000},
                {"changes",
                 {{{"field", "leadgen"},
                   {"value",
                    {{"leadgen_id", std::to_string(id)},
                     {"page_id", page},
                     {"form_id", formOf(kept.lead)},
                     {"created_time", kept.utcMillis / 1'000}}}}}}};
    }

    json detail(std::int64_t id, const Kept& kept) const {
        const Lead& lead = kept.lead;
        json fields =
            json::array({{{"name", "full_name"}, {"values", {lead.spelling.name}}},
                         {{"name", "city"}, {"values", {lead.person.city}}},
                         {{"name", "qual_modelo_você_procura?"}, {"values", {lead.vehicle.model}}}});
        if (!lead.spelling.email.empty())
            fields.push_back({{"name", "email"}, {"values", {lead.spelling.email}}});
        if (!lead.spelling.phone.empty())
            fields.push_back({{"name", "phone_number"}, {"values", {"+55" + lead.person.phone}}});
        return {
            {"id", std::to_string(id)}, {"created_time", isoTime(kept.utcMillis, 0).substr(0, 19) + "+0000"},
            {"form_id", formOf(lead)},  {"is_organic", false},
            {"platform", "ig"},         {"field_data", fields}};
    }

    Answer list(const std::string& form, const Request& request) const {
        const std::int64_t after = numberOf(request.parameter("after"));
        json data = json::array();
        bool more = false;
        for (auto at = leads_.upper_bound(after); at != leads_.end() && !more; ++at) {
            if (formOf(at->second.lead) != form) continue;
            more = data.size() == kLeadsOnPage;
            if (!more) data.push_back(detail(at->first, at->second));
        }
        json page = {{"data", data}};
        if (!data.empty()) page["paging"]["cursors"]["after"] = data.back()["id"];
        if (more) page["paging"]["next"] = "https://graph.facebook.com/…";
        return {200, textOf(page), "application/json; charset=UTF-8"};
    }

    const World& world_;
    const std::string secret_, token_;
    std::mutex mutex_;
    std::map<std::int64_t, Kept> leads_;
    std::int64_t last_ = 0;
};

} // namespace

std::unique_ptr<Partner> makeMeta(const World& world, const Options& options) {
    return std::make_unique<Meta>(world, options);
}

} // namespace trevo::sim
