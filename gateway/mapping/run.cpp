#include "mapping/run.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <set>

namespace trevo::mapping {

namespace {

constexpr std::size_t kMaxProblems = 20;
constexpr std::size_t kMaxUnmapped = 200;
constexpr std::size_t kMaxExtraEntries = 200;
constexpr std::size_t kMaxExtraBytes = std::size_t{16} << 10;

std::string fieldNameOf(const std::vector<std::string>& steps) {
    std::string out;
    for (const auto& step : steps)
        out += (out.empty() ? "" : "/") + step;
    return out;
}

// The path to name when the field has no value: of a rule that always holds, if there is one.
const Path* usualPath(const Target& target) {
    if (target.objects) return target.objects->each.empty() ? nullptr : &target.objects->each.front();
    const Path* conditional = nullptr;
    for (const Rule& rule : target.rules) {
        if (rule.paths.empty()) continue;
        if (rule.when.empty()) return &rule.paths.front();
        if (!conditional) conditional = &rule.paths.front();
    }
    return conditional;
}

void appendItem(std::string& list, const std::string& item) {
    if (!list.empty()) list += ',';
    list += item;
}

} // namespace

void Runner::run() {
    std::size_t records = 0;
    std::optional<Base> single;
    std::vector<Ref> nodes;
    for (const Section& section : program_.sections) {
        nodes.clear();
        if (section.each.empty()) {
            if (format_ == Format::Csv)
                view_.all(*compilePath("."), view_.root(), nodes);
            else
                nodes.push_back(view_.root());
        }
        for (const Path& path : section.each) {
            view_.all(path, view_.root(), nodes);
            if (!nodes.empty()) break;
        }
        for (const Ref node : nodes) {
            const Base base = baseAt(node, records + 1);
            if (!holds(section.when, base)) continue;
            if (++records > program_.limits.maxRecords) {
                problems = {
                    {"too_many_records", "", view_.placeOf(node),
                     "more than " + std::to_string(program_.limits.maxRecords) + " records in one document"}};
                return;
            }
            single = base;
            record(section, base);
            if (problems.size() >= kMaxProblems) return;
        }
    }
    checked.records = records;
    if (records == 0 && !program_.allowEmpty) {
        problems.push_back({"no_record", "", "",
                            "nothing in the document is of a kind that mapping " + program_.id + " knows"});
    }
    if (!problems.empty()) return;
    if (records == 1) findDeliveryKey(*single);
    if (mode_ == Mode::Apply) finish();
}

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

void Runner::record(const Section& section, const Base& base) {
    std::vector<bool> has;
    if (!section.requireAny.empty()) has.resize(section.targets.size());
    if (mode_ == Mode::Check) {
        for (std::size_t i = 0; i < section.targets.size(); ++i) {
            const Target& target = section.targets[i];
            const bool wanted =
                !has.empty() && std::find(section.requireAny.begin(), section.requireAny.end(), i) !=
                                    section.requireAny.end();
            if (!target.required && !wanted) continue;
            scratch_.clear();
            const bool written = produce(target, base, scratch_) == Outcome::Written;
            if (!has.empty()) has[i] = written;
        }
        requireAny(section, has, base);
        return;
    }

    Made made;
    made.node = base.node;
    made.body.reserve(1024);
    Writer writer(made.body);
    static const std::vector<std::string> kKind = {"kind"};
    appendJsonString(writer.at(kKind), section.kind);
    for (std::size_t i = 0; i < section.targets.size(); ++i) {
        scratch_.clear();
        if (produce(section.targets[i], base, scratch_) != Outcome::Written) continue;
        writer.at(section.targets[i].steps) += scratch_;
        if (!has.empty()) has[i] = true;
    }
    writer.closeBlocks();
    requireAny(section, has, base);
    for (const Target& target : section.extra) {
        scratch_.clear();
        if (produce(target, base, scratch_) == Outcome::Written)
            made.extra.emplace_back(target.steps.back(), scratch_);
    }
    std::vector<Found> ignored;
    for (const Path& path : program_.ignore)
        findAll(path, base, ignored);
    for (const Found& found : ignored) {
        if (found.node != kNone) view_.use(found.node);
    }
    made_.push_back(std::move(made));
}

void Runner::requireAny(const Section& section, const std::vector<bool>& has, const Base& base) {
    if (section.requireAny.empty()) return;
    std::string names;
    for (const std::size_t i : section.requireAny) {
        if (has[i]) return;
        names += (names.empty() ? "" : ", ") + fieldNameOf(section.targets[i].steps);
    }
    const Path* path = usualPath(section.targets[section.requireAny.front()]);
    complain("missing_field", path ? fieldName(*path, base) : std::string(), base,
             "at least one of " + names + " must come, in a readable form");
}

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
            const auto found = find(path, base);
            if (!found) continue;
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
        for (const Found& one : found) {
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
    for (const Found& one : found) {
        if (!one.value.scalar()) continue;
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

void Runner::findDeliveryKey(const Base& base) {
    std::string key;
    for (const auto& part : program_.deliveryKey) {
        std::optional<Found> found;
        for (const Path& path : part) {
            found = find(path, base);
            if (found && found->value.scalar()) break;
            found.reset();
        }
        if (!found) return;
        if (!key.empty()) key += ':';
        key += found->value.text;
    }
    if (!key.empty()) checked.deliveryKey = std::move(key);
}

void Runner::finish() {
    std::vector<Leaf> leaves;
    view_.unread(view_.root(), leaves);
    std::set<std::string_view> reported;
    for (const Leaf& leaf : leaves) {
        if (mapped.unmapped.size() >= kMaxUnmapped) break;
        if (reported.insert(leaf.general).second) mapped.unmapped.push_back(leaf.general);
    }
    std::vector<Leaf> own;
    for (Made& made : made_) {
        if (program_.keepUnmapped && made.node != view_.root() && !leaves.empty()) {
            own.clear();
            view_.unread(made.node, own);
            closeWithExtra(made, own);
        } else {
            closeWithExtra(made, leaves);
        }
        mapped.records.push_back(std::move(made.body));
    }
}

void Runner::closeWithExtra(Made& made, const std::vector<Leaf>& leaves) {
    std::string extra;
    for (const auto& [key, json] : made.extra) {
        if (!extra.empty()) extra += ',';
        appendJsonString(extra, key);
        extra += ':' + json;
    }
    if (program_.keepUnmapped) {
        std::size_t count = 0;
        for (const Leaf& leaf : leaves) {
            if (++count > kMaxExtraEntries) break;
            // What is over the cap is in the report, and in the raw bytes.
            if (extra.size() + leaf.path.size() + leaf.value.text.size() > kMaxExtraBytes) continue;
            const bool taken = std::any_of(made.extra.begin(), made.extra.end(),
                                           [&](const auto& entry) { return entry.first == leaf.path; });
            if (taken) continue;
            if (!extra.empty()) extra += ',';
            appendJsonString(extra, leaf.path.empty() ? "value" : leaf.path);
            extra += ':';
            appendJson(extra, leaf.value);
        }
    }
    if (!extra.empty()) made.body += ",\"extra\":{" + extra + '}';
    made.body += '}';
}

void Runner::complain(std::string code, std::string field, const Base& base, std::string detail) {
    std::string place = view_.placeOf(base.node);
    if (place.empty() && base.record > 1) place = "record " + std::to_string(base.record);
    problems.push_back({std::move(code), std::move(field), std::move(place), std::move(detail)});
}

std::string Runner::fieldName(const Path& path, const Base& base) const {
    if (!path.parameter.empty() || path.absolute || format_ == Format::Csv || format_ == Format::Form)
        return path.text;
    return view_.pathOf(base.node) + '/' + path.text;
}

} // namespace trevo::mapping
