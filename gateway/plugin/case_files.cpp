#include "plugin/case_files.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace fs = std::filesystem;

namespace trevo::plugin {

namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

Texts textTable(toml::Reader& reader, const std::string& key) {
    Texts all;
    if (auto table = reader.table(key)) {
        for (const auto& name : table->keys())
            all.emplace_back(name, table->text(name).value_or(""));
    }
    return all;
}

bool can(const Manifest& manifest, const char* capability) {
    const auto& able = manifest.capabilities;
    return std::find(able.begin(), able.end(), capability) != able.end();
}

// Without a word on it: an empty input is a poll, a thin push is fetched, the rest is read.
CaseFiles::Call usualCall(const Manifest& manifest, bool empty) {
    using Call = CaseFiles::Call;
    if (empty && can(manifest, "poll")) return Call::Poll;
    if (can(manifest, "fetch")) return Call::Fetch;
    return can(manifest, "decode") ? Call::Decode : Call::Map;
}

void readCall(CaseFiles& files, toml::Reader& reader, const Manifest& manifest) {
    using Call = CaseFiles::Call;
    files.call = usualCall(manifest, files.input.empty());
    const auto word = reader.word("call", {"map", "decode", "fetch", "poll", "authenticate"});
    if (!word) return;
    if (*word != "map" && !can(manifest, word->c_str())) {
        reader.fail("call", "the plugin has no capability " + *word);
    }
    files.call = *word == "map"      ? Call::Map
                 : *word == "decode" ? Call::Decode
                 : *word == "fetch"  ? Call::Fetch
                 : *word == "poll"   ? Call::Poll
                                     : Call::Authenticate;
}

// The delivery around the bytes.
void readPush(CaseFiles& files, toml::Reader& reader, const Manifest& manifest) {
    files.role = reader.text("role").value_or("inbound");
    const std::string usual = manifest.contentTypes.empty() ? "" : manifest.contentTypes.front();
    files.contentType = reader.text("content_type").value_or(usual);
    nlohmann::json meta = {{"method", reader.text("method").value_or("POST")}, {"role", files.role}};
    for (const std::string key : {"path", "query", "remote"}) {
        const auto value = reader.text(key);
        if (!value) continue;
        meta[key] = *value;
        if (key == "path") files.parameters.emplace_back("path", *value);
    }
    for (const auto& [name, value] : textTable(reader, "headers")) {
        meta["headers"][name] = value;
        files.parameters.emplace_back("header." + lowerAscii(name), value);
    }
    files.metaJson = meta.dump();
}

void readSettingsFile(CaseFiles& files, toml::Reader& reader, const Manifest& manifest) {
    const toml::Value none{toml::Value::Table{}, reader.place()};
    readCall(files, reader, manifest);
    readPush(files, reader, manifest);
    const auto now = reader.text("now").value_or("2026-11-22T13:00:00Z");
    const auto time = parseIsoTime(now, "UTC");
    if (!time) reader.fail("now", "expected a time such as 2026-11-22T13:00:00Z");
    files.now = time.value_or(UtcTime{});
    for (auto& [key, value] : textTable(reader, "state"))
        files.state[key] = value;
    const auto settings = reader.table("settings");
    files.config.integration = "case";
    files.config.settings =
        readSettings(manifest, Setting::Scope::Integration,
                     settings ? *settings : toml::Reader(none, "settings", reader.errors()));
    for (auto& [id, table] : reader.namedTables("dealers")) {
        auto& dealer = files.config.dealers[id];
        std::optional<std::string> cnpj = table.text("cnpj");
        dealer = readSettings(manifest, Setting::Scope::Dealer, table);
        if (cnpj) dealer["cnpj"] = *cnpj;
    }
    reader.finish();
}

Exchange readExchange(toml::Reader& reader) {
    Exchange exchange;
    exchange.method = reader.text("method").value_or("GET");
    exchange.url = reader.requireText("url");
    exchange.requestHeaders = textTable(reader, "request_headers");
    exchange.requestBody = reader.text("request_body");
    exchange.response.error = reader.text("error").value_or("");
    const bool silent = !exchange.response.error.empty();
    exchange.response.status =
        static_cast<int>(reader.integer("status", 100, 599).value_or(silent ? 0 : 200));
    if (silent && reader.has("status")) reader.fail("error", "an exchange has a status or an error");
    exchange.response.headers = textTable(reader, "headers");
    exchange.response.body = reader.text("body").value_or("");
    reader.finish();
    return exchange;
}

} // namespace

std::optional<std::string> readFile(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return file.bad() ? std::nullopt : std::optional(std::move(text));
}

std::vector<std::string> caseNames(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".in") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<CaseFiles, toml::Errors> readCase(const fs::path& folder, const std::string& name,
                                         const Manifest& manifest) {
    CaseFiles files;
    files.name = name;
    files.expectedPath = folder / (name + ".expected");
    auto input = readFile(folder / (name + ".in"));
    if (!input) return toml::Errors{{{name + ".in", 0, 0}, "", "can not be read"}};
    files.input = std::move(*input);

    toml::Errors errors;
    const auto parse = [](const fs::path& path) -> Result<toml::Value, toml::Errors> {
        const auto source = readFile(path);
        return toml::parse(source.value_or(""), path.filename().string());
    };
    fs::path settings = folder / (name + ".settings.toml");
    if (!fs::exists(settings)) settings = folder / "settings.toml";
    const auto run = parse(settings);
    if (!run) return run.error();
    toml::Reader reader(*run, "", errors);
    readSettingsFile(files, reader, manifest);

    const auto script = parse(folder / (name + ".http"));
    if (!script) return script.error();
    toml::Reader exchanges(*script, "", errors);
    for (auto& table : exchanges.tables("exchange"))
        files.exchanges.push_back(readExchange(table));
    exchanges.finish();
    if (!errors.empty()) return errors;
    return files;
}

} // namespace trevo::plugin
