#include "sample.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::store;
using namespace trevo::store::test;

namespace {

Edit name(const std::string& text) {
    Edit edit;
    edit.values = record({text});
    edit.fields["name"] = "\"" + text + "\"";
    return edit;
}

Edit phone(const std::string& number) {
    Edit edit;
    edit.values = record({"", "", number});
    edit.fields["phones"] = "[\"" + number + "\"]";
    return edit;
}

Edit document(const std::string& number) {
    Edit edit;
    edit.values = record({"", number});
    edit.fields["document"] = "\"" + number + "\"";
    return edit;
}

Edit consent(const std::string& granted) {
    Edit edit;
    edit.fields["consent.whatsapp"] = granted;
    return edit;
}

// A lead with a word on being written to.
model::Record said(const Who& who, bool granted, UtcTime at) {
    model::Record r = record(who, {.at = at});
    r.customer.consent["whatsapp"] = granted;
    r.body.insert(r.body.find("\"customer\":{") + 12,
                  std::string("\"consent\":{\"whatsapp\":") + (granted ? "true" : "false") + "},");
    return r;
}

bool has(const std::string& golden, const std::string& part) {
    INFO(golden);
    CHECK(golden.find(part) != std::string::npos);
    return golden.find(part) != std::string::npos;
}

std::string golden(TestStore& store, const std::string& person = "p1") {
    return store.reader().person(person)->golden;
}

} // namespace

TEST_CASE("a pinned value wins over every record, also later ones, and says where it comes from",
          "[survivorship]") {
    TestStore store;
    store.add(record(kAna));
    REQUIRE(store.writer().edit("p1", name("Ana Lima Prado"), kHuman, kNow).ok());
    store.add(record(kAna, {.kind = model::Kind::Customer, .at = kNow + kDay}));
    CHECK(has(golden(store), R"("name":"Ana Lima Prado")"));
    CHECK(has(golden(store), R"("name":"pinned")"));
    CHECK(has(golden(store), "+5511911112222"));
    Filter filter;
    filter.person = "p1";
    const auto pins = store.reader().pins(filter);
    REQUIRE(pins.size() == 1);
    CHECK(pins[0].field == "name");
    CHECK(pins[0].actor == "operator");
    CHECK(pins[0].reason == kHuman.reason);
}

TEST_CASE("a released pin gives the field back to the records") {
    TestStore store;
    store.add(record(kAna));
    const std::string before = store.projection();
    REQUIRE(store.writer().edit("p1", name("Ana Lima Prado"), kHuman, kNow).ok());
    CHECK(store.projection() != before);
    Edit release;
    release.released = {"name"};
    REQUIRE(store.writer().edit("p1", release, kHuman, kNow).ok());
    CHECK(store.projection() == before);
    CHECK(store.writer().edit("p1", release, kHuman, kNow).error().code == "not_pinned");
}

TEST_CASE("pins survive a merge, and an unmerge gives each side back exactly what it had", "[survivorship]") {
    TestStore store;
    store.add(record(kAna));
    store.add(record({"Ana L. Prado", "", "+5511933334444"}));
    REQUIRE(store.writer().edit("p1", phone("+5511955556666"), kHuman, kNow).ok());
    REQUIRE(store.writer().edit("p2", name("Ana Prado"), kHuman, kNow).ok());
    const std::string before = store.projection();
    REQUIRE(store.writer().merge("p1", "p2", kHuman, kNow).ok());
    CHECK(has(golden(store), R"("name":"Ana Prado")"));
    CHECK(has(golden(store), R"("phones":["+5511955556666"])"));
    // Edited while they are one: the later word, and it stays with the survivor.
    REQUIRE(store.writer().edit("p2", name("Ana P. Lima"), kHuman, kNow + kSecond).ok());
    CHECK(has(golden(store), R"("name":"Ana P. Lima")"));
    Edit release;
    release.released = {"name"};
    SECTION("undone") {
        REQUIRE(store.writer().unmerge("p2", kHuman, kNow).ok());
        CHECK(has(golden(store, "p1"), R"("name":"Ana P. Lima")"));
        CHECK(has(golden(store, "p2"), R"("name":"Ana Prado")"));
        REQUIRE(store.writer().edit("p1", release, kHuman, kNow).ok());
        CHECK(store.projection() == before);
    }
    SECTION("released while they are one") {
        REQUIRE(store.writer().edit("p1", release, kHuman, kNow).ok());
        CHECK(golden(store).find("pinned") == golden(store).rfind("pinned")); // the phone alone
    }
}

TEST_CASE("a person is found and matched by what was pinned, and no longer once it is released or undone") {
    TestStore store;
    store.add(record(kAna));
    store.add(record({"Ana L. Prado", "", "+5511933334444"}));
    REQUIRE(store.writer().edit("p2", phone("+5511955556666"), kHuman, kNow).ok());
    Filter search;
    search.search = "11955556666";
    const auto found = [&] {
        std::vector<std::string> ids;
        for (const auto& person : store.reader().people(search, {0, 10, false}))
            ids.push_back(person.id);
        return ids;
    };
    CHECK(found() == std::vector<std::string>{"p2"});
    CHECK(store.add(record({"Ana Lima Prado", "", "+5511955556666"}, {.externalId = "X"})).person == "p2");
    REQUIRE(store.writer().merge("p1", "p2", kHuman, kNow).ok());
    CHECK(found() == std::vector<std::string>{"p1"});
    REQUIRE(store.writer().unmerge("p2", kHuman, kNow).ok());
    CHECK(found() == std::vector<std::string>{"p2"});
}

