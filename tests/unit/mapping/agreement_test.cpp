// check() answers the sender, apply() works later: what the one lets in the other must be able to take.
#include "support.hpp"
#include "toml/reader.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace fs = std::filesystem;

namespace trevo::mapping {

namespace {

std::string contents(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<Sample> samplesOf(const fs::path& testFile) {
    const auto root = toml::parse(contents(testFile), testFile.string());
    REQUIRE(root.ok());
    std::vector<Sample> samples;
    toml::Errors errors;
    toml::Reader reader(*root, "", errors);
    for (auto& entry : reader.tables("case")) {
        Sample sample{entry.text("content_type").value_or(""), entry.text("input").value_or(""), {}};
        if (const auto file = entry.text("input_file"))
            sample.body = contents(testFile.parent_path() / *file);
        if (const auto* parameters = entry.any("parameters")) {
            for (const auto& [name, value] : *parameters->table())
                sample.parameters.emplace_back(name, *value.text());
        }
        samples.push_back(std::move(sample));
    }
    return samples;
}

// The body with one token less or another one: a value blanked, a line dropped, the end cut off.
std::vector<std::string> disturbed(const std::string& body) {
    std::vector<std::string> out{body, ""};
    const std::string_view marks = "\"<>,;&=\n{}[]:";
    std::size_t start = 0;
    for (std::size_t i = 0; i <= body.size(); ++i) {
        if (i < body.size() && marks.find(body[i]) == std::string_view::npos) continue;
        if (i > start) {
            const auto before = body.substr(0, start), after = body.substr(i);
            out.push_back(before + after);
            out.push_back(before + "x" + after);
        }
        start = i + 1;
        if (i < body.size() && body[i] == '\n') out.push_back(body.substr(0, i + 1));
    }
    return out;
}

bool agree(const Mapping& mapping, const Document& document) {
    const auto checked = mapping.check(document);
    const auto applied = mapping.apply(document);
    if (checked.ok() != applied.ok()) return false;
    return checked.ok() ? checked->records == applied->records.size() : checked.error() == applied.error();
}

} // namespace

TEST_CASE("the quick check takes exactly what can be read, for every mapping and its disturbed cases") {
    int tried = 0;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(TREVO_SOURCE_DIR) / "mappings")) {
        const std::string path = entry.path().string();
        constexpr std::string_view kEnding = ".test.toml";
        if (!path.ends_with(kEnding)) continue;
        const auto mapping = Mapping::compileFile(path.substr(0, path.size() - kEnding.size()) + ".map.toml");
        REQUIRE(mapping.ok());
        for (const Sample& sample : samplesOf(path)) {
            for (const std::string& body : disturbed(sample.body)) {
                ++tried;
                if (agree(**mapping, {sample.contentType, body, sample.parameters})) continue;
                INFO(path << '\n' << body);
                FAIL("the check and the reading disagree");
            }
        }
    }
    CHECK(tried > 1000);
}

TEST_CASE("what is required is required on the answer path too") {
    struct Row {
        const char* rule;
        const char* fields;
    };
    const auto row = GENERATE(values<Row>({
        {"a canonical field", "lead.message = { from = 'a', required = true }"},
        {"a key of extra", "extra.a = { from = 'a', required = true }"},
        {"a parameter of the request", "extra.a = { from = '@query.a', required = true }"},
        {"an unreadable amount", "lead.amount = { from = 'b', required = true }"},
        {"within a list of objects",
         "lead.message = 'b'\n[[record.list]]\nto = 'sale/payments'\neach = 'list/*'\n[record.list.fields]\n"
         "amount = { from = 'a', required = true }"},
    }));
    INFO(row.rule);
    std::string kind = std::string(row.fields).find("sale/") == std::string::npos ? "lead" : "sale";
    std::string fields = row.fields;
    if (kind == "sale") fields.replace(0, fields.find('\n'), "extra.b = 'b'");
    const auto mapping =
        compiled("format = 'json'\n[[record]]\nkind = '" + kind + "'\n[record.fields]\n" + fields);
    const Document document{{}, R"({"b":"x","list":[{}]})", {}};
    CHECK_FALSE(mapping->apply(document).ok());
    CHECK_FALSE(mapping->check(document).ok());
    CHECK(agree(*mapping, document));
}

} // namespace trevo::mapping
