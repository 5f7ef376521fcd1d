#include "list.hpp"

#include <trevo/outcome.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace trevo::webmotors {

namespace {

using nlohmann::json;

constexpr std::size_t kLongestId = 20;

constexpr int kMaxWrappers = 3; // {"data":{"content":[…]}}

const json* arrayIn(const json& root, int wrappers = kMaxWrappers) {
    if (root.is_array()) return &root;
    if (!root.is_object() || wrappers == 0) return nullptr;
    for (const auto& entry : root) {
        if (entry.is_array()) return &entry;
    }
    for (const auto& entry : root) {
        if (const json* found = arrayIn(entry, wrappers - 1)) return found;
    }
    return nullptr;
}

std::string idOf(const json& entry, const std::string& key) {
    const auto found = entry.find(key);
    if (found == entry.end()) return {};
    if (found->is_string()) return found->get<std::string>();
    return found->is_number_integer() ? found->dump() : std::string();
}

} // namespace

std::vector<Listed> readList(std::string_view body, const std::string& idKey, const std::string& typeKey) {
    const json root = json::parse(body.begin(), body.end(), nullptr, false);
    const json* entries = root.is_discarded() ? nullptr : arrayIn(root);
    if (!entries) {
        throw Stop(Outcome::config("list_path", "the answer is no JSON list; check the path with Webmotors"));
    }
    std::vector<Listed> leads;
    for (const json& entry : *entries) {
        if (!entry.is_object()) continue;
        Listed lead{idOf(entry, idKey), idOf(entry, typeKey)};
        if (lead.leadId.empty() || lead.leadId.size() > kLongestId || lead.typeId.empty() ||
            lead.typeId.size() > kLongestId) {
            throw Stop(Outcome::config(lead.leadId.empty() ? "list_id_key" : "list_type_key",
                                       "a list entry has no such id"));
        }
        leads.push_back(std::move(lead));
    }
    return leads;
}

} // namespace trevo::webmotors
