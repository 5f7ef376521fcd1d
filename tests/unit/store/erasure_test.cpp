#include "sample.hpp"

#include "base/hash.hpp"
#include "privacy/values.hpp"
#include "sqlite/database.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace trevo;
using namespace trevo::store;
using namespace trevo::store::test;

namespace {

const Who kAnaPrado{"Ana Lima Prado", "52998224725", "+5511911112222", "ana.prado@example.com", "1980-05-01"};

std::vector<std::string> everyForm() {
    auto all = privacy::needles({{}, {kAnaPrado.document}, {kAnaPrado.phone}, {kAnaPrado.email}});
    for (const char* name : {"Ana Lima Prado", "PRADO", "prado", "Prado", "11911112222", "1111112222"})
        all.emplace_back(name);
    return all;
}

std::string folderOf(TestStore& store) {
    return std::filesystem::path(store.path()).parent_path().string();
}

std::vector<std::string> peopleIds(TestStore& store) {
    std::vector<std::string> ids;
    for (const auto& person : store.reader().people({}, {0, 1000, false}))
        ids.push_back(person.id);
    return ids;
}

} // namespace

TEST_CASE("an erased person is in no list, under no id and in no file of the store") {
    TestStore store;
    store.add(record(kAnaPrado, {.externalId = "A-1", .plate = "ABC1D23"}));
    store.add(record(kRui, {.externalId = "B-1"}));
    Who corrected = kAnaPrado;
    corrected.name = "Ana L. Prado";
    store.add(record(corrected, {.externalId = "A-1"}));
    store.add(record({kAnaPrado.name, "", "", "other.prado@example.com"}));
    REQUIRE(store.writer().merge("p1", "p3", {"operator", "Ana Prado said so"}, kNow).ok());
    store.writer().audit({"operator", "Ana Prado said so"}, "mergePeople", "p1 p3", kNow);
    REQUIRE(store.writer().compact(false));
    CHECK_FALSE(privacy::filesHolding(folderOf(store), everyForm()).empty());

    const auto erased = store.writer().erase("p3", kNow);
    REQUIRE(erased.ok());
    CHECK(erased->person == "p1");
    CHECK(erased->ids == std::vector<std::string>{"p1", "p3"});
    CHECK(erased->records == std::vector<std::string>{"r1", "r3"});
    CHECK(erased->deliveries.size() == 3);
    REQUIRE(store.writer().compact(false));

    CHECK(peopleIds(store) == std::vector<std::string>{"p2"});
    CHECK_FALSE(store.reader().person("p1"));
    CHECK_FALSE(store.reader().person("p3"));
    CHECK_FALSE(store.reader().record("r1"));
    Filter search;
    search.search = "11911112222";
    CHECK(store.reader().people(search, {}).empty());
    CHECK(store.reader().records({}, {}).size() == 1);
    CHECK(store.reader().counts().records == 1);
    CHECK(store.reader().counts().people == 1);
    CHECK(store.reader().counts().negotiations == 1);
    CHECK(privacy::filesHolding(folderOf(store), everyForm()).empty());
    CHECK(store.reader().events(0, 1000, {}).back().type == "person.erased");
}

TEST_CASE("the car of an erased person is forgotten with it, unless somebody else asked for it too") {
    TestStore store;
    store.add(record(kAnaPrado, {.kind = model::Kind::Sale, .externalId = "S-1", .plate = "ABC1D23"}));
    store.add(record(kAnaPrado, {.plate = "XYZ9A87"}));
    store.add(record(kRui, {.plate = "XYZ9A87"}));
    const auto erased = store.writer().erase("p1", kNow);
    REQUIRE(erased.ok());
    CHECK(erased->values.vehicles == std::vector<std::string>{"ABC1D23"});
    REQUIRE(store.writer().compact(false));
    CHECK(privacy::filesHolding(folderOf(store), privacy::needles({{}, {}, {}, {}, {"ABC1D23"}})).empty());
    Filter search;
    search.search = "XYZ9A87";
    CHECK(store.reader().people(search, {}).size() == 1);
}

TEST_CASE("how often a name occurs is forgotten with the last who has it") {
    TestStore store;
    store.add(record(kAnaPrado, {.externalId = "A-1"}));
    store.add(record(kRui, {.externalId = "B-1"}));
    store.add(record({"Rui Prado", "", "+5541933334444"}));
    const auto counted = [&](const char* folded) {
        trevo::sqlite::Database db(store.path(), "");
        return db.number("SELECT count(*) FROM name_count WHERE hash=" +
                         std::to_string(static_cast<std::int64_t>(hash64(folded))));
    };
    REQUIRE(counted("ANA") + counted("LIMA") + counted("PRADO") + counted("RUI") > 3);
    REQUIRE(store.writer().erase("p1", kNow).ok());
    CHECK(counted("ANA") == 0);
    CHECK(counted("LIMA") == 0);
    CHECK(counted("PRADO") == 1);
    CHECK(counted("RUI") == 1);
}

