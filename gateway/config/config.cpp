#include "config/config.hpp"

#include "base/suggest.hpp"
#include "base/time.hpp"
#include "base/utf8.hpp"
#include "config/schema.hpp"
#include "model/record.hpp"

#include <algorithm>
#include <filesystem>
#include <glob.h>
#include <memory>
#include <set>

namespace trevo::config {

namespace {

namespace fs = std::filesystem;

std::string absolute(const std::string& path, const fs::path& base) {
    return path.empty() ? path : fs::weakly_canonical(base / path).string();
}

int intOr(toml::Reader& reader, const std::string& key, int fallback, int min, int max) {
    return static_cast<int>(reader.integer(key, min, max).value_or(fallback));
}

// Mails of a local mail server. Whoever reaches the door may write to it: it is for this machine alone.
void readLmtp(toml::Reader& reader, Config& config) {
    Lmtp& lmtp = config.lmtp;
    lmtp.listen = reader.text("lmtp").value_or("");
    if (!lmtp.listen.empty() && !lmtp.listen.starts_with("unix:/") && !lmtp.listen.starts_with("127.0.0.1:"))
        reader.fail("lmtp", "is unix:/PATH or 127.0.0.1:PORT");
    lmtp.maxMessageMegabytes = static_cast<int>(reader.integer("max_message_megabytes", 1, 32).value_or(32));
    lmtp.maxConnections = static_cast<int>(reader.integer("max_connections", 1, 200).value_or(20));
    lmtp.timeoutSeconds = static_cast<int>(reader.integer("timeout_seconds", 1, 3'600).value_or(300));
    reader.finish();
}

void readListen(toml::Reader& reader, Config& config, const fs::path& base) {
    for (auto& entry : reader.tables("listen")) {
        Listen listen;
        listen.address = entry.text("address").value_or(listen.address);
        listen.port = intOr(entry, "port", listen.port, 0, 65'535);
        if (auto tls = entry.table("tls")) {
            listen.tls.emplace();
            listen.tls->certificateFile = absolute(tls->requireText("certificate_file"), base);
            listen.tls->keyFile = absolute(tls->requireText("key_file"), base);
            listen.tls->clientCaFile = absolute(tls->text("client_ca_file").value_or(""), base);
            listen.tls->requireClientCertificate = tls->boolean("require_client_certificate").value_or(false);
            if (listen.tls->requireClientCertificate && listen.tls->clientCaFile.empty()) {
                tls->fail("require_client_certificate",
                          "needs client_ca_file to check the certificate against");
            }
            tls->finish();
        }
        entry.finish();
        config.listen.push_back(std::move(listen));
    }
    if (config.listen.empty()) config.listen.push_back({});
}

Rate readRate(toml::Reader& reader, const std::string& key, Rate fallback) {
    auto table = reader.table(key);
    if (!table) return fallback;
    Rate rate;
    rate.perMinute = intOr(*table, "per_minute", 0, 0, 10'000'000);
    rate.burst = intOr(*table, "burst", std::max(rate.perMinute, 1), 1, 10'000'000);
    table->finish();
    return rate;
}

void readLimits(toml::Reader& reader, Limits& limits) {
    auto table = reader.table("limits");
    if (!table) return;
    constexpr int kMegabyte = 1 << 20;
    limits.maxBodyBytes = intOr(*table, "max_body_bytes", limits.maxBodyBytes, 1024, 256 * kMegabyte);
    limits.maxRecordsBodyBytes =
        intOr(*table, "max_records_body_bytes", limits.maxRecordsBodyBytes, 1024, 1024 * kMegabyte);
    limits.maxDepth = intOr(*table, "max_depth", limits.maxDepth, 4, 256);
    limits.maxHeaderBytes = intOr(*table, "max_header_bytes", limits.maxHeaderBytes, 1024, kMegabyte);
    limits.maxConnections = intOr(*table, "max_connections", limits.maxConnections, 1, 100'000);
    limits.maxConnectionsPerAddress =
        intOr(*table, "max_connections_per_address", limits.maxConnectionsPerAddress, 0, 100'000);
    limits.headerTimeoutSeconds =
        intOr(*table, "header_timeout_seconds", limits.headerTimeoutSeconds, 1, 600);
    limits.bodyTimeoutSeconds = intOr(*table, "body_timeout_seconds", limits.bodyTimeoutSeconds, 1, 3600);
    limits.idleTimeoutSeconds = intOr(*table, "idle_timeout_seconds", limits.idleTimeoutSeconds, 1, 3600);
    limits.writeTimeoutSeconds = intOr(*table, "write_timeout_seconds", limits.writeTimeoutSeconds, 1, 3600);
    limits.perAddress = readRate(*table, "per_address", limits.perAddress);
    limits.failuresPerAddress = readRate(*table, "failures_per_address", limits.failuresPerAddress);
    limits.maxReadyRows = table->integer("max_ready_rows", 1, 100'000'000).value_or(limits.maxReadyRows);
    limits.maxReadyMegabytes =
        table->integer("max_ready_megabytes", 1, 10'000'000).value_or(limits.maxReadyMegabytes);
    limits.minFreeDiskMegabytes =
        table->integer("min_free_disk_megabytes", 0, 10'000'000).value_or(limits.minFreeDiskMegabytes);
    table->finish();
}

// Upper case without mask; the check digits are the identity module's business.
std::string plainCnpj(std::string_view text) {
    std::string plain;
    for (const char c : text) {
        if (c == '.' || c == '/' || c == '-' || c == ' ') continue;
        plain += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return plain;
}

void readDealers(toml::Reader& reader, Config& config) {
    for (auto& [id, entry] : reader.namedTables("dealers")) {
        Dealer dealer;
        dealer.id = id;
        dealer.name = entry.text("name").value_or(id);
        dealer.cnpj = plainCnpj(entry.text("cnpj").value_or(""));
        if (!dealer.cnpj.empty() && dealer.cnpj.size() != 14)
            entry.fail("cnpj", "a CNPJ has 14 characters without its mask");
        dealer.timeZone = entry.text("time_zone").value_or(dealer.timeZone);
        if (!zoneExists(dealer.timeZone))
            entry.fail("time_zone", "unknown zone; use a name such as America/Sao_Paulo");
        dealer.ddd = entry.text("ddd").value_or("");
        if (!dealer.ddd.empty() &&
            (dealer.ddd.size() != 2 || dealer.ddd.find_first_not_of("123456789") != std::string::npos)) {
            entry.fail("ddd", "an area code has two digits, such as '11'");
        }
        dealer.group = entry.text("group").value_or("");
        dealer.phones = entry.texts("phones");
        dealer.emails = entry.texts("emails");
        entry.finish();
        config.dealers.push_back(std::move(dealer));
    }
}

void readDuplicates(toml::Reader& reader, Config& config) {
    for (auto& entry : reader.tables("duplicates")) {
        Duplicates rule;
        rule.group = entry.text("group").value_or("");
        rule.dealers = entry.texts("dealers");
        if (rule.group.empty() == rule.dealers.empty())
            entry.fail("group", "name either a group or dealers, whose leads this is about");
        rule.policy = entry.word("policy", {"merge", "flag", "refuse"}).value_or(rule.policy);
        rule.same = entry.word("same", {"vehicle", "person"}).value_or(rule.same);
        rule.within = entry.word("within", {"dealer", "group", "other_dealer"}).value_or(rule.within);
        rule.windowDays = entry.integer("window_days", 1, 3650).value_or(rule.windowDays);
        entry.finish();
        config.duplicates.push_back(std::move(rule));
    }
}

void readSurvivorship(toml::Reader& reader, Survivorship& rules) {
    const std::vector<std::string> kValue = {"fiscal", "trusted", "frequent", "latest", "fullest"};
    const std::vector<std::string> kOrder = {"contact", "latest", "trusted"};
    const auto read = [&](const char* key, const std::vector<std::string>& known, std::string& rule) {
        rule = reader.word(key, known).value_or(rule);
    };
    read("name", kValue, rules.name);
    read("document", kValue, rules.document);
    read("birth_date", kValue, rules.birthDate);
    read("address", kValue, rules.address);
    read("phones", kOrder, rules.phones);
    read("emails", kOrder, rules.emails);
    rules.trust = reader.texts("trust");
    std::vector<std::string> kinds;
    for (int i = 0; i < model::kKindCount; ++i)
        kinds.emplace_back(model::name(static_cast<model::Kind>(i)));
    std::set<std::string> seen;
    for (const auto& kind : rules.trust) {
        if (!model::kindNamed(kind))
            reader.fail("trust", "there is no kind of record '" + kind + "'" + suggestion(kind, kinds));
        else if (!seen.insert(kind).second)
            reader.fail("trust", "names '" + kind + "' twice");
    }
    reader.finish();
}

void readRest(toml::Reader& reader, Config& config, const fs::path& base) {
    if (auto store = reader.table("store")) {
        config.storeEngine = store->word("engine", {"sqlite"}).value_or("sqlite");
        store->finish();
    }
    if (auto retention = reader.table("retention")) {
        config.keepDoneDays = retention->integer("done_days", 1, 3650).value_or(config.keepDoneDays);
        config.keepDeadDays = retention->integer("dead_days", 1, 3650).value_or(config.keepDeadDays);
        retention->finish();
    }
    if (auto matching = reader.table("matching")) {
        config.negotiationWindowDays = matching->integer("negotiation_window_days", 1, 3650).value_or(30);
        config.genericPersons = matching->integer("generic_persons", 2, 1000).value_or(5);
        config.matchingModel = absolute(matching->text("model").value_or(""), base);
        if (auto rules = matching->table("survivorship")) readSurvivorship(*rules, config.survivorship);
        matching->finish();
    }
    if (auto mail = reader.table("mail")) readLmtp(*mail, config);
    if (auto outbound = reader.table("outbound")) {
        config.proxy = outbound->text("proxy").value_or("");
        config.caFile = absolute(outbound->text("ca_file").value_or(""), base);
        outbound->finish();
    }
    if (auto logging = reader.table("log")) {
        const auto level = logging->word("level", {"debug", "info", "warning", "error"}).value_or("info");
        config.logLevel = level == "debug"     ? log::Level::Debug
                          : level == "warning" ? log::Level::Warning
                          : level == "error"   ? log::Level::Error
                                               : log::Level::Info;
        config.logFormat = logging->word("format", {"keyvalue", "json"}) == "json" ? log::Format::Json
                                                                                   : log::Format::KeyValue;
        logging->finish();
    }
}

std::vector<std::string> expand(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> files;
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
        for (std::size_t i = 0; i < found.gl_pathc; ++i)
            files.emplace_back(found.gl_pathv[i]);
    }
    ::globfree(&found);
    return files;
}

void readShared(toml::Reader& reader, Config& config, const Secrets& secrets) {
    readDealers(reader, config);
    readDuplicates(reader, config);
    for (auto& [id, entry] : reader.namedTables("integrations")) {
        config.integrations.push_back(readIntegration(id, entry, secrets));
        const auto* all = reader.any("integrations");
        if (const auto* table = all ? all->find(id) : nullptr)
            config.integrations.back().fingerprint = fingerprintOf(*table, secrets);
        entry.finish();
    }
}

void readRoot(toml::Reader& reader, Config& config, const fs::path& base) {
    config.dataDir = absolute(reader.text("data_dir").value_or(config.dataDir), base);
    config.credentialsDir = absolute(reader.text("credentials_dir").value_or("credentials"), base);
    for (const auto& dir : reader.texts("plugin_dirs"))
        config.pluginDirs.push_back(absolute(dir, base));
    for (const auto& dir : reader.texts("mapping_dirs"))
        config.mappingDirs.push_back(absolute(dir, base));
    if (config.pluginDirs.empty()) config.pluginDirs = {"/usr/lib/trevo/plugins"};
    if (config.mappingDirs.empty()) config.mappingDirs = {"/etc/trevo/mappings", "/usr/share/trevo/mappings"};
    config.httpThreads = intOr(reader, "http_threads", config.httpThreads, 0, 64);
    config.workers = intOr(reader, "workers", config.workers, 0, 64);
    config.drainSeconds = intOr(reader, "drain_seconds", config.drainSeconds, 0, 600);
    readListen(reader, config, base);
    readLimits(reader, config.limits);
    readRest(reader, config, base);
}

// Names that integrations use must exist, and ids must be unique over all files.
void crossCheck(const Config& config, toml::Errors& errors) {
    std::vector<std::string> dealerIds;
    for (const auto& dealer : config.dealers) {
        if (std::find(dealerIds.begin(), dealerIds.end(), dealer.id) != dealerIds.end()) {
            errors.push_back({{config.path, 0, 0}, "dealers." + dealer.id, "is declared twice"});
        }
        dealerIds.push_back(dealer.id);
    }
    std::vector<std::string> groups;
    for (const auto& dealer : config.dealers)
        groups.push_back(dealer.group);
    const auto known = [&](const std::string& name, const std::vector<std::string>& names, const char* what) {
        if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
        errors.push_back({{config.path, 0, 0},
                          "duplicates",
                          std::string("there is no ") + what + " '" + name + "'" + suggestion(name, names)});
    };
    for (const auto& rule : config.duplicates) {
        known(rule.group, groups, "group");
        for (const auto& dealer : rule.dealers)
            known(dealer, dealerIds, "dealer");
    }
    std::set<std::string> seen;
    for (const auto& integration : config.integrations) {
        const std::string path = "integrations." + integration.id;
        if (!seen.insert(integration.id).second)
            errors.push_back({integration.place, path, "is declared twice"});
        const auto check = [&](const std::string& dealer, const std::string& key) {
            if (std::find(dealerIds.begin(), dealerIds.end(), dealer) == dealerIds.end()) {
                errors.push_back({integration.place, path + '.' + key,
                                  "there is no dealer '" + dealer + "'" + suggestion(dealer, dealerIds)});
            }
        };
        for (const auto& dealer : integration.dealers)
            check(dealer, "dealers");
        for (const auto& [code, dealer] : integration.dealerCodes)
            check(dealer, "dealer_codes." + code);
        for (const auto& entry : integration.dealerSettings)
            check(entry.first, "dealer_settings");
    }
}

} // namespace

const Dealer* Config::findDealer(std::string_view id) const {
    for (const auto& dealer : dealers) {
        if (dealer.id == id) return &dealer;
    }
    return nullptr;
}

const Dealer* Config::dealerOf(std::string_view reference) const {
    const std::string plain = plainCnpj(reference);
    for (const auto& dealer : dealers) {
        if (dealer.id == reference || (!dealer.cnpj.empty() && dealer.cnpj == plain)) return &dealer;
    }
    return nullptr;
}

toml::Outline outline() {
    toml::Outline all;
    toml::Errors ignored;
    toml::Reader reader(all, ignored);
    Config config;
    readRoot(reader, config, {});
    readShared(reader, config, Secrets(config.credentialsDir));
    reader.texts("include");
    return all;
}

Result<Config, toml::Errors> load(const std::string& path) {
    const auto root = toml::parseFile(path);
    if (!root) return root.error();

    toml::Errors errors;
    Config config;
    config.path = fs::absolute(path).string();
    const fs::path base = fs::path(config.path).parent_path();
    toml::Reader reader(*root, "", errors);

    readRoot(reader, config, base);
    const Secrets secrets(config.credentialsDir);
    readShared(reader, config, secrets);
    // The trees must outlive their readers' values, which integrations keep copies of.
    for (const auto& pattern : reader.texts("include")) {
        for (const auto& file : expand(absolute(pattern, base))) {
            const auto part = toml::parseFile(file);
            if (!part) {
                errors.insert(errors.end(), part.error().begin(), part.error().end());
                continue;
            }
            toml::Reader partReader(*part, "", errors);
            readShared(partReader, config, secrets);
            partReader.finish();
        }
    }
    reader.finish();
    crossCheck(config, errors);
    if (!errors.empty()) return errors;
    return config;
}

} // namespace trevo::config
