// What holds over random streams.
#include "life.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using namespace trevo;
using namespace trevo::store;
using namespace trevo::store::test;

namespace {

std::set<std::string> documentsOf(TestStore& store, const std::string& person) {
    std::set<std::string> documents;
    Filter filter;
    filter.person = person;
    for (const auto& row : store.reader().records(filter, {0, 1000, false})) {
        const auto at = row.body.find("\"document\":\"");
        if (at == std::string::npos) continue;
        if (row.disputedDocument) continue;
        documents.insert(row.body.substr(at + 12, row.body.find('"', at + 12) - at - 12));
    }
    return documents;
}

void checkSame(TestStore& one, TestStore& two) {
    CHECK(one.projection() == two.projection());
    const auto a = one.reader().events(0, 10'000, {});
    const auto b = two.reader().events(0, 10'000, {});
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        CHECK(a[i].type + a[i].subject + a[i].data == b[i].type + b[i].subject + b[i].data);
}

} // namespace

TEST_CASE("no person ever holds two accepted documents", "[guards]") {
    for (const unsigned seed : {1U, 2U, 3U, 4U}) {
        CAPTURE(seed);
        TestStore store;
        Life life(store, seed);
        while (life.go()) {
        }
        for (const auto& person : store.reader().people({}, {0, 1000, false})) {
            CAPTURE(person.id);
            CHECK(documentsOf(store, person.id).size() <= 1);
        }
    }
}

TEST_CASE("the same log gives the same store, however it is cut into batches", "[order]") {
    TestStore one, two;
    const auto log = stream(one, 7, 120);
    one.writer().apply(log, kNow);
    for (std::size_t i = 0; i < log.size(); i += 7)
        two.writer().apply(std::span(log).subspan(i, std::min<std::size_t>(7, log.size() - i)), kNow);
    checkSame(one, two);
}

TEST_CASE("the same life gives the same store, also when the store is closed and opened in between",
          "[order]") {
    for (const unsigned seed : {61U, 62U, 63U}) {
        CAPTURE(seed);
        TestStore one, two;
        Life straight(one, seed), broken(two, seed);
        int turn = 0;
        while (straight.go()) {
            REQUIRE(broken.go());
            if (++turn % 5 == 0) two.reopen();
        }
        checkSame(one, two);
    }
}

TEST_CASE("what a human parted comes together again by a human alone", "[history]") {
    int undone = 0;
    for (unsigned seed = 71; seed < 83; ++seed) {
        CAPTURE(seed);
        TestStore store;
        Life life(store, seed, 120);
        while (life.go()) {
        }
        undone += life.undone();
        CHECK(life.broughtBack() == "");
    }
    CHECK(undone > 10);
}

TEST_CASE("every id that was given leads to one living person, or to nobody when that one was erased",
          "[history]") {
    for (const unsigned seed : {91U, 92U, 93U}) {
        CAPTURE(seed);
        TestStore store;
        Life life(store, seed);
        while (life.go()) {
        }
        std::set<std::string> living, given;
        for (const auto& person : store.reader().people({}, {0, 1000, false})) {
            living.insert(person.id);
            for (const auto& lost : person.mergedIds)
                CHECK(store.reader().person(lost)->id == person.id);
        }
        for (const auto& event : store.reader().events(0, 10'000, {}))
            if (event.type.starts_with("person.")) given.insert(event.subject);
        CHECK(given.size() > living.size());
        for (const auto& id : given) {
            const auto person = store.reader().person(id);
            if (person) CHECK(living.contains(person->id));
        }
    }
}

TEST_CASE("any merge that is undone equals never merged", "[history]") {
    for (const unsigned seed : {11U, 12U, 13U}) {
        TestStore store;
        Life life(store, seed, 120);
        while (life.go()) {
        }
        std::mt19937 random(seed);
        const std::string before = store.projection();
        int merges = 0;
        for (int i = 0; i < 30; ++i) {
            const auto people = store.reader().people({}, {0, 1000, false});
            const auto& keep = people[random() % people.size()].id;
            const auto& lose = people[random() % people.size()].id;
            if (!store.writer().merge(keep, lose, {"operator", ""}, kNow).ok()) continue;
            ++merges;
            CAPTURE(seed, keep, lose);
            REQUIRE(store.writer().unmerge(lose, {"operator", ""}, kNow).ok());
            REQUIRE(store.projection() == before);
        }
        CHECK(merges > 3);
    }
}

TEST_CASE("a stack of merges undone in reverse equals never merged", "[history]") {
    TestStore store;
    store.writer().apply(stream(store, 21, 120), kNow);
    std::mt19937 random(21);
    std::vector<std::string> projections{store.projection()};
    std::vector<std::string> lost;
    for (int i = 0; i < 40; ++i) {
        const auto people = store.reader().people({}, {0, 1000, false});
        if (people.size() < 2) break;
        const auto& keep = people[random() % people.size()].id;
        const auto& lose = people[random() % people.size()].id;
        if (!store.writer().merge(keep, lose, {"operator", ""}, kNow).ok()) continue;
        lost.push_back(lose);
        projections.push_back(store.projection());
    }
    CHECK(lost.size() > 3);
    while (!lost.empty()) {
        CHECK(store.projection() == projections.back());
        projections.pop_back();
        REQUIRE(store.writer().unmerge(lost.back(), {"operator", ""}, kNow).ok());
        lost.pop_back();
    }
    CHECK(store.projection() == projections.back());
}
