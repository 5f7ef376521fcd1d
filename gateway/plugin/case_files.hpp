// Internal to the module: the files of one case, read and checked.
//
//   NAME.in             the bytes that are pushed; empty for a poll
//   NAME.settings.toml  how it runs; without it, settings.toml of the same folder
//   NAME.http           the exchanges with the partner, in order
//   NAME.expected       the outcome, JSON
#pragma once

#include "plugin/plugin.hpp"
#include "plugin/scripted_host.hpp"

#include <filesystem>

namespace trevo::plugin {

struct CaseFiles {
    enum class Call { Map, Decode, Fetch, Poll, Authenticate };

    std::string name;
    std::string input;
    Call call = Call::Map;
    std::string contentType, role = "inbound";
    std::string metaJson;                                        // for authenticate and decode
    std::vector<std::pair<std::string, std::string>> parameters; // the same for a mapping: "header.x-token"
    InstanceConfig config;
    std::map<std::string, std::string> state;
    UtcTime now;
    std::vector<Exchange> exchanges;
    std::filesystem::path expectedPath;
};

// Names of the cases of a folder, in order. Empty when there is none.
std::vector<std::string> caseNames(const std::filesystem::path& folder);

Result<CaseFiles, toml::Errors> readCase(const std::filesystem::path& folder, const std::string& name,
                                         const Manifest& manifest);

// The whole file; empty when it can not be read.
std::optional<std::string> readFile(const std::filesystem::path& path);

} // namespace trevo::plugin
