#include "notification.hpp"

#include <trevo/partner.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace trevo::meta {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxHints = 1'000; // the most that Meta puts into one delivery

const json& listIn(const json& object, const char* key, const std::string& at) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (!object.is_object() || found == object.end() || !found->is_array())
        throw Stop(Outcome::reject("wrong_type", at + '/' + key, "expected a list"));
    return *found;
}

std::string idIn(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) return {};
    if (found->is_number_integer()) return found->dump();
    return found->is_string() ? found->get<std::string>() : std::string();
}

Hint readChange(const json& value, const std::string& pageOfEntry, const std::string& at) {
    if (!value.is_object()) throw Stop(Outcome::reject("wrong_type", at + "/value", "expected an object"));
    Hint hint{idIn(value, "leadgen_id"), idIn(value, "page_id"), idIn(value, "form_id"), at};
    if (hint.pageId.empty()) hint.pageId = pageOfEntry;
    if (!isId(hint.leadId))
        throw Stop(Outcome::reject("missing_field", at + "/value/leadgen_id", "expected an id of digits"));
    if (!isId(hint.pageId))
        throw Stop(Outcome::reject("missing_field", at + "/value/page_id", "expected an id of digits"));
    if (!isId(hint.formId)) hint.formId.clear();
    return hint;
}

bool names(const Dealer& dealer, const char* setting, const std::string& id) {
    if (!dealer.settings.has(setting)) return false;
    const auto ids = dealer.settings.texts(setting);
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

} // namespace

bool isId(std::string_view text) {
    return !text.empty() && text.size() <= 32 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<Hint> readNotification(std::string_view body, Outcome& worst) {
    const json root = json::parse(body.begin(), body.end(), nullptr, false);
    if (root.is_discarded()) throw Stop(Outcome::reject("bad_json", "", "the announcement is not JSON"));
    std::vector<Hint> hints;
    const json& entries = listIn(root, "entry", "");
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::string entry = "/entry/" + std::to_string(i);
        try {
            const json& changes = listIn(entries[i], "changes", entry);
            for (std::size_t k = 0; k < changes.size(); ++k) {
                const json& change = changes[k];
                const auto field = change.is_object() ? change.find("field") : change.end();
                if (!change.is_object() || field == change.end() || *field != "leadgen") continue;
                if (hints.size() == kMaxHints)
                    throw Stop(Outcome::reject("too_many", entry, "more than 1,000 leads announced at once"));
                partner::keepWorse(worst, partner::outcomeOf([&] {
                                       hints.push_back(readChange(change.value("value", json()),
                                                                  idIn(entries[i], "id"),
                                                                  entry + "/changes/" + std::to_string(k)));
                                       return Outcome::done();
                                   }));
            }
        } catch (const Stop& stop) {
            partner::keepWorse(worst, stop.outcome());
        }
    }
    return hints;
}

const Dealer* dealerOf(const std::string& pageId, const std::string& formId,
                       const std::vector<Dealer>& dealers) {
    const Dealer* ofPage = nullptr;
    for (const Dealer& dealer : dealers) {
        if (!names(dealer, "pages", pageId)) continue;
        if (!formId.empty() && names(dealer, "forms", formId)) return &dealer;
        if (dealer.settings.text("forms", "").empty()) ofPage = &dealer;
    }
    if (ofPage) return ofPage;
    // A page of one dealer is that dealer's whatever the form: a new form need not be configured first.
    const auto count = std::count_if(dealers.begin(), dealers.end(),
                                     [&](const Dealer& dealer) { return names(dealer, "pages", pageId); });
    if (count != 1) return nullptr;
    return &*std::find_if(dealers.begin(), dealers.end(),
                          [&](const Dealer& dealer) { return names(dealer, "pages", pageId); });
}

} // namespace trevo::meta
