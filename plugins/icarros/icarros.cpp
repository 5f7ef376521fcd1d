#include "icarros.hpp"

#include <trevo/partner.hpp>

#include <nlohmann/json.hpp>

namespace trevo::icarros {

namespace {

using nlohmann::ordered_json;

constexpr int kMaxDepth = 64;

// iCarros publishes no schema: the entries are the root array, or the first array inside a wrapping object.
// An object with neither is one entry; an empty one is none.
ordered_json entriesOf(const std::string& body) {
    bool tooDeep = false; // writing an entry out again recurses
    const auto keep = [&](int depth, ordered_json::parse_event_t, ordered_json&) {
        tooDeep = tooDeep || depth > kMaxDepth;
        return !tooDeep;
    };
    ordered_json root = ordered_json::parse(body, keep, false);
    if (tooDeep) throw Stop(Outcome::retryAfter(0, "too_deep", "iCarros answered JSON nested too deeply"));
    if (root.is_array()) return root;
    if (root.is_object()) {
        for (const char* wrapper : {"data", "content", "items", "result", "leads", "calls", "ligacoes"}) {
            const auto found = root.find(wrapper);
            // A person's own list of leads stays within the person.
            if (found != root.end() && found->is_array() && !root.contains("userId") &&
                !root.contains("usuarioId"))
                return *found;
        }
        if (root.empty()) return ordered_json::array();
        return ordered_json::array({std::move(root)});
    }
    throw Stop(Outcome::retryAfter(0, "not_json", "iCarros answered something other than a JSON list"));
}

} // namespace

Outcome Icarros::check(const Config& config) {
    if (config.dealers.empty()) return Outcome::config("dealers", "name at least one dealer");
    for (const Dealer& dealer : config.dealers) {
        if (dealer.settings.text("code", "").empty())
            return Outcome::config("code", "is missing for dealer " + dealer.id);
    }
    if (const std::string missing = Login::missing(config.settings); !missing.empty())
        return Outcome::config(missing, "is missing; grant = " + config.settings.text("grant") + " needs it");
    const std::string& start = config.settings.text("start_date");
    if (!start.empty() && !partner::dayFrom(start))
        return Outcome::config("start_date", "is no day of the form yyyy-MM-dd");
    for (const char* path : {"leads_path", "calls_path"}) {
        const std::string& pattern = config.settings.text(path);
        if (!pattern.empty() && pattern.find("{dealer}") == pattern.npos)
            return Outcome::config(path, "has no {dealer}");
    }
    return Outcome::done();
}

Outcome Icarros::poll(Bring& bring, std::int64_t& nextPollSeconds) {
    const auto& dealers = config().dealers;
    return turns_.round(host(), dealers.size() * 2, nextPollSeconds, [&](std::size_t at) {
        ask(at % 2 == 0 ? "leads" : "calls", dealers[at / 2], bring);
        return Outcome::done();
    });
}

HttpResponse Icarros::get(const std::string& url) {
    const auto ask = [&](const std::string& token) {
        HttpRequest request;
        request.url = url;
        request.headers = {{"Accept", "application/json"}, {"Authorization", "Bearer " + token}};
        return host().http(request);
    };
    const auto refused = [](const HttpResponse& response) {
        return response.status == 401 || (response.status >= 300 && response.status < 400);
    };
    const std::string token = login_.token();
    HttpResponse response = ask(token);
    if (refused(response)) response = ask(login_.insteadOf(token));
    if (refused(response)) {
        throw Stop(Outcome::auth("token_refused", "iCarros does not take the token it has just issued (" +
                                                      std::to_string(response.status) + ")"));
    }
    return response;
}

std::int64_t Icarros::firstDay(const std::string& cursor) const {
    const std::int64_t overlap = settings().integer("overlap_days");
    if (const auto kept = host().state(cursor)) {
        if (const auto day = partner::dayFrom(*kept)) return *day - overlap;
    }
    if (const auto start = partner::dayFrom(settings().text("start_date"))) return *start;
    return partner::brasiliaDay(host().nowSeconds()) - overlap;
}

std::string Icarros::urlOf(const std::string& role, const Dealer& dealer, std::int64_t from) const {
    return partner::join(settings().text("base_url"),
                         partner::fill(settings().text(role + "_path"),
                                       {{"dealer", dealer.settings.text("code")},
                                        {"from", partner::dayText(from, settings().text("date_format"))}}));
}

void Icarros::ask(const std::string& role, const Dealer& dealer, Bring& bring) {
    if (settings().text(role + "_path").empty()) return;
    const std::string cursor = role + "_until/" + dealer.id;
    const partner::Day today = partner::brasiliaDay(host().nowSeconds());
    const HttpResponse response = get(urlOf(role, dealer, firstDay(cursor)));
    if (response.status != 200 && response.status != 204)
        throw Stop(partner::troubleWith(response, "iCarros"));
    if (response.status == 200) {
        for (const ordered_json& entry : entriesOf(response.body)) {
            // A list of one: the shape of the whole answer, so that one mapping reads both.
            const std::string body =
                '[' + entry.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + ']';
            if (!bring.document({"application/json", body, "", dealer.id, role})) {
                throw Stop(
                    Outcome::limit(1, "too_many_documents", "one call may not bring more; the rest follows"));
            }
        }
    }
    bring.state(cursor, partner::dayText(today));
}

} // namespace trevo::icarros
