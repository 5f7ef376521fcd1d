#include "match/match.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

using namespace trevo;
using namespace trevo::match;

namespace {

// People in memory; the index is a walk over them.
class Memory final : public CandidateSource {
  public:
    PersonId add(const Features& features) {
        Profile profile;
        profile.id = static_cast<PersonId>(people.size()) + 1;
        absorb(profile, features);
        people.push_back({profile, keysOf(features)});
        return profile.id;
    }
    void also(PersonId person, const Features& features) {
        auto& [profile, keys] = people[static_cast<std::size_t>(person) - 1];
        absorb(profile, features);
        for (const auto& key : keysOf(features))
            keys.push_back(key);
    }
    std::vector<PersonId> personsWith(const Key& key, std::size_t limit) override {
        std::vector<PersonId> found;
        for (const auto& [profile, keys] : people) {
            if (found.size() < limit && std::find(keys.begin(), keys.end(), key) != keys.end())
                found.push_back(profile.id);
        }
        return found;
    }
    Profile profile(PersonId id) override { return people[static_cast<std::size_t>(id) - 1].first; }
    Recency recency(PersonId id) override { return recencies[id]; }
    bool cannotLink(PersonId person, std::int64_t record) override {
        return forbidden.contains({person, record});
    }

    std::vector<std::pair<Profile, std::vector<Key>>> people;
    std::map<PersonId, Recency> recencies;
    std::set<std::pair<PersonId, std::int64_t>> forbidden;
};

struct Person {
    const char* name = "";
    const char* phone = "";
    const char* document = "";
    const char* email = "";
    const char* suffix = "";
    const char* birthDate = "";
    const char* plate = "";
    bool weakPhone = false;
};

Features features(const Person& person) {
    Features f;
    std::istringstream in(person.name);
    for (std::string token; in >> token;)
        f.nameTokens.push_back(token);
    if (*person.phone) (person.weakPhone ? f.weakPhones : f.phones).insert(person.phone);
    f.document = person.document;
    f.company = f.document.size() == 14;
    if (*person.email) f.emails.insert(person.email);
    f.nameSuffix = person.suffix;
    f.birthDate = person.birthDate;
    f.plate = person.plate;
    return f;
}

bool hasGuard(const Decision& decision, const std::string& guard) {
    return std::any_of(decision.candidates.begin(), decision.candidates.end(), [&](const Candidate& c) {
        return std::find(c.guards.begin(), c.guards.end(), guard) != c.guards.end();
    });
}

constexpr const char* kA = "1198765432";
constexpr const char* kCpf = "52998224725";
constexpr const char* kOtherCpf = "39053344705";
constexpr const char* kCnpj = "11444777000161";

} // namespace

