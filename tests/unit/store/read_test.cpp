#include "sample.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace trevo;
using namespace trevo::store;
using namespace trevo::store::test;

namespace {

std::vector<std::string> ids(const std::vector<RecordRow>& rows) {
    std::vector<std::string> list;
    for (const auto& row : rows)
        list.push_back(row.id);
    return list;
}
std::vector<std::string> ids(const std::vector<PersonRow>& rows) {
    std::vector<std::string> list;
    for (const auto& row : rows)
        list.push_back(row.id);
    return list;
}
std::vector<std::string> ids(const std::vector<NegotiationRow>& rows) {
    std::vector<std::string> list;
    for (const auto& row : rows)
        list.push_back(row.id);
    return list;
}
using Ids = std::vector<std::string>;

void seed(TestStore& store) {
    store.add(record({"Maria de Souza", "52998224725", "+5511998765432", "maria.souza@gmail.com", "", false},
                     {.externalId = "A-1", .plate = "ABC1D23"}));
    store.add(record({"José da Silva", "", "+5521988887777", "jose@example.com", "", false},
                     {.externalId = "A-2", .dealer = "norte", .model = "Argo"}));
    store.add(record({"Maria Souza", "", "+5511998765432", "", "", false},
                     {.kind = model::Kind::Call, .externalId = "C-1", .dealer = "norte"}));
}

} // namespace

