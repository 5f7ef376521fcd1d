#include "mercadolivre.hpp"

#include <trevo/encode.hpp>
#include <trevo/partner.hpp>
#include <trevo/watermark.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace trevo::mercadolivre {

namespace {

using nlohmann::json;

constexpr int kMaxPages = 200;
constexpr const char* kNoQuestion = "question_not_answered"; // of a lead that was brought without its text
constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kNoPackagePauseSeconds = 3'600;

bool isNumber(std::string_view text) {
    return !text.empty() && text.size() <= 20 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string textAt(const json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (found == object.end()) return {};
    if (found->is_string()) return found->get<std::string>();
    return found->is_number_integer() ? found->dump() : std::string();
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// "invalid access token" comes as 401 and as 403; a 403 that does not speak of the token is about what the
// seller may.
bool refusesToken(const HttpResponse& response) {
    return response.status == 401 ||
           (response.status == 403 && response.body.find("token") != std::string::npos);
}

std::string part(const char* name, const std::string& object, bool first = false) {
    if (object.empty()) return {};
    return std::string(first ? "" : ",") + '"' + name + "\":" + object;
}

bool isQuestion(const json& lead) {
    return textAt(lead, "contact_type") == "question" || textAt(lead, "channel") == "question";
}

Outcome full() {
    return Outcome::limit(1, "too_many_documents", "one call may not bring more; the rest follows");
}

} // namespace

Outcome MercadoLivre::check(const Config& config) {
    if (!isNumber(config.settings.text("app_id"))) return Outcome::config("app_id", "is a number");
    if (config.dealers.empty()) return Outcome::config("dealers", "name at least one dealer");
    std::set<std::string> users;
    for (const Dealer& dealer : config.dealers) {
        const std::string user = dealer.settings.text("user_id", "");
        if (!isNumber(user)) return Outcome::config("user_id", "of dealer " + dealer.id + " is a number");
        if (!users.insert(user).second) return Outcome::config("user_id", user + " is that of two dealers");
        if (dealer.settings.text("refresh_token", "").empty())
            return Outcome::config("refresh_token", "is missing for dealer " + dealer.id);
    }
    return Outcome::done();
}

partner::Day MercadoLivre::today() const {
    return partner::brasiliaDay(host().nowSeconds());
}

Recent& MercadoLivre::broughtOf(const Dealer& dealer) {
    const auto found = brought_.find(dealer.id);
    if (found != brought_.end()) return found->second;
    return brought_
        .try_emplace(dealer.id, host().state("brought/" + dealer.id).value_or(""), today(),
                     settings().integer("list_days") + 2)
        .first->second;
}

void MercadoLivre::keepBrought(Bring& bring) {
    for (const auto& [dealer, leads] : brought_)
        bring.state("brought/" + dealer, leads.text());
    brought_.clear();
}

HttpResponse MercadoLivre::get(const std::string& path, const Dealer& dealer) {
    const auto ask = [&](const std::string& token) {
        HttpRequest request;
        request.url = partner::join(settings().text("base_url"), path);
        request.headers = {{"Accept", "application/json"}, {"Authorization", "Bearer " + token}};
        return host().http(request);
    };
    const std::string token = tokens_.of(dealer);
    HttpResponse response = ask(token);
    if (refusesToken(response)) response = ask(tokens_.insteadOf(token, dealer));
    return response;
}

std::string MercadoLivre::objectAt(const std::string& path, const Dealer& dealer) {
    const HttpResponse response = get(path, dealer);
    if (response.status == 404)
        throw Stop(Outcome::retryAfter(0, "not_visible_yet", "Mercado Livre does not show this yet"));
    if (response.status == 403 && !refusesToken(response)) {
        throw Stop(Outcome::retryAfter(kNoPackagePauseSeconds, "not_permitted",
                                       "Mercado Livre does not show this to the seller of dealer " +
                                           dealer.id + ": another seller's, or no vehicle package"));
    }
    if (response.status != 200) throw Stop(partner::troubleWith(response, "Mercado Livre"));
    const std::string_view body = trimmed(response.body);
    if (body.empty() || body.front() != '{' || !json::accept(body))
        throw Stop(
            Outcome::retryAfter(0, "not_json", "Mercado Livre answered something other than a JSON object"));
    return std::string(body);
}

// The parts stay byte for byte as they came. Announced, listed or missed, the same facts make the same
// document.
Outcome MercadoLivre::bringLead(const Wanted& wanted, const std::string& buyer, const Dealer& dealer,
                                Bring& bring) {
    const auto path = [&](Wanted::What what) {
        return partner::fill(what == Wanted::What::Details ? "/leads/{id}/details" : "/vis/leads/{id}",
                             {{"id", wanted.id}});
    };
    std::string text = objectAt(path(wanted.what), dealer);
    json lead = json::parse(text, nullptr, false);
    const std::string type = textAt(lead, "contact_type");
    if (wanted.what == Wanted::What::Lead && (type == "contact_request" || type == "reservation")) {
        text = objectAt(path(Wanted::What::Details), dealer); // has what the buyer filled in
        lead = json::parse(text, nullptr, false);
    }
    std::string question;
    Outcome outcome = Outcome::done();
    const std::string questionId = isQuestion(lead) ? textAt(lead, "external_id") : "";
    if (!questionId.empty() && settings().boolean("question_texts")) {
        outcome = partner::outcomeOf([&] {
            question = objectAt(partner::fill("/questions/{id}?api_version=4", {{"id", questionId}}), dealer);
            return Outcome::done();
        });
        // A lead without its text is a lead; what may still be had is asked for again.
        if (outcome.code == "not_visible_yet" || outcome.code == "not_permitted" ||
            outcome.status == TREVO_REJECT)
            outcome = Outcome::done();
        if (outcome.code == "partner_trouble" || outcome.code == "not_json") outcome.code = kNoQuestion;
    }
    const std::string body =
        '{' + part("lead", text, true) + part("question", question) + part("buyer", buyer) + '}';
    if (!bring.document({"application/json", body,
                         "mercadolivre:" + wanted.id + ':' + partner::fingerprint(body), dealer.id, "lead"}))
        return full();
    if (outcome.ok()) broughtOf(dealer).add(wanted.id + ' ' + textAt(lead, "status") + ' ' + buyer);
    return outcome;
}

// The lead of a question is found in the list by the question's buyer, vehicle and day; empty when it has
// none.
std::string MercadoLivre::leadOfQuestion(const std::string& question, const std::string& id,
                                         const Dealer& dealer) {
    const json asked = json::parse(question, nullptr, false);
    const std::string created = textAt(asked, "date_created");
    const auto day =
        partner::dayFrom(std::string_view(created).substr(0, std::min<std::size_t>(10, created.size())));
    const std::string buyer = asked.contains("from") ? textAt(asked["from"], "id") : "";
    if (!day) return {};
    std::string path =
        partner::fill("/vis/users/{user}/leads/"
                      "buyers?offset=0&limit={limit}&date_from={from}&date_to={to}&contact_types=question",
                      {{"user", dealer.settings.text("user_id")},
                       {"limit", settings().text("page_size")},
                       {"from", partner::dayText(*day - 1)},
                       {"to", partner::dayText(*day + 1)}});
    if (!buyer.empty()) path += "&buyer_ids=" + encode::percent(buyer);
    const HttpResponse response = get(path, dealer);
    if (response.status == 403 || response.status == 404) return {};
    if (response.status != 200) throw Stop(partner::troubleWith(response, "the Mercado Livre list"));
    for (const Listed& listed : readList(response.body).leads) {
        if (listed.externalId == id) return listed.leadId;
    }
    return {};
}

// A buyer's question is announced as a question and as a lead when both topics are on. Both make the lead's
// document.
Outcome MercadoLivre::bringQuestion(const std::string& id, const Dealer& dealer, Bring& bring) {
    const std::string question =
        objectAt(partner::fill("/questions/{id}?api_version=4", {{"id", id}}), dealer);
    const std::string lead = leadOfQuestion(question, id, dealer);
    if (!lead.empty()) return bringLead({Wanted::What::Lead, lead}, "", dealer, bring);
    const std::string body = '{' + part("question", question, true) + '}';
    return bring.document({"application/json", body,
                           "mercadolivre:question:" + id + ':' + partner::fingerprint(body), dealer.id,
                           "lead"})
               ? Outcome::done()
               : full();
}

Outcome MercadoLivre::bringWanted(const Wanted& wanted, const Dealer& dealer, Bring& bring) {
    switch (wanted.what) {
    case Wanted::What::Nothing: return Outcome::done();
    case Wanted::What::Question: return bringQuestion(wanted.id, dealer, bring);
    case Wanted::What::Credit: {
        const std::string body =
            objectAt(partner::fill("/vis/loans/{id}?seller_id={user}",
                                   {{"id", wanted.id}, {"user", dealer.settings.text("user_id")}}),
                     dealer);
        return bring.document({"application/json", body,
                               "mercadolivre:credit:" + wanted.id + ':' + partner::fingerprint(body),
                               dealer.id, "credit"})
                   ? Outcome::done()
                   : full();
    }
    case Wanted::What::Lead:
    case Wanted::What::Details: break;
    }
    return bringLead(wanted, "", dealer, bring);
}

Outcome MercadoLivre::fetch(const Push& push, Bring& bring) {
    brought_.clear();
    const Notification notification = readNotification(push.body);
    const Wanted wanted = wantedOf(notification);
    if (wanted.what == Wanted::What::Nothing) return Outcome::done();
    const Dealer& dealer = dealerOf(notification.userId, config().dealers);
    Outcome outcome = partner::outcomeOf([&] { return bringWanted(wanted, dealer, bring); });
    keepBrought(bring);
    return outcome;
}

std::string MercadoLivre::listPath(const Dealer& dealer, partner::Day from, std::int64_t offset,
                                   std::int64_t limit) const {
    std::string path = partner::fill(
        "/vis/users/{user}/leads/buyers?offset={offset}&limit={limit}&date_from={from}&date_to={to}",
        {{"user", dealer.settings.text("user_id")},
         {"offset", std::to_string(offset)},
         {"limit", std::to_string(limit)},
         {"from", partner::dayText(from)},
         {"to", partner::dayText(today())}});
    if (settings().boolean("include_guest")) path += "&include_guest=true";
    return path;
}

Outcome MercadoLivre::bringListed(const Listed& listed, const Dealer& dealer, Bring& bring) {
    const bool details = listed.contactType == "contact_request" || listed.contactType == "reservation";
    const Wanted wanted{details ? Wanted::What::Details : Wanted::What::Lead, listed.leadId};
    Outcome outcome = partner::outcomeOf([&] { return bringLead(wanted, listed.buyer, dealer, bring); });
    const auto created = partner::dayFrom(listed.createdAt.substr(0, 10));
    const bool old = created && today() - *created > 1;
    const bool hopeless = outcome.code == "not_visible_yet" || outcome.code == "not_permitted" ||
                          outcome.status == TREVO_REJECT ||
                          (old && (outcome.code == "partner_trouble" || outcome.code == "not_json"));
    if (old && outcome.code == kNoQuestion) return Outcome::done(); // the lead itself is there
    if (!hopeless) return outcome;
    // What the list says of it is most of a lead already.
    const std::string body = '{' + part("lead", listed.entry, true) + part("buyer", listed.buyer) + '}';
    if (!bring.document({"application/json", body,
                         "mercadolivre:" + listed.leadId + ':' + partner::fingerprint(body), dealer.id,
                         "lead"}))
        return full();
    return Outcome::done();
}

Outcome MercadoLivre::reconcile(const Dealer& dealer, Bring& bring, Work& work) {
    const Watermark mark(host(), "listed/" + dealer.id, kDaySeconds);
    const std::int64_t asked = host().nowSeconds();
    const std::int64_t limit = settings().integer("page_size");
    const partner::Day from =
        mark.from() ? partner::brasiliaDay(*mark.from()) : today() - settings().integer("list_days");
    Recent& brought = broughtOf(dealer);
    Outcome worst = Outcome::done();
    Patience patience;
    std::int64_t offset = 0;
    for (int number = 0; number < kMaxPages; ++number, offset += limit) {
        const HttpResponse response = get(listPath(dealer, from, offset, limit), dealer);
        if (response.status == 403 && !refusesToken(response)) {
            // The state of an account without a paid package, and no mistake of anybody's.
            if (host().state("package/" + dealer.id) != "none") {
                bring.state("package/" + dealer.id, "none");
                host().info("Mercado Livre shows no list to the seller of dealer " + dealer.id +
                            ": no vehicle package, or another seller's user_id");
            }
            return Outcome::done();
        }
        if (response.status != 200) {
            partner::keepWorse(worst, partner::troubleWith(response, "the Mercado Livre list"));
            return worst;
        }
        const ListPage page = readList(response.body);
        auto entries = page.leads;
        const std::size_t named = entries.size();
        if (number == 0) entries.insert(entries.end(), page.guests.begin(), page.guests.end());
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const Listed& listed = entries[i];
            const std::string key = listed.leadId + ' ' + listed.status + ' ' + listed.buyer;
            if (brought.has(key)) continue;
            if (i >= named) {
                const std::string body = "{\"guest\":" + listed.entry + '}';
                if (!bring.document({"application/json", body,
                                     "mercadolivre:guest:" + listed.leadId + ':' + partner::fingerprint(body),
                                     dealer.id, "guest"}))
                    return full();
                brought.add(key);
                continue;
            }
            if (spent(work)) return worst; // the mark stays: the rest follows in the next round
            --work.left;
            const Outcome outcome = bringListed(listed, dealer, bring);
            if (outcome.ok()) brought.add(key);
            work.progress = work.progress || outcome.ok();
            partner::keepWorse(worst, outcome);
            if (patience.ends(outcome)) return worst;
        }
        if (page.rows < static_cast<std::size_t>(limit) || offset + limit >= page.total) break;
    }
    if (host().state("package/" + dealer.id)) bring.state("package/" + dealer.id, "");
    if (worst.ok()) mark.reached(asked, bring);
    return worst;
}

// Missed notifications are the application's, whoever of its sellers asks: the first whose authorisation
// holds.
const Dealer& MercadoLivre::asker() {
    for (const Dealer& dealer : config().dealers) {
        if (&dealer == &config().dealers.back()) break;
        const Outcome outcome = partner::outcomeOf([&] {
            (void)tokens_.of(dealer);
            return Outcome::done();
        });
        if (outcome.ok()) return dealer;
    }
    return config().dealers.back();
}

// What one missed notification names. What never will do, or is no business of ours, is done with it.
Outcome MercadoLivre::followMissed(const json& message, Bring& bring, Recent& handled, Work& work) {
    std::string id = partner::fingerprint(message.dump(-1, ' ', false, json::error_handler_t::replace));
    Outcome outcome = partner::outcomeOf([&] {
        const Notification missed = notificationOf(message, "");
        id = missed.id;
        const Wanted wanted = wantedOf(missed);
        if (handled.has(id) || wanted.what == Wanted::What::Nothing) return Outcome::done();
        --work.left;
        return bringWanted(wanted, dealerOf(missed.userId, config().dealers), bring);
    });
    if (handled.has(id)) return Outcome::done();
    if (outcome.code == "not_visible_yet" || outcome.code == "not_permitted") return Outcome::done();
    if (outcome.status == TREVO_REJECT) { // asking again would be refused again
        host().warning("a missed notification could not be followed: " + outcome.detail);
        outcome = Outcome::done();
    }
    if (outcome.ok()) handled.add(id);
    return outcome;
}

Outcome MercadoLivre::bringMissed(const std::string& topic, const Dealer& asking, Bring& bring,
                                  Recent& handled, Work& work) {
    const std::int64_t limit = settings().integer("page_size");
    Outcome worst = Outcome::done();
    Patience patience;
    for (std::int64_t offset = 0; offset < limit * kMaxPages; offset += limit) {
        const std::string path =
            partner::fill("/missed_feeds?app_id={app}&topic={topic}&offset={offset}&limit={limit}",
                          {{"app", settings().text("app_id")},
                           {"topic", topic},
                           {"offset", std::to_string(offset)},
                           {"limit", std::to_string(limit)}});
        const HttpResponse response = get(path, asking);
        if (response.status == 404) break;
        if (response.status != 200) {
            partner::keepWorse(worst,
                               partner::troubleWith(response, "the missed notifications of Mercado Livre"));
            break;
        }
        const json root = json::parse(response.body, nullptr, false);
        const auto messages = root.is_object() ? root.find("messages") : root.end();
        if (!root.is_object() || messages == root.end() || !messages->is_array()) break;
        for (const json& message : *messages) {
            if (spent(work)) return worst;
            const Outcome outcome = followMissed(message, bring, handled, work);
            work.progress = work.progress || outcome.ok();
            partner::keepWorse(worst, outcome);
            if (patience.ends(outcome)) return worst;
        }
        if (static_cast<std::int64_t>(messages->size()) < limit) break;
    }
    return worst;
}

Outcome MercadoLivre::bringAllMissed(Bring& bring, Work& work) {
    constexpr partner::Day kKept = 3; // Mercado Livre keeps them for two
    Recent handled(host().state("missed").value_or(""), today(), kKept);
    Outcome worst = Outcome::done();
    const Dealer& asking = asker();
    for (const char* topic : {"vis_leads", "questions", "leads-credits"}) {
        Outcome outcome =
            partner::outcomeOf([&] { return bringMissed(topic, asking, bring, handled, work); });
        const bool ends = endsRound(outcome);
        partner::keepWorse(worst, std::move(outcome));
        if (ends) break;
    }
    bring.state("missed", handled.text());
    return worst;
}

// Each seller's list, then what was missed.
Outcome MercadoLivre::poll(Bring& bring, std::int64_t& nextPollSeconds) {
    brought_.clear();
    const auto& dealers = config().dealers;
    const std::size_t parts = dealers.size() + (settings().boolean("missed_feeds") ? 1 : 0);
    Outcome outcome = turns_.round(host(), parts, nextPollSeconds, [&](std::size_t at) {
        Work work{settings().integer("batch")};
        Outcome part =
            at < dealers.size() ? reconcile(dealers[at], bring, work) : bringAllMissed(bring, work);
        if (work.progress && spent(work)) nextPollSeconds = 1;
        return part;
    });
    keepBrought(bring);
    return outcome;
}

} // namespace trevo::mercadolivre
