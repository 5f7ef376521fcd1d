#include "sample.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::store;
using namespace trevo::store::test;

namespace {
const Who kMaria{"Maria de Souza", "52998224725", "+5511998765432", "maria@example.com", "", false};
const Who kMariaPhone{"Maria Souza", "", "+5511998765432", "", "", false};
} // namespace

TEST_CASE("a lead becomes one person and one negotiation") {
    TestStore store;
    const auto first = store.add(record(kMaria, {.externalId = "A-1", .plate = "ABC1D23"}));
    CHECK(first.record == "r1");
    CHECK(first.person == "p1");
    CHECK(first.negotiation == "n1");
    CHECK(first.changed);
    const auto counts = store.reader().counts();
    CHECK(counts.records == 1);
    CHECK(counts.people == 1);
    CHECK(counts.negotiations == 1);
}

TEST_CASE("an envelope applied again changes nothing and returns what the first time did", "[idempotency]") {
    TestStore store;
    const Incoming in = store.incoming({record(kMaria, {.externalId = "A-1"}), record(kMariaPhone)});
    const auto first = store.writer().apply({&in, 1}, kNow).at(0);
    const std::string before = store.projection();
    const auto last = store.reader().lastEvent();
    const auto again = store.writer().apply({&in, 1}, kNow).at(0);
    CHECK_FALSE(first.repeated);
    CHECK(again.repeated);
    REQUIRE(again.records.size() == 2);
    CHECK(again.records[1].record == first.records[1].record);
    CHECK(store.projection() == before);
    CHECK(store.reader().lastEvent() == last);
}

TEST_CASE("an envelope without records is remembered as applied", "[idempotency]") {
    TestStore store;
    const Incoming in = store.incoming({});
    CHECK_FALSE(store.writer().apply({&in, 1}, kNow).at(0).repeated);
    CHECK(store.writer().apply({&in, 1}, kNow).at(0).repeated);
}

TEST_CASE("the same envelope twice in one batch has one effect", "[idempotency]") {
    TestStore store;
    const Incoming in = store.incoming({record(kMaria)});
    const std::vector<Incoming> batch{in, in};
    const auto results = store.writer().apply(batch, kNow);
    CHECK(results[1].repeated);
    CHECK(results[1].records[0].record == results[0].records[0].record);
    CHECK(store.reader().counts().records == 1);
}

TEST_CASE("the same external id is a revision of the record, equal content is none", "[idempotency]") {
    TestStore store;
    const What what{.externalId = "A-1", .plate = "ABC1D23"};
    store.add(record(kMaria, what));
    const auto same = store.add(record(kMaria, what));
    CHECK(same.record == "r1");
    CHECK(same.revision == 1);
    CHECK_FALSE(same.changed);
    Who corrected = kMaria;
    corrected.email = "outra@example.com";
    const auto changed = store.add(record(corrected, what));
    CHECK(changed.record == "r1");
    CHECK(changed.revision == 2);
    CHECK(changed.changed);
    const auto revisions = store.reader().revisions("r1");
    REQUIRE(revisions.size() == 2);
    CHECK(revisions[0].revision == 1);
    CHECK(revisions[0].body.find("maria@example.com") != std::string::npos);
    CHECK(revisions[1].body.find("outra@example.com") != std::string::npos);
    CHECK(store.reader().counts().records == 1);
}

TEST_CASE("one external id of two kinds is two records", "[idempotency]") {
    TestStore store;
    CHECK(store.add(record(kMaria, {.kind = model::Kind::Lead, .externalId = "7"})).record == "r1");
    CHECK(store.add(record(kMaria, {.kind = model::Kind::Sale, .externalId = "7"})).record == "r2");
}

TEST_CASE("records of one person in two dealers of a group meet, of another group they do not",
          "[candidates]") {
    TestStore store;
    const auto a = store.add(record(kMaria, {.dealer = "centro"}));
    const auto b = store.add(record(kMaria, {.dealer = "norte"}));
    const auto c = store.add(record(kMaria, {.dealer = "rival"}));
    CHECK(a.person == b.person);
    CHECK(c.person != a.person);
}

