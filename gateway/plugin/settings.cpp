#include "plugin/settings.hpp"

#include <algorithm>
#include <regex>

namespace trevo::plugin {

namespace {

using Type = Setting::Type;

const std::vector<std::pair<std::string, Type>> kTypes = {
    {"text", Type::Text},       {"secret", Type::Secret}, {"url", Type::Url},    {"integer", Type::Integer},
    {"boolean", Type::Boolean}, {"word", Type::Word},     {"texts", Type::Texts}};

Type readType(toml::Reader& reader) {
    std::vector<std::string> names;
    for (const auto& entry : kTypes)
        names.push_back(entry.first);
    if (!reader.has("type")) {
        reader.fail("type", "is missing");
        return Type::Text;
    }
    const auto word = reader.word("type", names);
    for (const auto& [name, type] : kTypes) {
        if (word == name) return type;
    }
    return Type::Text;
}

// Not a full URL grammar: enough to catch a forgotten scheme, a blank or a pasted fragment. The value itself
// is not told, since some partners put tokens into addresses.
bool isUrl(const std::string& text) {
    static const std::regex pattern(R"(https?://[^\s/?#@]+(:\d{1,5})?(/[^\s#]*)?(\?[^\s#]*)?)");
    return text.size() <= 2'048 && std::regex_match(text, pattern);
}

std::string joined(const std::vector<std::string>& list) {
    std::string all;
    for (const auto& item : list)
        all += (all.empty() ? "" : "\n") + item;
    return all;
}

// The value under `key`, which holds `setting` in a configuration or its default in a manifest.
std::optional<std::string> readValue(const Setting& setting, const std::string& key, toml::Reader& reader) {
    if (!reader.has(key)) return std::nullopt;
    switch (setting.type) {
    case Type::Integer: {
        const auto number = reader.integer(key, setting.min, setting.max);
        return number ? std::optional(std::to_string(*number)) : std::nullopt;
    }
    case Type::Boolean: {
        const auto truth = reader.boolean(key);
        return truth ? std::optional<std::string>(*truth ? "true" : "false") : std::nullopt;
    }
    case Type::Word: return reader.word(key, setting.words);
    case Type::Texts: {
        const auto list = reader.texts(key);
        for (const auto& item : list) {
            if (item.empty() || item.find('\n') != std::string::npos) {
                reader.fail(key, "a text of this list is empty or has a line break");
                return std::nullopt;
            }
        }
        return joined(list);
    }
    case Type::Url: {
        auto url = reader.text(key);
        if (url && !isUrl(*url)) reader.fail(key, "expected an absolute http or https address");
        return url;
    }
    case Type::Text:
    case Type::Secret: break;
    }
    auto text = reader.text(key);
    if (text && text->empty() && setting.required) reader.fail(key, "is empty");
    return text;
}

void checkLimits(Setting& setting, toml::Reader& reader) {
    setting.words = reader.texts("words");
    if (setting.type == Type::Word && setting.words.empty())
        reader.fail("words", "is missing: the type is word");
    if (setting.type != Type::Word && reader.has("words")) reader.fail("words", "needs the type word");
    const auto min = reader.integer("min");
    const auto max = reader.integer("max");
    if (setting.type != Type::Integer && (min || max))
        reader.fail(min ? "min" : "max", "needs the type integer");
    setting.min = min.value_or(setting.min);
    setting.max = max.value_or(setting.max);
    if (setting.min > setting.max) reader.fail("max", "is below min");
}

} // namespace

Setting readSetting(toml::Reader& reader) {
    static const std::regex namePattern("[a-z][a-z0-9_]{0,39}");
    Setting setting;
    setting.name = reader.requireText("name");
    if (!setting.name.empty() && !std::regex_match(setting.name, namePattern)) {
        reader.fail("name", "expected 1 to 40 lower-case letters, digits and '_', the first a letter");
    }
    setting.type = readType(reader);
    setting.scope = reader.word("scope", {"integration", "dealer"}).value_or("integration") == "dealer"
                        ? Setting::Scope::Dealer
                        : Setting::Scope::Integration;
    if (setting.scope == Setting::Scope::Dealer && setting.name == "cnpj") {
        reader.fail("name", "every dealer has its cnpj already");
    }
    setting.required = reader.boolean("required").value_or(false);
    setting.help = reader.requireText("help");
    checkLimits(setting, reader);
    setting.defaultValue = readValue(setting, "default", reader);
    if (setting.required && reader.has("default"))
        reader.fail("default", "a required setting has no default");
    if (setting.type == Type::Secret && reader.has("default"))
        reader.fail("default", "a secret has no default");
    reader.finish();
    return setting;
}

std::map<std::string, std::string> readSettings(const Manifest& manifest, Setting::Scope scope,
                                                toml::Reader reader) {
    std::map<std::string, std::string> values;
    for (const auto& setting : manifest.settings) {
        if (setting.scope != scope) {
            if (reader.any(setting.name)) {
                reader.fail(setting.name, scope == Setting::Scope::Dealer
                                              ? "is a setting of the whole integration, not of one dealer"
                                              : "is a setting of each dealer, not of the integration");
            }
            continue;
        }
        const auto value = readValue(setting, setting.name, reader);
        if (value) {
            values[setting.name] = *value;
        } else if (setting.defaultValue) {
            values[setting.name] = *setting.defaultValue;
        } else if (setting.required && !reader.has(setting.name)) {
            reader.fail(setting.name, "is missing: " + setting.help);
        }
        reader.any(setting.name); // known, also when it is absent
    }
    reader.finish();
    return values;
}

} // namespace trevo::plugin
