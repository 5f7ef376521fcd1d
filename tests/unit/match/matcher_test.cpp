#include "unit/match/people.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::match;
using namespace trevo::match::testing;

TEST_CASE("one known person against one record: who is linked, reviewed, new", "[score]") {
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
         {"MARIA", kA, kOtherCpf},
         Zone::Review,
         "two_valid_documents"},
        {"a second document beside an equal full name and phone is disputed",
         {"MARIA SOUZA", kA, kCpf},
         {"MARIA SOUZA", kA, kOtherCpf},
         Zone::Link,
         "two_valid_documents"},
        {"a nameless call on the phone of one person", {"MARIA SOUZA", kA}, {"", kA}, Zone::Link, ""},
        {"a name for who only called so far", {"", kA}, {"MARIA SOUZA", kA}, Zone::Link, ""},
        {"an assumed area code links beside a name",
         {"MARIA SOUZA", kA},
         {"MARIA SOUZA", kA, "", "", "", "", "", true},
         Zone::Link,
         ""},
        {"an assumed area code is never the only link",
         {"MARIA SOUZA", kA},
         {"", kA, "", "", "", "", "", true},
         Zone::Review,
         "no_strong_value"},
        {"an assumed area code on the other side neither",
         {"", kA, "", "", "", "", "", true},
         {"MARIA SOUZA", kA},
         Zone::Review,
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
        {"the same car beside an equal full name",
         {"MARIA SOUZA", "", "", "", "", "", "ABC1D23"},
         {"MARIA SOUZA", "", "", "", "", "", "ABC1D23"},
         Zone::Link,
         ""},
        {"the same car alone finds nobody",
         {"MARIA SOUZA", "", "", "", "", "", "ABC1D23"},
         {"", kA, "", "", "", "", "ABC1D23"},
         Zone::New,
         ""},
        {"an equal name alone finds nobody",
         {"MARIA SOUZA", "1133334444"},
         {"MARIA SOUZA", "1144445555"},
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
        CHECK(decision.model == defaultModel()->version);
    }
}

TEST_CASE("the same car raises the score of a compatible name", "[score]") {
    Memory people;
    people.add(features({"MARIA SOUZA", kA, "", "", "", "", "ABC1D23"}));
    const Features with = features({"MARIA", kA, "", "", "", "", "ABC1D23"});
    const Features without = features({"MARIA", kA});
    CHECK(Matcher({}).decide(with, 9, people).candidates[0].score >
          Matcher({}).decide(without, 9, people).candidates[0].score);
}

TEST_CASE("whether a sale that names no buyer is of who asked for the car lately is a question for a human",
          "[zones]") {
    constexpr std::int64_t kDaySeconds = 86'400;
    struct Row {
        const char* rule;
        Person known;
        std::int64_t after; // days
        bool asked;
    };
    for (const auto& row : {Row{"last week", {"MARIA SOUZA", kA, "", "", "", "", "ABC1D23"}, 7, true},
                            Row{"long ago", {"MARIA SOUZA", kA, "", "", "", "", "ABC1D23"}, 90, false},
                            Row{"another car", {"MARIA SOUZA", kA, "", "", "", "", "XYZ9A87"}, 7, false},
                            Row{"who never said a name", {"", kA, "", "", "", "", "ABC1D23"}, 7, false}}) {
        CAPTURE(row.rule);
        Memory people;
        Features known = features(row.known), sale = features({"", "", kCpf, "", "", "", "ABC1D23"});
        sale.kind = model::Kind::Sale;
        known.at = 100 * kDaySeconds;
        sale.at = known.at + row.after * kDaySeconds;
        people.add(known);
        const Decision decision = Matcher({}).decide(sale, 9, people);
        CHECK((decision.zone == Zone::Review) == row.asked);
        CHECK(decision.person == 0);
    }
}

