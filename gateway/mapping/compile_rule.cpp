// What a field's value is made of: paths, constants, conditions, readers.
#include "base/suggest.hpp"
#include "base/utf8.hpp"
#include "mapping/compiler.hpp"

#include <algorithm>

namespace trevo::mapping {

std::optional<Path> Compiler::path(const toml::Value& value, const std::string& key) {
    const auto* text = value.text();
    if (!text) {
        fail(value, key, "expected a path, got " + std::string(value.typeName()));
        return std::nullopt;
    }
    auto compiled = isXml()    ? compileXPath(*text, program_.xml.lowerCaseNames)
                    : isMail() ? mailPath(*text)
                               : compilePath(*text);
    if (compiled.ok()) {
        program_.usesParameters = program_.usesParameters || !compiled->parameter.empty();
        return std::move(*compiled);
    }
    fail(value, key, "the path '" + *text + "' " + compiled.error());
    return std::nullopt;
}

// A label, or a section and a label in it. What a mapping names is known when the text is read.
Result<Path, std::string> Compiler::mailPath(const std::string& text) {
    auto out = compilePath(text);
    if (!out.ok() || !out->parameter.empty() || text == ".") return out;
    if (out->absolute || !out->keysOnly || out->steps.size() > 2)
        return std::string(
            "is none of a mail: write a label, 'section/label', '.' for the text or @header.NAME");
    program_.mail.labels.insert(out->steps.back().folded);
    if (out->steps.size() == 2) program_.mail.sections.insert(out->steps.front().folded);
    return out;
}

std::vector<Path> Compiler::paths(const toml::Value* value, const std::string& key) {
    std::vector<Path> out;
    if (!value) return out;
    if (const auto* list = value->list()) {
        for (const auto& item : *list) {
            if (auto one = path(item, key)) out.push_back(std::move(*one));
        }
        if (list->empty()) fail(*value, key, "names no path");
    } else if (auto one = path(*value, key)) {
        out.push_back(std::move(*one));
    }
    return out;
}

std::optional<Constant> Compiler::constant(const toml::Value& value, const std::string& key) {
    if (const auto* text = value.text()) return Constant{Type::Text, *text};
    if (const auto* number = std::get_if<std::int64_t>(&value.data))
        return Constant{Type::Number, std::to_string(*number)};
    if (const auto* truth = std::get_if<bool>(&value.data))
        return Constant{Type::Boolean, *truth ? "true" : "false"};
    fail(value, key, "expected a text, a whole number, true or false, got " + std::string(value.typeName()));
    return std::nullopt;
}

std::vector<Condition> Compiler::conditions(const toml::Value* value, const std::string& key) {
    std::vector<Condition> out;
    if (!value) return out;
    std::vector<const toml::Value*> entries;
    if (const auto* list = value->list()) {
        for (const auto& item : *list)
            entries.push_back(&item);
    } else {
        entries.push_back(value);
    }
    for (const auto* entry : entries) {
        toml::Reader reader(*entry, key, errors_);
        if (!entry->table()) continue;
        Condition condition;
        const auto words = [&](const std::string& name, Condition::Kind kind) {
            condition.kind = kind;
            const auto* given = reader.any(name);
            const auto add = [&](const toml::Value& word) {
                if (const auto read = constant(word, key + '.' + name))
                    condition.words.push_back(lowerAscii(trimAscii(read->text)));
            };
            if (const auto* list = given->list()) {
                for (const auto& word : *list)
                    add(word);
            } else {
                add(*given);
            }
        };
        std::optional<Path> where;
        int tests = 0;
        if (const auto* given = reader.any("path")) where = path(*given, key + ".path");
        const bool hasPath = reader.has("path");
        for (const auto& [name, kind] :
             {std::pair{"equals", Condition::Kind::In}, std::pair{"in", Condition::Kind::In},
              std::pair{"not_in", Condition::Kind::NotIn}}) {
            if (!reader.has(name)) continue;
            ++tests;
            words(name, kind);
            if (!hasPath) reader.fail(name, "needs path = … beside it");
        }
        for (const auto& [name, kind] :
             {std::pair{"present", Condition::Kind::Present}, std::pair{"absent", Condition::Kind::Absent}}) {
            const auto* given = reader.any(name);
            if (!given) continue;
            ++tests;
            condition.kind = kind;
            where = path(*given, key + '.' + name);
        }
        reader.finish();
        if (tests != 1) {
            fail(*entry, key,
                 "a condition is { path = …, equals|in|not_in = … }, { present = … } or { absent = … }");
        } else if (where) {
            condition.path = std::move(*where);
            out.push_back(std::move(condition));
        }
    }
    return out;
}

void Compiler::checkWord(const toml::Value& at, const std::string& key, const TargetField& field,
                         const std::optional<Constant>& written) {
    if (!written || field.words.empty()) return;
    if (std::find(field.words.begin(), field.words.end(), written->text) != field.words.end()) return;
    fail(at, key,
         "'" + written->text + "' is not one of " + joined(field.words, ", ") +
             suggestion(written->text, field.words));
}

std::optional<Rule> Compiler::rule(const toml::Value& value, const TargetField& field,
                                   const std::string& key) {
    Rule out;
    out.reader = findReader(field.reader);
    if (value.text()) {
        auto one = path(value, key);
        if (!one) return std::nullopt;
        out.paths.push_back(std::move(*one));
        return out;
    }
    if (!value.table()) {
        fail(value, key,
             "expected a path, a list of them or a table with from, got " + std::string(value.typeName()));
        return std::nullopt;
    }
    toml::Reader reader(value, key, errors_);
    const auto written = [&](const std::string& name) -> std::optional<Constant> {
        const auto* given = reader.any(name);
        if (!given) return std::nullopt;
        auto read = constant(*given, key + '.' + name);
        checkWord(*given, key + '.' + name, field, read);
        return read;
    };
    out.when = conditions(reader.any("when"), key + ".when");
    out.constant = written("value");
    out.all = reader.has("all");
    const auto* from = reader.any("from");
    const auto* all = reader.any("all");
    out.paths = paths(from ? from : all, key + (from ? ".from" : ".all"));
    if ((from ? 1 : 0) + (all ? 1 : 0) + (out.constant ? 1 : 0) != 1)
        fail(value, key, "needs one of from, all or value");

    if (auto name = reader.text("as")) {
        if (const Reader* known = findReader(*name)) {
            out.reader = known;
        } else {
            const auto names = readerNames();
            reader.fail("as", "'" + *name + "' is no reader" + suggestion(*name, names) +
                                  " Known: " + joined({names.begin(), names.end()}, ", "));
        }
    }
    for (const auto& name : reader.texts("format")) {
        if (const auto* format = findTimeFormat(name)) {
            out.options.formats.push_back(*format);
        } else {
            const auto names = timeFormatNames();
            reader.fail("format", "'" + name + "' is not one of " +
                                      joined({names.begin(), names.end()}, ", ") + suggestion(name, names));
        }
    }
    out.options.zone = reader.text("zone").value_or("");
    if (!out.options.zone.empty() && !zoneExists(out.options.zone))
        reader.fail("zone", "is no time zone: write an IANA name such as America/Sao_Paulo");
    if (out.reader && reader.has("format") && !out.reader->takesFormats)
        reader.fail("format", "is for the readers date and datetime");
    if (out.reader && reader.has("zone") && !out.reader->takesZone)
        reader.fail("zone", "is for the reader datetime");

    if (const auto* table = reader.any("values")) {
        if (const auto* entries = table->table()) {
            for (const auto& [word, meaning] : *entries) {
                auto read = constant(meaning, key + ".values." + word);
                checkWord(meaning, key + ".values." + word, field, read);
                if (read) out.values.emplace_back(lowerAscii(trimAscii(word)), std::move(*read));
            }
        } else {
            reader.fail("values", "expected a table of word = meaning");
        }
    }
    out.otherwise = written("otherwise");
    if (out.otherwise && out.values.empty()) reader.fail("otherwise", "needs values beside it");
    out.fallback = written("default");
    out.required = reader.boolean("required").value_or(false);
    out.join = reader.text("join");
    out.split = reader.text("split").value_or("");
    out.after = reader.text("after").value_or("");
    out.before = reader.text("before").value_or("");
    if (out.constant && !(out.after + out.before).empty())
        reader.fail(out.after.empty() ? "before" : "after", "cuts what a path gives: there is none here");
    out.prefix = reader.text("prefix").value_or("");
    const bool free = field.reader.empty(); // a key of `extra` takes one value or many
    if (!out.split.empty() && !field.list && !free)
        reader.fail("split", "has no use here: the field takes one value");
    reader.finish();
    return out;
}

} // namespace trevo::mapping
