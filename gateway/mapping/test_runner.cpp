#include "base/result.hpp"
#include "mapping/mapping.hpp"
#include "toml/reader.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace trevo::mapping {

namespace {

using nlohmann::json;
namespace fs = std::filesystem;

struct Case {
    std::string name, contentType, input;
    std::vector<std::pair<std::string, std::string>> parameters;
    std::vector<json> records;
    std::optional<std::vector<std::string>> unmapped;
    std::optional<std::string> deliveryKey;
    std::vector<std::pair<std::string, std::string>> problems; // code, field
    std::vector<std::string> refused;                          // parts, in words: see wordsOf
    int line = 0, expectationsLine = 0;                        // from 1; 0 when the case has none yet
};

json toJson(const toml::Value& value) {
    if (const auto* table = value.table()) {
        json out = json::object();
        for (const auto& [key, item] : *table)
            out[key] = toJson(item);
        return out;
    }
    if (const auto* list = value.list()) {
        json out = json::array();
        for (const auto& item : *list)
            out.push_back(toJson(item));
        return out;
    }
    if (const auto* text = value.text()) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) return *number;
    if (const auto* decimal = std::get_if<double>(&value.data)) return *decimal;
    return std::get<bool>(value.data);
}

std::string wordsOf(const std::string& part, const std::string& code, const std::string& field) {
    return part + ": " + code + " at '" + field + '\'';
}

// One of each part, as a test file names it.
std::vector<std::string> wordsOf(const std::vector<Refused>& refused) {
    std::vector<std::string> out;
    for (const auto& one : refused)
        out.push_back(wordsOf(one.name, one.problems.front().code, one.problems.front().field));
    return out;
}

