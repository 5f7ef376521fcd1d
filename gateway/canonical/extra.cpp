#include "canonical/extra.hpp"

#include "base/json_text.hpp"
#include "canonical/writer.hpp"

namespace trevo::canonical {

namespace {

namespace dom = simdjson::dom;

bool writeElement(dom::element element, std::string& out, int deepest) {
    switch (element.type()) {
    case dom::element_type::NULL_VALUE: out += "null"; return true;
    case dom::element_type::BOOL: out += bool(element) ? "true" : "false"; return true;
    case dom::element_type::INT64: writeInteger(out, std::int64_t(element)); return true;
    case dom::element_type::UINT64: writeUnsigned(out, std::uint64_t(element)); return true;
    case dom::element_type::DOUBLE: writeDouble(out, double(element)); return true;
    case dom::element_type::STRING: appendJsonString(out, std::string_view(element)); return true;
    case dom::element_type::ARRAY: {
        if (deepest <= 0) return false;
        out += '[';
        bool first = true;
        for (const dom::element item : dom::array(element)) {
            if (!first) out += ',';
            first = false;
            if (!writeElement(item, out, deepest - 1)) return false;
        }
        out += ']';
        return true;
    }
    case dom::element_type::OBJECT: {
        if (deepest <= 0) return false;
        out += '{';
        bool first = true;
        for (const auto& [key, value] : dom::object(element)) {
            if (!first) out += ',';
            first = false;
            appendJsonString(out, key);
            out += ':';
            if (!writeElement(value, out, deepest - 1)) return false;
        }
        out += '}';
        return true;
    }
    }
    return true;
}

} // namespace

void Extra::put(Node& parent, std::string_view key, dom::element value) {
    auto found = parent.members.find(key);
    if (found == parent.members.end()) found = parent.members.emplace(std::string(key), Node{}).first;
    Node& node = found->second;
    if (!value.is_object()) {
        node.members.clear();
        node.leaf = value;
        return;
    }
    node.leaf.reset();
    for (const auto& [name, member] : dom::object(value))
        put(node, name, member);
}

Extra::Node& Extra::nodeAt(const Path& where) {
    if (!where.parent) return top_;
    Node& parent = nodeAt(*where.parent);
    Node& node = parent.members[where.item ? std::to_string(where.outputIndex) : std::string(where.key)];
    node.leaf.reset();
    return node;
}

void Extra::add(const Path& where, std::string_view key, dom::element value) {
    put(nodeAt(where), key, value);
}

void Extra::addAll(dom::object extra) {
    for (const auto& [key, value] : extra)
        put(top_, key, value);
}

bool Extra::write(std::string& out, int deepest) const {
    return write(top_, out, deepest);
}

bool Extra::write(const Node& node, std::string& out, int deepest) {
    if (node.leaf) return writeElement(*node.leaf, out, deepest);
    if (deepest <= 0) return false;
    out += '{';
    bool first = true;
    for (const auto& [key, member] : node.members) {
        if (!first) out += ',';
        first = false;
        appendJsonString(out, key);
        out += ':';
        if (!write(member, out, deepest - 1)) return false;
    }
    out += '}';
    return true;
}

} // namespace trevo::canonical