TEST_CASE("a phone counts less the more people use it, and a generic one links nobody", "[score]") {
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

TEST_CASE("what the settings know to be generic is dropped", "[features]") {
    Settings settings;
    settings.genericDocuments = {kCnpj};
    settings.genericPhones = {kA};
    settings.genericEmails = {"loja@example.com"};
    Features f = features({"AUTO PECAS", kA, kCnpj, "loja@example.com"});
    dropGeneric(f, settings);
    CHECK(f == features({"AUTO PECAS"}));
}

TEST_CASE("two candidates in conflict are shown and nobody is linked", "[zones]") {
    Memory people;
    people.add(features({"MARIA SOUZA", "1111112222", kCpf}));
    people.add(features({"MARIA SOUZA", "1133334444", kOtherCpf}));
    Features both = features({"MARIA SOUZA", "1111112222"});
    both.phones.insert("1133334444");
    const Decision decision = Matcher({}).decide(both, 9, people);
    CHECK(decision.zone == Zone::Review);
    CHECK(decision.person == 0);
    CHECK(decision.merges.empty());
    REQUIRE(decision.candidates.size() == 2);
    CHECK(decision.candidates[0].score == decision.candidates[1].score);
}

TEST_CASE("the same evidence counts less in a larger store", "[score]") {
    Memory people;
    people.add(features({"MARIA SOUZA", "", "", "", "", "1980-05-01"}));
    const Features record = features({"MARIA SOUZA", "", "", "", "", "1980-05-01"});
    double last = 100;
    for (const double size : {60'000.0, 600'000.0, 6'000'000.0, 60'000'000.0}) {
        people.size = size;
        people.named = {{"MARIA", size * 0.06}, {"SOUZA", size * 0.04}};
        const double score = Matcher({}).decide(record, 9, people).candidates[0].score;
        CHECK(score < last);
        last = score;
    }
    CHECK(Matcher({}).decide(record, 9, people).zone != Zone::Link);
}

TEST_CASE("a rare name says more than a common one", "[score]") {
    Memory people;
    people.named = {{"MARIA", 1200}, {"SOUZA", 800}};
    people.add(features({"MARIA SOUZA", kA}));
    people.add(features({"WANDERLEIA TRZECIAK", "1133334444"}));
    const double common = Matcher({}).decide(features({"MARIA SOUZA", kA}), 9, people).candidates[0].score;
    const double rare =
        Matcher({}).decide(features({"WANDERLEIA TRZECIAK", "1133334444"}), 9, people).candidates[0].score;
    CHECK(rare > common + 0.5);
}

TEST_CASE("a generic phone links beside the same name or ad for three days only", "[generic]") {
    constexpr std::int64_t kDaySeconds = 86'400;
    struct Row {
        const char* rule;
        const char* name;
        const char* ad;
        std::int64_t days;
        bool linked;
    };
    for (const auto& row :
         {Row{"same name, same day", "WANDERLEIA TRZECIAK", "", 0, true},
          Row{"same ad, no name", "", "A1", 1, true},
          Row{"same name, a week later", "WANDERLEIA", "", 7, false},
          Row{"another ad, no name", "", "A2", 0, false}, Row{"another name", "JOAO REIS", "A1", 0, false}}) {
        CAPTURE(row.rule);
        Memory people;
        Features known = features({"WANDERLEIA TRZECIAK", kA});
        known.at = 1'000 * kDaySeconds;
        known.adId = "A1";
        people.add(known);
        people.generic = {keyOf(KeyKind::Phone, kA)};
        Features record = features({row.name, kA});
        record.at = known.at + row.days * kDaySeconds;
        record.adId = row.ad;
        CHECK((Matcher({}).decide(record, 9, people).person == 1) == row.linked);
    }
}

TEST_CASE("a candidate that a guard forbids does not stand in the way of another", "[candidates]") {
    Memory people;
    people.add(features({"JOAO SOUZA", kA}));
    people.add(features({"MARIA SOUZA", kA}));
    const Decision decision = Matcher({}).decide(features({"MARIA SOUZA", kA}), 9, people);
    CHECK(decision.zone == Zone::Link);
    CHECK(decision.person == 2);
}

TEST_CASE("a nameless call on a shared phone goes provisionally to the holder in touch at the nearest time",
          "[zones]") {
    constexpr std::int64_t kDaySeconds = 86'400;
    struct Row {
        const char* rule;
        std::int64_t first, second, call; // days
        PersonId expected;
    };
    for (const auto& row : {Row{"the first was in touch that day", 100, 60, 100, 1},
                            Row{"the second was in touch that week", 100, 203, 200, 2},
                            Row{"both alike: the older person", 100, 100, 100, 1}}) {
        CAPTURE(row.rule);
        Memory people;
        Features first = features({"JOAO SOUZA", kA});
        Features second = features({"MARIA SOUZA", kA});
        Features call = features({"", kA});
        first.at = row.first * kDaySeconds;
        second.at = row.second * kDaySeconds;
        call.at = row.call * kDaySeconds;
        people.add(first);
        people.add(second);
        const Decision decision = Matcher({}).decide(call, 9, people);
        CHECK(decision.person == row.expected);
    }
}

TEST_CASE(
    "a nameless call without its area code is kept with the only holder of the number, in touch about then",
    "[zones]") {
    constexpr std::int64_t kDaySeconds = 86'400;
    struct Row {
        const char* rule;
        std::int64_t call; // days after the holder was in touch
        bool second;       // another one has the number, in another area
        PersonId expected;
    };
    for (const auto& row : {Row{"that week", 5, false, 1}, Row{"two months later", 60, false, 0},
                            Row{"one of two", 5, true, 0}}) {
        CAPTURE(row.rule);
        Memory people;
        Features holder = features({"JOAO SOUZA", kA});
        holder.at = 100 * kDaySeconds;
        people.add(holder);
        if (row.second) people.add(features({"MARIA LIMA", "2198765432"}));
        Features call = features({"", kA + 2, "", "", "", "", "", true});
        call.at = holder.at + row.call * kDaySeconds;
        const Decision decision = Matcher({}).decide(call, 9, people);
        CHECK(decision.zone == Zone::Review);
        CHECK(decision.person == row.expected);
        CHECK(hasGuard(decision, "no_strong_value"));
    }
}

TEST_CASE("a human's word outranks every score", "[guards]") {
    Memory people;
    people.add(features({"MARIA SOUZA", kA, kCpf}));
    people.forbidden = {{1, 9}};
    const Decision decision = Matcher({}).decide(features({"MARIA SOUZA", kA, kCpf}), 9, people);
    CHECK(decision.zone == Zone::Review);
    CHECK(decision.person == 0);
    CHECK(hasGuard(decision, "cannot_link"));
}

TEST_CASE("the score is the prior plus the weights, and the notes hold no value", "[score][explanation]") {
    Memory people;
    people.add(features({"MARIA SOUZA", kA, kCpf, "m@example.com", "", "1980-05-01", "ABC1D23"}));
    const Decision decision = Matcher({}).decide(
        features({"MARIA SOUZA", kA, kCpf, "m@example.com", "", "1980-05-01", "ABC1D23"}), 9, people);
    REQUIRE(decision.candidates.size() == 1);
    double sum = 0;
    for (const auto& evidence : decision.candidates[0].evidence) {
        sum += evidence.weight;
        for (const char* value : {"MARIA", kA, kCpf, "m@example", "1980", "ABC1D23"})
            CHECK(evidence.note.find(value) == std::string::npos);
    }
    CHECK(sum == Approx(decision.candidates[0].score));
}

TEST_CASE("a value of ever so many people costs no more than one of few", "[candidates]") {
    // So many are looked at, however many have the birth date and first name (which then find nobody), the
    // car or the phone.
    const auto lookedAt = [](int people, const Person& who) {
        Memory crowd;
        for (int i = 0; i < people; ++i)
            crowd.add(features(who));
        Matcher({}).decide(features(who), 9'999, crowd);
        return crowd.looked.size();
    };
    const auto& limits = defaultModel()->limits;
    const auto some = static_cast<int>(limits.keyPeople);
    CHECK(lookedAt(3, {"MARIA SOUZA", "", "", "", "", "1980-05-01"}) == 3);
    CHECK(lookedAt(some + 1, {"MARIA SOUZA", "", "", "", "", "1980-05-01"}) == 0);
    for (const Person& who : {Person{"MARIA SOUZA", kA}, Person{"MARIA SOUZA", "", kCpf},
                              Person{"MARIA SOUZA", "", "", "m@example.com"},
                              Person{"MARIA SOUZA", kA, kCpf, "m@example.com", "", "1980-05-01", "ABC1D23"}})
        CHECK(static_cast<double>(lookedAt(1000, who)) <= limits.candidates);
}

TEST_CASE("a slip or another order does not hide somebody", "[candidates]") {
    struct Row {
        const char* rule;
        Person known, record;
    };
    const Row rows[] = {
        {"first and last name swapped, the same birth date",
         {"KEMA RYAN", "", "", "", "", "1988-12-14"},
         {"RYAN KEMA", "", "", "", "", "1988-12-14"}},
        {"a digit of the document missing", {"AMY GAFAROER", "", "5233098"}, {"HMY GAFAROER", "", "533098"}},
        {"a digit of a CPF missing", {"ANA LIMA", "", "38561123400"}, {"ANA LIMA", "", "3856112340"}},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        const auto unchecked = [](const Person& person) {
            Features f = features(person);
            f.badDocument = std::move(f.document);
            f.document.clear();
            return f;
        };
        Memory memory;
        memory.add(unchecked(row.known));
        CHECK(Matcher({}).decide(unchecked(row.record), 99, memory).person == 1);
    }
}

TEST_CASE("at most five candidates are kept, the best first", "[candidates]") {
    Memory people;
    for (const char* phone :
         {"1111110001", "1111110002", "1111110003", "1111110004", "1111110005", "1111110006"})
        people.add(features({"MARIA SOUZA", phone}));
    Features all = features({"MARIA SOUZA"});
    for (const auto& [profile, keys] : people.people_)
        all.phones.insert(profile.phones.begin(), profile.phones.end());
    const Decision decision = Matcher({}).decide(all, 9, people);
    REQUIRE(decision.candidates.size() == 5);
    CHECK(decision.candidates[0].person == 1);
}

TEST_CASE("a profile does not depend on the order of its records and stays bounded", "[order]") {
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

TEST_CASE("features take only what is sound", "[features]") {
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
