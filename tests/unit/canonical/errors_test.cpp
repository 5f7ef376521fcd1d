#include "canonical/read.hpp"
#include "context.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::canonical;

namespace {

// "code /pointer" of each problem.
std::vector<std::string> problemsOf(std::string_view json) {
    const auto result = read(json, testContext());
    std::vector<std::string> out;
    if (result) return out;
    for (const Problem& problem : result.error()) {
        out.push_back(problem.code + ' ' + problem.field);
        CHECK_FALSE(problem.detail.empty());
    }
    return out;
}

std::string nested(int depth) {
    return R"({"kind":"lead","x":)" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "}";
}

} // namespace

TEST_CASE("each error names its code and its field") {
    using List = std::vector<std::string>;
    struct Row {
        const char* rule;
        std::string json;
        List problems;
    };
    const Row rows[] = {
        {"a list is no record", "[]", {"not_an_object "}},
        {"a text is no record", "\"lead\"", {"not_an_object "}},
        {"no kind", "{}", {"missing_kind /kind"}},
        {"unknown kind", R"({"kind":"leed"})", {"unknown_kind /kind"}},
        {"kind of a wrong type", R"({"kind":1})", {"wrong_type /kind"}},
        {"unknown dealer", R"({"kind":"lead","dealer":"norte"})", {"unknown_dealer /dealer"}},
        {"dealer of a wrong type", R"({"kind":"lead","dealer":{}})", {"wrong_type /dealer"}},
        {"another integration",
         R"({"kind":"lead","source":{"integration":"other"}})",
         {"wrong_integration /source/integration"}},
        {"a block of another kind", R"({"kind":"lead","sale":{}})", {"block_not_allowed /sale"}},
        {"a block of a wrong type", R"({"kind":"lead","customer":[]})", {"wrong_type /customer"}},
        {"an object for a text",
         R"({"kind":"lead","customer":{"name":{"first":"x"}}})",
         {"wrong_type /customer/name"}},
        {"true for a text", R"({"kind":"lead","lead":{"message":true}})", {"wrong_type /lead/message"}},
        {"a text for a truth value",
         R"({"kind":"lead","customer":{"consent":{"a/b":"yes"}}})",
         {"wrong_type /customer/consent/a~1b"}},
        {"an object for phones",
         R"({"kind":"lead","customer":{"phones":{}}})",
         {"wrong_type /customer/phones"}},
        {"an object among phones",
         R"({"kind":"lead","customer":{"phones":["11987654321",{}]}})",
         {"wrong_type /customer/phones/1"}},
        {"a text for a list of objects",
         R"({"kind":"sale","sale":{"payments":"cash"}})",
         {"wrong_type /sale/payments"}},
        {"a text in a list of objects",
         R"({"kind":"sale","sale":{"payments":[{"amount":1},"cash"]}})",
         {"wrong_type /sale/payments/1"}},
        {"a long name",
         R"({"kind":"lead","customer":{"name":")" + std::string(201, 'a') + R"("}})",
         {"text_too_long /customer/name"}},
        {"a long message",
         R"({"kind":"lead","lead":{"message":")" + std::string(20'001, 'a') + R"("}})",
         {"text_too_long /lead/message"}},
        {"bad word", R"({"kind":"lead","lead":{"type":"propsal"}})", {"unknown_word /lead/type"}},
        {"unreadable date",
         R"({"kind":"sale","sale":{"payments":[{"due_date":"01/05/1980"}]}})",
         {"unreadable_date /sale/payments/0/due_date"}},
        {"no such day",
         R"({"kind":"sale","sale":{"payments":[{"due_date":"1980-02-30"}]}})",
         {"unreadable_date /sale/payments/0/due_date"}},
        {"unreadable time",
         R"({"kind":"lead","source":{"occurred_at":"yesterday"}})",
         {"unreadable_date /source/occurred_at"}},
        {"epoch is not guessed",
         R"({"kind":"lead","source":{"occurred_at":1795352400}})",
         {"unreadable_date /source/occurred_at"}},
        {"three decimals", R"({"kind":"lead","lead":{"amount":1.234}})", {"unreadable_money /lead/amount"}},
        {"Brazilian format is not guessed",
         R"({"kind":"lead","lead":{"amount":"1.234,56"}})",
         {"unreadable_money /lead/amount"}},
        {"too much money", R"({"kind":"lead","lead":{"amount":1e300}})", {"unreadable_money /lead/amount"}},
        {"half a kilometre", R"({"kind":"lead","vehicle":{"km":0.5}})", {"unreadable_integer /vehicle/km"}},
        {"kilometres in words",
         R"({"kind":"lead","vehicle":{"km":"many"}})",
         {"unreadable_integer /vehicle/km"}},
        {"a rate with a comma",
         R"({"kind":"credit_offer","credit_offer":{"rate_monthly":"1,99"}})",
         {"unreadable_decimal /credit_offer/rate_monthly"}},
        {"key twice", R"({"kind":"lead","kind":"sale"})", {"duplicate_key /kind"}},
        {"key twice in a block",
         R"({"kind":"lead","customer":{"name":"A B","name":"C D"}})",
         {"duplicate_key /customer/name"}},
        {"two trade-ins",
         R"({"kind":"sale","trade_in":{"km":1},"sale":{"trade_in":{"km":2}}})",
         {"duplicate_key /sale/trade_in"}},
        {"error in the trade-in of a sale",
         R"({"kind":"sale","sale":{"trade_in":{"km":"x"}}})",
         {"unreadable_integer /sale/trade_in/km"}},
        {"extra of a wrong type", R"({"kind":"lead","extra":"x"})", {"wrong_type /extra"}},
        {"long key",
         R"({"kind":"lead","customer":{"handles":{")" + std::string(65, 'k') + R"(":"x"}}})",
         {"text_too_long /customer/handles"}},
        {"unknown fields too deep for the body", nested(29), {"too_deep /extra"}},
        {"nested too deep", nested(40), {"too_deep "}},
        {"all are told at once",
         R"({"kind":"lead","dealer":"norte","customer":{"name":[]},"vehicle":{"price":"x"},"lead":{"type":"y"}})",
         {"unknown_dealer /dealer", "wrong_type /customer/name", "unreadable_money /vehicle/price",
          "unknown_word /lead/type"}},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        CHECK(problemsOf(row.json) == row.problems);
    }
}

