// What the rules of one field make of its values.
#include "base/utf8.hpp"
#include "mapping/run.hpp"

#include <algorithm>

namespace trevo::mapping {

namespace {

void appendItem(std::string& list, const std::string& item) {
    if (!list.empty()) list += ',';
    list += item;
}

} // namespace

Runner::Outcome Runner::produce(const Target& target, const Base& base, std::string& json) {
    if (target.objects) return produceObjects(*target.objects, base, json);
    bool unreadable = false;
    const Rule* required = nullptr;
    const Rule* failed = nullptr;
    for (const Rule& rule : target.rules) {
        if (!rule.when.empty() && !holds(rule.when, base)) continue;
        if (rule.required) required = &rule;
        const Outcome outcome = apply(rule, target.list, base, json);
        if (outcome == Outcome::Written) return outcome;
        if (outcome == Outcome::Unreadable) {
            unreadable = true;
            failed = &rule;
        }
    }
    const Outcome outcome = unreadable ? Outcome::Unreadable : Outcome::Absent;
    if (!required || required->paths.empty()) return outcome;
    const Rule& named = failed && !failed->paths.empty() ? *failed : *required;
    const auto field = fieldName(named.paths.front(), base);
    if (!unreadable)
        complain("missing_field", field, base, "a value is required here");
    else if (!named.values.empty())
        complain("unreadable_field", field, base, "the value is none of the words that are known here");
    else
        complain("unreadable_field", field, base,
                 "expected " + std::string(named.reader ? named.reader->expects : "a single value"));
    return outcome;
}

Runner::Outcome Runner::produceObjects(const Objects& objects, const Base& base, std::string& json) {
    std::vector<Ref> nodes;
    for (const Path& path : objects.each) {
        view_.all(path, base.node, nodes);
        if (!nodes.empty()) break;
    }
    std::string list;
    for (const Ref node : nodes) {
        const Base inner{node, {}, base.record};
        std::string object;
        Writer writer(object);
        for (const Target& target : objects.targets) {
            std::string value;
            if (produce(target, inner, value) == Outcome::Written) writer.at(target.steps) += value;
        }
        if (writer.empty()) continue;
        writer.closeBlocks();
        object += '}';
        appendItem(list, object);
    }
    if (list.empty()) return nodes.empty() ? Outcome::Absent : Outcome::Unreadable;
    json += '[' + list + ']';
    return Outcome::Written;
}

Runner::Outcome Runner::apply(const Rule& rule, bool list, const Base& base, std::string& json) {
    const auto write = [&](const Constant& constant) {
        if (list) json += '[';
        appendJson(json, {constant.type, constant.text});
        if (list) json += ']';
        return Outcome::Written;
    };
    if (rule.constant) return write(*rule.constant);

    auto outcome = Outcome::Absent;
    if (list && !rule.join) {
        outcome = applyList(rule, base, json);
    } else if (rule.join || rule.all) {
        const auto before = json.size();
        outcome = applyJoined(rule, base, json);
        if (list && outcome == Outcome::Written) {
            json.insert(before, 1, '[');
            json += ']';
        }
    } else {
        for (const Path& path : rule.paths) {
            auto found = find(path, base);
            if (!found || !cut(rule, *found)) continue;
            if (read(rule, *found, json)) return Outcome::Written;
            outcome = Outcome::Unreadable;
        }
    }
    if (outcome == Outcome::Absent && rule.fallback) return write(*rule.fallback);
    return outcome;
}

Runner::Outcome Runner::applyList(const Rule& rule, const Base& base, std::string& json) {
    std::vector<Found> found;
    std::vector<std::string> items;
    bool some = false;
    for (const Path& path : rule.paths) {
        found.clear();
        findAll(path, base, found);
        for (Found& one : found) {
            if (!cut(rule, one)) continue;
            some = true;
            std::string_view rest = one.value.text;
            do {
                Found part = one;
                if (!rule.split.empty()) {
                    const auto end = rest.find(rule.split);
                    part.value.text = trimAscii(rest.substr(0, end));
                    rest = end == std::string_view::npos ? std::string_view()
                                                         : rest.substr(end + rule.split.size());
                    if (part.value.text.empty()) continue;
                }
                std::string item;
                if (read(rule, part, item) && std::find(items.begin(), items.end(), item) == items.end())
                    items.push_back(std::move(item));
            } while (!rule.split.empty() && !rest.empty());
        }
        if (!items.empty() && !rule.all) break;
    }
    if (items.empty()) return some ? Outcome::Unreadable : Outcome::Absent;
    json += '[';
    for (std::size_t i = 0; i < items.size(); ++i)
        json += (i > 0 ? "," : "") + items[i];
    json += ']';
    return Outcome::Written;
}

Runner::Outcome Runner::applyJoined(const Rule& rule, const Base& base, std::string& json) {
    std::vector<Found> found;
    for (const Path& path : rule.paths) {
        findAll(path, base, found);
        if (!found.empty() && !rule.all) break;
    }
    std::string text;
    std::vector<Ref> parts;
    for (Found& one : found) {
        if (!one.value.scalar() || !cut(rule, one)) continue;
        text += (text.empty() ? "" : rule.join.value_or(" "));
        text += one.value.text;
        parts.push_back(one.node);
    }
    if (text.empty()) return found.empty() ? Outcome::Absent : Outcome::Unreadable;
    if (!read(rule, {kNone, {Type::Text, text}}, json)) return Outcome::Unreadable;
    for (const Ref node : parts) {
        if (node != kNone) view_.use(node);
    }
    return Outcome::Written;
}

// Narrows a text to what stands between `after` and `before`, both in any case. Without a `before` that is
// there, to the end of the line. False when nothing is left.
bool Runner::cut(const Rule& rule, Found& found) const {
    if (rule.after.empty() && rule.before.empty()) return true;
    if (!found.value.scalar()) return false;
    std::string_view text = found.value.text;
    const auto sameLetter = [](char a, char b) {
        return equalsIgnoreCase(std::string_view(&a, 1), std::string_view(&b, 1));
    };
    const auto seek = [&](const std::string& word) {
        const auto at = std::search(text.begin(), text.end(), word.begin(), word.end(), sameLetter);
        return at == text.end() ? std::string_view::npos : static_cast<std::size_t>(at - text.begin());
    };
    if (!rule.after.empty()) {
        const auto at = seek(rule.after);
        if (at == std::string_view::npos) return false;
        text.remove_prefix(at + rule.after.size());
    }
    auto end = rule.before.empty() ? std::string_view::npos : seek(rule.before);
    if (end == std::string_view::npos) end = text.find('\n', text.find_first_not_of(" \t\r\n"));
    found.value = {Type::Text, trimAscii(text.substr(0, end))};
    return !found.value.text.empty();
}

bool Runner::read(const Rule& rule, const Found& found, std::string& json) {
    if (!found.value.scalar()) return false;
    const auto use = [&] {
        if (found.node != kNone) view_.use(found.node);
    };
    if (!rule.values.empty()) {
        const auto word = lowerAscii(found.value.text);
        for (const auto& [known, meaning] : rule.values) {
            if (known != word) continue;
            appendJson(json, {meaning.type, meaning.text});
            use();
            return true;
        }
        if (!rule.otherwise) return false;
        // The word itself is not told by what is written: it stays unread and goes to `extra`.
        appendJson(json, {rule.otherwise->type, rule.otherwise->text});
        return true;
    }
    Value out = found.value;
    if (rule.reader) {
        if (!rule.reader->read(found.value, rule.options, reading_)) return false;
        out = {reading_.type, reading_.text};
    }
    if (rule.prefix.empty()) {
        appendJson(json, out);
    } else {
        appendJsonString(json, rule.prefix + std::string(out.text));
    }
    use();
    return true;
}

} // namespace trevo::mapping
