#include "sample.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::store;
using namespace trevo::store::test;

namespace {

const Who kAnaOther{"Bia Lima", "", "+5511933334444", "", "", false};

void seedTwo(TestStore& store) {
    store.add(record(kAna, {.plate = "ABC1D23"}));
    store.add(record(kAnaOther, {.plate = "ABC1D23"}));
    store.add(record(kAna, {.model = "Argo"}));
    store.add(record(kAnaOther, {.model = "Mobi", .at = kNow + kDay}));
    store.add(record(kAnaOther, {.kind = model::Kind::Sale, .plate = "ABC1D23"}));
}

} // namespace

TEST_CASE("merge gathers the records of both under the surviving id and redirects the other", "[history]") {
    TestStore store;
    seedTwo(store);
    const auto kept = store.writer().merge("p1", "p2", kHuman, kNow);
    REQUIRE(kept.ok());
    CHECK(*kept == "p1");
    const auto person = store.reader().person("p2");
    REQUIRE(person);
    CHECK(person->id == "p1");
    CHECK(person->records == 5);
    CHECK(person->mergedIds == std::vector<std::string>{"p2"});
    CHECK(store.reader().counts().people == 1);
    CHECK(store.reader().negotiation("n1")->records == std::vector<std::string>{"r1", "r2", "r5"});
    CHECK(store.reader().negotiation("n2")->id == "n1");
}

TEST_CASE("merge then unmerge equals never merged, byte for byte", "[history]") {
    TestStore store;
    seedTwo(store);
    const std::string before = store.projection();
    REQUIRE(store.writer().merge("p1", "p2", kHuman, kNow).ok());
    CHECK(store.projection() != before);
    const auto split = store.writer().unmerge("p2", kHuman, kNow);
    REQUIRE(split.ok());
    CHECK(*split == std::vector<std::string>{"p1", "p2"});
    CHECK(store.projection() == before);
}

TEST_CASE("unmerge takes the survivor's id too and undoes the latest merge", "[history]") {
    TestStore store;
    seedTwo(store);
    store.add(record({"Zoe Reis", "", "+5511955556666", "", "", false}));
    const std::string before = store.projection();
    REQUIRE(store.writer().merge("p1", "p2", kHuman, kNow).ok());
    const std::string between = store.projection();
    REQUIRE(store.writer().merge("p1", "p3", kHuman, kNow).ok());
    CHECK(*store.writer().unmerge("p1", kHuman, kNow) == std::vector<std::string>{"p1", "p3"});
    CHECK(store.projection() == between);
    CHECK(*store.writer().unmerge("p1", kHuman, kNow) == std::vector<std::string>{"p1", "p2"});
    CHECK(store.projection() == before);
}

TEST_CASE("a merge inside a chain is undone without touching the others", "[history]") {
    TestStore store;
    seedTwo(store);
    store.add(record({"Zoe Reis", "", "+5511955556666", "", "", false}));
    const std::string before = store.projection();
    REQUIRE(store.writer().merge("p2", "p1", kHuman, kNow).ok());
    REQUIRE(store.writer().merge("p3", "p2", kHuman, kNow).ok());
    CHECK(store.reader().person("p1")->id == "p3");
    REQUIRE(store.writer().unmerge("p1", kHuman, kNow).ok());
    CHECK(store.reader().person("p1")->records == 2);
    REQUIRE(store.writer().unmerge("p2", kHuman, kNow).ok());
    CHECK(store.projection() == before);
}

TEST_CASE("an undone merge stays undone when more records come", "[history]") {
    TestStore store;
    seedTwo(store);
    REQUIRE(store.writer().merge("p1", "p2", kHuman, kNow).ok());
    REQUIRE(store.writer().unmerge("p1", kHuman, kNow).ok());
    CHECK(store.add(record(kAna)).person == "p1");
    CHECK(store.add(record(kAnaOther)).person == "p2");
    CHECK(store.reader().counts().people == 2);
}

TEST_CASE("a human's split outranks the matcher when a record of the other side is corrected", "[guards]") {
    TestStore store;
    store.add(record(kAna));
    const auto other = store.add(record(kAnaOther, {.externalId = "B-1"}));
    REQUIRE(store.writer().merge("p1", other.person, kHuman, kNow).ok());
    REQUIRE(store.writer().unmerge("p1", kHuman, kNow).ok());
    Who corrected = kAna; // would match p1 with every value
    CHECK(store.add(record(corrected, {.externalId = "B-1"})).person == other.person);
}

