#include "base/hash.hpp"
#include "base/suggest.hpp"
#include "base/utf8.hpp"
#include "mapping/compiler.hpp"
#include "mapping/inherit.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

namespace trevo::mapping {

namespace {

const std::vector<std::string> kFormatNames = {"json", "form", "csv", "xml", "mail"};

} // namespace

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string out;
    for (const auto& word : words)
        out += (out.empty() ? "" : std::string(between)) + word;
    return out;
}

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
    if (reader.text("extends")) reader.fail("extends", "stands in a file only");
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
    const bool mail = std::count(program_.formats.begin(), program_.formats.end(), Format::Mail) > 0;
    if (mail && program_.formats.size() > 1)
        reader.fail("format", "mail stands alone: its paths are labels, those of the others are not");

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
            case Format::Mail: program_.contentTypes.emplace_back("message/rfc822"); break;
            }
        }
    }
    program_.charset = lowerAscii(reader.text("charset").value_or(""));
    if (!program_.charset.empty() && !toUtf8("a", program_.charset))
        reader.fail("charset", "is not a charset that is known here");
    program_.looseKeys = reader.boolean("loose_keys").value_or(false);
    program_.keepUnmapped = reader.boolean("keep_unmapped").value_or(true);
    program_.allowEmpty = reader.boolean("allow_empty").value_or(false);

    if (auto table = reader.table("json")) {
        if (auto named = table->table("named")) {
            for (const auto& list : named->keys())
                namedList(*named, list);
            named->finish();
        }
        if (std::count(program_.formats.begin(), program_.formats.end(), Format::Json) == 0)
            reader.fail("json", "is given, but format does not name json");
        table->finish();
    }
    if (auto table = reader.table("csv")) {
        const auto delimiter = table->text("delimiter").value_or("");
        if (delimiter.size() > 1) table->fail("delimiter", "is one character");
        if (delimiter.size() == 1) program_.csv.delimiter = delimiter[0];
        const auto quote = table->text("quote").value_or("");
        if (quote.size() > 1) table->fail("quote", "is one character");
        if (quote.size() == 1) program_.csv.quote = quote[0];
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
    if (auto table = reader.table("mail")) {
        mailOptions(*table);
        if (!mail) reader.fail("mail", "is given, but format does not name mail");
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

void Compiler::namedList(toml::Reader& reader, const std::string& list) {
    const auto text = reader.text(list);
    if (!text) return;
    auto path = compilePath(list);
    auto name = compilePath(*text);
    if (!path.ok() || !path->parameter.empty())
        reader.fail(list, path.ok() ? "is no path of the document" : path.error());
    else if (!name.ok() || name->steps.size() != 1 || !name->keysOnly || !name->parameter.empty())
        reader.fail(list, "expected the one key that holds an item's name");
    else
        program_.named.push_back({std::move(*path), std::move(*name)});
}

void Compiler::mailOptions(toml::Reader& reader) {
    for (const auto& label : reader.texts("multiline")) {
        program_.mail.multiline.insert(foldKey(label));
        program_.mail.labels.insert(foldKey(label));
    }
    for (const auto& label : reader.texts("labels"))
        program_.mail.labels.insert(foldKey(label));
    for (const auto& start : reader.texts("end_of_value"))
        program_.mail.endOfValue.push_back(foldKey(start));
    for (const auto& start : reader.texts("end"))
        program_.mail.end.push_back(foldKey(start));
    program_.mail.endAtBlank = reader.boolean("end_at_blank").value_or(false);
    reader.finish();
}

Result<std::shared_ptr<const Mapping>, toml::Errors> Mapping::compileTree(const toml::Value& root,
                                                                          std::string_view sources,
                                                                          const std::string& fileName,
                                                                          const Limits& limits) {
    auto program = std::make_unique<Program>();
    const std::filesystem::path path(fileName);
    std::string kind = path.filename().string();
    kind.resize(std::min(kind.find('.'), kind.size()));
    const std::string folder = path.parent_path().filename().string();
    program->id = folder.empty() ? kind : folder + '/' + kind;
    program->version = hex(asView(sha256(sources))).substr(0, 12);
    program->limits = limits;
    toml::Errors errors;
    Compiler(*program, errors).run(root);
    if (!errors.empty()) return errors;
    return std::shared_ptr<const Mapping>(new Mapping(std::move(program)));
}

Result<std::shared_ptr<const Mapping>, toml::Errors>
Mapping::compile(std::string_view source, const std::string& fileName, const Limits& limits) {
    auto root = toml::parse(source, fileName);
    if (!root.ok()) return root.error();
    return compileTree(*root, source, fileName, limits);
}

Result<std::shared_ptr<const Mapping>, toml::Errors>
Mapping::compileFile(const std::string& path, const Limits& limits, const std::vector<std::string>& folders) {
    auto inherited = readInherited(path, folders);
    if (!inherited.ok()) return inherited.error();
    return compileTree(inherited->root, inherited->sources, path, limits);
}

Mapping::Mapping(std::unique_ptr<Program> program) : program_(std::move(program)) {}
Mapping::~Mapping() = default;

const std::string& Mapping::id() const {
    return program_->id;
}
const std::string& Mapping::version() const {
    return program_->version;
}
bool Mapping::usesParameters() const {
    return program_->usesParameters;
}
const std::vector<std::string>& Mapping::contentTypes() const {
    return program_->contentTypes;
}

} // namespace trevo::mapping
