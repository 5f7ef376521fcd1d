// Which values of the document a path means.
#include "base/utf8.hpp"
#include "mapping/run.hpp"

#include <algorithm>

namespace trevo::mapping {

Runner::Base Runner::baseAt(Ref node, std::size_t record) {
    Base base{node, {}, record};
    for (const Path& path : program_.searchIn) {
        const Ref found = view_.first(path, node);
        if (found != kNone) base.within.push_back(found);
    }
    return base;
}

std::optional<Runner::Found> Runner::present(Ref node) {
    if (node == kNone) return std::nullopt;
    Value value = view_.value(node);
    if (value.type == Type::Null) return std::nullopt;
    value.text = trimAscii(value.text);
    if (value.type == Type::Text && value.text.empty()) return std::nullopt;
    return Found{node, value};
}

std::optional<Runner::Found> Runner::parameter(const Path& path) const {
    for (const auto& [name, value] : document_.parameters) {
        if (!equalsIgnoreCase(name, path.parameter)) continue;
        const auto text = trimAscii(value);
        if (!text.empty()) return Found{kNone, {Type::Text, text}};
    }
    return std::nullopt;
}

std::optional<Runner::Found> Runner::find(const Path& path, const Base& base) {
    if (!path.parameter.empty()) return parameter(path);
    if (auto found = present(view_.first(path, base.node))) return found;
    if (path.absolute) return std::nullopt;
    for (const Ref node : base.within) {
        if (auto found = present(view_.first(path, node))) return found;
    }
    return std::nullopt;
}

void Runner::findAll(const Path& path, const Base& base, std::vector<Found>& out) {
    if (!path.parameter.empty()) {
        if (auto found = parameter(path)) out.push_back(*found);
        return;
    }
    std::vector<Ref> nodes;
    view_.all(path, base.node, nodes);
    if (!path.absolute) {
        for (const Ref node : base.within)
            view_.all(path, node, nodes);
    }
    for (const Ref node : nodes) {
        if (auto found = present(node)) out.push_back(*found);
    }
}

// A condition does not count as reading: what it looked at is still kept unless a field takes it.
bool Runner::holds(const std::vector<Condition>& conditions, const Base& base) {
    return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& condition) {
        const auto found = find(condition.path, base);
        if (condition.kind == Condition::Kind::Present) return found.has_value();
        if (condition.kind == Condition::Kind::Absent) return !found.has_value();
        const bool wanted = condition.kind == Condition::Kind::In;
        if (!found || !found->value.scalar()) return !wanted;
        const auto word = lowerAscii(found->value.text);
        const bool among =
            std::find(condition.words.begin(), condition.words.end(), word) != condition.words.end();
        return among == wanted;
    });
}

} // namespace trevo::mapping
