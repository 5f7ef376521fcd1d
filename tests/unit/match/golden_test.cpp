#include "identity/phone.hpp"
#include "match/match.hpp"

#include <catch2/catch.hpp>

#include <deque>

using namespace trevo;
using namespace trevo::match;

namespace {

class People {
  public:
    model::Customer& add(model::Kind kind, std::int64_t at, std::int64_t source = 0) {
        records_.emplace_back();
        records_.back().kind = kind;
        members_.push_back(
            {static_cast<std::int64_t>(records_.size()), &records_.back(), UtcTime::fromSeconds(at), source});
        return records_.back().customer;
    }
    std::string golden(const Survivorship& rules = {}, const TellsNothing& generic = {}) const {
        return goldenRecord(members_, rules, generic);
    }

  private:
    std::deque<model::Record> records_;
    std::vector<Member> members_;
};

bool has(const std::string& golden, const std::string& part) {
    return golden.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("nobody's golden record is empty", "[survivorship]") {
    CHECK(goldenRecord({}) == "{\"sources\":{}}");
}

TEST_CASE("the name comes from a fiscal source", "[survivorship]") {
    People people;
    people.add(model::Kind::Lead, 9).name = "Mariazinha Souza Lima";
    auto& sale = people.add(model::Kind::Sale, 1);
    sale.name = "Maria de Souza";
    sale.document = model::Document{"52998224725", false, true};
    CHECK(has(people.golden(), "\"name\":\"Maria de Souza\""));
    CHECK(has(people.golden(), "\"sources\":{\"name\":\"r2\",\"document\":\"r2\"}"));
}

TEST_CASE("without one, the most frequent complete name, spellings counted together", "[survivorship]") {
    People people;
    people.add(model::Kind::Lead, 1).name = "MARIA SOUZA";
    people.add(model::Kind::Lead, 2).name = "Maria de Souza";
    people.add(model::Kind::Lead, 3).name = "Maria Lima";
    people.add(model::Kind::Lead, 4).name = "Maria";
    CHECK(has(people.golden(), "\"name\":\"Maria de Souza\""));
}

TEST_CASE("the document comes from the most trusted record, an invalid one from none", "[survivorship]") {
    People people;
    people.add(model::Kind::Lead, 5).document = model::Document{"11111111111", false, false};
    CHECK_FALSE(has(people.golden(), "document"));
    people.add(model::Kind::Lead, 4).document = model::Document{"52998224725", false, true};
    people.add(model::Kind::Customer, 1).document = model::Document{"52998224725", false, true};
    CHECK(has(people.golden(), "\"document\":\"r3\""));
}

TEST_CASE("all phones are kept, the latest first, those with an assumed area code last", "[survivorship]") {
    People people;
    people.add(model::Kind::Lead, 1).phones = {{"+551133334444", true, false, false}};
    people.add(model::Kind::Lead, 2).phones = {{"+5511988887777", true, false, false},
                                               {"12", false, false, false}};
    people.add(model::Kind::Lead, 3).phones = {{"+5511977776666", true, true, false}};
    CHECK(has(people.golden(), "\"phones\":[\"+5511988887777\",\"+551133334444\",\"+5511977776666\"]"));
    CHECK(has(people.golden(), "\"phones\":[\"r2\",\"r1\",\"r3\"]"));
}

TEST_CASE("of one source the latest word on consent counts, and of two at once the no", "[survivorship]") {
    People people;
    people.add(model::Kind::Lead, 1).consent = {{"whatsapp", false}, {"email", true}};
    people.add(model::Kind::Lead, 2).consent = {{"whatsapp", true}, {"email", false}, {"sms", false}};
    people.add(model::Kind::Lead, 2).consent = {{"sms", true}};
    CHECK(has(people.golden(), "\"consent\":{\"email\":false,\"sms\":false,\"whatsapp\":true}"));
}

TEST_CASE("a no to one source is not taken back by the yes of another", "[survivorship]") {
    People people;
    people.add(model::Kind::Lead, 1, 7).consent = {{"whatsapp", false}, {"email", false}};
    people.add(model::Kind::Lead, 2, 8).consent = {{"whatsapp", true}, {"email", true}, {"sms", true}};
    people.add(model::Kind::Lead, 3, 7).consent = {{"email", true}};
    CHECK(has(people.golden(), "\"consent\":{\"email\":true,\"sms\":true,\"whatsapp\":false}"));
    CHECK(has(people.golden(), "\"consent\":{\"email\":\"r3\",\"sms\":\"r2\",\"whatsapp\":\"r1\"}"));
}

TEST_CASE("each field survives by the rule that is set for it", "[survivorship]") {
    using Rule = Survivorship::Rule;
    People people;
    const auto add = [&](model::Kind kind, std::int64_t at, const char* name, const char* document,
                         const char* birth, const char* phone) {
        auto& customer = people.add(kind, at);
        customer.name = name;
        if (*document) customer.document = model::Document{document, false, true};
        customer.birthDate = birth;
        customer.phones = {{phone, true, false, false}};
    };
    add(model::Kind::Sale, 1, "Maria de Souza", "52998224725", "1980-05-01", "+5511900000001");
    add(model::Kind::Lead, 2, "Maria Souza Lima Prado", "39053344705", "1981-05-01", "+5511900000002");
    add(model::Kind::Lead, 3, "Mari Souza", "39053344705", "1981-05-01", "+5511900000003");
    add(model::Kind::Lead, 4, "Mari Souza", "", "", "+5511900000004");
    const struct {
        Rule rule;
        const char *name, *document, *birth;
    } kRows[] = {{Rule::Fiscal, "Maria de Souza", "52998224725", "1980-05-01"},
                 {Rule::Trusted, "Maria de Souza", "52998224725", "1980-05-01"},
                 {Rule::Frequent, "Mari Souza", "39053344705", "1981-05-01"},
                 {Rule::Latest, "Mari Souza", "39053344705", "1981-05-01"},
                 {Rule::Fullest, "Maria Souza Lima Prado", "39053344705", "1981-05-01"}};
    for (const auto& row : kRows) {
        INFO(static_cast<int>(row.rule));
        Survivorship rules;
        rules.name = rules.document = rules.birthDate = row.rule;
        const std::string golden = people.golden(rules);
        INFO(golden);
        CHECK(has(golden, "\"name\":\"" + std::string(row.name) + '"'));
        CHECK(has(golden, "\"document\":\"" + std::string(row.document) + '"'));
        CHECK(has(golden, "\"birth_date\":\"" + std::string(row.birth) + '"'));
    }
    Survivorship rules;
    CHECK(has(people.golden(rules), "\"phones\":[\"+5511900000004\""));
    rules.phones = Rule::Trusted;
    CHECK(has(people.golden(rules), "\"phones\":[\"+5511900000001\""));
    rules.name = Rule::Trusted;
    rules.trust = {model::Kind::Lead};
    CHECK(has(people.golden(rules), "\"name\":\"Mari Souza\""));
}

TEST_CASE("by what somebody got in touch comes first, and what many people have last", "[survivorship]") {
    People people;
    people.add(model::Kind::Lead, 1).phones = {{"+5511988887777", true, false, false}};
    people.add(model::Kind::Lead, 2).phones = {{"+551140001000", true, false, false}};
    people.add(model::Kind::Customer, 3).phones = {{"+551133334444", true, false, false}};
    people.add(model::Kind::Customer, 3).emails = {{"antigo@example.com", true}};
    people.add(model::Kind::Lead, 1).emails = {{"novo@example.com", true}};
    const Key switchboard = keyOf(KeyKind::Phone, identity::phoneMatchKey("+551140001000"));
    const auto generic = [&](const Key& key) { return key == switchboard; };
    CHECK(has(people.golden({}, generic),
              "\"phones\":[\"+5511988887777\",\"+551133334444\",\"+551140001000\"]"));
    CHECK(has(people.golden(), "\"phones\":[\"+551140001000\",\"+5511988887777\",\"+551133334444\"]"));
    CHECK(has(people.golden(), "\"emails\":[\"novo@example.com\",\"antigo@example.com\"]"));
}

TEST_CASE("the fullest address wins, the later of two equally full", "[survivorship]") {
    People people;
    people.add(model::Kind::Lead, 1).address = model::Address{"", "", "", "", "São Paulo", "SP", "01310100"};
    people.add(model::Kind::Lead, 2).address = model::Address{"", "", "", "", "Campinas", "SP", "13010000"};
    people.add(model::Kind::Lead, 3).address = model::Address{"", "", "", "", "Santos", "", ""};
    CHECK(has(people.golden(), "\"city\":\"Campinas\""));
}

TEST_CASE("a golden record does not depend on the order of its members", "[survivorship]") {
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
