#include "toml/reader.hpp"

#include <catch2/catch.hpp>

using namespace trevo;

namespace {

std::string errorsOf(const char* source) {
    toml::Errors errors;
    const auto root = toml::parse(source, "trevo.toml");
    if (!root) return toml::describe(root.error());
    toml::Reader reader(*root, "", errors);
    reader.text("data_dir");
    reader.integer("workers", 1, 64);
    reader.word("mode", {"fast", "safe"});
    for (auto& listen : reader.tables("listen")) {
        listen.requireText("address");
        listen.integer("port", 0, 65535);
        listen.finish();
    }
    reader.finish();
    return toml::describe(errors);
}

} // namespace

TEST_CASE("a mistake in a file names file, line, column, key and what was expected") {
    struct Row {
        const char* rule;
        const char* source;
        const char* expected;
    };
    const Row rows[] = {
        {"good file", "data_dir = 'var'\nworkers = 2\n[[listen]]\naddress = '::1'\n", ""},
        {"unknown key suggests the nearest", "\nworkrs = 2\n",
         "trevo.toml:2:10: workrs: unknown key, did you mean 'workers'?\n"},
        {"unknown key in a table", "[[listen]]\naddress='a'\nprt = 1\n",
         "trevo.toml:3:7: listen[0].prt: unknown key, did you mean 'port'?\n"},
        {"far key gets no guess", "zzzzzzzz = 1\n", "trevo.toml:1:12: zzzzzzzz: unknown key\n"},
        {"wrong type", "workers = 'two'\n",
         "trevo.toml:1:11: workers: expected a whole number, got a text\n"},
        {"out of range", "workers = 0\n", "trevo.toml:1:11: workers: 0 is outside 1 to 64\n"},
        {"word out of its list", "mode = 'saef'\n",
         "trevo.toml:1:8: mode: 'saef' is not one of fast, safe, did you mean 'safe'?\n"},
        {"missing key", "[[listen]]\nport = 1\n", "trevo.toml:1:1: listen[0].address: is missing\n"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        CHECK(errorsOf(row.source) == row.expected);
    }
}

TEST_CASE("a file that is not TOML names line and column") {
    CHECK_THAT(errorsOf("a = \n"), Catch::StartsWith("trevo.toml:1:"));
    CHECK_THAT(errorsOf("a = 1\nb = [1, \n"), Catch::StartsWith("trevo.toml:"));
    CHECK_THAT(errorsOf("a = '\xff'\n"), Catch::Equals("trevo.toml:1:6: not UTF-8 text\n"));
    const std::string deep = "a = " + std::string(5000, '[');
    CHECK_THAT(errorsOf(deep.c_str()), Catch::Contains("nested"));
}
