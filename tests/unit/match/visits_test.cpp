#include "match/visits.hpp"
#include "unit/match/people.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::match;
using namespace trevo::match::testing;

namespace {

constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kThen = 1'790'000'000;

struct Where {
    const char* name = "RAIMUNDA ZANETTI PEIXOTO";
    const char* phone = "";
    const char* dealer = "centro";
    const char* carModel = "ARGO";
    int year = 2022;
    std::int64_t days = 0; // after the known contact
    const char* plate = "";
    model::Kind kind = model::Kind::Lead;
};

Features contact(const Where& where) {
    Features f = features({where.name, where.phone});
    f.dealer = where.dealer;
    f.model = where.carModel;
    if (where.year != 0) f.modelYear = where.year;
    f.at = kThen + where.days * kDaySeconds;
    f.plate = where.plate;
    f.kind = where.kind;
    return f;
}

// Names as common as most: they alone prove nothing.
Memory someNames() {
    Memory memory;
    memory.named = {{"RAIMUNDA", 60}, {"ZULEICA", 60}, {"ROBERTO", 60}, {"ZANETTI", 60}, {"PEIXOTO", 60}};
    return memory;
}

Decision decide(Memory& memory, const Where& where) {
    return Matcher({}).decide(contact(where), 99, memory);
}

bool says(const Decision& decision, const std::string& feature) {
    return !decision.candidates.empty() &&
           std::any_of(decision.candidates[0].evidence.begin(), decision.candidates[0].evidence.end(),
                       [&](const Evidence& e) { return e.feature == feature; });
}

} // namespace

TEST_CASE("somebody of that name was in touch with the same dealer about the same model", "[score]") {
    struct Row {
        const char* rule;
        Where record;
        Zone zone;
        const char* evidence;
    };
    const Where known{.phone = "1191111222", .plate = "ABC1D23"};
    const Row rows[] = {
        {"next day, another phone",
         {.phone = "1193333444", .days = 1},
         Zone::Link,
         "same_model_and_year_lately"},
        {"the day before: it came late", {.days = -1}, Zone::Link, "same_model_and_year_lately"},
        {"one model year apart", {.year = 2021, .days = 1}, Zone::Link, "same_model_lately"},
        {"no year", {.year = 0, .days = 1}, Zone::Link, "same_model_lately"},
        {"no car: who asks for nothing else at that dealer",
         {.carModel = "", .year = 0},
         Zone::Link,
         "same_dealer_lately"},
        {"the name cut short to two of three",
         {.name = "RAIMUNDA PEIXOTO", .days = 1},
         Zone::Link,
         "same_model_and_year_lately"},
        {"another model", {.carModel = "ONIX", .days = 1}, Zone::New, ""},
        {"the same model, years apart", {.year = 2015, .days = 1}, Zone::New, ""},
        {"another car of the model, as the plates tell", {.days = 1, .plate = "XYZ9A88"}, Zone::New, ""},
        {"another dealer", {.dealer = "norte", .days = 1}, Zone::New, ""},
        {"a month later", {.days = 30}, Zone::New, ""},
        {"a customer extract is no contact", {.days = 1, .kind = model::Kind::Customer}, Zone::New, ""},
        {"another first name", {.name = "ZULEICA ZANETTI PEIXOTO", .days = 1}, Zone::New, ""},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        Memory memory = someNames();
        memory.add(contact(known));
        const Decision decision = decide(memory, row.record);
        CHECK(decision.zone == row.zone);
        if (*row.evidence) CHECK(says(decision, row.evidence));
    }
}

TEST_CASE("a customer extract of somebody was no contact either", "[score]") {
    Memory memory = someNames();
    memory.add(contact({.phone = "1191111222", .carModel = "", .year = 0, .kind = model::Kind::Customer}));
    const Features lead = contact({.phone = "1193333444", .days = 1});
    CHECK(!sameVisit(lead, memory.people_[0].first, *defaultModel(), memory));
    CHECK(!sameDealerLately(lead, memory.people_[0].first));
}

TEST_CASE("the busier the dealer and the commoner the name, the less a contact there tells", "[score]") {
    const auto scoreAt = [](double recordsADay) {
        Memory memory = someNames();
        memory.recordsADay = recordsADay;
        memory.add(contact({.phone = "1191111222"}));
        return decide(memory, {.phone = "1193333444", .days = 1}).candidates.at(0).score;
    };
    CHECK(scoreAt(400) < scoreAt(80));
    CHECK(scoreAt(5) == scoreAt(1)); // none is taken for quieter than the model says

    Memory common;
    common.named = {{"MARIA", 1200}, {"SILVA", 2000}};
    common.add(contact({.name = "MARIA SILVA", .phone = "1191111222"}));
    CHECK(decide(common, {.name = "MARIA SILVA", .phone = "1193333444", .days = 1}).zone != Zone::Link);
}

TEST_CASE("two contacts of one day tell more than two of one week", "[score]") {
    Memory memory = someNames();
    memory.add(contact({}));
    const auto score = [&](std::int64_t days) {
        return decide(memory, {.days = days}).candidates.at(0).score;
    };
    CHECK(score(0) > score(2));
    CHECK(score(2) > score(7));
}

TEST_CASE("beside a shared phone, the same dealer and model say who of the household it is", "[score]") {
    Memory memory = someNames();
    memory.add(contact({.name = "MARIA SOUZA", .phone = kA, .dealer = "norte", .carModel = "GOL"}));
    memory.add(contact({.name = "MARIA LIMA", .phone = kA}));
    CHECK(decide(memory, {.name = "MARIA", .phone = kA, .days = 1}).person == 2);
}

TEST_CASE("a nickname or a slip in the first name is found by the car and the last name", "[candidates]") {
    for (const char* name : {"BETO ZANETTI PEIXOTO", "RO ZANETTI PEIXOTO", "ROBERO ZANETTI PEIXOTO"}) {
        INFO(name);
        Memory memory = someNames();
        memory.add(contact({.name = "ROBERTO ZANETTI PEIXOTO", .phone = "1191111222", .plate = "ABC1D23"}));
        CHECK(decide(memory, {.name = name, .phone = "1193333444", .days = 1, .plate = "ABC1D23"}).person ==
              1);
    }
}

TEST_CASE("a number without its area code is enough where somebody was in touch lately", "[guards]") {
    const auto weakly = [](Where where) {
        Features f = contact(where);
        f.weakPhones = {"98765432"};
        f.phones.clear();
        return f;
    };
    struct Row {
        const char* rule;
        const char* dealer;
        std::int64_t days;
        bool links;
    };
    for (const Row& row : {Row{"days later, at the same dealer", "centro", 3, true},
                           {"weeks later", "centro", 30, false},
                           {"at another dealer", "norte", 3, false}}) {
        INFO(row.rule);
        Memory called; // nobody said a name yet
        called.add(contact({.name = "", .phone = kA, .carModel = "", .year = 0}));
        const Decision decision =
            Matcher({}).decide(weakly({.dealer = row.dealer, .days = row.days}), 9, called);
        CHECK(hasGuard(decision, "no_strong_value") != row.links);
        CHECK((decision.zone == Zone::Link) == row.links);
    }
}