TEST_CASE("one known person against one record: who is linked, reviewed, new") {
    struct Row {
        const char* rule;
        Person known, record;
        Zone zone;
        const char* guard;
    };
    const Row rows[] = {
        {"equal document, no name", {"MARIA SOUZA", "", kCpf}, {"", "", kCpf}, Zone::Link, ""},
        {"equal document outranks another first name",
         {"MARIA SOUZA", "", kCpf},
         {"JOAO", "", kCpf},
         Zone::Link,
         ""},
        {"phone and equal name", {"MARIA SOUZA", kA}, {"MARIA SOUZA", kA}, Zone::Link, ""},
        {"phone and a part of the name", {"MARIA LIMA SOUZA", kA}, {"MARIA SOUZA", kA}, Zone::Link, ""},
        {"phone and abbreviated name", {"MARIA SOUZA", kA}, {"M SOUZA", kA}, Zone::Link, ""},
        {"phone and swapped name", {"MARIA SOUZA", kA}, {"SOUZA MARIA", kA}, Zone::Link, ""},
        {"phone and first name", {"MARIA SOUZA", kA}, {"MARIA", kA}, Zone::Link, ""},
        {"phone and another surname is unclear", {"MARIA SOUZA", kA}, {"MARIA LIMA", kA}, Zone::Review, ""},
        {"phone and another first name is somebody else",
         {"MARIA SOUZA", kA},
         {"JOAO SOUZA", kA},
         Zone::New,
         "incompatible_names"},
        {"e-mail and equal name",
         {"MARIA SOUZA", "", "", "m@example.com"},
         {"MARIA SOUZA", "", "", "m@example.com"},
         Zone::Link,
         ""},
        {"two valid documents are two people",
         {"MARIA SOUZA", kA, kCpf},
         {"MARIA SOUZA", kA, kOtherCpf},
         Zone::Review,
         "two_valid_documents"},
        {"a nameless call on the phone of one person", {"MARIA SOUZA", kA}, {"", kA}, Zone::Link, ""},
        {"a name for who only called so far", {"", kA}, {"MARIA SOUZA", kA}, Zone::Link, ""},
        {"an assumed area code is never the only link",
         {"MARIA SOUZA", kA},
         {"MARIA SOUZA", kA, "", "", "", "", "", true},
         Zone::Review,
         "no_strong_value"},
        {"an assumed area code on the other side neither",
         {"MARIA SOUZA", kA, "", "", "", "", "", true},
         {"MARIA SOUZA", kA},
         Zone::Review,
         "no_strong_value"},
        {"nor without a name",
         {"MARIA SOUZA", kA},
         {"", kA, "", "", "", "", "", true},
         Zone::New,
         "no_strong_value"},
        {"a son is not his father",
         {"JOSE SILVA", kA},
         {"JOSE SILVA", kA, "", "", "FILHO"},
         Zone::Review,
         "generational_suffix"},
        {"a father is not his son",
         {"JOSE SILVA", kA, "", "", "FILHO"},
         {"JOSE SILVA", kA},
         Zone::Review,
         "generational_suffix"},
        {"a first name tells nothing of the suffix",
         {"JOSE SILVA", kA, "", "", "FILHO"},
         {"JOSE", kA},
         Zone::Link,
         ""},
        {"an equal document outranks the suffix",
         {"JOSE SILVA", "", kCpf},
         {"JOSE SILVA", "", kCpf, "", "FILHO"},
         Zone::Link,
         ""},
        {"birth dates that differ",
         {"MARIA SOUZA", kA, "", "", "", "1980-05-01"},
         {"MARIA SOUZA", kA, "", "", "", "1999-01-01"},
         Zone::Review,
         "different_birth_dates"},
        {"a company is not its buyer",
         {"AUTO PECAS", kA, kCnpj},
         {"MARIA SOUZA", kA},
         Zone::New,
         "company_against_person"},
        {"a nameless call on the phone of a company", {"AUTO PECAS", kA, kCnpj}, {"", kA}, Zone::Link, ""},
        {"nothing in common", {"MARIA SOUZA", kA}, {"MARIA SOUZA", "2133334444"}, Zone::New, ""},
        {"a plate alone finds nobody",
         {"MARIA SOUZA", "", "", "", "", "", "ABC1D23"},
         {"MARIA SOUZA", "", "", "", "", "", "ABC1D23"},
         Zone::New,
         ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.rule);
        Memory people;
        const PersonId known = people.add(features(row.known));
        const Decision decision = Matcher({}).decide(features(row.record), 9, people);
        CHECK(static_cast<int>(decision.zone) == static_cast<int>(row.zone));
        CHECK(decision.person == (row.zone == Zone::Link ? known : 0));
        if (*row.guard) CHECK(hasGuard(decision, row.guard));
        CHECK(decision.model == "strong-keys/1");
    }
}

TEST_CASE("the same car raises the score of a compatible name") {
    Memory people;
    people.add(features({"MARIA SOUZA", kA, "", "", "", "", "ABC1D23"}));
    const Features with = features({"MARIA", kA, "", "", "", "", "ABC1D23"});
    const Features without = features({"MARIA", kA});
    CHECK(Matcher({}).decide(with, 9, people).candidates[0].score >
          Matcher({}).decide(without, 9, people).candidates[0].score);
}

TEST_CASE("a phone counts less the more people use it, and a generic one links nobody") {
    Memory people;
    people.add(features({"MARIA SOUZA", kA}));
    double last = 100;
    for (const char* name : {"JOAO DIAS", "RUI REIS", "ANA LIMA", "ZECA LUZ"}) {
        const Decision decision = Matcher({}).decide(features({"MARIA SOUZA", kA}), 9, people);
        CHECK(decision.zone == Zone::Link);
        CHECK(decision.candidates[0].score < last);
        last = decision.candidates[0].score;
        people.add(features({name, kA}));
    }
    CHECK(Matcher({}).decide(features({"MARIA SOUZA", kA}), 9, people).zone == Zone::Link);
    people.add(features({"CAIO SA", kA}));
    CHECK(Matcher({}).decide(features({"MARIA SOUZA", kA}), 9, people).zone == Zone::New);
}

TEST_CASE("what the settings know to be generic is dropped") {
    Settings settings;
    settings.genericDocuments = {kCnpj};
    settings.genericPhones = {kA};
    settings.genericEmails = {"loja@example.com"};
    Features f = features({"AUTO PECAS", kA, kCnpj, "loja@example.com"});
    dropGeneric(f, settings);
    CHECK(f == features({"AUTO PECAS"}));
}

TEST_CASE("two candidates within the margin are shown and nobody is linked") {
    Memory people;
    people.add(features({"MARIA SOUZA", "1111112222"}));
    people.add(features({"MARIA SOUZA", "1133334444"}));
    Features both = features({"MARIA SOUZA", "1111112222"});
    both.phones.insert("1133334444");
    const Decision decision = Matcher({}).decide(both, 9, people);
    CHECK(decision.zone == Zone::Review);
    CHECK(decision.person == 0);
    REQUIRE(decision.candidates.size() == 2);
    CHECK(decision.candidates[0].score == decision.candidates[1].score);
}

TEST_CASE("a candidate that a guard forbids does not stand in the way of another") {
    Memory people;
    people.add(features({"JOAO SOUZA", kA}));
    people.add(features({"MARIA SOUZA", kA}));
    const Decision decision = Matcher({}).decide(features({"MARIA SOUZA", kA}), 9, people);
    CHECK(decision.zone == Zone::Link);
    CHECK(decision.person == 2);
}

