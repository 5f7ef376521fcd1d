#include "config/config.hpp"
#include "config/schema.hpp"
#include "toml/value.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

using namespace trevo;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const fs::path kEtc = fs::path(TREVO_SOURCE_DIR) / "etc";

std::string contents(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

json toJson(const toml::Value& value) {
    if (const auto* table = value.table()) {
        json out = json::object();
        for (const auto& [key, item] : *table)
            out[key] = toJson(item);
        return out;
    }
    if (const auto* list = value.list()) {
        json out = json::array();
        for (const auto& item : *list)
            out.push_back(toJson(item));
        return out;
    }
    if (const auto* text = value.text()) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) return *number;
    if (const auto* decimal = std::get_if<double>(&value.data)) return *decimal;
    return std::get<bool>(value.data);
}

// The words of JSON Schema that the schema uses. Empty when the value holds, else where it does not.
std::string violation(const json& schema, const json& value, const std::string& at) {
    if (const auto choices = schema.find("anyOf"); choices != schema.end()) {
        std::string why;
        for (const auto& choice : *choices) {
            why = violation(choice, value, at);
            if (why.empty()) return "";
        }
        return why;
    }
    if (const auto words = schema.find("enum"); words != schema.end())
        return std::find(words->begin(), words->end(), value) != words->end() ? "" : at;
    const std::string type = schema.value("type", "");
    const bool right = type.empty() || (type == "object" && value.is_object()) ||
                       (type == "array" && value.is_array()) || (type == "string" && value.is_string()) ||
                       (type == "boolean" && value.is_boolean()) ||
                       (type == "integer" && value.is_number_integer());
    if (!right) return at;
    if (type == "integer" &&
        (value < schema.value("minimum", value) || value > schema.value("maximum", value)))
        return at;
    if (type == "array") {
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (auto why = violation(schema["items"], value[i], at + '/' + std::to_string(i)); !why.empty())
                return why;
        }
    }
    if (type != "object") return "";
    for (const auto& name : schema.value("required", json::array())) {
        if (!value.contains(name)) return at + '/' + name.get<std::string>() + " is missing";
    }
    for (const auto& [name, member] : value.items()) {
        const json known = schema.value("properties", json::object());
        const json below =
            known.contains(name) ? known[name] : schema.value("additionalProperties", json(json::object()));
        if (below == false) return at + '/' + name + " is unknown";
        if (auto why = violation(below, member, at + '/' + name); !why.empty()) return why;
    }
    return "";
}

void collect(const toml::Outline& outline, std::vector<std::string>& names) {
    for (const auto& [name, key] : outline.keys) {
        if (name != "*") names.push_back(name);
        if (key.below) collect(*key.below, names);
    }
}

json shipped() {
    return json::parse(contents(kEtc / "trevo.schema.json"));
}

} // namespace

// With TREVO_UPDATE=1 in the environment the file is written anew.
TEST_CASE("the schema that is shipped is the one of the present keys") {
    const auto generated = config::jsonSchema(config::outline());
    const char* update = std::getenv("TREVO_UPDATE");
    if (update && *update == '1') std::ofstream(kEtc / "trevo.schema.json", std::ios::binary) << generated;
    CHECK(contents(kEtc / "trevo.schema.json") == generated);
}

TEST_CASE("the schema takes every configuration that is shipped") {
    std::vector<fs::path> files = {kEtc / "trevo.toml"};
    for (const auto& entry : fs::directory_iterator(kEtc / "conf.d"))
        files.push_back(entry.path());
    CHECK(files.size() >= 6);
    for (const auto& file : files) {
        const auto root = toml::parseFile(file.string());
        REQUIRE(root.ok());
        INFO(file);
        CHECK(violation(shipped(), toJson(*root), "") == "");
    }
}

TEST_CASE("the schema marks what the gateway would refuse") {
    struct Row {
        const char* rule;
        const char* source;
        const char* at;
    };
    const auto row = GENERATE(values<Row>({
        {"an unknown key", "data_dri = 'x'", "/data_dri is unknown"},
        {"an unknown key of an integration", "[integrations.olx]\nmaping = 'x'",
         "/integrations/olx/maping is unknown"},
        {"a text for a number", "workers = '2'", "/workers"},
        {"a number out of its range", "[[listen]]\nport = 70000", "/listen/0/port"},
        {"a word that is none", "[log]\nlevel = 'loud'", "/log/level"},
        {"half a TLS", "[[listen]]\n[listen.tls]\nkey_file = 'k'",
         "/listen/0/tls/certificate_file is missing"},
        {"a number among texts", "plugin_dirs = ['a', 1]", "/plugin_dirs/1"},
    }));
    INFO(row.rule);
    const auto root = toml::parse(row.source, "trevo.toml");
    REQUIRE(root.ok());
    const auto at = violation(shipped(), toJson(*root), "");
    CHECK(at.find(row.at) != std::string::npos);
}

TEST_CASE("every key is explained in the shipped configuration") {
    std::vector<std::string> names;
    collect(config::outline(), names);
    CHECK(names.size() > 60);
    const auto manual = contents(kEtc / "trevo.toml");
    for (const auto& name : names) {
        INFO(name);
        CHECK(manual.find(name) != std::string::npos);
    }
}
