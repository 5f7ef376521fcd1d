#include "mapping/tree.hpp"

#include "base/json_text.hpp"

#include <algorithm>

namespace trevo::mapping {

namespace {

void appendEscaped(std::string& out, std::string_view key) {
    for (const char c : key) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
}

} // namespace

std::string placeAt(std::string_view text, std::size_t offset) {
    const auto before = text.substr(0, offset);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto start = before.rfind('\n');
    const auto column = start == std::string_view::npos ? before.size() + 1 : before.size() - start;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

void Tree::clear(bool loose) {
    loose_ = loose;
    nodes_.clear();
    kept_.clear();
    header_.reset();
    broken_.clear();
    countedDepth_ = countedBefore_ = 0;
}

std::string_view Tree::keep(std::string text) {
    return kept_.emplace_back(std::move(text));
}

Ref Tree::open(Type type, std::string_view key, Ref parent) {
    Node node;
    node.type = type;
    node.key = key;
    if (loose_ && !key.empty()) {
        auto folded = foldKey(key);
        node.folded = folded == key ? key : keep(std::move(folded));
    }
    node.parent = parent;
    nodes_.push_back(node);
    const auto ref = static_cast<Ref>(nodes_.size() - 1);
    nodes_[ref].end = ref + 1;
    return ref;
}

void Tree::add(Type type, std::string_view key, std::string_view text, Ref parent) {
    nodes_[open(type, key, parent)].text = text;
}

Ref Tree::child(Ref node, const Step& step) const {
    const Node& parent = nodes_[node];
    if (parent.type == Type::Table) {
        for (Ref i = node + 1; i < parent.end; i = nodes_[i].end) {
            if (loose_ ? nodes_[i].folded == step.folded : nodes_[i].key == step.key) return i;
        }
    } else if (parent.type == Type::List && step.numeric) {
        std::size_t left = step.index;
        for (Ref i = node + 1; i < parent.end; i = nodes_[i].end) {
            if (left-- == 0) return i;
        }
    }
    return kNone;
}

void Tree::select(const std::vector<Step>& steps, std::size_t at, Ref node, std::vector<Ref>& out) const {
    for (; at < steps.size(); ++at) {
        const Step& step = steps[at];
        if (step.kind == Step::Kind::Key) {
            node = child(node, step);
        } else if (step.kind == Step::Kind::Parent) {
            node = nodes_[node].parent;
        } else {
            if (nodes_[node].type != Type::List) return;
            for (Ref i = node + 1; i < nodes_[node].end; i = nodes_[i].end)
                select(steps, at + 1, i, out);
            return;
        }
        if (node == kNone) return;
    }
    out.push_back(node);
}

Ref Tree::first(const Path& path, Ref base) {
    Ref node = path.absolute ? root() : base;
    if (path.keysOnly) {
        for (const Step& step : path.steps) {
            node = child(node, step);
            if (node == kNone) return kNone;
        }
        return node;
    }
    found_.clear();
    select(path.steps, 0, node, found_);
    // A later item may hold what the first leaves blank.
    for (const Ref found : found_) {
        if (nodes_[found].type != Type::Null &&
            !(nodes_[found].type == Type::Text && nodes_[found].text.empty()))
            return found;
    }
    return found_.empty() ? kNone : found_.front();
}

void Tree::all(const Path& path, Ref base, std::vector<Ref>& out) {
    found_.clear();
    select(path.steps, 0, path.absolute ? root() : base, found_);
    for (const Ref found : found_) {
        if (nodes_[found].type != Type::List) {
            out.push_back(found);
            continue;
        }
        for (Ref i = found + 1; i < nodes_[found].end; i = nodes_[i].end)
            out.push_back(i);
    }
}

void Tree::nameItems(const Path& lists, const Path& name) {
    std::vector<Ref> selected;
    select(lists.steps, 0, root(), selected);
    for (const Ref list : selected) {
        if (nodes_[list].type != Type::List) continue;
        std::unordered_map<std::string_view, std::size_t> seen;
        std::size_t at = 0;
        for (Ref item = list + 1; item < nodes_[list].end; item = nodes_[item].end, ++at) {
            const Ref named = child(item, name.steps.front());
            const bool scalar = named != kNone &&
                                (nodes_[named].type == Type::Text || nodes_[named].type == Type::Number) &&
                                !nodes_[named].text.empty();
            std::string_view key = scalar ? nodes_[named].text : keep(std::to_string(at));
            if (const auto count = ++seen[key]; count > 1)
                key = keep(std::string(key) + '#' + std::to_string(count));
            nodes_[item].key = key;
            if (loose_) nodes_[item].folded = keep(foldKey(key));
            if (scalar) nodes_[named].used = true;
        }
        nodes_[list].type = Type::Table;
    }
}

void Tree::use(Ref node) {
    for (Ref i = node; i < nodes_[node].end; ++i)
        nodes_[i].used = true;
}

void Tree::unread(Ref base, std::vector<Leaf>& out) {
    for (Ref i = base; i < nodes_[base].end; ++i) {
        const Node& node = nodes_[i];
        const bool leaf = node.type == Type::Boolean || node.type == Type::Number ||
                          (node.type == Type::Text && !node.text.empty());
        if (leaf && !node.used) out.push_back({path(i, base, false), '/' + path(i, 0, true), value(i)});
    }
}

std::size_t Tree::position(Ref node) const {
    std::size_t at = 0;
    for (Ref i = nodes_[node].parent + 1; i < node; i = nodes_[i].end)
        ++at;
    return at;
}

std::string Tree::path(Ref node, Ref from, bool general) const {
    std::vector<Ref> chain;
    for (; node != from && node != kNone; node = nodes_[node].parent)
        chain.push_back(node);
    std::string out;
    std::size_t depth = 0;
    for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
        ++depth;
        if (!out.empty()) out += '/';
        if (nodes_[nodes_[*it].parent].type != Type::List)
            appendEscaped(out, nodes_[*it].key);
        else
            out += general ? "*"
                           : std::to_string(position(*it) +
                                            (from == 0 && depth == countedDepth_ ? countedBefore_ : 0));
    }
    return out;
}

std::string Tree::pathOf(Ref node) const {
    const std::string below = path(node, 0, false);
    return below.empty() ? below : '/' + below;
}

void Tree::countFrom(std::size_t depth, std::size_t before) {
    countedDepth_ = depth;
    countedBefore_ = before;
}

std::string Tree::placeOf(Ref node) const {
    for (; node != kNone; node = nodes_[node].parent) {
        if (nodes_[node].line > 0) return "line " + std::to_string(nodes_[node].line);
    }
    return {};
}

const Problem* Tree::problemOf(Ref node) const {
    const auto found = broken_.find(node);
    return found == broken_.end() ? nullptr : &found->second;
}

std::string Tree::excerpt(Ref part, const std::vector<Ref>& parts) {
    if (header_) {
        std::string out(*header_);
        if (!out.empty() && out.back() != '\n' && out.back() != '\r') out += '\n';
        return out.append(nodes_[part].text);
    }
    std::unordered_set<Ref> others(parts.begin(), parts.end());
    others.erase(part);
    std::string out;
    write(root(), part, others, out);
    return out;
}

void Tree::write(Ref ref, Ref part, const std::unordered_set<Ref>& others, std::string& out) const {
    const Node& node = nodes_[ref];
    const bool table = node.type == Type::Table;
    if (!table && node.type != Type::List) {
        if (node.type == Type::Text)
            appendJsonString(out, node.text);
        else
            out += node.type == Type::Null ? std::string_view("null") : node.text;
        return;
    }
    // A list that the part stands in keeps nothing but the way to it.
    const bool narrow = !table && ref < part && part < node.end;
    out += table ? '{' : '[';
    const char* between = "";
    for (Ref i = ref + 1; i < node.end; i = nodes_[i].end) {
        if (others.contains(i) || (narrow && (part < i || part >= nodes_[i].end))) continue;
        out += between;
        between = ",";
        if (table) {
            appendJsonString(out, nodes_[i].key);
            out += ':';
        }
        write(i, part, others, out);
    }
    out += table ? '}' : ']';
}

} // namespace trevo::mapping
