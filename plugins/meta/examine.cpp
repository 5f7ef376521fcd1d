// What `trevo doctor` sees of Meta: the page's token, whether the page tells the application of its leads,
// and whether the leads of the forms may be read.
#include "meta.hpp"

#include <trevo/partner.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace trevo::meta {

namespace {

using nlohmann::json;

const char* adviceFor(const Outcome& outcome) {
    if (outcome.code == "no_answer") return "check the way out: proxy, firewall, and base_url";
    if (outcome.code == "token_refused") return "make a new long-lived token of the page";
    if (outcome.status == TREVO_AUTH)
        return "give the application leads_retrieval, and access in the page's Leads Access Manager";
    if (outcome.status == TREVO_REJECT) return "compare the id with the page's, and whose the token is";
    return "Meta is in trouble or busy: try again later";
}

// Whether any application of the list gets the leads of its page.
bool tellsOfLeads(const std::string& body) {
    const json root = json::parse(body, nullptr, false);
    const auto data = root.is_object() ? root.find("data") : root.end();
    if (!root.is_object() || data == root.end() || !data->is_array()) return false;
    return std::any_of(data->begin(), data->end(), [](const json& application) {
        const auto fields =
            application.is_object() ? application.find("subscribed_fields") : application.end();
        return application.is_object() && fields != application.end() && fields->is_array() &&
               std::find(fields->begin(), fields->end(), "leadgen") != fields->end();
    });
}

} // namespace

// False when Meta was not reached.
bool Meta::examinePage(const std::string& pageId, const Dealer& dealer, bool clockSeen, Checks& checks) {
    const std::string& token = dealer.settings.text("page_token");
    const HttpResponse page = graph_.get('/' + pageId, {{"fields", "id"}}, token);
    if (page.status != 0 && !clockSeen) partner::checkClock(checks, page, host().nowSeconds());
    if (page.status != 200) {
        const Outcome trouble = troubleOf(page);
        checks.failed("log_in", trouble.detail, adviceFor(trouble), dealer.id);
        return page.status != 0;
    }
    checks.good("log_in", "the token sees page " + pageId, dealer.id);
    const HttpResponse applications = graph_.get('/' + pageId + "/subscribed_apps", {}, token);
    if (applications.status != 200) {
        checks.unknown("subscription", "whether page " + pageId + " tells of its leads can not be seen",
                       "give the token pages_manage_metadata to see it", dealer.id);
    } else if (!tellsOfLeads(applications.body)) {
        checks.failed("subscription", "page " + pageId + " tells no application of its leads",
                      "POST /" + pageId + "/subscribed_apps?subscribed_fields=leadgen with the page's token",
                      dealer.id);
    } else {
        checks.good("subscription", "page " + pageId + " tells of its leads", dealer.id);
    }
    return true;
}

void Meta::examineForm(const std::string& formId, const Dealer& dealer, Checks& checks) {
    const Outcome outcome = partner::outcomeOf([&] {
        (void)graph_.leads(formId, host().nowSeconds(), "", dealer.settings.text("page_token"));
        return Outcome::done();
    });
    if (outcome.ok())
        checks.good("permission", "the leads of form " + formId + " may be read", dealer.id);
    else
        checks.failed("permission", outcome.detail, adviceFor(outcome), dealer.id);
}

Outcome Meta::examine(Checks& checks) {
    bool clockSeen = false;
    for (const Dealer& dealer : config().dealers) {
        bool reached = true;
        for (const std::string& pageId : idsIn(dealer, "pages")) {
            reached = examinePage(pageId, dealer, clockSeen, checks);
            clockSeen = clockSeen || reached;
            if (!reached) break;
        }
        if (!reached) continue;
        for (const std::string& formId : idsIn(dealer, "forms"))
            examineForm(formId, dealer, checks);
    }
    return Outcome::done();
}

} // namespace trevo::meta
