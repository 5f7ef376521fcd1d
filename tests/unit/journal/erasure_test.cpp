#include "unit/journal/support.hpp"

#include "base/hash.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::journal;
using namespace trevo::journal::testing;

namespace {

const privacy::Values kAna{
    {"Ana Lima Prado"}, {"52998224725"}, {"+5511911112222"}, {"ana.prado@example.com"}};

// A relative, with the phone of the house.
const privacy::Values kRui{{"Rui Dias"}, {}, {"+5511911112222"}, {}};

std::vector<std::string> filesLeft(Bench& bench) {
    auto needles = privacy::needles(kAna);
    needles.emplace_back("Prado");
    return privacy::filesHolding(std::filesystem::path(bench.options.path).parent_path().string(), needles);
}

} // namespace

TEST_CASE("an erased person leaves its own deliveries whole, and those of others value by value") {
    Bench bench;
    const std::string json = R"({"name":"Ana Lima Prado","cpf":"529.982.247-25","phone":11911112222})";
    const Receipt own = bench.inState(State::Done, json);
    const Receipt shared = bench.inState(State::Done, R"([{"name":"Rui Dias"},)" + json + "]");
    const Receipt dead = bench.inState(State::Dead, "nome=Ana%20Lima%20Prado&mail=ana.prado%40example.com");
    const Receipt corrected = bench.inState(State::Dead, json + "!");
    bench->retry(corrected.id, "{}");
    for (const Envelope& envelope : bench->claim(100, 0))
        bench.settle({envelope.seq, Outcome::Kind::Done, {}, {}});
    const Receipt other = bench.inState(State::Done, R"({"name":"Ana Souza"})");
    const Receipt spared = bench.inState(State::Done, R"({"name":"Rui Dias","phone":"11 91111-2222"})");
    bench->compact(false);
    CHECK(filesLeft(bench) == std::vector<std::string>{"journal.db"});

    const Erased erased = bench->erase({{own.id}, {{shared.id, kAna}}, kAna, [&](const Uuid& id) {
                                            return id == spared.id ? kRui : privacy::Values{};
                                        }});
    CHECK(erased.emptied == 1);
    CHECK(erased.overwritten == 3);
    CHECK(bench->find(own.id)->body.empty());
    CHECK(bench->find(own.id)->meta.empty());
    CHECK(bench->find(shared.id)->body.starts_with(R"([{"name":"Rui Dias"},{"name":"xxx xxxx xxxxx")"));
    CHECK(bench->find(corrected.id)->meta.find(base64(json + "!")) == std::string::npos);
    CHECK(bench->find(dead.id)->state == State::Dead);
    CHECK(bench->find(spared.id)->body == R"({"name":"Rui Dias","phone":"11 91111-2222"})");
    CHECK(bench->find(other.id)->body == R"({"name":"Ana Souza"})");
    CHECK(bench->erase({{}, {{spared.id, kAna}}, {}, {}}).overwritten == 1);
    CHECK(bench->compact(false));
    CHECK(filesLeft(bench).empty());

    SECTION("an emptied delivery is not replayed, and its repeat gets the first receipt") {
        CHECK_FALSE(bench->replay(own.id));
        const Receipt again = bench.add(delivery(json));
        CHECK(again.repeated);
        CHECK(again.id == own.id);
        CHECK(bench->find(own.id)->body.empty());
    }
    SECTION("a dead letter that spoke of nobody else is dropped") {
        CHECK(bench->erase({{dead.id}, {}, kAna, {}}).emptied == 1);
        CHECK(bench->find(dead.id)->state == State::Dropped);
        CHECK(bench->stats().dead == 0);
    }
}

TEST_CASE("a delivery that waits is left alone until it is worked off") {
    Bench bench;
    const Receipt waiting = bench.add(delivery("Ana Lima Prado 11911112222"));
    const Erased erased = bench->erase(
        {{waiting.id}, {{waiting.id, kAna}}, kAna, [](const Uuid&) { return privacy::Values{}; }});
    CHECK(erased.emptied + erased.overwritten == 0);
    CHECK(bench->find(waiting.id)->body == "Ana Lima Prado 11911112222");
}

TEST_CASE("a rebuilt journal holds what it held, and goes on") {
    Bench bench;
    const Receipt one = bench.inState(State::Done, "one");
    REQUIRE(bench->compact(true));
    CHECK(bench->find(one.id)->body == "one");
    const Receipt two = bench.add(delivery("two"));
    CHECK(bench->claim(10, 0).size() == 1);
    CHECK(two.id != one.id);
    bench->stop();
    CHECK_FALSE(bench->compact(false));
}
