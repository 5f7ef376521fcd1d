#include "webmotors.hpp"

#include <trevo/encode.hpp>
#include <trevo/partner.hpp>

#include <algorithm>
#include <map>

namespace trevo::webmotors {

namespace {

constexpr int kMaxPages = 100;

bool mentions(std::string_view pattern, std::string_view name) {
    const auto names = partner::placeholders(pattern);
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view trimmed(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// The details do not say which type of lead they are, so the document carries the announcement's ids beside
// them. The details stay byte for byte as they came. Announced or listed, the same lead makes the same
// document.
std::string document(const Listed& lead, std::string_view detail) {
    return "{\"hint\":{\"IdLead\":" + encode::json(lead.leadId) +
           ",\"IdTipoLead\":" + encode::json(lead.typeId) + "},\"lead\":" + std::string(detail) + '}';
}

} // namespace

Outcome Webmotors::check(const Config& config) {
    if (config.dealers.empty()) return Outcome::config("dealers", "name at least one dealer");
    if (!mentions(config.settings.text("detail_path"), "id"))
        return Outcome::config("detail_path", "has no {id}");
    for (const Dealer& dealer : config.dealers) {
        for (const char* name : {"username", "password"}) {
            if (dealer.settings.text(name, "").empty())
                return Outcome::config(name, "is missing for dealer " + dealer.id);
        }
        if (config.dealers.size() > 1 && dealer.settings.text("cnpj", "").empty() &&
            dealer.settings.text("code", "").empty()) {
            return Outcome::config("code", "dealer " + dealer.id +
                                               " has neither a CNPJ nor a code, so no lead would find it");
        }
    }
    return Outcome::done();
}

Outcome Webmotors::fetch(const Push& push, Bring& bring) {
    Outcome worst = Outcome::done();
    std::map<std::string, Recent> seen; // by dealer id
    for (const Hint& hint : readCallback(push.body, worst)) {
        partner::keepWorse(
            worst, partner::outcomeOf([&] {
                const Dealer& dealer = dealerOf(hint, config().dealers);
                const Listed lead{hint.leadId, hint.typeId};
                Outcome outcome = bringDetail(lead, dealer, bring);
                if (outcome.ok() && !settings().text("list_path").empty())
                    seen.try_emplace(dealer.id, broughtOf(dealer)).first->second.add(lead.key());
                return outcome;
            }));
    }
    for (const auto& [dealer, leads] : seen)
        bring.state("brought/" + dealer, leads.text());
    return worst;
}

HttpResponse Webmotors::get(const std::string& path, const Dealer& dealer) {
    const auto ask = [&](const std::string& token) {
        HttpRequest request;
        request.url = partner::join(settings().text("base_url"), path);
        request.headers = {{"Accept", "application/json"}};
        const std::string& style = settings().text("header_style");
        if (style != "bearer") request.headers.emplace_back("client_id", settings().text("client_id"));
        if (style == "access_token") {
            request.headers.emplace_back("access_token", token);
        } else {
            request.headers.emplace_back("Authorization", "Bearer " + token);
        }
        return host().http(request);
    };
    HttpResponse response = ask(tokens_.of(dealer));
    if (response.status == 401) response = ask(tokens_.renew(dealer));
    return response;
}

Outcome Webmotors::bringDetail(const Listed& lead, const Dealer& dealer, Bring& bring) {
    const std::string path =
        partner::fill(settings().text("detail_path"), {{"id", lead.leadId}, {"type", lead.typeId}});
    const HttpResponse response = get(path, dealer);
    if (response.status == 404)
        return Outcome::retryAfter(0, "not_visible_yet", "Webmotors does not show this lead yet");
    if (response.status != 200) return partner::troubleWith(response, "Webmotors");

    const std::string_view detail = trimmed(response.body);
    if (detail.empty() || detail == "{}" || detail == "[]" || detail == "null")
        return Outcome::retryAfter(0, "not_visible_yet", "Webmotors shows this lead without details");
    if (detail.front() != '{' && detail.front() != '[')
        return Outcome::retryAfter(0, "not_json", "Webmotors answered something other than JSON");

    const std::string contentType(response.header("Content-Type"));
    const std::string body = document(lead, detail);
    const bool taken =
        bring.document({contentType.find("json") == contentType.npos ? "application/json" : contentType, body,
                        "webmotors:" + lead.leadId + ':' + lead.typeId + ':' + partner::fingerprint(body),
                        dealer.id, "lead"});
    return taken ? Outcome::done()
                 : Outcome::limit(1, "too_many_documents", "one call may not bring more; the rest follows");
}

Recent Webmotors::broughtOf(const Dealer& dealer) const {
    return Recent(host().state("brought/" + dealer.id).value_or(""),
                  partner::brasiliaDay(host().nowSeconds()), settings().integer("list_days") + 1);
}

std::vector<Listed> Webmotors::listOf(const Dealer& dealer) {
    const std::string& pattern = settings().text("list_path");
    const std::string& format = settings().text("list_date_format");
    const partner::Day today = partner::brasiliaDay(host().nowSeconds());
    const std::int64_t first = settings().integer("list_first_page");
    std::vector<Listed> all;
    for (std::int64_t page = first; page < first + kMaxPages; ++page) {
        const HttpResponse response =
            get(partner::fill(pattern,
                              {{"from", partner::dayText(today - settings().integer("list_days"), format)},
                               {"to", partner::dayText(today, format)},
                               {"page", std::to_string(page)}}),
                dealer);
        // Some APIs answer 404 past the last page.
        if (response.status == 204 || (response.status == 404 && page != first)) break;
        if (response.status != 200) throw Stop(partner::troubleWith(response, "the Webmotors list"));
        const auto leads =
            readList(response.body, settings().text("list_id_key"), settings().text("list_type_key"));
        all.insert(all.end(), leads.begin(), leads.end());
        if (leads.empty() || !mentions(pattern, "page")) break;
    }
    return all;
}

Outcome Webmotors::reconcile(const Dealer& dealer, Bring& bring, std::int64_t& budget) {
    Recent seen = broughtOf(dealer);
    Outcome worst = Outcome::done();
    Patience patience;
    for (const Listed& lead : listOf(dealer)) {
        if (budget == 0) break;
        if (seen.has(lead.key())) continue;
        --budget;
        Outcome outcome = partner::outcomeOf([&] { return bringDetail(lead, dealer, bring); });
        if (outcome.status == TREVO_REJECT) { // asking again would be refused again
            host().warning("a listed lead could not be fetched: " + outcome.detail);
            outcome = Outcome::done();
        }
        if (outcome.ok()) seen.add(lead.key());
        const bool ends = outcome.code != "not_visible_yet" && patience.ends(outcome);
        partner::keepWorse(worst, std::move(outcome));
        if (ends) break;
        if (turns_.over(host())) budget = 0;
    }
    bring.state("brought/" + dealer.id, seen.text());
    return worst;
}

Outcome Webmotors::poll(Bring& bring, std::int64_t& nextPollSeconds) {
    if (settings().text("list_path").empty()) return Outcome::done();
    return turns_.round(host(), config().dealers.size(), nextPollSeconds, [&](std::size_t at) {
        std::int64_t budget = settings().integer("list_batch");
        Outcome outcome = reconcile(config().dealers[at], bring, budget);
        if (budget == 0) nextPollSeconds = 1;
        return outcome;
    });
}

} // namespace trevo::webmotors