TEST_CASE("two records of one batch see each other", "[order]") {
    TestStore store;
    const std::vector<Incoming> batch{store.incoming({record(kMaria)}),
                                      store.incoming({record(kMariaPhone)})};
    const auto results = store.writer().apply(batch, kNow);
    CHECK(results[0].records[0].person == results[1].records[0].person);
}

TEST_CASE("a second valid document on a known full name and phone is disputed: the record stays, the person "
          "keeps its own",
          "[guards]") {
    TestStore store;
    store.add(record(kMaria));
    Who other = kMaria;
    other.document = "39053344705";
    const auto applied = store.add(record(other));
    CHECK(applied.person == "p1");
    CHECK(store.reader().person("p1")->golden.find("39053344705") == std::string::npos);
    const auto decisions = store.reader().decisions(applied.record);
    REQUIRE(decisions.size() == 1);
    CHECK(decisions[0].evidence.find("\"disputed\":true") != std::string::npos);
    CHECK(decisions[0].evidence.find("39053344705") == std::string::npos);
    // It finds nobody either: whoever really has that document is somebody else.
    CHECK(store.add(record({"", "39053344705", "", "", "", false})).person == "p2");
}

TEST_CASE("a second valid document beside another surname is another person, kept for review", "[guards]") {
    TestStore store;
    store.add(record(kMaria));
    Who other = kMariaPhone;
    other.name = "Maria Lima";
    other.document = "39053344705";
    const auto applied = store.add(record(other));
    CHECK(applied.person == "p2");
    const auto decisions = store.reader().decisions(applied.record);
    REQUIRE(decisions.size() == 1);
    CHECK(decisions[0].evidence.find("two_valid_documents") != std::string::npos);
}

TEST_CASE("the dealer's own document links nobody", "[generic]") {
    TestStore store;
    const Who a{"Ana Lima", "11222333000181", "+5511911112222", "", "", false};
    const Who b{"Rui Dias", "11222333000181", "+5511933334444", "", "", false};
    CHECK(store.add(record(a)).person != store.add(record(b)).person);
}

TEST_CASE("a trial is stored, matched with nothing and hidden") {
    TestStore store;
    store.add(record(kMaria, {.externalId = "A-1"}));
    const auto last = store.reader().lastEvent();
    const auto trial = store.add(record(kMaria, {.externalId = "A-1"}), true);
    CHECK(trial.record == "r2");
    CHECK(trial.person.empty());
    CHECK(store.reader().records({}, {}).size() == 1);
    Filter all;
    all.withTrials = true;
    CHECK(store.reader().records(all, {}).size() == 2);
    CHECK(store.reader().counts().records == 1);
    CHECK(store.reader().lastEvent() == last);
}

TEST_CASE("a customer extract joins no negotiation", "[negotiation]") {
    TestStore store;
    CHECK(store.add(record(kMaria, {.kind = model::Kind::Customer})).negotiation.empty());
}

TEST_CASE("a sale closes the negotiation of its car", "[negotiation]") {
    TestStore store;
    store.add(record(kMaria, {.plate = "ABC1D23"}));
    const auto sale = store.add(record(kMaria, {.kind = model::Kind::Sale, .plate = "ABC1D23"}));
    CHECK(sale.negotiation == "n1");
    CHECK(store.reader().negotiation("n1")->state == "closed");
    CHECK(store.add(record(kMaria, {.plate = "ABC1D23"})).negotiation == "n3");
}

TEST_CASE("an update keeps its person among others, and moves when a guard forbids it") {
    TestStore store;
    store.add(record(kMaria));
    const auto portal = store.add(record(kMariaPhone, {.externalId = "A-1"}));
    CHECK(portal.person == "p1");
    Who corrected = kMariaPhone;
    corrected.name = "Maria Aparecida Souza";
    CHECK(store.add(record(corrected, {.externalId = "A-1"})).person == "p1");
    corrected.document = "39053344705";
    const auto moved = store.add(record(corrected, {.externalId = "A-1"}));
    CHECK(moved.person == "p2");
    CHECK(store.reader().person("p1")->records == 1);
    CHECK(store.reader().person("p2")->records == 1);
    CHECK(store.reader().person("p1")->golden.find("39053344705") == std::string::npos);
    CHECK(store.reader().negotiation(moved.negotiation)->person == "p2");
}

