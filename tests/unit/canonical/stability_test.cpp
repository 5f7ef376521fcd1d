#include "canonical/read.hpp"
#include "context.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <thread>

using namespace trevo;
using namespace trevo::canonical;

namespace {

// Reads the body of a record again and expects the same record.
void checkStable(const model::Record& first) {
    const auto second = read(first.body, testContext());
    INFO(first.body);
    REQUIRE(second.ok());
    CHECK(second->body == first.body);
    CHECK(second->flags == first.flags);
    REQUIRE(second->customer.phones.size() == first.customer.phones.size());
    for (std::size_t i = 0; i < first.customer.phones.size(); ++i) {
        CHECK(second->customer.phones[i].number == first.customer.phones[i].number);
        CHECK(second->customer.phones[i].dddAssumed == first.customer.phones[i].dddAssumed);
        CHECK(second->customer.phones[i].nineAdded == first.customer.phones[i].nineAdded);
    }
    CHECK(second->customer.name == first.customer.name);
}

const char* const kRecords[] = {
    R"({"kind":"lead"})",
    R"({"kind":"lead","source":{"occurred_at":"2026-11-22","occurred_at_original":5,"external_id":1.0},"dealer":1042,"a":{"b":{"c":[{}]}}})",
    R"({"kind":"lead","source":{"occurred_at":"2026-11-22T10:00:00.123456","occurred_at_original":" "}})",
    R"({"kind":"lead","customer":{"name":"SOUZA, MARIA","phones":"8765-4321 / 9876-5432 r. 12;xx","emails":["a b@example.com","A@B.com;c"]}})",
    R"({"kind":"lead","customer":{"name":"JoÃƒÂ£o","document":"5299822472","phones":[190,"0800 123 4567","+1 305 555 0123"]}})",
    R"({"kind":"sale","sale":{"trade_in":{"plate":"abc1234","zz":1},"payments":[{},{"amount":"1.50","x":2}]},"extra":{"sale":3}})",
    R"({"kind":"lead","vehicle":{"model_year":"2021/2022","build_year":"21/22","km":"31000.0","price":0.1},"trade_in":{"model_year":0}})",
    R"({"kind":"call","call":{"from":"8765-4321","to":"x"},"flags":[{"field":"/call/to","code":"seen"},{"field":1},7]})",
    R"({"kind":"lead","n":[1e300,-0.0,18446744073709551615,1e5],"customer":{"birth_date":"0001-01-01T00:00:00"}})",
};

} // namespace

TEST_CASE("a body reads as itself") {
    for (const char* json : kRecords) {
        INFO(json);
        const auto first = read(json, testContext());
        REQUIRE(first.ok());
        checkStable(*first);
    }
}

TEST_CASE("a body reads as itself whatever the customer's fields hold") {
    std::mt19937 random(7); // the same texts in every run
    const char* const pieces[] = {
        "Maria",   " ",       ",",       ".",       "de",    "Sr.", "Ã",
        "£",       "ã",       "¡",       "Â",       "JR",    "11",  "98765-4321",
        "/",       ";",       " e ",     "+55",     "0",     "@",   "example.com",
        "<",       ">",       "LTDA",    "S/A",     "'",     "-",   "ABC1D23",
        "\\u0000", "\\u0301", "\\u00a0", "\\u200b", "ramal", "#",   "529.982.247-25",
        "2021",    "É",       "ñ",       "İ",       "ß"};
    const auto text = [&] {
        std::string out;
        const auto count = 1 + random() % 7;
        for (unsigned i = 0; i < count; ++i)
            out += pieces[random() % std::size(pieces)];
        return '"' + out + '"';
    };
    int accepted = 0;
    for (int round = 0; round < 20'000; ++round) {
        const std::string json = R"({"kind":"lead","customer":{"name":)" + text() + R"(,"document":)" +
                                 text() + R"(,"phones":[)" + text() + "," + text() + R"(],"emails":)" +
                                 text() + R"(,"address":{"state":)" + text() + R"(,"postal_code":)" + text() +
                                 R"(}},"vehicle":{"plate":)" + text() + R"(,"vin":)" + text() +
                                 R"(,"model_year":)" + text() + "}}";
        const auto first = read(json, testContext());
        if (!first) continue;
        ++accepted;
        checkStable(*first);
    }
    CHECK(accepted > 19'000);
}

TEST_CASE("records are read alike by many threads at once") {
    const Context context = testContext();
    const auto expected = read(kRecords[4], context);
    REQUIRE(expected.ok());
    std::vector<int> equal(4, 0);
    std::vector<std::thread> threads;
    for (int& count : equal) {
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i) {
                const auto record = read(kRecords[4], context);
                if (record.ok() && record->body == expected->body) ++count;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    CHECK(equal == std::vector<int>(4, 200));
}
