// What matching does to people and negotiations beyond the single decision.
#include "sample.hpp"
#include "support/labelled/quality.hpp"
#include "support/labelled/stream.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <set>

using namespace trevo;
using namespace trevo::store;
using namespace trevo::store::test;

namespace {

constexpr const char* kPhone = "+5511998765432";

std::string personOf(TestStore& store, const AppliedRecord& record) {
    return store.reader().record(record.record)->person;
}

std::vector<std::string> kindsOf(TestStore& store, const std::string& person) {
    std::vector<std::string> kinds;
    for (const auto& decision : store.reader().decisions(person))
        kinds.push_back(decision.kind);
    return kinds;
}

// Six strangers on one phone: one more than may share it.
std::vector<AppliedRecord> strangers(TestStore& store) {
    std::vector<AppliedRecord> made;
    for (const char* name : {"Rui Dias", "Zoe Reis", "Otto Braga", "Iris Luz", "Caio Sales", "Nina Farias"})
        made.push_back(store.add(record({name, "", kPhone})));
    return made;
}

struct Labels {
    std::vector<int> truth, negotiations;
    std::vector<std::string> found, grouped;
};

Labels matched(const std::vector<labelled::Labelled>& stream) {
    TestStore store;
    std::vector<Incoming> batch;
    for (const auto& one : stream) {
        model::Record record = labelled::read(one);
        record.dealer = "centro";
        batch.push_back(store.incoming({std::move(record)}));
        batch.back().receivedAt = one.received;
    }
    Labels labels;
    for (const auto& result : store.writer().apply(batch, kNow)) {
        const auto row = store.reader().record(result.records.at(0).record);
        labels.found.push_back(row->person);
        labels.grouped.push_back(row->negotiation);
    }
    for (const auto& one : stream) {
        labels.truth.push_back(one.person);
        labels.negotiations.push_back(one.negotiation);
    }
    return labels;
}

} // namespace

TEST_CASE("a record that fits two people makes them one; undone, both are back and it stays undone",
          "[merging]") {
    TestStore store;
    const auto phone = store.add(record({"Ana Lima", "", kPhone}));
    const auto mail = store.add(record({"Ana Lima", "", "", "ana@example.com"}));
    REQUIRE(phone.person != mail.person);
    const auto bridge = store.add(record({"Ana Lima", "", kPhone, "ana@example.com"}));
    CHECK(bridge.person == "p1");
    CHECK(personOf(store, mail) == "p1");
    CHECK(store.reader().person("p2")->id == "p1");

    REQUIRE(store.writer().unmerge("p2", kHuman, kNow).ok());
    CHECK(personOf(store, phone) == "p1");
    CHECK(personOf(store, mail) == "p2");
    store.add(record({"Ana Lima", "", kPhone, "ana@example.com"}));
    store.add(record({"Ana Lima", "52998224725", kPhone, "ana@example.com"}));
    CHECK(personOf(store, phone) == "p1");
    CHECK(personOf(store, mail) == "p2");
}

TEST_CASE("a record on the phone of one and about the car of the other, by one full name, makes them one",
          "[merging]") {
    TestStore store;
    const auto phone = store.add(record({"Mariana Martins", "", kPhone}));
    const auto car = store.add(record({"Mariana Martins", "", "+5511922223333"}, {.plate = "ABC1D23"}));
    REQUIRE(phone.person != car.person);
    const auto both = store.add(record({"Mariana Martins", "", kPhone}, {.plate = "ABC1D23"}));
    CHECK(personOf(store, car) == both.person);
    CHECK(personOf(store, phone) == both.person);
}

