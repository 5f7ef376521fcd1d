#include "canonical/batch.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::canonical;

TEST_CASE("a body is told apart into its records, each with the sender's own bytes") {
    struct Row {
        const char* rule;
        const char* type;
        const char* body;
        std::vector<std::string> texts;
    };
    const Row rows[] = {
        {"one object", "application/json", " {\"a\":1}\n", {"{\"a\":1}"}},
        {"an array",
         "application/json; charset=utf-8",
         "[{\"a\": 1},\n {\"b\":[2,{}]}]",
         {"{\"a\": 1}", "{\"b\":[2,{}]}"}},
        {"an item that is no record is told later, alone",
         "application/json",
         "[{\"a\":1},7,\"x\"]",
         {"{\"a\":1}", "7", "\"x\""}},
        {"a line each, blank ones left out",
         "application/x-ndjson",
         "{\"a\":1}\r\n\n{\"b\":2}",
         {"{\"a\":1}", "{\"b\":2}"}},
        {"a bad line does not hold back the others",
         "application/jsonl",
         "{\"a\":1}\n{bad\n",
         {"{\"a\":1}", "{bad"}},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        const auto items = splitBatch(row.type, row.body, 32);
        REQUIRE(items.ok());
        std::vector<std::string> texts;
        for (const auto& item : *items)
            texts.emplace_back(item.text);
        CHECK(texts == row.texts);
    }
}

TEST_CASE("a body that can not be told apart says where it breaks") {
    struct Row {
        const char* rule;
        const char* type;
        const char* body;
        const char* code;
        const char* place;
    };
    const Row rows[] = {
        {"nothing", "application/json", "  ", "malformed_json", ""},
        {"an empty array", "application/json", "[]", "malformed_json", ""},
        {"only blank lines", "application/x-ndjson", "\n\n", "malformed_json", ""},
        {"an array that ends early", "application/json", "[{\"a\":1},\n{\"b\":", "malformed_json",
         "line 2, column 6"},
        {"more behind the array", "application/json", "[{}] {}", "malformed_json", "line 1, column 6"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        const auto items = splitBatch(row.type, row.body, 32);
        REQUIRE_FALSE(items.ok());
        CHECK(items.error().code == row.code);
        CHECK(items.error().place == row.place);
    }
    std::string many = "[0";
    for (std::size_t i = 0; i < kMaxBatch; ++i)
        many += ",0";
    CHECK(splitBatch("application/json", many + "]", 32).error().code == "too_many_records");
}

TEST_CASE("a place within a record is told as one of the body") {
    CHECK(BatchItem{"", 3, 0}.placeInBody("line 1, column 2") == "line 3, column 2");
    CHECK(BatchItem{"", 3, 0}.placeInBody("") == "line 3");
    CHECK(BatchItem{"", 0, 2}.placeInBody("") == "record 2");
    CHECK(BatchItem{"", 0, 2}.placeInBody("line 1, column 7") == "record 2, line 1, column 7");
    CHECK(BatchItem{"", 0, 0}.placeInBody("line 4, column 1") == "line 4, column 1");
}
