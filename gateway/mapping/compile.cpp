#include "base/hash.hpp"
#include "base/suggest.hpp"
#include "base/utf8.hpp"
#include "mapping/program.hpp"
#include "mapping/targets.hpp"
#include "model/record.hpp"
#include "toml/reader.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace trevo::mapping {

namespace {

const std::vector<std::string> kFormatNames = {"json", "form", "csv", "xml"};

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string out;
    for (const auto& word : words)
        out += (out.empty() ? "" : std::string(between)) + word;
    return out;
}

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

class Compiler {
  public:
    Compiler(Program& program, toml::Errors& errors) : program_(program), errors_(errors) {}
    void run(const toml::Value& root);

  private:
    void fail(const toml::Value& at, const std::string& key, std::string message) {
        errors_.push_back({at.place, key, std::move(message)});
    }
    bool isXml() const { return program_.formats.front() == Format::Xml; }

    void options(toml::Reader& reader);
    std::optional<Path> path(const toml::Value& value, const std::string& key);
    std::vector<Path> paths(const toml::Value* value, const std::string& key);
    std::optional<Constant> constant(const toml::Value& value, const std::string& key);
    std::vector<Condition> conditions(const toml::Value* value, const std::string& key);
    void section(toml::Reader& reader);
    void list(toml::Reader& reader, std::vector<Target>& targets);
    void fields(const toml::Value& table, const std::string& prefix, const std::string& key, bool constants,
                std::vector<Target>& targets, const std::string& within);
    void target(const toml::Value& value, const std::string& name, const std::string& key, bool constants,
                std::vector<Target>& targets, const std::string& within);
    std::optional<Rule> rule(const toml::Value& value, const TargetField& field, const std::string& key);
    void checkWord(const toml::Value& at, const std::string& key, const TargetField& field,
                   const std::optional<Constant>& written);

    Program& program_;
    toml::Errors& errors_;
};

void Compiler::run(const toml::Value& root) {
    toml::Reader reader(root, "", errors_);
    options(reader);
    for (auto& entry : reader.tables("record"))
        section(entry);
    if (!reader.has("record"))
        errors_.push_back({root.place, "", "has no [[record]]: a mapping makes at least one"});
    reader.finish();
}

void Compiler::options(toml::Reader& reader) {
    reader.text("description");
    for (const auto& name : reader.texts("format")) {
        const auto known = std::find(kFormatNames.begin(), kFormatNames.end(), name);
        if (known == kFormatNames.end())
            reader.fail("format", "'" + name + "' is not one of " + joined(kFormatNames, ", ") +
                                      suggestion(name, kFormatNames));
        else
            program_.formats.push_back(static_cast<Format>(known - kFormatNames.begin()));
    }
    if (program_.formats.empty()) {
        if (!reader.has("format")) reader.fail("format", "is missing: " + joined(kFormatNames, ", "));
        program_.formats.push_back(Format::Json);
    }
    const bool xml = std::count(program_.formats.begin(), program_.formats.end(), Format::Xml) > 0;
    if (xml && program_.formats.size() > 1)
        reader.fail("format", "xml stands alone: its paths are XPath, those of the others are not");

    for (const auto& type : reader.texts("accepts"))
        program_.contentTypes.push_back(lowerAscii(trimAscii(type)));
    if (program_.contentTypes.empty()) {
        for (const Format format : program_.formats) {
            switch (format) {
            case Format::Json: program_.contentTypes.emplace_back("application/json"); break;
            case Format::Csv: program_.contentTypes.emplace_back("text/csv"); break;
            case Format::Form:
                program_.contentTypes.emplace_back("application/x-www-form-urlencoded");
                program_.contentTypes.emplace_back("multipart/form-data");
                break;
            case Format::Xml:
                program_.contentTypes.emplace_back("application/xml");
                program_.contentTypes.emplace_back("text/xml");
                break;
            }
        }
    }
    program_.charset = lowerAscii(reader.text("charset").value_or(""));
    if (!program_.charset.empty() && !toUtf8("a", program_.charset))
        reader.fail("charset", "is not a charset that is known here");
    program_.looseKeys = reader.boolean("loose_keys").value_or(false);
    program_.keepUnmapped = reader.boolean("keep_unmapped").value_or(true);
    program_.allowEmpty = reader.boolean("allow_empty").value_or(false);

    if (auto table = reader.table("csv")) {
        const auto delimiter = table->text("delimiter").value_or("");
        if (delimiter.size() > 1) table->fail("delimiter", "is one character");
        if (delimiter.size() == 1) program_.csv.delimiter = delimiter[0];
        program_.csv.columns = table->texts("columns");
        if (std::count(program_.formats.begin(), program_.formats.end(), Format::Csv) == 0)
            reader.fail("csv", "is given, but format does not name csv");
        table->finish();
    }
    if (auto table = reader.table("xml")) {
        program_.xml.lowerCaseNames = table->boolean("case_insensitive").value_or(false);
        program_.xml.bareAmpersand = table->boolean("bare_ampersand").value_or(false);
        program_.xml.lowerAttributes = table->texts("lower_attributes");
        program_.xml.adfEnvelope = table->word("envelope", {"adf"}).has_value();
        if (!xml) reader.fail("xml", "is given, but format does not name xml");
        table->finish();
    }
    program_.searchIn = paths(reader.any("search_in"), "search_in");
    program_.ignore = paths(reader.any("ignore"), "ignore");
    if (const auto* key = reader.any("delivery_key")) {
        if (const auto* parts = key->list()) {
            for (const auto& part : *parts)
                program_.deliveryKey.push_back(paths(&part, "delivery_key"));
        } else {
            program_.deliveryKey.push_back(paths(key, "delivery_key"));
        }
    }
}