TEST_CASE("a phone that turns generic parts whom it alone had joined; the majority keeps the id",
          "[generic]") {
    TestStore store;
    const auto first = store.add(record({"Ana", "", kPhone}));
    const auto second = store.add(record({"Ana Lima", "52998224725", kPhone}, {.at = kNow + 20 * kDay}));
    const auto third = store.add(record({"Ana Lima", "52998224725"}, {.at = kNow + 21 * kDay}));
    REQUIRE(second.person == first.person);
    REQUIRE(third.person == first.person);
    strangers(store);
    CHECK(personOf(store, second) == first.person);
    CHECK(personOf(store, third) == first.person);
    CHECK(personOf(store, first) != first.person);
    // It was the latest phone of the person, and is the last to be tried now.
    store.add(record({"Ana Lima", "52998224725", "+5511911112222"}));
    const std::string golden = store.reader().person(first.person)->golden;
    CHECK(golden.find("\"phones\":[\"+5511911112222\",\"" + std::string(kPhone)) != std::string::npos);
    const auto kinds = kindsOf(store, first.person);
    CHECK(std::find(kinds.begin(), kinds.end(), "split") != kinds.end());
}

TEST_CASE("a document that comes beside ever more names is nobody's: a seller's own, or the dealer's",
          "[generic]") {
    const std::string borrowed = "52998224725";
    TestStore store;
    std::vector<AppliedRecord> came;
    const char* names[] = {"Ana Lima", "Bruno Reis", "Carla Dias", "Davi Moura", "Elisa Prado", "Ana Lima"};
    const char* phones[] = {"+5511987650001", "+5511987650002", "+5511987650003",
                            "+5511987650004", "+5511987650005", "+5511987650001"};
    for (std::size_t i = 0; i < std::size(names); ++i)
        came.push_back(store.add(record({names[i], borrowed, phones[i]})));
    std::set<std::string> people;
    for (const auto& one : came)
        people.insert(personOf(store, one));
    CHECK(people.size() == 5);
    CHECK(personOf(store, came.front()) == personOf(store, came.back()));
    const auto own = store.add(record({"Ana Lima", "11144477735", phones[0]})); // no second document: a first
    CHECK(own.person == personOf(store, came.front()));
    CHECK(store.add(record({"Nadia Melo", borrowed, "+5511987650009"})).person != own.person);
}

TEST_CASE("what a human merged stays together when a value turns generic", "[generic]") {
    TestStore store;
    const auto first = store.add(record({"Ana", "", kPhone}));
    const auto second = store.add(record({"Bia Lima", "52998224725", kPhone}));
    REQUIRE(store.writer().merge(second.person, first.person, kHuman, kNow).ok());
    strangers(store);
    CHECK(personOf(store, first) == second.person);
}

TEST_CASE("a contact without a name moves to who turns out to have been in touch nearer in time", "[zones]") {
    TestStore store;
    const auto ana = store.add(record({"Ana Lima", "", kPhone}));
    const auto call =
        store.add(record({"", "", kPhone}, {.kind = model::Kind::Call, .at = kNow + 15 * kDay}));
    CHECK(call.person == ana.person);
    const auto rui = store.add(record({"Rui Lima", "", kPhone}, {.at = kNow + 16 * kDay}));
    CHECK(rui.person != ana.person);
    CHECK(personOf(store, call) == rui.person);
    CHECK(personOf(store, ana) == ana.person);
}

TEST_CASE("so does one whose number came without its area code", "[zones]") {
    TestStore store;
    const auto ana = store.add(record({"Ana Lima", "", kPhone}));
    const auto call = store.add(
        record({"", "", kPhone, "", "", true}, {.kind = model::Kind::Call, .at = kNow + 15 * kDay}));
    CHECK(call.person == ana.person);
    const auto rui = store.add(record({"Rui Lima", "", kPhone}, {.at = kNow + 16 * kDay}));
    CHECK(rui.person != ana.person);
    CHECK(personOf(store, call) == rui.person);
    const auto before =
        store.add(record({"", "", "+5511911112222", "", "", true}, {.kind = model::Kind::Call, .at = kNow}));
    const auto bia = store.add(record({"Bia Reis", "", "+5511911112222"}, {.at = kNow + kDay}));
    CHECK(personOf(store, before) == personOf(store, bia));
}

