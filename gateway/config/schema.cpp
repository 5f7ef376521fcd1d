#include "config/schema.hpp"

#include "base/json_text.hpp"

#include <limits>

namespace trevo::config {

namespace {

using Type = toml::Outline::Type;

class Writer {
  public:
    std::string write(const toml::Outline& root) {
        out_ = "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"Trevo's "
               "configuration\",\n";
        members(root, 2);
        return out_ + "}\n";
    }

  private:
    void line(int indent, std::string_view text) {
        out_.append(static_cast<std::size_t>(indent), ' ').append(text);
    }

    // The members of a schema object for one table, each on lines of its own.
    void members(const toml::Outline& table, int indent) {
        line(indent, "\"type\": \"object\"");
        if (table.keys.empty()) { // taken as it is: a plugin's own settings
            out_ += '\n';
            return;
        }
        std::string required;
        const toml::Outline::Key* any = nullptr;
        std::string properties;
        for (const auto& [name, key] : table.keys) {
            if (name == "*") {
                any = &key;
                continue;
            }
            if (key.required) required += (required.empty() ? "" : ", ") + jsonString(name);
            if (!properties.empty()) properties += ",\n";
            properties += std::string(static_cast<std::size_t>(indent) + 2, ' ') + jsonString(name) + ": " +
                          schemaOf(key, indent + 2);
        }
        if (!properties.empty()) {
            out_ += ",\n";
            line(indent, "\"properties\": {\n" + properties + '\n');
            line(indent, "}");
        }
        if (!required.empty()) {
            out_ += ",\n";
            line(indent, "\"required\": [" + required + ']');
        }
        out_ += ",\n";
        line(indent,
             "\"additionalProperties\": " + (any ? schemaOf(*any, indent) : std::string("false")) + '\n');
    }

    std::string object(const toml::Outline& table, int indent) {
        std::string outer = std::move(out_);
        out_ = "{\n";
        members(table, indent + 2);
        line(indent, "}");
        std::string made = std::move(out_);
        out_ = std::move(outer);
        return made;
    }

    std::string schemaOf(const toml::Outline::Key& key, int indent) {
        switch (key.type) {
        case Type::Any: return "{}";
        case Type::Text: return R"({"type": "string"})";
        case Type::Boolean: return R"({"type": "boolean"})";
        case Type::Texts:
            return R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})";
        case Type::Word: {
            std::string words;
            for (const auto& word : key.words)
                words += (words.empty() ? "" : ", ") + jsonString(word);
            return "{\"enum\": [" + words + "]}";
        }
        case Type::Integer: {
            std::string text = "{\"type\": \"integer\"";
            if (key.min != std::numeric_limits<std::int64_t>::min())
                text += ", \"minimum\": " + std::to_string(key.min);
            if (key.max != std::numeric_limits<std::int64_t>::max())
                text += ", \"maximum\": " + std::to_string(key.max);
            return text + '}';
        }
        case Type::Table: return object(*key.below, indent);
        case Type::Tables: {
            const std::string one = object(*key.below, indent);
            return "{\"anyOf\": [" + one + ", {\"type\": \"array\", \"items\": " + one + "}]}";
        }
        case Type::NamedTables:
            return "{\"type\": \"object\", \"additionalProperties\": " + object(*key.below, indent) + '}';
        }
        return "{}";
    }

    std::string out_;
};

} // namespace

std::string jsonSchema(const toml::Outline& root) {
    return Writer().write(root);
}

} // namespace trevo::config