TEST_CASE("what was erased is known again when it comes back, by its id, its content or its place",
          "[idempotency]") {
    TestStore store;
    const Incoming byId = store.incoming({record(kAnaPrado, {.externalId = "A-1"})});
    const Incoming byContent = store.incoming({record(kAnaPrado, {.model = "Argo"})});
    const Incoming shared = store.incoming({record(kRui), record(kAnaPrado, {.model = "Mobi"})});
    const std::vector<Incoming> all{byId, byContent, shared};
    store.writer().apply(all, kNow);
    REQUIRE(store.writer().erase("p1", kNow).ok());
    store.reopen();
    const std::string before = store.projection();

    SECTION("as a new delivery") {
        for (const auto& former : {byId, byContent}) {
            Incoming again = store.incoming(former.records);
            if (!again.records[0].source.externalId.empty()) again.records[0].body += " "; // other content
            const auto result = store.writer().apply({&again, 1}, kNow).at(0);
            CHECK(result.withheld == std::vector<std::size_t>{0});
            CHECK(result.records.empty());
            // Asked again after a crash between the store and the journal: the same answer.
            CHECK(store.writer().apply({&again, 1}, kNow).at(0).withheld == std::vector<std::size_t>{0});
        }
    }
    SECTION("by a replay of what is left of a delivery that others share") {
        Incoming masked = shared;
        masked.records[1] = record({"xxx xxxx", "", "", ""}, {.model = "Mobi"});
        const auto result = store.writer().reapply(masked, kNow);
        CHECK(result.withheld == std::vector<std::size_t>{1});
        REQUIRE(result.records.size() == 1);
        CHECK(result.records[0].person == "p2");
    }
    CHECK(store.projection() == before);
}

TEST_CASE("a customer who comes back with something new is a new person under a new id") {
    TestStore store;
    store.add(record(kAnaPrado, {.externalId = "A-1"}));
    REQUIRE(store.writer().erase("p1", kNow).ok());
    const auto back = store.add(record(kAnaPrado, {.externalId = "A-2", .model = "Argo"}));
    CHECK(back.record == "r2");
    CHECK(back.person == "p2");
}

TEST_CASE("a delivery that others share is told apart from one that speaks of the person alone") {
    TestStore store;
    store.send({record(kAnaPrado), record(kRui)});
    store.send({record(kAnaPrado, {.model = "Argo"})});
    const auto plan = store.reader().erasure("p1");
    REQUIRE(plan);
    REQUIRE(plan->deliveries.size() == 2);
    CHECK_FALSE(plan->deliveries[0].whole);
    CHECK(plan->deliveries[0].others.documents == std::vector<std::string>{kRui.document});
    CHECK(plan->deliveries[1].whole);
    CHECK(plan->values.documents == std::vector<std::string>{kAnaPrado.document});
    CHECK(store.reader().person("p1")); // only looked at
}

TEST_CASE("a merge that an erasure swallowed can not be undone") {
    TestStore store;
    store.add(record(kAnaPrado));
    store.add(record({"Ana Lima Prado", "", "+5511900001111"}));
    REQUIRE(store.writer().merge("p1", "p2", {"operator", ""}, kNow).ok());
    REQUIRE(store.writer().erase("p1", kNow).ok());
    for (const char* id : {"p1", "p2"}) {
        CAPTURE(id);
        const auto undone = store.writer().unmerge(id, {"operator", ""}, kNow);
        REQUIRE_FALSE(undone.ok());
        CHECK(undone.error().code == "erased");
    }
    CHECK(store.reader().counts().people == 0);
}

TEST_CASE("a question whose every answer was erased is closed, under whatever id it names them") {
    TestStore store;
    store.add(record({"Zoe Reis", "", "+5511955556666"}));
    store.add(record(kAna));
    store.add(record({"Ana Souza", "", kAna.phone}, {.dealer = "norte"}));
    Filter open;
    open.state = "open";
    REQUIRE(store.reader().matches(open, {0, 10, false}).size() == 1);
    REQUIRE(store.writer().merge("p1", "p2", kHuman, kNow).ok());
    REQUIRE(store.reader().matches(open, {0, 10, false}).size() == 1);
    REQUIRE(store.writer().erase("p1", kNow).ok());
    CHECK(store.reader().matches(open, {0, 10, false}).empty());
    const auto events = store.reader().events(0, 1000, {});
    CHECK(std::any_of(events.begin(), events.end(), [](const auto& event) {
        return event.type == "match.closed" && event.subject == "m1";
    }));
    CHECK(peopleIds(store) == std::vector<std::string>{"p3"});
}

TEST_CASE("what can not be erased is said") {
    TestStore store;
    store.add(record(kAnaPrado));
    CHECK(store.writer().erase("p9", kNow).error().code == "unknown_person");
    REQUIRE(store.writer().erase("p1", kNow).ok());
    CHECK(store.writer().erase("p1", kNow).error().code == "erased");
    CHECK(store.writer().merge("p1", "p1", {"operator", ""}, kNow).error().code == "unknown_person");
}