TEST_CASE("lists are limited") {
    std::string phones;
    for (int i = 0; i < 21; ++i)
        phones += (i ? ",\"1198765" : "\"1198765") + std::to_string(4300 + i) + '"';
    CHECK(problemsOf(R"({"kind":"lead","customer":{"phones":[)" + phones + "]}}") ==
          std::vector<std::string>{"too_many_items /customer/phones"});
    std::string keys;
    for (int i = 0; i < 51; ++i)
        keys += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":true";
    CHECK(problemsOf(R"({"kind":"lead","customer":{"consent":{)" + keys + "}}}") ==
          std::vector<std::string>{"too_many_items /customer/consent"});
}

TEST_CASE("a hostile record does not earn an endless list of problems") {
    std::string items;
    for (int i = 0; i < 400; ++i)
        items += i ? ",1" : "1";
    CHECK(problemsOf(R"({"kind":"sale","sale":{"payments":[)" + items + "]}}").size() == 50);
}

TEST_CASE("text that is not JSON is told with its place") {
    struct Row {
        const char *rule, *json, *code, *place;
    };
    const Row rows[] = {
        {"half a record", "{\"kind\":\"lead\",\n \"customer\":", "malformed_json", "line 2, column 13"},
        {"a slip is told at the end of its token", "{\"kind\" \"lead\"}", "malformed_json",
         "line 1, column 14"},
        {"nothing", "", "malformed_json", "line 1, column 1"},
        {"not UTF-8",
         "{\"kind\":\n\"l\xE9"
         "ad\"}",
         "not_utf8", "line 2, column 3"},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        const auto result = read(row.json, testContext());
        REQUIRE_FALSE(result.ok());
        REQUIRE(result.error().size() == 1);
        CHECK(result.error()[0].code == row.code);
        CHECK(result.error()[0].place == row.place);
    }
}

TEST_CASE("an error never repeats what a customer's field holds") {
    const auto result = read(
        R"({"kind":"lead","dealer":"52998224725","customer":{"birth_date":"x52998224725x","name":["Maria"]},"lead":{"type":"Maria"}})",
        testContext());
    REQUIRE_FALSE(result.ok());
    for (const Problem& problem : result.error()) {
        CHECK(problem.detail.find("52998224725") == std::string::npos);
        CHECK(problem.detail.find("aria") == std::string::npos);
    }
}

TEST_CASE("without a dealer of its own an integration's record must name one") {
    Context context = testContext();
    context.defaultDealer.clear();
    const auto result = read(R"({"kind":"lead"})", context);
    REQUIRE_FALSE(result.ok());
    CHECK(result.error()[0].code == "unknown_dealer");
    CHECK(read(R"({"kind":"lead","dealer":"centro"})", context).ok());
}

TEST_CASE("a sender that may speak for others names any integration whose id is well formed") {
    Context context = testContext();
    context.anyIntegration = true;
    const auto other = read(R"({"kind":"lead","source":{"integration":"portal-2"}})", context);
    REQUIRE(other.ok());
    CHECK(other->source.integration == "portal-2");
    CHECK(read(R"({"kind":"lead"})", context)->source.integration == "site");
    const auto bad = read(R"({"kind":"lead","source":{"integration":"a/b"}})", context);
    REQUIRE_FALSE(bad.ok());
    CHECK(bad.error()[0].code == "bad_integration");
}

TEST_CASE("where a dealer is optional, a record without one has none in its body") {
    Context context = testContext();
    context.defaultDealer.clear();
    context.dealerOptional = true;
    const auto record = read(R"({"kind":"lead"})", context);
    REQUIRE(record.ok());
    CHECK(record->body == R"({"kind":"lead","source":{"integration":"site"}})");
    CHECK_FALSE(read(R"({"kind":"lead","dealer":"norte"})", context).ok());
}
