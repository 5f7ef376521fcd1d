#include "config/config.hpp"

#include "base/hash.hpp"
#include "config/sections.hpp"

#include <algorithm>

namespace trevo::config {

namespace {

bool isId(std::string_view id) {
    if (id.empty() || id.size() > 64) return false;
    return std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

// A plugin's settings may hold references anywhere; they are resolved here so that the checked values are
// final.
toml::Value resolveAll(toml::Reader& reader, const std::string& key, const toml::Value& value,
                       const Secrets& secrets) {
    toml::Value copy = value;
    if (const auto* text = value.text()) {
        auto resolved = secrets.resolve(*text);
        if (resolved)
            copy.data = std::move(*resolved);
        else
            reader.errors().push_back({value.place, reader.path() + '.' + key, resolved.error().detail});
    } else if (const auto* table = value.table()) {
        toml::Value::Table entries;
        for (const auto& [name, entry] : *table) {
            entries.emplace_back(name, resolveAll(reader, key + '.' + name, entry, secrets));
        }
        copy.data = std::move(entries);
    }
    return copy;
}

Authentication readAuthentication(toml::Reader& reader, const Secrets& secrets) {
    using Type = Authentication::Type;
    Authentication auth;
    static const std::vector<std::pair<std::string, Type>> kTypes = {
        {"none", Type::None},     {"path_token", Type::PathToken},
        {"header", Type::Header}, {"bearer", Type::Bearer},
        {"basic", Type::Basic},   {"query", Type::Query},
        {"hmac", Type::Hmac},     {"standard_webhooks", Type::StandardWebhooks}};
    std::vector<std::string> words;
    for (const auto& entry : kTypes)
        words.push_back(entry.first);
    if (!reader.has("type")) reader.fail("type", "is missing");
    const auto word = reader.word("type", words);
    for (const auto& [name, type] : kTypes) {
        if (word == name) auth.type = type;
    }

    auth.secrets = readSecrets(reader, "secret", secrets);
    if (auth.type != Type::None && !reader.has("secret")) reader.fail("secret", "is missing");

    auth.name = reader.text("name").value_or(auth.type == Type::Header ? "Authorization" : "");
    if (auth.name.empty() && (auth.type == Type::Query || auth.type == Type::Hmac))
        reader.fail("name", "is missing");
    auth.user = reader.text("user").value_or("");
    auth.accept = reader.texts("accept");
    for (const auto& form : auth.accept) {
        if (form != "raw" && form != "bearer" && form != "base64" && form != "basic") {
            reader.fail("accept", "'" + form + "' is not one of raw, bearer, base64, basic");
        }
    }
    if (auth.accept.empty()) auth.accept = {"raw", "bearer"};
    auth.prefix = reader.text("prefix").value_or("");
    auth.hexEncoding = reader.word("encoding", {"hex", "base64"}).value_or("hex") == "hex";
    auth.toleranceSeconds = static_cast<int>(reader.integer("tolerance_seconds", 1, 86'400).value_or(300));
    auth.addresses = reader.texts("addresses");
    auth.tlsSubject = reader.text("tls_subject").value_or("");
    reader.finish();
    return auth;
}

Handshake readHandshake(toml::Reader& reader, const Secrets& secrets) {
    Handshake handshake;
    handshake.verifyTokens = readSecrets(reader, "verify_token", secrets);
    if (!reader.has("verify_token")) reader.fail("verify_token", "is missing");
    reader.finish();
    return handshake;
}

void spellOut(const toml::Value& value, const Secrets& secrets, std::string& text) {
    const auto add = [&](std::string_view part) {
        text += std::to_string(part.size()) + ':' + std::string(part);
    };
    if (const auto* written = value.text()) {
        const auto resolved = secrets.resolve(*written);
        add(resolved ? *resolved : *written);
    } else if (const auto* table = value.table()) {
        text += '{';
        for (const auto& [key, entry] : *table) {
            add(key);
            spellOut(entry, secrets, text);
        }
        text += '}';
    } else if (const auto* list = value.list()) {
        text += '[';
        for (const auto& entry : *list)
            spellOut(entry, secrets, text);
        text += ']';
    } else if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
        text += std::to_string(*number) + 'i';
    } else if (const auto* real = std::get_if<double>(&value.data)) {
        text += std::to_string(*real) + 'd';
    } else {
        text += std::get<bool>(value.data) ? 't' : 'f';
    }
}

} // namespace

std::string fingerprintOf(const toml::Value& value, const Secrets& secrets) {
    std::string text;
    spellOut(value, secrets, text);
    return hex(asView(sha256(text)));
}

Integration readIntegration(const std::string& id, toml::Reader& reader, const Secrets& allSecrets) {
    Integration integration;
    integration.id = id;
    integration.place = reader.place();
    if (!isId(id))
        reader.errors().push_back(
            {reader.place(), reader.path(), "an id has a-z, 0-9, '-' and '_' only, at most 64"});
    integration.plugin = reader.text("plugin").value_or("");
    integration.mapping = reader.text("mapping").value_or("");
    if (integration.plugin.empty() == integration.mapping.empty()) {
        reader.fail("plugin", "name either a plugin or a mapping");
    }
    integration.enabled = reader.boolean("enabled").value_or(true);
    const Secrets secrets = integration.enabled ? allSecrets : allSecrets.unread();
    integration.format = reader.text("assume_content_type").value_or("");
    integration.dealers = reader.texts("dealers");
    if (const auto dealer = reader.text("dealer")) integration.dealers.push_back(*dealer);
    if (auto codes = reader.table("dealer_codes")) {
        for (const auto& code : codes->keys())
            integration.dealerCodes[code] = codes->text(code).value_or("");
        codes->finish();
    }
    if (auto auth = reader.table("auth")) integration.authentication = readAuthentication(*auth, secrets);
    if (auto handshake = reader.table("handshake"))
        integration.handshake = readHandshake(*handshake, secrets);
    integration.contentTypes = reader.texts("content_types");
    if (auto rate = reader.table("rate")) {
        integration.rate.perMinute = static_cast<int>(rate->integer("per_minute", 0, 10'000'000).value_or(0));
        integration.rate.burst = static_cast<int>(
            rate->integer("burst", 1, 10'000'000).value_or(std::max(1, integration.rate.perMinute)));
        rate->finish();
    }
    integration.maxBodyBytes = static_cast<int>(reader.integer("max_body_bytes", 1, 1 << 30).value_or(0));
    integration.keyWindowHours = reader.integer("repeat_window_hours", 1, 24 * 365).value_or(24);
    if (auto answer = reader.table("answer")) {
        integration.successStatus = static_cast<int>(answer->integer("status", 200, 204).value_or(0));
        integration.answerBody = answer->text("body").value_or("");
        answer->finish();
    }
    integration.pollIntervalSeconds = reader.integer("poll_interval_seconds", 1, 86'400).value_or(0);
    integration.account = reader.text("account").value_or("");
    if (!integration.account.empty() && !isId(integration.account))
        reader.fail("account", "has a-z, 0-9, '-' and '_' only, at most 64");
    if (auto quota = reader.table("quota")) {
        integration.quota.perMinute = static_cast<int>(quota->integer("per_minute", 0, 100'000).value_or(0));
        integration.quota.perDay = static_cast<int>(quota->integer("per_day", 0, 100'000'000).value_or(0));
        quota->finish();
    }
    if (auto files = reader.table("files")) integration.files = readFiles(*files);
    if (auto mail = reader.table("mail")) integration.mail = readMail(*mail, secrets);
    if (auto remote = reader.table("remote")) integration.remote = readRemote(*remote, secrets);
    integration.callTimeoutSeconds =
        static_cast<int>(reader.integer("call_timeout_seconds", 1, 3600).value_or(60));
    if (const auto* settings = reader.any("settings")) {
        integration.settings = resolveAll(reader, "settings", *settings, secrets);
    }
    for (auto& [dealer, entry] : reader.namedTables("dealer_settings")) {
        (void)entry;
        if (const auto* value = reader.any("dealer_settings")->find(dealer))
            integration.dealerSettings.emplace(
                dealer, resolveAll(reader, "dealer_settings." + dealer, *value, secrets));
    }
    return integration;
}

} // namespace trevo::config
