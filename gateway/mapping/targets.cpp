#include "mapping/targets.hpp"

#include "canonical/fields.hpp"

namespace trevo::mapping {

namespace {

using canonical::Type;

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
std::string_view readerOf(Type type) {
    switch (type) {
    case Type::Document: return "document";
    case Type::Phone: return "phone";
    case Type::Email: return "email";
    case Type::Year: return "year";
    case Type::Date: return "date";
    case Type::DateTime: return "datetime";
    case Type::Money: return "money";
    case Type::Integer: return "integer";
    case Type::Boolean: return "boolean";
    case Type::Any: return "";
    default: return "text";
    }
}

} // namespace

TargetField findTarget(std::string_view path) {
    TargetField out;
    const auto* field = reserved(path) ? nullptr : canonical::findField(path);
    if (!field || path.starts_with('/')) return out;
    out.known = true;
    if (field->type == Type::Any && path.find('/') == std::string_view::npos) {
        out.block = true; // `extra` itself
        return out;
    }
    if (field->type == Type::List) {
        const auto& item = field->block->fields.front();
        out.list = true;
        out.block = item.type == Type::Object;
        out.reader = readerOf(item.type);
        return out;
    }
    out.block = field->type == Type::Object || field->type == Type::Map;
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