std::string readFile(const fs::path& path, bool& ok) {
    std::ifstream file(path, std::ios::binary);
    ok = file.good();
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A record of an expectation: a table, or JSON text.
void takeRecord(const toml::Value& value, toml::Reader& reader, std::vector<json>& out) {
    const auto* text = value.text();
    if (!text) {
        out.push_back(toJson(value));
        return;
    }
    auto parsed = json::parse(*text, nullptr, false);
    if (parsed.is_discarded())
        reader.fail("records", "a text here must be JSON");
    else
        out.push_back(std::move(parsed));
}

Case takeCase(toml::Reader& reader, const fs::path& folder) {
    Case out;
    out.line = reader.place().line;
    out.name = reader.requireText("name");
    out.contentType = reader.text("content_type").value_or("");
    const auto inlineText = reader.text("input");
    const auto file = reader.text("input_file");
    if (inlineText.has_value() == file.has_value()) reader.fail("input", "needs one of input or input_file");
    out.input = inlineText.value_or("");
    if (file) {
        bool ok = false;
        out.input = readFile(folder / *file, ok);
        if (!ok) reader.fail("input_file", "can not be read");
    }
    if (const auto* parameters = reader.any("parameters")) {
        if (const auto* table = parameters->table()) {
            for (const auto& [name, value] : *table)
                out.parameters.emplace_back(name, value.text() ? *value.text() : std::string());
        }
    }
    for (const std::string key : {"records", "unmapped", "delivery_key", "refused", "problems"}) {
        if (!reader.has(key)) continue;
        const int line = reader.any(key)->place.line;
        out.expectationsLine = out.expectationsLine == 0 ? line : std::min(out.expectationsLine, line);
    }
    if (const auto* records = reader.any("records")) {
        if (const auto* list = records->list()) {
            for (const auto& record : *list)
                takeRecord(record, reader, out.records);
        } else {
            takeRecord(*records, reader, out.records);
        }
    }
    if (reader.has("unmapped")) out.unmapped = reader.texts("unmapped");
    out.deliveryKey = reader.text("delivery_key");
    for (auto& problem : reader.tables("problems")) {
        out.problems.emplace_back(problem.requireText("code"), problem.text("field").value_or(""));
        problem.finish();
    }
    for (auto& part : reader.tables("refused")) {
        out.refused.push_back(
            wordsOf(part.requireText("part"), part.requireText("code"), part.text("field").value_or("")));
        part.finish();
    }
    reader.finish();
    return out;
}

std::string shown(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// One line per JSON Pointer at which the two differ.
void appendDifferences(const json& expected, const json& actual, const std::string& prefix,
                       std::string& text) {
    for (const auto& change : json::diff(expected, actual)) {
        const auto path = change["path"].get<std::string>();
        const json::json_pointer pointer(path);
        text += "    " + prefix + path + ": ";
        const auto op = change["op"].get<std::string>();
        if (op == "add")
            text += "came " + shown(change["value"]) + ", expected nothing\n";
        else if (op == "remove")
            text += "is missing, expected " + shown(expected[pointer]) + "\n";
        else
            text += "came " + shown(change["value"]) + ", expected " + shown(expected[pointer]) + "\n";
    }
}

std::string compare(const Case& test, const Mapping& mapping) {
    const Document document{test.contentType, test.input, test.parameters};
    const auto checked = mapping.check(document);
    const auto applied = mapping.apply(document);
    std::string text;

    std::vector<std::pair<std::string, std::string>> problems;
    if (!applied.ok()) {
        for (const auto& problem : applied.error())
            problems.emplace_back(problem.code, problem.field);
    }
    if (problems != test.problems) {
        for (const auto& [code, field] : test.problems)
            text += "    expected the problem " + code + " at '" + field + "'\n";
        if (!applied.ok()) {
            for (const auto& problem : applied.error())
                text += "    came " + describe(problem) + "\n";
        }
        return text;
    }
    if (checked.ok() != applied.ok()) return "    the quick check and the full reading disagree\n";
    if (!applied.ok()) return text;

    const auto& records = applied->records;
    if (records.size() != test.records.size()) {
        text += "    " + std::to_string(records.size()) + " records came, expected " +
                std::to_string(test.records.size()) + "\n";
    }
    for (std::size_t i = 0; i < std::max(records.size(), test.records.size()); ++i) {
        const std::string prefix = "record " + std::to_string(i + 1) + " ";
        const auto actual = i < records.size() ? json::parse(records[i], nullptr, false) : json();
        if (actual.is_discarded())
            text += "    " + prefix + "is not JSON\n";
        else
            appendDifferences(i < test.records.size() ? test.records[i] : json(), actual, prefix, text);
    }
    appendDifferences(test.refused, wordsOf(applied->refused), "refused", text);
    if (test.unmapped) {
        auto expected = *test.unmapped;
        auto actual = applied->unmapped;
        std::sort(expected.begin(), expected.end());
        std::sort(actual.begin(), actual.end());
        appendDifferences(expected, actual, "unmapped", text);
    }
    if (test.deliveryKey && checked->deliveryKey.value_or("") != *test.deliveryKey) {
        text += "    delivery key: came '" + checked->deliveryKey.value_or("") + "', expected '" +
                *test.deliveryKey + "'\n";
    }
    return text;
}

std::string quoted(const std::string& text) {
    return shown(json(text)); // a JSON string is a TOML basic string
}

// What the case should expect, as the mapping stands.
std::string expectations(const Case& test, const Mapping& mapping) {
    const Document document{test.contentType, test.input, test.parameters};
    const auto applied = mapping.apply(document);
    std::string text;
    if (!applied.ok()) {
        text += "problems = [";
        for (std::size_t i = 0; i < applied.error().size(); ++i) {
            const auto& problem = applied.error()[i];
            text += (i > 0 ? ", " : "");
            text += "{ code = " + quoted(problem.code) + ", field = " + quoted(problem.field) + " }";
        }
        return text + "]\n";
    }
    const auto checked = mapping.check(document);
    if (checked.ok() && checked->deliveryKey)
        text += "delivery_key = " + quoted(*checked->deliveryKey) + '\n';
    if (!applied->unmapped.empty()) {
        text += "unmapped = [";
        for (std::size_t i = 0; i < applied->unmapped.size(); ++i)
            text += (i > 0 ? ", " : "") + quoted(applied->unmapped[i]);
        text += "]\n";
    }
    if (!applied->refused.empty()) {
        text += "refused = [";
        for (std::size_t i = 0; i < applied->refused.size(); ++i) {
            const auto& one = applied->refused[i];
            text += (i > 0 ? ", " : "");
            text += "{ part = " + quoted(one.name) + ", code = " + quoted(one.problems.front().code) +
                    ", field = " + quoted(one.problems.front().field) + " }";
        }
        text += "]\n";
    }
    text += "records = [";
    for (const auto& record : applied->records) {
        const auto pretty = nlohmann::ordered_json::parse(record).dump(2);
        // Three quotes in a value would end a literal text.
        if (pretty.find("'''") == std::string::npos)
            text += "'''\n" + pretty + "''',\n";
        else
            text += quoted(record) + ",\n";
    }
    return text + "]\n";
}

// Rewrites what every case expects. Expectations stand last in a case, so the lines from the first of them to
// the next case (or the comment above it) are replaced.
bool rewrite(const std::string& testFile, const std::string& source, const std::vector<Case>& cases,
             const Mapping& mapping) {
    std::vector<std::string> lines;
    std::size_t start = 0;
    while (start < source.size()) {
        const auto end = std::min(source.find('\n', start), source.size());
        lines.push_back(source.substr(start, end - start));
        start = end + 1;
    }
    const auto blankOrComment = [](const std::string& line) {
        const auto first = line.find_first_not_of(" \t\r");
        return first == std::string::npos || line[first] == '#';
    };
    std::string out;
    std::size_t at = 0;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        std::size_t next =
            i + 1 < cases.size() ? static_cast<std::size_t>(cases[i + 1].line) - 1 : lines.size();
        std::size_t lead = next;
        while (lead > at && blankOrComment(lines[lead - 1]))
            --lead;
        const std::size_t stop =
            cases[i].expectationsLine > 0 ? static_cast<std::size_t>(cases[i].expectationsLine) - 1 : lead;
        for (; at < stop && at < lines.size(); ++at)
            out += lines[at] + '\n';
        out += expectations(cases[i], mapping);
        at = lead;
    }
    for (; at < lines.size(); ++at)
        out += lines[at] + '\n';
    std::ofstream file(testFile, std::ios::binary | std::ios::trunc);
    file << out;
    return file.flush().good();
}

} // namespace

