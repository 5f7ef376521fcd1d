#include "pull.hpp"

#include <nlohmann/json.hpp>

namespace trevo::meta {

using nlohmann::json;

Pull Pull::from(std::string_view kept) {
    const json root = json::parse(kept.begin(), kept.end(), nullptr, false);
    Pull pull;
    if (!root.is_object()) return pull;
    const auto number = [&](const char* key) {
        const auto found = root.find(key);
        return found != root.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
    };
    pull.since = number("since");
    pull.started = number("started");
    const auto after = root.find("after");
    if (after != root.end() && after->is_string()) pull.after = after->get<std::string>();
    return pull;
}

std::string Pull::text() const {
    return json{{"since", since}, {"started", started}, {"after", after}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
}

} // namespace trevo::meta
