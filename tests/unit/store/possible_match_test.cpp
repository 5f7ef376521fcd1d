#include "sample.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::store;
using namespace trevo::store::test;

namespace {

// Two people with one phone; who calls from it may be either.
const Who kRuiLima{"Rui Lima", "", "+5511911112222", "rui@example.com"};
// Shares the family's phone and the name in part.
const Who kUnclear{"Ana Souza", "", "+5511911112222"};
const Who kCaller{"", "", "+5511911112222"};

// Of the group's other dealer: at the same one it would be clear.
model::Record unclear(const std::string& externalId = {}) {
    return record(kUnclear, {.externalId = externalId, .dealer = "norte"});
}

std::vector<MatchRow> open(TestStore& store) {
    Filter filter;
    filter.state = "open";
    return store.reader().matches(filter, {0, 100, false});
}

MatchRow only(TestStore& store, const std::string& state = "open") {
    Filter filter;
    filter.state = state;
    auto rows = store.reader().matches(filter, {0, 100, false});
    REQUIRE(rows.size() == 1);
    return rows.front();
}

void seedUnclear(TestStore& store) {
    store.add(record(kAna));
    const auto second = store.add(unclear());
    REQUIRE(second.person == "p2");
    REQUIRE(only(store).candidates.front().person == "p1");
}

} // namespace

TEST_CASE("a record in doubt is a question with its candidates and their evidence", "[zones]") {
    TestStore store;
    seedUnclear(store);
    const MatchRow match = only(store);
    CHECK(match.id == "m1");
    CHECK(match.record == "r2");
    CHECK(match.person == "p2");
    CHECK(match.dealer == "norte");
    CHECK(match.candidates.front().evidence.find("phone_equal") != std::string::npos);
    store.add(record({"Zoe Reis", "", "+5511955556666"}));
    CHECK(open(store).size() == 1);
}

TEST_CASE("an accepted match makes the two one, for good, and says who did it", "[zones]") {
    TestStore store;
    seedUnclear(store);
    const auto joined = store.writer().acceptMatch("m1", "", kHuman, kNow);
    REQUIRE(joined.ok());
    CHECK(*joined == "p1");
    CHECK(store.reader().record("r2")->person == "p1");
    const MatchRow match = only(store, "accepted");
    CHECK(match.actor == "operator");
    CHECK(match.reason == kHuman.reason);
    bool said = false;
    for (const auto& decision : store.reader().decisions("r2"))
        said = said || (decision.kind == "must_link" && decision.other == "p1");
    CHECK(said);
    CHECK(store.writer().acceptMatch("m1", "", kHuman, kNow).error().code == "not_open");
}

TEST_CASE("what a human linked stays linked when its sender changes the name") {
    TestStore store;
    store.add(record(kAna));
    store.add(unclear("B-1"));
    REQUIRE(store.writer().acceptMatch("m1", "p1", kHuman, kNow).ok());
    CHECK(store.add(record({"Rui Dias", "", "+5511911112222"}, {.externalId = "B-1"})).person == "p1");
}

TEST_CASE("a rejected match keeps the two apart for good and is never proposed again", "[zones]") {
    TestStore store;
    store.add(record(kAna));
    store.add(unclear("B-1"));
    REQUIRE(store.writer().rejectMatch("m1", "", kHuman, kNow).ok());
    CHECK(only(store, "rejected").record == "r2");
    // The same again, and with more that speaks for it.
    CHECK(store.add(record({"Ana Lima", "", "+5511911112222", "ana@example.com"}, {.externalId = "B-1"}))
              .person == "p2");
    CHECK(open(store).empty());
    store.reopen();
    CHECK(store.add(unclear("B-1")).person == "p2");
    CHECK(open(store).empty());
}

TEST_CASE("a question answers itself when the people are merged or the record is explained", "[zones]") {
    TestStore store;
    store.add(record(kAna));
    store.add(unclear("B-1"));
    SECTION("by a merge") {
        REQUIRE(store.writer().merge("p1", "p2", kHuman, kNow).ok());
        CHECK(only(store, "closed").record == "r2");
    }
    SECTION("by a correction of the record that makes it clear") {
        CHECK(store.add(record(kAna, {.externalId = "B-1"})).person == "p1");
        CHECK(only(store, "closed").record == "r2");
    }
    CHECK(open(store).empty());
}

TEST_CASE("a nameless call that was given to one of two for the time being moves alone", "[zones]") {
    TestStore store;
    store.add(record(kAna));
    store.add(record(kRuiLima));
    REQUIRE(store.reader().counts().people == 2);
    const auto call = store.add(record(kCaller, {.kind = model::Kind::Call}));
    const std::string other = call.person == "p1" ? "p2" : "p1";
    Filter about;
    about.person = call.person;
    const auto asked = store.reader().matches(about, {0, 10, false});
    REQUIRE_FALSE(asked.empty());
    const std::string match = asked.back().id;
    CHECK(store.writer().acceptMatch(match, "", kHuman, kNow).error().code == "which_person");
    CHECK(store.writer().acceptMatch(match, "p77", kHuman, kNow).error().code == "not_a_candidate");
    REQUIRE(store.writer().acceptMatch(match, other, kHuman, kNow).ok());
    CHECK(store.reader().record(call.record)->person == other);
    CHECK(store.reader().counts().people == 2);
}

TEST_CASE("one of two who share a phone can be ruled out, also who was given the call", "[zones]") {
    TestStore store;
    store.add(record(kAna));
    store.add(record(kRuiLima));
    const auto call = store.add(record(kCaller, {.kind = model::Kind::Call}));
    const std::string other = call.person == "p1" ? "p2" : "p1";
    REQUIRE(store.writer().rejectMatch(open(store).back().id, call.person, kHuman, kNow).ok());
    CHECK(store.reader().record(call.record)->person != call.person);
    REQUIRE(open(store).size() == 1);
    CHECK(open(store).front().candidates.front().person == other);
}

TEST_CASE("an undone merge frees the record that was linked by hand", "[history]") {
    TestStore store;
    seedUnclear(store);
    const std::string before = store.projection();
    REQUIRE(store.writer().acceptMatch("m1", "", kHuman, kNow).ok());
    REQUIRE(store.writer().unmerge("p2", kHuman, kNow).ok());
    CHECK(store.projection() == before);
}

TEST_CASE("a token of one dealer lists only the questions about its own records") {
    TestStore store;
    store.add(record(kAna, {.dealer = "centro"}));
    store.add(unclear());
    for (const auto& [dealer, expected] : {std::pair{"norte", 1U}, {"centro", 0U}}) {
        Filter mine;
        mine.dealers = std::vector<std::string>{dealer};
        CHECK(store.reader().matches(mine, {0, 10, false}).size() == expected);
    }
}

TEST_CASE("answers to what is no question are refused") {
    TestStore store;
    CHECK(store.writer().acceptMatch("m1", "", kHuman, kNow).error().code == "unknown_match");
    CHECK(store.writer().rejectMatch("p1", "", kHuman, kNow).error().code == "unknown_match");
}
