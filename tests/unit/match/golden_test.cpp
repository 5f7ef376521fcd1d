#include "match/match.hpp"

#include <catch2/catch.hpp>

#include <deque>

using namespace trevo;
using namespace trevo::match;

namespace {

class People {
  public:
    model::Customer& add(model::Kind kind, std::int64_t at) {
        records_.emplace_back();
        records_.back().kind = kind;
        members_.push_back(
            {static_cast<std::int64_t>(records_.size()), &records_.back(), UtcTime::fromSeconds(at)});
        return records_.back().customer;
    }
    std::string golden() const { return goldenRecord(members_); }

  private:
    std::deque<model::Record> records_;
    std::vector<Member> members_;
};

bool has(const std::string& golden, const std::string& part) {
    return golden.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("nobody's golden record is empty") {
    CHECK(goldenRecord({}) == "{\"sources\":{}}");
}

TEST_CASE("the name comes from a fiscal source") {
    People people;
    people.add(model::Kind::Lead, 9).name = "Mariazinha Souza Lima";
    auto& sale = people.add(model::Kind::Sale, 1);
    sale.name = "Maria de Souza";
    sale.document = model::Document{"52998224725", false, true};
    CHECK(has(people.golden(), "\"name\":\"Maria de Souza\""));
    CHECK(has(people.golden(), "\"sources\":{\"name\":\"r2\",\"document\":\"r2\"}"));
}

TEST_CASE("without one, the most frequent complete name, spellings counted together") {
    People people;
    people.add(model::Kind::Lead, 1).name = "MARIA SOUZA";
    people.add(model::Kind::Lead, 2).name = "Maria de Souza";
    people.add(model::Kind::Lead, 3).name = "Maria Lima";
    people.add(model::Kind::Lead, 4).name = "Maria";
    CHECK(has(people.golden(), "\"name\":\"Maria de Souza\""));
}

TEST_CASE("the document comes from the most trusted record, an invalid one from none") {
    People people;
    people.add(model::Kind::Lead, 5).document = model::Document{"11111111111", false, false};
    CHECK_FALSE(has(people.golden(), "document"));
    people.add(model::Kind::Lead, 4).document = model::Document{"52998224725", false, true};
    people.add(model::Kind::Customer, 1).document = model::Document{"52998224725", false, true};
    CHECK(has(people.golden(), "\"document\":\"r3\""));
}

TEST_CASE("all phones are kept, the latest first, those with an assumed area code last") {
    People people;
    people.add(model::Kind::Lead, 1).phones = {{"+551133334444", true, false, false}};
    people.add(model::Kind::Lead, 2).phones = {{"+5511988887777", true, false, false},
                                               {"12", false, false, false}};
    people.add(model::Kind::Lead, 3).phones = {{"+5511977776666", true, true, false}};
    CHECK(has(people.golden(), "\"phones\":[\"+5511988887777\",\"+551133334444\",\"+5511977776666\"]"));
    CHECK(has(people.golden(), "\"phones\":[\"r2\",\"r1\",\"r3\"]"));
}

TEST_CASE("the latest word on consent counts, and of two at once the no") {
    People people;
    people.add(model::Kind::Lead, 1).consent = {{"whatsapp", false}, {"email", true}};
    people.add(model::Kind::Lead, 2).consent = {{"whatsapp", true}, {"email", false}, {"sms", false}};
    people.add(model::Kind::Lead, 2).consent = {{"sms", true}};
    CHECK(has(people.golden(), "\"consent\":{\"email\":false,\"sms\":false,\"whatsapp\":true}"));
}

TEST_CASE("the fullest address wins, the later of two equally full") {
    People people;
    people.add(model::Kind::Lead, 1).address = model::Address{"", "", "", "", "São Paulo", "SP", "01310100"};
    people.add(model::Kind::Lead, 2).address = model::Address{"", "", "", "", "Campinas", "SP", "13010000"};
    people.add(model::Kind::Lead, 3).address = model::Address{"", "", "", "", "Santos", "", ""};
    CHECK(has(people.golden(), "\"city\":\"Campinas\""));
}

TEST_CASE("a golden record does not depend on the order of its members") {
    for (const bool turned : {false, true}) {
        model::Record a, b;
        a.customer.name = "Ana Lima";
        b.customer.name = "Ana P. Lima";
        std::vector<Member> members{{1, &a, UtcTime{1}}, {2, &b, UtcTime{2}}};
        if (turned) std::swap(members[0], members[1]);
        CHECK(has(goldenRecord(members), "Ana P. Lima"));
    }
}

TEST_CASE("text is escaped") {
    People people;
    people.add(model::Kind::Lead, 1).name = "Ana \"Nina\" \\ \x01";
    CHECK(has(people.golden(), "Ana \\\"Nina\\\" \\\\ \\u0001"));
}
