// plugin.toml: the single description of a plugin. Settings, their help, validation, defaults and redaction
// come from it.
#pragma once

#include "toml/reader.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace trevo::plugin {

struct Setting {
    enum class Type { Text, Secret, Url, Integer, Boolean, Word, Texts };
    enum class Scope { Integration, Dealer }; // Dealer: each dealer of the integration has its own
    std::string name;
    Type type = Type::Text;
    Scope scope = Scope::Integration;
    bool required = false;
    std::optional<std::string> defaultValue; // in its text form; lists joined by '\n'
    std::string help;
    std::vector<std::string> words; // Word
    std::int64_t min = INT64_MIN, max = INT64_MAX;
};

struct Manifest {
    std::string id;      // [a-z][a-z0-9-]{1,39}
    std::string version; // semantic
    std::string title, description;
    int abi = 1;
    std::vector<std::string> capabilities; // "authenticate", "decode", "fetch", "poll"; empty: mappings only
    std::map<std::string, std::string> mappings; // role -> mapping id; role "inbound" reads what is pushed
    std::vector<std::string>
        contentTypes; // allow list of what is pushed; empty: those of the inbound mapping
    std::string authentication =
        "required"; // "required" | "optional": whether an integration may be without [auth]
    std::int64_t pollIntervalSeconds = 0; // default; 0 when it does not poll
    int successStatus = 200;              // of a push; what the partner's contract wants
    std::vector<Setting> settings;
    std::string tryCase; // case that `trevo try` sends
};

Result<Manifest, toml::Errors> readManifest(std::string_view source, const std::string& fileName);

// Settings of one integration, checked against the manifest: every value in its text form, defaults filled
// in. Secrets are resolved references by then. `scope` picks which settings the table may hold. Mistakes go
// to the reader's errors.
std::map<std::string, std::string> readSettings(const Manifest& manifest, Setting::Scope scope,
                                                toml::Reader reader);

} // namespace trevo::plugin
