#include "mapping/mapping.hpp"
#include "support/folder.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace fs = std::filesystem;

namespace {

std::set<std::string> filesEnding(const std::string& ending) {
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(TREVO_SOURCE_DIR) / "mappings")) {
        const auto path = entry.path().string();
        if (path.ends_with(ending)) found.insert(path.substr(0, path.size() - ending.size()));
    }
    return found;
}

} // namespace

// With TREVO_UPDATE=1 in the environment the expectations are rewritten; look at the difference before you
// commit it.
TEST_CASE("every case beside a mapping holds") {
    const char* update = std::getenv("TREVO_UPDATE");
    const auto tests = filesEnding(".test.toml");
    REQUIRE(tests.size() >= 6);
    for (const auto& test : tests) {
        const auto report =
            trevo::mapping::runTests(test + ".test.toml", update != nullptr && std::string(update) == "1");
        INFO(test << '\n' << report.text);
        CHECK(report.failed == 0);
        CHECK(report.passed > 0);
    }
}

TEST_CASE("every mapping has a test file") {
    CHECK(filesEnding(".map.toml") == filesEnding(".test.toml"));
}

TEST_CASE("the examples of the manual compile") {
    std::ifstream file(fs::path(TREVO_SOURCE_DIR) / "docs/mappings.md");
    const std::string manual{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::string fence = "```toml\n";
    const trevo::test::Folder folder;
    folder.write("acme/lead.map.toml", "");
    int found = 0;
    for (auto at = manual.find(fence); at != std::string::npos; at = manual.find(fence, at)) {
        at += fence.size();
        const auto example = manual.substr(at, manual.find("```", at) - at);
        if (example.find("[[record]]") == std::string::npos) continue;
        ++found;
        folder.write("acme/lead.map.toml", example);
        const auto mapping =
            trevo::mapping::Mapping::compileFile((folder.path() / "acme/lead.map.toml").string(), {},
                                                 {std::string(TREVO_SOURCE_DIR) + "/mappings"});
        INFO(example << (mapping.ok() ? "" : trevo::toml::describe(mapping.error())));
        CHECK(mapping.ok());
    }
    CHECK(found >= 6);
}