TEST_CASE("the only record of a person is matched again when an update tells who it is") {
    TestStore store;
    store.add(record(kMaria));
    const auto thin = store.add(record({"", "", "", "", "", false}, {.externalId = "L-9"}));
    CHECK(thin.person == "p2");
    const auto full = store.add(record(kMaria, {.externalId = "L-9"}));
    CHECK(full.person == "p1");
    CHECK(store.reader().person("p2")->id == "p1");
    CHECK(store.reader().person("p1")->mergedIds == std::vector<std::string>{"p2"});
    CHECK(store.reader().counts().people == 1);
}

TEST_CASE("replay applies the envelope again without doubling records that have no external id",
          "[idempotency]") {
    TestStore store;
    Incoming in = store.incoming({record(kMaria), record(kMariaPhone)});
    store.writer().apply({&in, 1}, kNow);
    in.records[0] = record(kMaria, {.plate = "ABC1D23"});
    in.records.pop_back();
    const auto before = store.reader().lastEvent();
    const auto replayed = store.writer().reapply(in, kNow);
    REQUIRE(replayed.records.size() == 1);
    CHECK(replayed.records[0].record == "r1");
    CHECK(replayed.records[0].revision == 2);
    CHECK(store.reader().counts().records == 2);
    bool reported = false;
    for (const auto& event : store.reader().events(before, 100, {}))
        reported =
            reported || (event.subject == "r2" && event.data.find("no_longer_made") != std::string::npos);
    CHECK(reported);
}

TEST_CASE("events are numbered without gaps and told after the commit") {
    TestStore store;
    std::int64_t told = 0;
    store->onEvents([&](std::int64_t last) { told = last; });
    for (int i = 0; i < 5; ++i)
        store.add(record({"Pessoa " + std::string(1, static_cast<char>('A' + i)), "", "", "", "", false}));
    const auto events = store.reader().events(0, 1000, {});
    for (std::size_t i = 0; i < events.size(); ++i)
        CHECK(events[i].sequence == static_cast<std::int64_t>(i) + 1);
    CHECK(told == store.reader().lastEvent());
    CHECK(events.size() == 15);
}

TEST_CASE("what was stored is there after reopening") {
    TestStore store;
    store.add(record(kMaria, {.externalId = "A-1"}));
    const std::string before = store.projection();
    store.reopen();
    CHECK(store.projection() == before);
    CHECK(store.add(record(kMariaPhone)).person == "p1");
}

TEST_CASE("what is configured anew is in force for what comes next, without reopening", "[survivorship]") {
    TestStore store;
    const Who ana{"Ana Lima", "52998224725", "+5511911112222"};
    const auto first = store.add(record(ana, {.plate = "ABC1D23"}));
    store.add(record({"Ana Lima de Souza Prado", "52998224725", "+5511911112222"},
                     {.plate = "ABC1D23", .at = kNow + 1 * kHour}));

    auto options = store.options();
    options.duplicates = {{{"centro"}, DuplicateRule::Policy::Refuse}};
    options.dealers.push_back({"leste", "grupo", ""});
    options.matching.survivorship.name = match::Survivorship::Rule::Latest;
    store->configure(options);

    const auto repeated = store.add(record(ana, {.plate = "ABC1D23", .at = kNow + 2 * kHour}));
    CHECK(store.reader().record(repeated.record)->refused);
    CHECK(store.add(record(ana, {.dealer = "leste"})).person == first.person);
    // The latest name, not the most frequent or the fullest.
    store.add(record({"Ana L. Prado", "52998224725", "+5511911112222"}, {.at = kNow + 3 * kHour}));
    CHECK(store.reader().person(first.person)->golden.find("\"name\":\"Ana L. Prado\"") != std::string::npos);
}
