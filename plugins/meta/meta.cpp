#include "meta.hpp"

#include "notification.hpp"
#include "pull.hpp"

#include <trevo/partner.hpp>

#include <algorithm>
#include <set>

namespace trevo::meta {

namespace {

constexpr std::size_t kMaxFetched = 1'500;
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kNextPartSeconds = 60;

void bringLead(const std::string& id, const std::string& body, const Dealer& dealer, Bring& bring) {
    if (!bring.document({"application/json", body, "lead:" + id, dealer.id, "lead"}))
        throw Stop(Outcome::limit(1, "too_many_documents", "one call may not bring more; the rest follows"));
}

} // namespace

std::vector<std::string> idsIn(const Dealer& dealer, const char* setting) {
    return dealer.settings.has(setting) ? dealer.settings.texts(setting) : std::vector<std::string>();
}

Fetched::Fetched(std::string_view kept) {
    while (!kept.empty()) {
        const auto end = std::min(kept.find(' '), kept.size());
        if (end > 0) ids_.emplace_back(kept.substr(0, end));
        kept.remove_prefix(std::min(end + 1, kept.size()));
    }
}

bool Fetched::has(std::string_view leadId) const {
    return std::find(ids_.begin(), ids_.end(), leadId) != ids_.end();
}

void Fetched::add(const std::string& leadId) {
    if (has(leadId)) return;
    if (ids_.size() == kMaxFetched) ids_.pop_front();
    ids_.push_back(leadId);
    changed_ = true;
}

std::string Fetched::text() const {
    std::string text;
    for (const std::string& id : ids_)
        text += (text.empty() ? "" : " ") + id;
    return text;
}

Outcome Meta::check(const Config& config) {
    if (config.dealers.empty()) return Outcome::config("dealers", "name at least one dealer");
    std::set<std::string> forms, pagesWithoutForms;
    for (const Dealer& dealer : config.dealers) {
        const auto pages = idsIn(dealer, "pages"), own = idsIn(dealer, "forms");
        if (pages.empty()) return Outcome::config("pages", "is missing for dealer " + dealer.id);
        for (const auto& id : pages) {
            if (!isId(id)) return Outcome::config("pages", "'" + id + "' is no id of a page");
            if (own.empty() && !pagesWithoutForms.insert(id).second) {
                return Outcome::config("forms", "two dealers share page " + id +
                                                    ": name the forms of all but one of them");
            }
        }
        for (const auto& id : own) {
            if (!isId(id)) return Outcome::config("forms", "'" + id + "' is no id of a form");
            if (!forms.insert(id).second) return Outcome::config("forms", "two dealers name form " + id);
        }
    }
    return Outcome::done();
}

Fetched Meta::fetchedLately() const {
    return Fetched(host().state(Fetched::kStateKey).value_or(""));
}

Outcome Meta::fetch(const Push& push, Bring& bring) {
    Outcome worst = Outcome::done();
    Fetched fetched = fetchedLately();
    for (const Hint& hint : readNotification(push.body, worst)) {
        if (fetched.has(hint.leadId)) continue;
        Outcome outcome = partner::outcomeOf([&] {
            const Dealer* dealer = dealerOf(hint.pageId, hint.formId, config().dealers);
            if (!dealer) {
                return Outcome::reject("unknown_dealer", hint.at + "/value/page_id",
                                       "no dealer of this integration has this page, or this form of it");
            }
            bringLead(hint.leadId, graph_.lead(hint.leadId, dealer->settings.text("page_token")), *dealer,
                      bring);
            fetched.add(hint.leadId);
            return Outcome::done();
        });
        if (outcome.code == "not_visible") outcome.field = hint.at + "/value/leadgen_id";
        const bool goOn = outcome.status != TREVO_LIMIT; // asking on would use up tomorrow's quota too
        partner::keepWorse(worst, std::move(outcome));
        if (!goOn) break;
    }
    if (fetched.changed()) bring.state(Fetched::kStateKey, fetched.text());
    return worst;
}

Outcome Meta::pull(const std::string& formId, const Dealer& dealer, Bring& bring, Fetched& fetched,
                   std::int64_t& nextPollSeconds) {
    const std::string key = "pull/" + formId;
    const std::int64_t now = host().nowSeconds();
    Pull pull = Pull::from(host().state(key).value_or(""));
    const std::int64_t overlap = settings().integer("pull_overlap_minutes") * 60;
    if (pull.after.empty()) { // a new pull; else the one that was not finished goes on
        pull.since =
            pull.started > 0 ? pull.started - overlap : now - settings().integer("pull_days") * kDaySeconds;
        pull.started = now;
    }
    for (std::int64_t page = settings().integer("pull_pages");; --page) {
        if (page == 0) {
            nextPollSeconds = kNextPartSeconds;
            break;
        }
        LeadPage got;
        try {
            got = graph_.leads(formId, pull.since, pull.after, dealer.settings.text("page_token"));
        } catch (const Stop& stop) {
            if (stop.outcome().status != TREVO_REJECT || pull.after.empty()) throw;
            // A cursor that has ended: the pull begins again where it began.
            pull.after.clear();
            pull.started = pull.since + overlap;
            bring.state(key, pull.text());
            return Outcome::retryAfter(0, "cursor_refused", "Meta no longer takes the cursor of a pull");
        }
        for (const auto& lead : got.leads) {
            bringLead(lead.id, lead.body, dealer, bring);
            fetched.add(lead.id);
        }
        pull.after = got.after;
        bring.state(key, pull.text());
        if (pull.after.empty()) break;
    }
    return Outcome::done();
}

Outcome Meta::poll(Bring& bring, std::int64_t& nextPollSeconds) {
    Fetched fetched = fetchedLately();
    std::vector<std::pair<const Dealer*, std::string>> forms;
    for (const Dealer& dealer : config().dealers) {
        for (std::string& formId : idsIn(dealer, "forms"))
            forms.emplace_back(&dealer, std::move(formId));
    }
    Outcome worst = turns_.round(host(), forms.size(), nextPollSeconds, [&](std::size_t at) {
        return pull(forms[at].second, *forms[at].first, bring, fetched, nextPollSeconds);
    });
    if (fetched.changed()) bring.state(Fetched::kStateKey, fetched.text());
    return worst;
}

} // namespace trevo::meta