TEST_CASE("a message of an account stays with whoever used that account, whoever else has the phone",
          "[zones]") {
    TestStore store;
    const auto from = [](const Who& who, UtcTime at) {
        model::Record message = record(who, {.kind = model::Kind::Message, .at = at});
        message.customer.handles.emplace("whatsapp", "BR1");
        return message;
    };
    const auto ana = store.add(record({"Ana Lima", "", kPhone}));
    const auto first = store.add(from({"", "", kPhone}, kNow + kDay));
    CHECK(first.person == ana.person);
    const auto rui = store.add(from({"Rui Dias", "", kPhone}, kNow + 4 * kDay));
    CHECK(rui.person != ana.person);
    CHECK(personOf(store, first) == rui.person);
    const auto again = store.add(record({"Ana Lima", "", kPhone}, {.at = kNow + kDay}));
    CHECK(again.person == ana.person);
    CHECK(personOf(store, first) == rui.person);
}

TEST_CASE("what a contact at the same dealer tells depends on how many come there, also after a restart",
          "[score]") {
    TestStore store;
    const What argo{.model = "Argo"};
    std::vector<model::Record> others;
    for (int i = 0; i < 200; ++i)
        others.push_back(record({"", "", "+55119" + std::to_string(11110000 + i)}, argo));
    store.send(std::move(others));
    const auto known = store.add(record({"Raimunda Peixoto", "", "+5511922220000"}, argo));
    store.reopen();
    const auto again = store.add(record({"Raimunda Peixoto", "", "+5511933330000"}, argo));
    CHECK(again.person == known.person);
    const auto decisions = store.reader().decisions(again.record);
    REQUIRE(!decisions.empty());
    // 201 in a period of 20 days, three days before and after.
    CHECK(decisions.front().evidence.find("among 60 contacts there about then") != std::string::npos);
}

TEST_CASE("a late record lands in the negotiation of its time", "[negotiation]") {
    const Who ana{"Ana Lima", "", kPhone};
    const auto lead = record(ana, {.plate = "ABC1D23"});
    const auto sale = record(ana, {.kind = model::Kind::Sale, .plate = "ABC1D23", .at = kNow + 3 * kDay});
    const auto talk = record(ana, {.kind = model::Kind::Message, .at = kNow + kDay});
    TestStore inTime, late;
    for (const auto& one : {lead, talk, sale})
        inTime.add(one);
    for (const auto& one : {lead, sale, talk})
        late.add(one);
    CHECK(inTime.reader().negotiation("n1")->records.size() == 3);
    CHECK(late.reader().negotiation("n1")->records.size() == 3);
    CHECK(late.reader().negotiation("n1")->state == "closed");
}

TEST_CASE("what other records told of an ad brings a call about it to the negotiation of the plate",
          "[negotiation]") {
    TestStore store;
    auto told = record({"Rui Dias", "", "+5511911112222"}, {.plate = "ABC1D23"});
    told.vehicle->adId = "A-9";
    store.add(told);
    const Who ana{"Ana Lima", "", kPhone};
    const auto lead = store.add(record(ana, {.plate = "ABC1D23"}));
    auto call = record({"", "", kPhone}, {.kind = model::Kind::Call, .at = kNow + kDay});
    call.vehicle.emplace();
    call.vehicle->adId = "A-9";
    CHECK(store.add(call).negotiation == lead.negotiation);
}

TEST_CASE("on an invented stream few are merged wrongly, whatever the order of arrival", "[order]") {
    const labelled::World world(11, 2100);
    auto stream = labelled::streamOf(world, 11, 6300);
    const Labels inTime = matched(stream);
    labelled::shuffle(stream, 5);
    const Labels shuffled = matched(stream);
    for (const auto* labels : {&inTime, &shuffled}) {
        const auto people = labelled::compare(labels->truth, labels->found);
        CHECK(people.precision > 0.95);
        CHECK(people.recall > 0.7);
        CHECK(people.worstCluster <= 4);
        CHECK(labelled::compare(labels->negotiations, labels->grouped).f1 > 0.7);
    }
    CHECK(std::abs(labelled::compare(inTime.truth, inTime.found).f1 -
                   labelled::compare(shuffled.truth, shuffled.found).f1) < 0.01);
}