std::optional<Path> Compiler::path(const toml::Value& value, const std::string& key) {
    const auto* text = value.text();
    if (!text) {
        fail(value, key, "expected a path, got " + std::string(value.typeName()));
        return std::nullopt;
    }
    auto compiled = isXml() ? compileXPath(*text, program_.xml.lowerCaseNames) : compilePath(*text);
    if (compiled.ok()) return std::move(*compiled);
    fail(value, key, "the path '" + *text + "' " + compiled.error());
    return std::nullopt;
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
    out.prefix = reader.text("prefix").value_or("");
    const bool free = field.reader.empty(); // a key of `extra` takes one value or many
    if (!out.split.empty() && !field.list && !free)
        reader.fail("split", "has no use here: the field takes one value");
    reader.finish();
    return out;
}

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
    out.objects = std::make_shared<const Objects>(std::move(objects));
    targets.push_back(std::move(out));
}

void Compiler::section(toml::Reader& reader) {
    Section out;
    if (!reader.has("kind"))
        reader.fail("kind", "is missing: " + joined(kindNames(), ", "));
    else
        out.kind = reader.word("kind", kindNames()).value_or("");
    out.each = paths(reader.any("each"), reader.path() + ".each");
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

} // namespace

Result<std::shared_ptr<const Mapping>, toml::Errors>
Mapping::compile(std::string_view source, const std::string& fileName, const Limits& limits) {
    auto root = toml::parse(source, fileName);
    if (!root.ok()) return root.error();
    auto program = std::make_unique<Program>();
    const std::filesystem::path path(fileName);
    std::string kind = path.filename().string();
    kind.resize(std::min(kind.find('.'), kind.size()));
    const std::string folder = path.parent_path().filename().string();
    program->id = folder.empty() ? kind : folder + '/' + kind;
    program->version = hex(asView(sha256(source))).substr(0, 12);
    program->limits = limits;
    toml::Errors errors;
    Compiler(*program, errors).run(*root);
    if (!errors.empty()) return errors;
    return std::shared_ptr<const Mapping>(new Mapping(std::move(program)));
}

Result<std::shared_ptr<const Mapping>, toml::Errors> Mapping::compileFile(const std::string& path,
                                                                          const Limits& limits) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return toml::Errors{
            {{path, 0, 0}, "", "can not be read: check that the file exists and its permissions"}};
    const std::string source{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return compile(source, path, limits);
}

Mapping::Mapping(std::unique_ptr<Program> program) : program_(std::move(program)) {}
Mapping::~Mapping() = default;

const std::string& Mapping::id() const {
    return program_->id;
}
const std::string& Mapping::version() const {
    return program_->version;
}
const std::vector<std::string>& Mapping::contentTypes() const {
    return program_->contentTypes;
}

} // namespace trevo::mapping
