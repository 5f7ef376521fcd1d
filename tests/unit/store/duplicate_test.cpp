#include "sample.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::store;
using namespace trevo::store::test;

namespace {

using Policy = DuplicateRule::Policy;
using Same = DuplicateRule::Same;
using Within = DuplicateRule::Within;

const Who kAnaKnown{"Ana Lima", "52998224725", "+5511911112222"};

void rule(TestStore& store, DuplicateRule rule) {
    if (rule.dealers.empty()) rule.dealers = {"centro", "norte"};
    store.reopen({rule});
}

RecordRow row(TestStore& store, const AppliedRecord& added) {
    return *store.reader().record(added.record);
}

} // namespace

TEST_CASE("a rule calls those leads duplicates that its words say, and no others") {
    struct Row {
        const char* what;
        DuplicateRule rule;
        What first, second;
        bool duplicate;
    };
    const What argo{.plate = "ABC1D23"}, mobi{.plate = "XYZ9A87"};
    const auto at = [](What what, const char* dealer, std::int64_t days) {
        what.dealer = dealer;
        what.at = kNow + days * kDay;
        return what;
    };
    const Row rows[] = {
        {"the same vehicle", {{}, Policy::Flag}, argo, argo, true},
        {"another vehicle", {{}, Policy::Flag}, argo, mobi, false},
        {"another vehicle, person is enough", {{}, Policy::Flag, Same::Person}, argo, mobi, true},
        {"no vehicle on either", {{}, Policy::Flag}, {}, {}, true},
        {"no vehicle on one", {{}, Policy::Flag}, argo, {}, false},
        {"the same model", {{}, Policy::Flag}, {.model = "Argo"}, {.model = "Argo"}, true},
        {"at the end of the window", {{}, Policy::Flag}, argo, at(argo, "centro", 30), true},
        {"after the window", {{}, Policy::Flag}, argo, at(argo, "centro", 31), false},
        {"late, of a time before", {{}, Policy::Flag}, argo, at(argo, "centro", -3), true},
        {"another dealer, within the dealer", {{}, Policy::Flag}, argo, at(argo, "norte", 1), false},
        {"another dealer, within the group",
         {{}, Policy::Flag, Same::Vehicle, Within::Group},
         argo,
         at(argo, "norte", 1),
         true},
        {"another dealer, only others",
         {{}, Policy::Flag, Same::Vehicle, Within::OtherDealer},
         argo,
         at(argo, "norte", 1),
         true},
        {"the same dealer, only others",
         {{}, Policy::Flag, Same::Vehicle, Within::OtherDealer},
         argo,
         argo,
         false},
        {"merge", {{}, Policy::Merge}, argo, argo, false},
        {"a dealer without a rule", {{"norte"}, Policy::Flag}, argo, argo, false},
        {"a call is no lead",
         {{}, Policy::Flag},
         argo,
         {.kind = model::Kind::Call, .plate = "ABC1D23"},
         false},
    };
    for (const Row& one : rows) {
        CAPTURE(one.what);
        TestStore store;
        rule(store, one.rule);
        const auto first = store.add(record(kAnaKnown, one.first));
        const auto second = store.add(record(kAnaKnown, one.second));
        REQUIRE(second.person == first.person);
        CHECK(row(store, first).duplicateOf.empty());
        CHECK(row(store, second).duplicateOf == (one.duplicate ? "r1" : ""));
        CHECK_FALSE(row(store, second).refused);
        CHECK_FALSE(second.negotiation.empty());
    }
}

TEST_CASE("a flagged lead goes on as before, marked, and the feed tells") {
    TestStore store;
    rule(store, {{}, Policy::Flag});
    store.add(record(kAnaKnown, {.plate = "ABC1D23"}));
    const auto second = store.add(record(kAnaKnown, {.plate = "ABC1D23"}));
    CHECK(second.negotiation == "n1");
    bool told = false;
    for (const auto& event : store.reader().events(0, 100, {}))
        told = told || (event.type == "record.duplicate" && event.subject == "r2" &&
                        event.data.starts_with(R"({"of":"r1","state":"duplicate")"));
    CHECK(told);
}

TEST_CASE("a refused lead is kept with its reason, in no negotiation, whatever is grouped again later") {
    TestStore store;
    rule(store, {{}, Policy::Refuse});
    store.add(record(kAnaKnown, {.plate = "ABC1D23"}));
    const auto refused = store.add(record(kAnaKnown, {.externalId = "X", .plate = "ABC1D23"}));
    CHECK(refused.person == "p1");
    CHECK(refused.negotiation.empty());
    const RecordRow kept = row(store, refused);
    CHECK(kept.refused);
    CHECK(kept.duplicateReason == "the same person asked for the same vehicle within 30 days: r1");
    CHECK(kept.body.find("Ana Lima") != std::string::npos);
    Filter filter;
    for (const auto& [state, expected] : {std::pair{"refused", 1U}, {"duplicate", 0U}, {"accepted", 1U}}) {
        filter.state = state;
        CHECK(store.reader().records(filter, {}).size() == expected);
    }
    // A third one repeats the first, not the one that nobody worked on.
    CHECK(row(store, store.add(record(kAnaKnown, {.plate = "ABC1D23"}))).duplicateOf == "r1");
    store.add(record({"Rui Dias", "", "+5521922223333"}));
    REQUIRE(store.writer().merge("p2", "p1", kHuman, kNow).ok());
    REQUIRE(store.writer().unmerge("p1", kHuman, kNow).ok());
    store.add(record(kAnaKnown,
                     {.externalId = "X", .plate = "ABC1D23", .at = kNow + kDay})); // its sender corrects it
    CHECK(store.reader().record("r2")->negotiation.empty());
    CHECK(store.reader().negotiation("n1")->records == std::vector<std::string>{"r1"});
}

TEST_CASE("rules are tried in their order; one that merges ends the search") {
    TestStore store;
    DuplicateRule merge{{"centro"}, Policy::Merge, Same::Vehicle},
        refuse{{"centro"}, Policy::Refuse, Same::Person};
    store.reopen({merge, refuse});
    store.add(record(kAnaKnown, {.plate = "ABC1D23"}));
    CHECK_FALSE(row(store, store.add(record(kAnaKnown, {.plate = "ABC1D23"}))).refused);
    CHECK(row(store, store.add(record(kAnaKnown, {.plate = "XYZ9A87"}))).refused);
}
