// [[record]]: its nodes, its fields and its lists.
#include "base/suggest.hpp"
#include "mapping/compiler.hpp"
#include "model/record.hpp"

#include <algorithm>
#include <iterator>

namespace trevo::mapping {

namespace {

std::vector<std::string> splitPath(std::string_view path) {
    std::vector<std::string> steps;
    while (true) {
        const auto slash = path.find('/');
        steps.emplace_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return steps;
        path.remove_prefix(slash + 1);
    }
}

std::vector<std::string> kindNames() {
    std::vector<std::string> names;
    for (int i = 0; i < model::kKindCount; ++i)
        names.emplace_back(model::name(static_cast<model::Kind>(i)));
    return names;
}

} // namespace

void Compiler::target(const toml::Value& value, const std::string& name, const std::string& key,
                      bool constants, std::vector<Target>& targets, const std::string& within) {
    const std::string full = within.empty() ? name : within + '/' + name;
    const TargetField field = findTarget(full);
    const bool extra = full.starts_with("extra/");
    if (extra && full.find('/', 6) != std::string::npos) {
        fail(value, key, "extra holds plain keys: extra/name");
        return;
    }
    if (!field.known || field.block) {
        fail(value, key,
             (field.block ? "'" + full + "' holds fields: name one of them"
                          : "there is no field '" + full + "'") +
                 (field.block ? "" : suggestion(full, targetNames())));
        return;
    }
    Target out;
    out.steps = splitPath(name);
    out.list = field.list;
    if (constants) {
        Rule one;
        one.constant = constant(value, key);
        checkWord(value, key, field, one.constant);
        out.rules.push_back(std::move(one));
    } else if (const auto* list = value.list()) {
        for (const auto& item : *list) {
            if (auto one = rule(item, field, key)) out.rules.push_back(std::move(*one));
        }
        if (list->empty()) fail(value, key, "names no path");
    } else if (auto one = rule(value, field, key)) {
        out.rules.push_back(std::move(*one));
    }
    for (const Rule& one : out.rules) {
        out.required = out.required || one.required;
        out.list = out.list || !one.split.empty();
    }
    targets.push_back(std::move(out));
}

// Field names may be written whole ("customer/name"), dotted (customer.name) or in tables of their own.
void Compiler::fields(const toml::Value& table, const std::string& prefix, const std::string& key,
                      bool constants, std::vector<Target>& targets, const std::string& within) {
    for (const auto& [name, value] : *table.table()) {
        const std::string path = prefix.empty() ? name : prefix + '/' + name;
        const std::string here = key + '.' + name;
        const TargetField field = findTarget(within.empty() ? path : within + '/' + path);
        if (value.table() && field.block)
            fields(value, path, here, constants, targets, within);
        else
            target(value, path, here, constants, targets, within);
    }
}

void Compiler::list(toml::Reader& reader, std::vector<Target>& targets) {
    Objects objects;
    const std::string to = reader.requireText("to");
    const TargetField field = findTarget(to);
    if (!field.known || !field.list || !field.block)
        reader.fail("to", "there is no list of objects '" + to + "'" + suggestion(to, targetNames()));
    if (!reader.has("each")) reader.fail("each", "is missing: the path of the repeated nodes");
    objects.each = paths(reader.any("each"), reader.path() + ".each");
    const auto* table = reader.any("fields");
    if (!table || !table->table())
        reader.fail("fields", "is missing: what each object of the list holds");
    else if (field.known)
        fields(*table, "", reader.path() + ".fields", false, objects.targets, to + "/*");
    std::stable_sort(objects.targets.begin(), objects.targets.end(),
                     [](const Target& a, const Target& b) { return a.steps < b.steps; });
    reader.finish();
    Target out;
    out.steps = splitPath(to);
    out.list = true;
    out.required = std::any_of(objects.targets.begin(), objects.targets.end(),
                               [](const Target& target) { return target.required; });
    out.objects = std::make_shared<const Objects>(std::move(objects));
    targets.push_back(std::move(out));
}

void Compiler::section(toml::Reader& reader) {
    Section out;
    if (!reader.has("kind"))
        reader.fail("kind", "is missing: " + joined(kindNames(), ", "));
    else
        out.kind = reader.word("kind", kindNames()).value_or("");
    const auto* each = reader.any("each");
    if (each && isMail()) reader.fail("each", "has no use here: a mail is one document, without lists");
    if (each && each->table()) {
        toml::Reader all(*each, reader.path() + ".each", errors_);
        if (!all.has("all")) all.fail("all", "is missing: the paths that are all taken");
        out.each = paths(all.any("all"), reader.path() + ".each.all");
        out.eachOfAll = true;
        all.finish();
    } else {
        out.each = paths(each, reader.path() + ".each");
    }
    out.when = conditions(reader.any("when"), reader.path() + ".when");

    std::vector<Target> all;
    for (const bool constants : {true, false}) {
        const std::string name = constants ? "set" : "fields";
        const auto* table = reader.any(name);
        if (!table) continue;
        if (table->table())
            fields(*table, "", reader.path() + '.' + name, constants, all, "");
        else
            reader.fail(name, "expected a table");
    }
    if (!reader.has("fields")) reader.fail("fields", "is missing: [record.fields]");
    for (auto& entry : reader.tables("list"))
        list(entry, all);

    // One block's fields side by side; a field set and mapped too keeps both, the mapped one first.
    std::stable_sort(all.begin(), all.end(),
                     [](const Target& a, const Target& b) { return a.steps < b.steps; });
    for (auto& target : all) {
        auto& into = target.steps.front() == "extra" ? out.extra : out.targets;
        if (into.empty() || into.back().steps != target.steps) {
            into.push_back(std::move(target));
            continue;
        }
        into.back().required = into.back().required || target.required;
        auto& rules = into.back().rules;
        rules.insert(rules.begin(), std::make_move_iterator(target.rules.begin()),
                     std::make_move_iterator(target.rules.end()));
    }
    for (const auto& name : reader.texts("require_any")) {
        const auto steps = splitPath(name);
        const auto found = std::find_if(out.targets.begin(), out.targets.end(),
                                        [&](const Target& target) { return target.steps == steps; });
        if (found == out.targets.end())
            reader.fail("require_any", "'" + name + "' is not among the fields of this record");
        else
            out.requireAny.push_back(static_cast<std::size_t>(found - out.targets.begin()));
    }
    if (const auto kind = model::kindNamed(out.kind)) {
        for (const auto& target : out.targets) {
            if (!kindCarries(*kind, target.steps.front()))
                reader.fail("fields", "a record of kind " + out.kind + " does not carry '" +
                                          target.steps.front() + "'");
        }
    }
    reader.finish();
    program_.sections.push_back(std::move(out));
}

} // namespace trevo::mapping
