#include "unit/match/people.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::match;
using namespace trevo::match::testing;

TEST_CASE("two people are merged only on a record that scores high with both and contradicts neither",
          "[merging]") {
    struct Row {
        const char* rule;
        Person first, second, record;
        bool merged;
    };
    const Row rows[] = {
        {"name and phone of one, document of the other",
         {"MARIA SOUZA", kA},
         {"", "", kCpf},
         {"MARIA SOUZA", kA, kCpf},
         true},
        {"two who go by different surnames that the record has both",
         {"MARIA SOUZA", kA},
         {"MARIA LIMA", "", "", "m@example.com"},
         {"MARIA LIMA SOUZA", kA, "", "m@example.com"},
         true},
        {"two documents",
         {"MARIA SOUZA", kA, kCpf},
         {"MARIA SOUZA", "", kOtherCpf, "m@example.com"},
         {"MARIA SOUZA", kA, "", "m@example.com"},
         false},
        {"two birth dates",
         {"MARIA SOUZA", kA, "", "", "", "1980-05-01"},
         {"MARIA SOUZA", "", "", "m@example.com", "", "1999-11-23"},
         {"MARIA SOUZA", kA, "", "m@example.com"},
         false},
        {"father and son",
         {"JOSE SOUZA", kA, "", "", "FILHO"},
         {"JOSE SOUZA", "", "", "m@example.com"},
         {"JOSE", kA, "", "m@example.com"},
         false},
        {"a contact without a name proves nothing",
         {"MARIA SOUZA", kA},
         {"MARIA SOUZA", "", "", "m@example.com"},
         {"", kA, "", "m@example.com"},
         false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.rule);
        Memory people;
        people.add(features(row.first));
        people.add(features(row.second));
        const Decision decision = Matcher({}).decide(features(row.record), 9, people);
        CHECK(decision.merges.empty() == !row.merged);
    }
}

TEST_CASE("who wrote from an account is whoever has the phone that the account tells later", "[merging]") {
    const auto message = [](const Person& person) {
        Features f = features(person);
        f.handles.insert("whatsapp:BR1");
        return f;
    };
    Memory memory;
    const PersonId named = memory.add(features({"MARIA SOUZA", kA}));
    const auto decide = [&] { return Matcher({}).decide(message({"", kA}), 9, memory); };
    SECTION("nobody said a name there") {
        const PersonId account = memory.add(message({}));
        const Decision decision = decide();
        CHECK(decision.zone == Zone::Link);
        REQUIRE(decision.merges.size() == 1);
        CHECK(std::set{decision.person, decision.merges[0]} == std::set{named, account});
    }
    SECTION("two share the phone: the account is of either") {
        memory.add(message({}));
        memory.add(features({"JOAO SOUZA", kA}));
        CHECK(decide().merges.empty());
    }
    SECTION("both said a name, and another one") {
        memory.add(message({"JOAO SOUZA"}));
        CHECK(decide().merges.empty());
    }
}

TEST_CASE("of three whom a record fits, two who contradict each other join the third neither", "[merging]") {
    Memory people;
    const PersonId bare = people.add(features({"MARIA SOUZA LIMA", kA, "", "m@example.com"}));
    people.add(features({"MARIA SOUZA LIMA", kA, kCpf}));
    people.add(features({"MARIA SOUZA LIMA", "", kOtherCpf, "m@example.com"}));
    const Decision decision =
        Matcher({}).decide(features({"MARIA SOUZA LIMA", kA, "", "m@example.com"}), 9, people);
    CHECK(decision.person == bare);
    CHECK(decision.merges.empty());
}

TEST_CASE("two whom a human told apart are never merged", "[merging]") {
    Memory people;
    people.add(features({"MARIA SOUZA", kA}));
    people.add(features({"MARIA SOUZA", "", "", "m@example.com"}));
    people.apart = {{1, 2}};
    CHECK(Matcher({}).decide(features({"MARIA SOUZA", kA, "", "m@example.com"}), 9, people).merges.empty());
}
