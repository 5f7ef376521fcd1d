#include "mapping/targets.hpp"

#include "canonical/fields.hpp"

namespace trevo::mapping {

namespace {

// The host's own fields.
constexpr std::string_view kReserved[] = {"kind", "flags", "source/integration",
                                          "source/occurred_at_original"};

bool reserved(std::string_view path) {
    for (const auto name : kReserved) {
        if (path == name || (path.starts_with(name) && path.substr(name.size()).starts_with('/')))
            return true;
    }
    return false;
}

// Dates and amounts in their plain form; a sender's own form needs `as`.
std::string_view readerOf(canonical::Type type) {
    switch (type) {
    case canonical::Type::Document: return "document";
    case canonical::Type::Phone: return "phone";
    case canonical::Type::Email: return "email";
    case canonical::Type::Year: return "year";
    case canonical::Type::Date: return "date";
    case canonical::Type::DateTime: return "datetime";
    case canonical::Type::Money: return "money";
    case canonical::Type::Integer: return "integer";
    case canonical::Type::Boolean: return "boolean";
    case canonical::Type::Any: return "";
    default: return "text";
    }
}

} // namespace

TargetField findTarget(std::string_view path) {
    TargetField out;
    const auto* field = reserved(path) ? nullptr : canonical::findField(path);
    if (!field || path.starts_with('/')) return out;
    out.known = true;
    if (field->type == canonical::Type::Any && path.find('/') == std::string_view::npos) {
        out.block = true; // `extra` itself
        return out;
    }
    if (field->type == canonical::Type::List) {
        const auto& item = field->block->fields.front();
        out.list = true;
        out.block = item.type == canonical::Type::Object;
        out.reader = readerOf(item.type);
        return out;
    }
    out.block = field->type == canonical::Type::Object || field->type == canonical::Type::Map;
    out.reader = readerOf(field->type);
    out.words.assign(field->words.begin(), field->words.end());
    return out;
}

bool kindCarries(model::Kind kind, std::string_view name) {
    const auto* field = canonical::findField(name);
    return !field || (field->kinds & canonical::only(kind)) != 0;
}

const std::vector<std::string>& targetNames() {
    static const auto names = [] {
        std::vector<std::string> out;
        for (const auto& path : canonical::allPaths()) {
            if (!reserved(path) && !path.ends_with('*')) out.push_back(path);
        }
        return out;
    }();
    return names;
}

} // namespace trevo::mapping