TEST_CASE("a nameless call on a shared phone goes provisionally to the holder with an open negotiation, seen "
          "last") {
    struct Row {
        const char* rule;
        Recency first, second;
        PersonId expected;
    };
    for (const auto& row :
         {Row{"open negotiation", {true, 1}, {false, 9}, 1}, Row{"seen last", {false, 1}, {false, 9}, 2},
          Row{"both open, seen last", {true, 1}, {true, 9}, 2}}) {
        CAPTURE(row.rule);
        Memory people;
        people.add(features({"JOAO SOUZA", kA}));
        people.add(features({"MARIA SOUZA", kA}));
        people.recencies = {{1, row.first}, {2, row.second}};
        const Decision decision = Matcher({}).decide(features({"", kA}), 9, people);
        CHECK(decision.zone == Zone::Review);
        CHECK(decision.person == row.expected);
        const auto chosen = std::find_if(decision.candidates.begin(), decision.candidates.end(),
                                         [&](const auto& c) { return c.person == row.expected; });
        REQUIRE(chosen != decision.candidates.end());
        CHECK(chosen->evidence.back().feature == "provisional");
    }
}

TEST_CASE("a human's word outranks every score") {
    Memory people;
    people.add(features({"MARIA SOUZA", kA, kCpf}));
    people.forbidden = {{1, 9}};
    const Decision decision = Matcher({}).decide(features({"MARIA SOUZA", kA, kCpf}), 9, people);
    CHECK(decision.zone == Zone::Review);
    CHECK(decision.person == 0);
    CHECK(hasGuard(decision, "cannot_link"));
}

TEST_CASE("the score is the prior plus the weights, and the notes hold no value") {
    Memory people;
    people.add(features({"MARIA SOUZA", kA, kCpf, "m@example.com", "", "1980-05-01", "ABC1D23"}));
    const Decision decision = Matcher({}).decide(
        features({"MARIA SOUZA", kA, kCpf, "m@example.com", "", "1980-05-01", "ABC1D23"}), 9, people);
    REQUIRE(decision.candidates.size() == 1);
    double sum = -2.0;
    for (const auto& evidence : decision.candidates[0].evidence) {
        sum += evidence.weight;
        for (const char* value : {"MARIA", kA, kCpf, "m@example", "1980", "ABC1D23"})
            CHECK(evidence.note.find(value) == std::string::npos);
    }
    CHECK(sum == Approx(decision.candidates[0].score));
}

TEST_CASE("at most five candidates are kept, the best first") {
    Memory people;
    for (const char* phone :
         {"1111110001", "1111110002", "1111110003", "1111110004", "1111110005", "1111110006"})
        people.add(features({"MARIA SOUZA", phone}));
    Features all = features({"MARIA SOUZA"});
    for (const auto& [profile, keys] : people.people)
        all.phones.insert(profile.phones.begin(), profile.phones.end());
    const Decision decision = Matcher({}).decide(all, 9, people);
    REQUIRE(decision.candidates.size() == 5);
    CHECK(decision.candidates[0].person == 1);
}

TEST_CASE("a profile does not depend on the order of its records and stays bounded") {
    std::vector<Features> records;
    for (int i = 0; i < 200; ++i) {
        Features f;
        f.phones.insert("11" + std::to_string(90'000'000 + i * 7919 % 1000));
        f.nameTokens = {"NOME", std::to_string(i)};
        records.push_back(f);
    }
    Profile forth, back;
    for (const auto& f : records)
        absorb(forth, f);
    std::for_each(records.rbegin(), records.rend(), [&](const auto& f) { absorb(back, f); });
    CHECK(forth == back);
    CHECK(forth.phones.size() == kProfileValues);
    CHECK(forth.names.size() == kProfileValues);
}

TEST_CASE("features take only what is sound") {
    model::Record record;
    record.customer.name = "José da Silva Filho";
    record.customer.document = model::Document{"11111111111", false, false};
    record.customer.phones = {{"+5511998765432", true, false, false},
                              {"+5511988887777", true, true, false},
                              {"999", false, false, false}};
    record.customer.emails = {{"jose.silva+x@gmail.com", true}, {"x", false}};
    record.customer.handles = {{"whatsapp", "abc"}, {"olx", ""}};
    record.callPhone = model::Phone{"+5511988887777", true, false, false};
    const Features f = featuresOf(record);
    CHECK(f.document.empty());
    CHECK(f.phones == std::set<std::string>{"1188887777", "1198765432"});
    CHECK(f.weakPhones.empty()); // the call told the area code
    CHECK(f.emails == std::set<std::string>{"josesilva@gmail.com"});
    CHECK(f.handles == std::set<std::string>{"whatsapp:abc"});
    CHECK(f.nameTokens == std::vector<std::string>{"JOSE", "SILVA"});
    CHECK(f.nameSuffix == "FILHO");
}