TEST_CASE("a search is understood by its form") {
    TestStore store;
    seed(store);
    struct Row {
        const char* rule;
        const char* text;
        Ids people;
        Ids records;
    };
    const Row rows[] = {
        {"e-mail, in any spelling of the mailbox", "MariaSouza+site@gmail.com", {"p1"}, {"r1"}},
        {"CPF with mask", "529.982.247-25", {"p1"}, {"r1"}},
        {"CPF without mask", "52998224725", {"p1"}, {"r1"}},
        {"phone as it is written", "(11) 99876-5432", {"p1"}, {"r1", "r3"}},
        {"phone without the ninth digit", "11 9876-5432", {"p1"}, {"r1", "r3"}},
        {"phone without area code", "99876-5432", {"p1"}, {"r1", "r3"}},
        {"plate of the old form", "abc-1323", {"p1"}, {"r1"}},
        {"all words of a name, accents aside", "jose silva", {"p2"}, {"r2"}},
        {"one word", "souza", {"p1"}, {"r1", "r3"}},
        {"words of two people match nobody", "maria silva", {}, {}},
        {"external id", "C-1", {"p1"}, {"r3"}},
        {"what nobody has", "ninguem@example.com", {}, {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.rule);
        Filter filter;
        filter.search = row.text;
        CHECK(ids(store.reader().people(filter, {})) == row.people);
        CHECK(ids(store.reader().records(filter, {})) == row.records);
    }
}

TEST_CASE("filters are conjunctive") {
    TestStore store;
    seed(store);
    Filter filter;
    filter.kind = "lead";
    CHECK(ids(store.reader().records(filter, {})) == Ids{"r1", "r2"});
    filter.dealer = "norte";
    CHECK(ids(store.reader().records(filter, {})) == Ids{"r2"});
    filter.externalId = "A-1";
    CHECK(store.reader().records(filter, {}).empty());
    Filter byPerson;
    byPerson.person = "p1";
    CHECK(ids(store.reader().records(byPerson, {})) == Ids{"r1", "r3"});
    Filter byNegotiation;
    byNegotiation.negotiation = "n1";
    CHECK(ids(store.reader().records(byNegotiation, {})) == Ids{"r1", "r3"});
    CHECK(ids(store.reader().people(byNegotiation, {})) == Ids{"p1"});
    Filter closed;
    closed.state = "closed";
    CHECK(store.reader().negotiations(closed, {}).empty());
    closed.state = "open";
    CHECK(ids(store.reader().negotiations(closed, {})) == Ids{"n1", "n2"});
    Filter unknown;
    unknown.kind = "nonsense";
    CHECK(store.reader().records(unknown, {}).empty());
}

TEST_CASE("a receipt leads to its records") {
    TestStore store;
    const auto sent =
        store.send({record({"Ana", "", "", "", "", false}), record({"Rui", "", "", "", "", false})});
    store.add(record({"Zoe", "", "", "", "", false}));
    Filter filter;
    filter.envelope = sent.envelope;
    CHECK(ids(store.reader().records(filter, {})) == Ids{"r1", "r2"});
}

TEST_CASE("pages follow the cursor in both directions") {
    TestStore store;
    for (int i = 0; i < 7; ++i)
        store.add(record({"Nome " + std::string(1, static_cast<char>('A' + i)), "", "", "", "", false}));
    CHECK(ids(store.reader().records({}, {0, 3, false})) == Ids{"r1", "r2", "r3"});
    CHECK(ids(store.reader().records({}, {3, 3, false})) == Ids{"r4", "r5", "r6"});
    CHECK(ids(store.reader().records({}, {0, 2, true})) == Ids{"r7", "r6"});
    CHECK(ids(store.reader().people({}, {6, 2, true})) == Ids{"p5", "p4"});
    CHECK(ids(store.reader().negotiations({}, {5, 9, false})) == Ids{"n6", "n7"});
}

TEST_CASE("a caller sees only what its dealers allow") {
    TestStore store;
    seed(store);
    Filter norte;
    norte.dealers = Ids{"norte"};
    CHECK(ids(store.reader().records(norte, {})) == Ids{"r2", "r3"});
    const auto people = store.reader().people(norte, {});
    CHECK(ids(people) == Ids{"p1", "p2"});
    CHECK(people[0].records == 1);
    CHECK(people[0].golden.find("52998224725") == std::string::npos); // known to the other dealer only
    const auto negotiations = store.reader().negotiations(norte, {});
    REQUIRE(ids(negotiations) == Ids{"n1", "n2"});
    CHECK(negotiations[0].records == Ids{"r3"});
    CHECK(negotiations[0].dealer == "norte");
    CHECK(negotiations[0].vehicle == "{}");
    for (const auto& event : store.reader().events(0, 100, norte))
        CHECK(event.dealer == "norte");
    norte.search = "529.982.247-25";
    CHECK(store.reader().people(norte, {}).empty());
    CHECK(store.reader().records(norte, {}).empty());
    Filter none;
    none.dealers = Ids{};
    CHECK(store.reader().records(none, {}).empty());
    CHECK(store.reader().people(none, {}).empty());
    CHECK(store.reader().events(0, 100, none).empty());
}

TEST_CASE("the golden record says where each field comes from", "[explanation]") {
    TestStore store;
    seed(store);
    const auto person = store.reader().person("p1");
    REQUIRE(person);
    CHECK(person->golden ==
          "{\"name\":\"Maria de Souza\",\"document\":\"52998224725\",\"phones\":[\"+5511998765432\"],"
          "\"emails\":[\"maria.souza@gmail.com\"],\"sources\":{\"name\":\"r1\",\"document\":\"r1\","
          "\"phones\":[\"r3\"],\"emails\":[\"r1\"]}}");
}

TEST_CASE("events can be read by what they speak of") {
    TestStore store;
    seed(store);
    Filter filter;
    filter.subject = "p1";
    Ids types;
    for (const auto& event : store.reader().events(0, 100, filter))
        types.push_back(event.type);
    CHECK(types == Ids{"person.created", "person.changed"});
}

TEST_CASE("tokens are found by their hash, and revoked once") {
    TestStore store;
    Token token;
    token.id = "t1";
    token.name = "crm";
    token.scopes = {"records:read", "people:read"};
    token.dealers = {"centro"};
    token.createdAt = kNow;
    const std::string hash(32, '\x01');
    store.writer().addToken(token, hash);
    const auto found = store.reader().tokenByHash(hash);
    REQUIRE(found);
    CHECK(found->scopes == token.scopes);
    CHECK(found->dealers == token.dealers);
    CHECK_FALSE(found->revokedAt);
    CHECK_FALSE(store.reader().tokenByHash(std::string(32, '\x02')));
    CHECK(store.writer().revokeToken("t1", kNow));
    CHECK_FALSE(store.writer().revokeToken("t1", kNow));
    CHECK(store.reader().tokenByHash(hash)->revokedAt == kNow);
    CHECK(store.reader().tokens().size() == 1);
}

TEST_CASE("reads run beside the writer and see whole envelopes", "[order]") {
    TestStore store;
    std::vector<std::thread> readers;
    std::atomic<bool> stop = false;
    std::atomic<int> odd = 0;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            while (!stop) {
                const auto rows = store.reader().records({}, {0, 1000, false});
                if (rows.size() % 2 != 0) ++odd;
                (void)store.reader().people({}, {0, 10, false});
            }
        });
    }
    for (int i = 0; i < 50; ++i)
        store.send({record({"Ana", "", "", "", "", false}), record({"Rui", "", "", "", "", false})});
    stop = true;
    for (auto& thread : readers)
        thread.join();
    CHECK(odd == 0);
}

TEST_CASE("a file of a newer program is refused with the next step") {
    TestStore store;
    std::string message;
    try {
        Options options = store.options();
        options.path = "/nonexistent/store.db";
        openSqlite(options);
    } catch (const std::runtime_error& error) {
        message = error.what();
    }
    CHECK(message.find("/nonexistent/store.db") != std::string::npos);
}
