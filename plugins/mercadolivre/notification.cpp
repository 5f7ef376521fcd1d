#include "notification.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace trevo::mercadolivre {

namespace {

using nlohmann::json;

constexpr std::size_t kLongest = 256;

std::string textOf(const json& object, const char* key, const std::string& at) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) return {};
    std::string text;
    if (found->is_string())
        text = found->get<std::string>();
    else if (found->is_number_integer())
        text = found->dump();
    else
        throw Stop(Outcome::reject("wrong_type", at + '/' + key, "expected a text or a whole number"));
    if (text.size() > kLongest) throw Stop(Outcome::reject("too_long", at + '/' + key, "over 256 bytes"));
    return text;
}

// The segments of a path, without a query.
std::vector<std::string> segmentsOf(std::string_view resource) {
    resource = resource.substr(0, resource.find('?'));
    std::vector<std::string> all;
    while (!resource.empty()) {
        const std::size_t end = std::min(resource.find('/'), resource.size());
        if (end > 0) all.emplace_back(resource.substr(0, end));
        resource.remove_prefix(std::min(end + 1, resource.size()));
    }
    return all;
}

} // namespace

Notification notificationOf(const json& object, const std::string& at) {
    if (!object.is_object()) throw Stop(Outcome::reject("wrong_type", at, "expected an object"));
    Notification notification;
    notification.resource = textOf(object, "resource", at);
    notification.topic = textOf(object, "topic", at);
    notification.userId = textOf(object, "user_id", at);
    notification.id = textOf(object, "_id", at);
    if (notification.id.empty()) notification.id = textOf(object, "id", at);
    if (notification.id.empty())
        notification.id = notification.topic + ' ' + notification.resource + ' ' + textOf(object, "sent", at);
    if (const auto actions = object.find("actions"); actions != object.end() && actions->is_array()) {
        for (const json& action : *actions) {
            if (action.is_string()) notification.actions.push_back(action.get<std::string>());
        }
    }
    if (notification.resource.empty())
        throw Stop(Outcome::reject("missing_field", at + "/resource", "resource is missing"));
    return notification;
}

Notification readNotification(std::string_view body) {
    const json root = json::parse(body.begin(), body.end(), nullptr, false);
    if (root.is_discarded()) throw Stop(Outcome::reject("bad_json", "", "the notification is not JSON"));
    return notificationOf(root, "");
}

Wanted wantedOf(const Notification& notification) {
    const auto path = segmentsOf(notification.resource);
    const auto is = [&](std::size_t at, std::string_view word) {
        return at < path.size() && path[at] == word;
    };
    const auto acts = [&](std::string_view action) {
        return std::find(notification.actions.begin(), notification.actions.end(), action) !=
               notification.actions.end();
    };
    using What = Wanted::What;
    if (path.size() == 2 && is(0, "questions")) return {What::Question, path[1]};
    if (path.size() == 3 && is(0, "vis") && (is(1, "loan") || is(1, "loans"))) return {What::Credit, path[2]};
    if (path.size() >= 2 && is(0, "leads")) return {What::Details, path[1]};
    std::string id;
    if (path.size() == 3 && is(0, "vis") && is(1, "leads")) id = path[2];
    if (path.size() == 2 && is(0, "vis_leads")) id = path[1];
    if (id.empty()) return {};
    return {acts("contact_request") || acts("reservation") ? What::Details : What::Lead, id};
}

const Dealer& dealerOf(const std::string& userId, const std::vector<Dealer>& dealers) {
    for (const Dealer& dealer : dealers) {
        if (dealer.settings.text("user_id", "") == userId) return dealer;
    }
    throw Stop(
        Outcome::reject("unknown_dealer", "/user_id", "no dealer of this integration has this user_id"));
}

} // namespace trevo::mercadolivre
