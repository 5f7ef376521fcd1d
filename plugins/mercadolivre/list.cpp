#include "list.hpp"

#include <trevo/outcome.hpp>

#include <nlohmann/json.hpp>

namespace trevo::mercadolivre {

namespace {

using nlohmann::ordered_json;

std::string written(const ordered_json& value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string textAt(const ordered_json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end()) return {};
    if (found->is_string()) return found->get<std::string>();
    return found->is_number_integer() ? found->dump() : std::string();
}

void copy(const ordered_json& from, const char* key, ordered_json& to, const char* as) {
    const auto found = from.find(key);
    if (found != from.end() && found->is_primitive() && !found->is_null()) to[as] = *found;
}

// `row` is a buyer with a vehicle, or a vehicle of a guest; `lead` one of its leads.
Listed listed(const ordered_json& row, const ordered_json& lead) {
    Listed one;
    one.leadId = textAt(lead, "id");
    if (one.leadId.empty()) one.leadId = textAt(lead, "uuid");
    one.contactType = textAt(lead, "contact_type");
    if (one.contactType.empty()) one.contactType = textAt(lead, "channel"); // its name until it is retired
    one.status = textAt(lead, "status");
    one.createdAt = textAt(lead, "created_at");
    one.externalId = textAt(lead, "external_id");
    if (one.leadId.size() > 64) one.leadId.clear();

    ordered_json entry = {{"id", one.leadId}};
    copy(row, "item_id", entry, "item_id");
    copy(lead, "item_id", entry, "item_id");
    copy(lead, "created_at", entry, "created_at");
    if (!one.contactType.empty()) entry["contact_type"] = one.contactType;
    for (const char* key : {"external_id", "status"})
        copy(lead, key, entry, key);
    copy(row, "id", entry, "buyer_id");
    for (const char* key : {"name", "email", "phone"})
        copy(row, key, entry, key);
    one.entry = written(entry);

    ordered_json buyer = ordered_json::object();
    copy(row, "identification_type", buyer, "identification_type");
    copy(row, "identification_number", buyer, "identification_number");
    if (buyer.contains("identification_number")) one.buyer = written(buyer);
    return one;
}

std::vector<Listed> rowsOf(const ordered_json& root, const char* key, std::size_t& rows) {
    std::vector<Listed> all;
    const auto found = root.find(key);
    if (found == root.end() || !found->is_array()) return all;
    for (const ordered_json& row : *found) {
        ++rows;
        const auto leads = row.is_object() ? row.find("leads") : row.end();
        if (!row.is_object() || leads == row.end() || !leads->is_array()) continue;
        for (const ordered_json& lead : *leads) {
            if (!lead.is_object()) continue;
            Listed one = listed(row, lead);
            if (!one.leadId.empty()) all.push_back(std::move(one));
        }
    }
    return all;
}

} // namespace

ListPage readList(std::string_view body) {
    constexpr int kMaxDepth = 32;
    bool tooDeep = false;
    const auto keep = [&](int depth, ordered_json::parse_event_t, ordered_json&) {
        tooDeep = tooDeep || depth > kMaxDepth;
        return !tooDeep;
    };
    const ordered_json root = ordered_json::parse(body.begin(), body.end(), keep, false);
    if (tooDeep || !root.is_object() || !root.contains("results"))
        throw Stop(
            Outcome::retryAfter(0, "not_a_list", "Mercado Livre answered something other than a list"));
    ListPage page;
    std::size_t ignored = 0;
    page.leads = rowsOf(root, "results", page.rows);
    page.guests = rowsOf(root, "guest", ignored);
    if (const auto paging = root.find("paging"); paging != root.end() && paging->is_object()) {
        const auto total = paging->find("total");
        if (total != paging->end() && total->is_number_integer()) page.total = total->get<std::int64_t>();
    }
    return page;
}

} // namespace trevo::mercadolivre
