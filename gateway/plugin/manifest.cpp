#include "plugin/manifest.hpp"

#include "base/suggest.hpp"
#include "plugin/settings.hpp"

#include <algorithm>
#include <regex>
#include <set>

namespace trevo::plugin {

namespace {

const std::vector<std::string> kCapabilities = {"authenticate", "decode", "fetch", "poll", "examine"};

bool matches(const std::string& text, const char* pattern) {
    return std::regex_match(text, std::regex(pattern));
}

void readIdentity(Manifest& manifest, toml::Reader& reader) {
    manifest.id = reader.requireText("id");
    if (!manifest.id.empty() && !matches(manifest.id, "[a-z][a-z0-9-]{1,39}")) {
        reader.fail("id", "expected 2 to 40 lower-case letters, digits and '-', the first a letter");
    }
    manifest.version = reader.requireText("version");
    if (!manifest.version.empty() &&
        !matches(manifest.version, R"((0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?)")) {
        reader.fail("version", "expected a semantic version such as 1.2.0");
    }
    manifest.title = reader.requireText("title");
    manifest.description = reader.requireText("description");
    const auto abi = reader.integer("abi", 1, 1'000);
    if (abi && *abi != 1) reader.fail("abi", "is " + std::to_string(*abi) + ", this gateway speaks 1");
    manifest.abi = static_cast<int>(abi.value_or(1));
}

void readAbilities(Manifest& manifest, toml::Reader& reader) {
    manifest.capabilities = reader.texts("capabilities");
    std::set<std::string> seen;
    for (const auto& capability : manifest.capabilities) {
        if (std::find(kCapabilities.begin(), kCapabilities.end(), capability) == kCapabilities.end()) {
            reader.fail("capabilities", "'" + capability +
                                            "' is not one of authenticate, decode, fetch, poll, examine" +
                                            suggestion(capability, kCapabilities));
        } else if (!seen.insert(capability).second) {
            reader.fail("capabilities", "'" + capability + "' stands there twice");
        }
    }
    if (auto mappings = reader.table("mappings")) {
        for (const auto& role : mappings->keys()) {
            const auto id = mappings->text(role);
            if (!matches(role, "[a-z][a-z0-9_]{0,39}")) {
                mappings->fail(role, "a role is lower-case letters, digits and '_'");
            }
            if (!id) continue;
            if (!matches(*id, "[a-z][a-z0-9-]*/[a-z][a-z0-9_-]*")) {
                mappings->fail(role, "expected a mapping id such as '" + manifest.id + "/lead'");
            }
            manifest.mappings[role] = *id;
        }
    }
    if (manifest.mappings.empty() && !seen.contains("decode")) {
        reader.fail("mappings",
                    "without the capability decode at least one mapping is needed: nothing would read "
                    "what this partner sends");
    }
}

void readBehaviour(Manifest& manifest, toml::Reader& reader) {
    const auto& able = manifest.capabilities;
    const bool polls = std::find(able.begin(), able.end(), "poll") != able.end();
    manifest.contentTypes = reader.texts("content_types");
    for (const auto& type : manifest.contentTypes) {
        if (!matches(type, "[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")) {
            reader.fail("content_types",
                        "'" + type + "' is not a media type in lower case without parameters");
        }
    }
    manifest.authentication = reader.word("authentication", {"required", "optional"}).value_or("required");
    manifest.pollIntervalSeconds = reader.integer("poll_interval_seconds", 1, 86'400).value_or(0);
    if (polls && !reader.has("poll_interval_seconds")) {
        reader.fail("poll_interval_seconds", "is missing: the plugin has the capability poll");
    }
    if (!polls && reader.has("poll_interval_seconds")) {
        reader.fail("poll_interval_seconds", "needs the capability poll");
    }
    manifest.successStatus = static_cast<int>(reader.integer("success_status", 200, 299).value_or(200));
    manifest.tryCase = reader.text("try_case").value_or("");
    if (!manifest.tryCase.empty() && !matches(manifest.tryCase, "[a-z0-9][a-z0-9-]*")) {
        reader.fail("try_case", "expected the name of a case, cases/NAME.in");
    }
}

} // namespace

Result<Manifest, toml::Errors> readManifest(std::string_view source, const std::string& fileName) {
    const auto root = toml::parse(source, fileName);
    if (!root) return root.error();
    toml::Errors errors;
    toml::Reader reader(*root, "", errors);
    Manifest manifest;
    readIdentity(manifest, reader);
    readAbilities(manifest, reader);
    readBehaviour(manifest, reader);
    std::set<std::string> names;
    for (auto& table : reader.tables("settings")) {
        manifest.settings.push_back(readSetting(table));
        const std::string& name = manifest.settings.back().name;
        if (!name.empty() && !names.insert(name).second)
            table.fail("name", "'" + name + "' is declared twice");
    }
    reader.finish();
    if (!errors.empty()) return errors;
    return manifest;
}

} // namespace trevo::plugin