TEST_CASE("a pinned document corrects a wrong one, but is never that of another person") {
    TestStore store;
    store.add(record({"Ana Lima", "52998224725", "+5511911112222"}));
    store.add(record(kRui));
    CHECK(store.writer().edit("p1", document("39053344705"), kHuman, kNow).error().code ==
          "document_of_another");
    REQUIRE(store.writer().edit("p1", document("11144477735"), kHuman, kNow).ok());
    CHECK(has(golden(store), R"("document":"11144477735")"));
    CHECK(store.add(record({"Ana Lima", "11144477735"})).person == "p1");
}

TEST_CASE(
    "a pinned no to a channel stays; a pinned yes gives way to a later no, and in a merge the no wins") {
    TestStore store;
    store.add(record(kAna));
    const auto whatsapp = [&](const char* word) {
        return has(golden(store), std::string(R"("consent":{"whatsapp":)") + word);
    };
    SECTION("no") {
        REQUIRE(store.writer().edit("p1", consent("false"), kHuman, kNow).ok());
        store.add(said(kAna, true, kNow + kDay));
        CHECK(whatsapp("false"));
    }
    SECTION("yes, then no") {
        REQUIRE(store.writer().edit("p1", consent("true"), kHuman, kNow).ok());
        CHECK(whatsapp("true"));
        store.add(said(kAna, false, kNow + kDay));
        CHECK(whatsapp("false"));
    }
    SECTION("no of an earlier time, then yes") {
        store.add(said(kAna, false, kNow + -kDay));
        CHECK(whatsapp("false"));
        REQUIRE(store.writer().edit("p1", consent("true"), kHuman, kNow).ok());
        CHECK(whatsapp("true"));
    }
    SECTION("merged") {
        store.add(record({"Ana L. Prado", "", "+5511933334444"}));
        REQUIRE(store.writer().edit("p2", consent("false"), kHuman, kNow).ok());
        REQUIRE(store.writer().edit("p1", consent("true"), kHuman, kNow + kDay).ok());
        REQUIRE(store.writer().merge("p1", "p2", kHuman, kNow).ok());
        CHECK(whatsapp("false"));
    }
}

TEST_CASE("an opt-out survives a merge when it is the later word or as late, and an unmerge gives it back",
          "[survivorship]") {
    struct Row {
        const char* what;
        bool first, second;
        std::int64_t later; // of the second person's word
        const char* together;
    };
    const Row rows[] = {
        {"a later no", true, false, kDay, "false"},
        {"a no at the same time", true, false, 0, "false"},
        {"a no before a yes of the customer's own", false, true, kDay, "true"},
        {"a no at the same time on the other side", false, true, 0, "false"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        TestStore store;
        store.add(said(kAna, row.first, kNow));
        store.add(said({"Ana L. Prado", "", "+5511933334444"}, row.second, kNow + row.later));
        const std::string before = store.projection();
        REQUIRE(store.writer().merge("p1", "p2", kHuman, kNow).ok());
        CHECK(has(golden(store), std::string(R"("consent":{"whatsapp":)") + row.together));
        REQUIRE(store.writer().unmerge("p2", kHuman, kNow).ok());
        CHECK(store.projection() == before);
    }
}

TEST_CASE("what one dealer's people fixed is for that dealer; consent is for all") {
    TestStore store;
    store.add(record(kAna, {.dealer = "centro"}));
    store.add(record(kAna, {.dealer = "norte"}));
    Edit edit = name("Ana of Centro");
    edit.fields["consent.sms"] = "false";
    edit.dealers = {"centro"};
    REQUIRE(store.writer().edit("p1", edit, kHuman, kNow).ok());
    for (const auto& [dealer, sees] : {std::pair{"centro", true}, {"norte", false}}) {
        Filter mine;
        mine.dealers = std::vector<std::string>{dealer};
        const auto person = store.reader().people(mine, {0, 1, false}).at(0);
        CHECK((person.golden.find("Ana of Centro") != std::string::npos) == sees);
        CHECK(has(person.golden, R"("sms":false)"));
    }
}

TEST_CASE("a customer extract updates the person and opens no negotiation; its history stays") {
    TestStore store;
    store.add(record(kAna, {.plate = "ABC1D23"}));
    const auto extract = store.add(record({"Ana Lima Prado", "52998224725", "+5511911112222"},
                                          {.kind = model::Kind::Customer, .at = kNow + kDay}));
    CHECK(extract.person == "p1");
    CHECK(extract.negotiation.empty());
    CHECK(store.reader().counts().negotiations == 1);
    CHECK(store.reader().negotiation("n1")->records == std::vector<std::string>{"r1"});
    CHECK(has(golden(store), R"("document":"52998224725")"));
}

TEST_CASE("the feed tells every dealer of the person that it was edited, without the value") {
    TestStore store;
    store.add(record(kAna));
    REQUIRE(store.writer().edit("p1", name("Ana Lima Prado"), kHuman, kNow).ok());
    const auto event = store.reader().events(0, 100, {}).back();
    CHECK(event.type == "person.changed");
    CHECK(event.data == R"({"edited":["name"]})");
    CHECK(store.writer().edit("p9", name("Ana"), kHuman, kNow).error().code == "unknown_person");
}
