#include "cli/tree.hpp"

#include <charconv>

namespace trevo::cli {

const std::vector<Command>& commands() {
    static const std::vector<Command> all = [] {
        std::vector<Command> list;
        for (const auto& part :
             {operatingCommands(), readingCommands(), peopleCommands(), explainingCommands(),
              letterCommands(), localCommands(), pluginCommands(), mappingCommands(), matchingCommands()})
            list.insert(list.end(), part.begin(), part.end());
        return list;
    }();
    return all;
}

const std::vector<Option>& commonOptions() {
    static const std::vector<Option> common = {
        {"--config",
         "FILE",
         "Configuration of the gateway; $TREVO_CONFIG or /etc/trevo/trevo.toml when absent.",
         {}},
        {"--url", "URL", "Talk to a gateway over HTTP instead of its local socket; also $TREVO_URL.", {}},
        {"--token", "TOKEN", "Access token for --url; $TREVO_TOKEN keeps it out of the process list.", {}},
        {"--json", "", "Print JSON instead of text for people.", {}},
        {"--lang", "LANG", "Language of the answers; that of the environment when absent.", {"en", "pt"}},
    };
    return common;
}

const std::map<std::string, std::string>& groups() {
    static const std::map<std::string, std::string> about = {
        {"records", "Canonical records"},
        {"people", "People, as all their records together show them"},
        {"negotiations", "Negotiations"},
        {"lgpd", "What the law gives a person a right to"},
        {"matches", "Records that may belong to somebody known"},
        {"match", "How records are matched to people"},
        {"dead", "Deliveries that could not go on"},
        {"token", "Access tokens"},
        {"integrations", "Configured integrations"},
        {"config", "The configuration"},
        {"plugin", "Plugins"},
        {"mapping", "Mappings"},
    };
    return about;
}

std::string Arguments::text(std::string_view name, std::string_view fallback) const {
    const auto found = values.find(name);
    return found == values.end() || found->second.empty() ? std::string(fallback) : found->second.front();
}

std::int64_t Arguments::number(std::string_view name, std::int64_t fallback) const {
    const std::string value = text(name);
    if (value.empty()) return fallback;
    std::int64_t parsed = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (error != std::errc{} || end != value.data() + value.size() || parsed < 0)
        throw Failure{kUsage, "--" + std::string(name) + " wants a whole number"};
    return parsed;
}

const std::vector<std::string>& Arguments::all(std::string_view name) const {
    static const std::vector<std::string> kNone;
    const auto found = values.find(name);
    return found == values.end() ? kNone : found->second;
}

} // namespace trevo::cli