TEST_CASE("records that came after the merge go to the side they match", "[history]") {
    TestStore store;
    seedTwo(store);
    REQUIRE(store.writer().merge("p1", "p2", kHuman, kNow).ok());
    const auto a = store.add(record(kAna));
    const auto b = store.add(record(kAnaOther));
    CHECK(a.person == "p1");
    CHECK(b.person == "p1");
    REQUIRE(store.writer().unmerge("p2", kHuman, kNow).ok());
    CHECK(store.reader().record(a.record)->person == "p1");
    CHECK(store.reader().record(b.record)->person == "p2");
}

TEST_CASE("the matcher finds the survivor by what the other side brought") {
    TestStore store;
    seedTwo(store);
    REQUIRE(store.writer().merge("p2", "p1", kHuman, kNow).ok());
    CHECK(store.add(record(kAna)).person == "p2");
}

TEST_CASE("merges that can not be are refused with a reason", "[guards]") {
    TestStore store;
    store.add(record({"Ana Lima", "52998224725", "", "", "", false}));
    store.add(record({"Rui Dias", "39053344705", "", "", "", false}));
    store.add(record({"Zoe Reis", "", "", "", "", false}, {.dealer = "rival"}));
    struct Row {
        const char* keep;
        const char* lose;
        const char* code;
    };
    for (const auto& row : {Row{"p1", "p2", "two_valid_documents"}, Row{"p1", "p1", "same_person"},
                            Row{"p1", "p9", "unknown_person"}, Row{"x", "p1", "unknown_person"},
                            Row{"p1", "p3", "other_dealer_group"}}) {
        CAPTURE(row.code);
        const auto result = store.writer().merge(row.keep, row.lose, kHuman, kNow);
        REQUIRE_FALSE(result.ok());
        CHECK(result.error().code == row.code);
    }
    CHECK(store.writer().unmerge("p1", kHuman, kNow).error().code == "not_merged");
    CHECK(store.writer().unmerge("p77", kHuman, kNow).error().code == "unknown_person");
}

TEST_CASE("what was told apart stays apart wherever its records go", "[history]") {
    TestStore store;
    store.add(record(kAna));
    const auto other = store.add(record(kAnaOther, {.externalId = "B-1"}));
    REQUIRE(store.writer().merge("p1", other.person, kHuman, kNow).ok());
    REQUIRE(store.writer().unmerge("p1", kHuman, kNow).ok());
    // The one side goes on to a third person, by a human's word; the other is corrected to look like that
    // one.
    const auto third = store.add(record({"Ana Lima", "", "+5511900001111"}));
    REQUIRE(store.writer().merge(third.person, "p1", kHuman, kNow).ok());
    const auto corrected = store.add(record({"Ana Lima", "", "+5511900001111"}, {.externalId = "B-1"}));
    CHECK(corrected.person != third.person);
    // The human may think better of it.
    REQUIRE(store.writer().merge(third.person, corrected.person, kHuman, kNow).ok());
    CHECK(store.add(record({"Ana Lima", "", "+5511900001112"}, {.externalId = "B-1"})).person ==
          third.person);
}

TEST_CASE("a merge of which one side's records have all gone elsewhere can not be undone", "[history]") {
    TestStore store;
    store.add(record(kAna, {.externalId = "A-1"}));
    store.add(record({"Ana Lima", "", "+5511900001111"}));
    REQUIRE(store.writer().merge("p2", "p1", kHuman, kNow).ok());
    const auto moved =
        store.add(record({"Rui Dias", "39053344705", "+5521922223333"}, {.externalId = "A-1"}));
    REQUIRE(moved.person != "p2");
    CHECK(store.writer().unmerge("p1", kHuman, kNow).error().code == "nothing_to_part");
    CHECK(store.reader().counts().people == 2);
}

TEST_CASE("corrections are in the history with actor and reason, and in the feed of both dealers",
          "[history]") {
    TestStore store;
    store.add(record(kAna, {.dealer = "centro"}));
    store.add(record(kAnaOther, {.dealer = "norte"}));
    REQUIRE(store.writer().merge("p1", "p2", kHuman, kNow).ok());
    REQUIRE(store.writer().unmerge("p1", kHuman, kNow).ok());
    std::vector<std::string> kinds;
    for (const auto& decision : store.reader().decisions("p2")) {
        kinds.push_back(decision.kind);
        if (decision.kind == "merge") {
            CHECK(decision.actor == "operator");
            CHECK(decision.reason == kHuman.reason);
        }
    }
    CHECK(kinds == std::vector<std::string>{"assign", "merge", "split", "cannot_link"});
    for (const char* dealer : {"centro", "norte"}) {
        Filter mine;
        mine.dealers = std::vector<std::string>{dealer};
        int merged = 0, split = 0;
        for (const auto& event : store.reader().events(0, 1000, mine)) {
            merged += event.type == "person.merged";
            split += event.type == "person.split";
            CHECK(event.dealer == dealer);
        }
        CHECK(merged == 1);
        CHECK(split == 1);
    }
}
