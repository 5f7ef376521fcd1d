#include "graph.hpp"

#include "notification.hpp"

#include <trevo/encode.hpp>
#include <trevo/partner.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace trevo::meta {

namespace {

using nlohmann::ordered_json;

constexpr int kMaxDepth = 32; // writing a lead out again recurses
constexpr const char* kPageSize = "100";
constexpr std::int64_t kUsualPauseSeconds = 900;
constexpr std::int64_t kMaxPauseSeconds = 86'400;
constexpr std::size_t kMaxCursor = 2'048;

ordered_json parsed(std::string_view body) {
    bool tooDeep = false;
    const auto keep = [&](int depth, ordered_json::parse_event_t, ordered_json&) {
        tooDeep = tooDeep || depth > kMaxDepth;
        return !tooDeep;
    };
    ordered_json root = ordered_json::parse(body.begin(), body.end(), keep, false);
    return tooDeep ? ordered_json(ordered_json::value_t::discarded) : root;
}

std::int64_t numberIn(const ordered_json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string idOf(const ordered_json& lead) {
    const auto found = lead.is_object() ? lead.find("id") : lead.end();
    if (!lead.is_object() || found == lead.end()) return {};
    if (found->is_number_integer()) return found->dump();
    return found->is_string() ? found->get<std::string>() : std::string();
}

// {"PAGE":[{"type":"leadgen","estimated_time_to_regain_access":MINUTES,…}]}
std::int64_t pauseOf(const HttpResponse& response) {
    std::int64_t minutes = 0;
    const ordered_json usage = parsed(response.header("X-Business-Use-Case-Usage"));
    for (const auto& limits : usage.is_object() ? usage : ordered_json::object()) {
        for (const auto& limit : limits.is_array() ? limits : ordered_json::array()) {
            if (limit.is_object())
                minutes = std::max(minutes, numberIn(limit, "estimated_time_to_regain_access"));
        }
    }
    const std::int64_t asked =
        std::max(partner::retryAfterSeconds(response), std::min(minutes, kMaxPauseSeconds / 60) * 60);
    return asked > 0 ? asked : kUsualPauseSeconds;
}

} // namespace

Outcome troubleOf(const HttpResponse& response) {
    const ordered_json root = parsed(response.body);
    const auto found = root.is_object() ? root.find("error") : root.end();
    if (!root.is_object() || found == root.end() || !found->is_object())
        return partner::troubleWith(response, "Meta");
    const std::int64_t code = numberIn(*found, "code"), subcode = numberIn(*found, "error_subcode");
    const std::string said =
        "Meta answered error " + std::to_string(code) + (subcode ? '/' + std::to_string(subcode) : "");
    if (code == 4 || code == 17 || code == 32 || code == 613 || (code >= 80'000 && code <= 80'014))
        return Outcome::limit(pauseOf(response), "too_many_requests", said);
    if (code == 190 || code == 102)
        return Outcome::auth("token_refused", said + ": the page's token has ended; make a new one");
    if (code == 3 || code == 10 || (code >= 200 && code < 300)) {
        return Outcome::auth("permission_refused",
                             said + ": check leads_retrieval and the page's Leads Access Manager");
    }
    if (code == 100 && subcode == 33) {
        return Outcome::reject("not_visible", "",
                               said +
                                   ": the page's token sees nothing of this id; a test lead, a wrong form, "
                                   "or the Leads Access Manager hides it");
    }
    const auto transient = found->find("is_transient");
    if (code == 1 || code == 2 || (transient != found->end() && *transient == true))
        return Outcome::retryAfter(partner::retryAfterSeconds(response), "partner_trouble", said);
    return partner::troubleWith(response, said + ", status");
}

HttpResponse Graph::get(const std::string& path, const Pairs& query, const std::string& token) const {
    HttpRequest request;
    request.url = partner::join(settings_.text("base_url"), settings_.text("api_version") + path + '?');
    for (const auto& [name, value] : query)
        request.url += name + '=' + encode::percent(value) + '&';
    request.url += "access_token=" + encode::percent(token);
    request.headers = {{"Accept", "application/json"}};
    return host_.http(request);
}

std::string Graph::ask(const std::string& path, const Pairs& query, const std::string& token) const {
    HttpResponse response = get(path, query, token);
    if (response.status != 200) throw Stop(troubleOf(response));
    return std::move(response.body);
}

std::string Graph::lead(const std::string& leadId, const std::string& token) const {
    std::string body = ask('/' + leadId, {{"fields", settings_.text("fields")}}, token);
    if (idOf(parsed(body)) != leadId) {
        throw Stop(
            Outcome::retryAfter(0, "not_the_lead", "Meta answered something other than the lead asked for"));
    }
    return body;
}

LeadPage Graph::leads(const std::string& formId, std::int64_t sinceSeconds, const std::string& after,
                      const std::string& token) const {
    Pairs query = {{"fields", settings_.text("fields")},
                   {"limit", kPageSize},
                   {"filtering", R"([{"field":"time_created","operator":"GREATER_THAN","value":)" +
                                     std::to_string(sinceSeconds) + "}]"}};
    if (!after.empty()) query.emplace_back("after", after);
    const ordered_json root = parsed(ask('/' + formId + "/leads", query, token));
    const auto data = root.is_object() ? root.find("data") : root.end();
    if (!root.is_object() || data == root.end() || !data->is_array()) {
        throw Stop(
            Outcome::retryAfter(0, "not_a_list", "Meta answered something other than a list of leads"));
    }
    LeadPage page;
    for (const ordered_json& lead : *data) {
        std::string id = idOf(lead);
        if (!isId(id)) continue; // nothing that could be told from others
        page.leads.push_back(
            {std::move(id), lead.dump(-1, ' ', false, ordered_json::error_handler_t::replace)});
    }
    // The address in paging.next holds the token and is not ours to choose: only the cursor is taken of it.
    const ordered_json paging = root.value("paging", ordered_json::object());
    if (paging.is_object() && paging.contains("next") && paging.contains("cursors") &&
        paging["cursors"].is_object()) {
        const ordered_json cursor = paging["cursors"].value("after", ordered_json());
        if (cursor.is_string() && cursor.get_ref<const std::string&>().size() <= kMaxCursor)
            page.after = cursor.get<std::string>();
    }
    return page;
}

} // namespace trevo::meta