std::optional<Sample> sampleOf(const std::string& testFile) {
    bool ok = false;
    const std::string source = readFile(testFile, ok);
    if (!ok) return std::nullopt;
    const auto root = toml::parse(source, testFile);
    if (!root.ok()) return std::nullopt;
    toml::Errors errors;
    toml::Reader reader(*root, "", errors);
    for (auto& entry : reader.tables("case")) {
        Case one = takeCase(entry, fs::path(testFile).parent_path());
        if (errors.empty() && !one.records.empty())
            return Sample{std::move(one.contentType), std::move(one.input), std::move(one.parameters)};
    }
    return std::nullopt;
}

TestReport runTests(const std::string& testFile, bool update, const std::vector<std::string>& folders) {
    TestReport report;
    const auto giveUp = [&](const std::string& reason) {
        ++report.failed;
        report.text += reason;
        return report;
    };
    constexpr std::string_view kEnding = ".test.toml";
    if (!testFile.ends_with(kEnding)) return giveUp(testFile + ": a test file ends in .test.toml\n");
    const auto mapping =
        Mapping::compileFile(testFile.substr(0, testFile.size() - kEnding.size()) + ".map.toml", {}, folders);
    if (!mapping.ok()) return giveUp(toml::describe(mapping.error()));
    bool ok = false;
    const std::string source = readFile(testFile, ok);
    if (!ok) return giveUp(testFile + ": can not be read\n");
    const auto root = toml::parse(source, testFile);
    if (!root.ok()) return giveUp(toml::describe(root.error()));

    toml::Errors errors;
    toml::Reader reader(*root, "", errors);
    std::vector<Case> cases;
    for (auto& entry : reader.tables("case"))
        cases.push_back(takeCase(entry, fs::path(testFile).parent_path()));
    reader.finish();
    if (!errors.empty()) return giveUp(toml::describe(errors));
    if (cases.empty()) return giveUp(testFile + ": has no [[case]]\n");

    if (update && !rewrite(testFile, source, cases, **mapping))
        return giveUp(testFile + ": can not be written\n");
    for (const Case& test : cases) {
        const std::string difference = update ? std::string() : compare(test, **mapping);
        ++(difference.empty() ? report.passed : report.failed);
        report.text += (difference.empty() ? (update ? "written " : "passed  ") : "FAILED  ") + test.name +
                       '\n' + difference;
    }
    return report;
}

} // namespace trevo::mapping
