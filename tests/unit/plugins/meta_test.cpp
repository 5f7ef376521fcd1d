#include "meta/meta.hpp"

#include "meta/notification.hpp"

#include <trevo/partner.hpp>
#include <trevo/testing/fake_host.hpp>

#include <catch2/catch.hpp>

using namespace trevo;

namespace {

std::string announced(const std::string& value) {
    return R"({"entry":[{"id":"77","changes":[{"field":"leadgen","value":)" + value + "}]}]}";
}

// "lead@page/form …", then the code and field of the worst rejection.
std::string reading(const std::string& body) {
    Outcome worst = Outcome::done();
    std::string out;
    const Outcome whole = partner::outcomeOf([&] {
        for (const auto& hint : meta::readNotification(body, worst))
            out += hint.leadId + '@' + hint.pageId + '/' + hint.formId + ' ';
        return Outcome::done();
    });
    partner::keepWorse(worst, whole);
    return out + (worst.ok() ? "" : worst.code + ' ' + worst.field);
}

Dealer dealer(const std::string& id, const std::string& pages, const std::string& forms) {
    Settings::Values values = {{"pages", pages}, {"page_token", "t"}};
    if (!forms.empty()) values["forms"] = forms;
    return {id, Settings(values)};
}

} // namespace

TEST_CASE("An announcement is read id by id, and what is wrong with one holds back no other") {
    struct Row {
        const char* rule;
        std::string body, expected;
    };
    const auto row = GENERATE(values<Row>({
        {"ids as text", announced(R"({"leadgen_id":"1","page_id":"78","form_id":"9"})"), "1@78/9 "},
        {"ids as numbers keep their digits", announced(R"({"leadgen_id":18446744073709551615})"),
         "18446744073709551615@77/"},
        {"the page of the entry", announced(R"({"leadgen_id":"1"})"), "1@77/ "},
        {"no lead", announced(R"({"page_id":"78"})"), "missing_field /entry/0/changes/0/value/leadgen_id"},
        {"a path for an id", announced(R"({"leadgen_id":"../me"})"),
         "missing_field /entry/0/changes/0/value/leadgen_id"},
        {"an id that is too long", announced("{\"leadgen_id\":\"" + std::string(33, '1') + "\"}"),
         "missing_field /entry/0/changes/0/value/leadgen_id"},
        {"an id of another type", announced(R"({"leadgen_id":[1]})"),
         "missing_field /entry/0/changes/0/value/leadgen_id"},
        {"a form that is no id", announced(R"({"leadgen_id":"1","form_id":"x/y"})"), "1@77/ "},
        {"a value that is none", announced("7"), "wrong_type /entry/0/changes/0/value"},
        {"no value", R"({"entry":[{"id":"77","changes":[{"field":"leadgen"}]}]})",
         "wrong_type /entry/0/changes/0/value"},
        {"another field", R"({"entry":[{"changes":[{"field":"feed"},7,{"field":1}]}]})", ""},
        {"an entry without changes",
         R"({"entry":[{"id":"77"},{"id":"78","changes":[{"field":"leadgen","value":{"leadgen_id":"2"}}]}]})",
         "2@78/ wrong_type /entry/0/changes"},
        {"an entry that is none", R"({"entry":[7]})", "wrong_type /entry/0/changes"},
        {"no entries", R"({"object":"page"})", "wrong_type /entry"},
        {"a list", "[]", "wrong_type /entry"},
        {"no JSON", "leadgen", "bad_json "},
    }));
    INFO(row.rule);
    const std::string got = reading(row.body);
    CHECK(got.substr(0, row.expected.size()) == row.expected);
    CHECK(got.size() <= row.expected.size() + 1);
}

TEST_CASE("A page and form find their dealer") {
    const std::vector<Dealer> dealers = {dealer("centro", "1\n2", ""), dealer("norte", "2", "20\n21"),
                                         dealer("sul", "3", "30")};
    struct Row {
        const char *rule, *page, *form, *dealer;
    };
    for (const Row& row : {Row{"the page's only dealer", "1", "10", "centro"},
                           {"the dealer that names the form", "2", "21", "norte"},
                           {"another form of a shared page is who names none", "2", "29", "centro"},
                           {"a new form of a page of one dealer", "3", "31", "sul"},
                           {"no form", "2", "", "centro"},
                           {"an unknown page", "4", "30", ""}}) {
        INFO(row.rule);
        const Dealer* found = meta::dealerOf(row.page, row.form, dealers);
        CHECK((found ? found->id : "") == row.dealer);
    }
    const std::vector<Dealer> split = {dealer("a", "5", "50"), dealer("b", "5", "51")};
    CHECK(meta::dealerOf("5", "59", split) == nullptr);
}

TEST_CASE("Settings that would mix up dealers are refused") {
    const auto fieldOf = [](std::vector<Dealer> dealers) {
        return meta::Meta::check({"meta", {}, std::move(dealers)}).field;
    };
    CHECK(fieldOf({dealer("a", "5", ""), dealer("b", "5", "51")}).empty());
    CHECK(fieldOf({dealer("a", "5", ""), dealer("b", "5", "")}) == "forms");
    CHECK(fieldOf({dealer("a", "5", "50"), dealer("b", "6", "50")}) == "forms");
    CHECK(fieldOf({dealer("a", "minha-pagina", "")}) == "pages");
    CHECK(fieldOf({dealer("a", "", "")}) == "pages");
    CHECK(fieldOf({}) == "dealers");
}

TEST_CASE("The memory of fetched leads forgets the oldest and stays below the limit of a state") {
    meta::Fetched fetched("");
    for (int i = 0; i < 5'000; ++i)
        fetched.add(std::to_string(10'000'000'000'000'000 + i));
    fetched.add("10000000000004999");
    CHECK_FALSE(fetched.has("10000000000003499"));
    CHECK(fetched.has("10000000000003500"));
    CHECK(fetched.text().size() < 64 * 1024);
    const meta::Fetched again(fetched.text());
    CHECK(again.text() == fetched.text());
    CHECK_FALSE(again.changed());
    CHECK(meta::Fetched("  7  8 ").text() == "7 8");
}

TEST_CASE("An error of the Graph API says what to do") {
    struct Row {
        const char* rule;
        int status;
        const char* body;
        trevo_status expected;
    };
    for (const Row& row :
         {Row{"a limit of the page", 400, R"({"error":{"code":32}})", TREVO_LIMIT},
          {"a limit of lead ads", 400, R"({"error":{"code":80005}})", TREVO_LIMIT},
          {"a token that ended", 401, R"({"error":{"code":190}})", TREVO_AUTH},
          {"a permission that lacks", 400, R"({"error":{"code":200}})", TREVO_AUTH},
          {"a lead that is not there", 400, R"({"error":{"code":100,"error_subcode":33}})", TREVO_REJECT},
          {"a passing trouble", 400, R"({"error":{"code":1,"is_transient":true}})", TREVO_RETRY_AFTER},
          {"trouble that says it passes", 400, R"({"error":{"code":99,"is_transient":true}})",
           TREVO_RETRY_AFTER},
          {"a server's page", 502, "<html>", TREVO_RETRY_AFTER},
          {"an error that is none", 500, R"({"error":"x"})", TREVO_RETRY_AFTER},
          {"a code that is none", 500, R"({"error":{"code":"190"}})", TREVO_RETRY_AFTER},
          {"too many", 429, "", TREVO_LIMIT},
          {"no answer", 0, "", TREVO_RETRY_AFTER}}) {
        INFO(row.rule);
        CHECK(meta::troubleOf({row.status, {}, row.body, ""}).status == row.expected);
    }
    const auto pause = [](const char* usage) {
        return meta::troubleOf({400, {{"x-business-use-case-usage", usage}}, R"({"error":{"code":4}})", ""})
            .retryAfterSeconds;
    };
    CHECK(pause(R"({"1":[{"estimated_time_to_regain_access":3},{"estimated_time_to_regain_access":2}]})") ==
          180);
    CHECK(pause(R"({"1":[{"estimated_time_to_regain_access":9223372036854775807}]})") == 86'400);
    CHECK(pause("[[[") == 900);
    CHECK(pause(R"({"1":7})") == 900);
}

TEST_CASE(
    "Examining looks at the token, the page's subscription, the forms and the clock, and changes nothing") {
    const std::string graph = "https://graph.test/v24.0/";
    const std::string leads = graph +
                              "9/leads?fields=id&limit=100&filtering=%5B%7B%22field%22%3A%22time_created%22%"
                              "2C%22operator%22%3A%22GREATER_THAN%22%2C%22value%22%3A1764000000%7D%5D&access_"
                              "token=t";
    const std::string told = R"({"data":[{"id":"5","subscribed_fields":["feed","leadgen"]}]})";
    struct Row {
        const char* rule;
        HttpResponse page, applications, leads; // status 0: not asked
        std::vector<std::string> states;
    };
    const HttpResponse good{200, {{"Date", "Mon, 24 Nov 2025 16:00:00 GMT"}}, "{}", ""};
    const HttpResponse list{200, {}, R"({"data":[]})", ""};
    for (const Row& row : {Row{"all is well",
                               good,
                               {200, {}, told, ""},
                               list,
                               {"clock=good", "log_in=good", "subscription=good", "permission=good"}},
                           {"a page that tells nobody",
                            good,
                            {200, {}, R"({"data":[{"subscribed_fields":["feed"]},7,{}]})", ""},
                            list,
                            {"clock=good", "log_in=good", "subscription=failed", "permission=good"}},
                           {"what may not be seen is no mistake, what may not be read is",
                            good,
                            {403, {}, R"({"error":{"code":200}})", ""},
                            {403, {}, R"({"error":{"code":10}})", ""},
                            {"clock=good", "log_in=good", "subscription=unknown", "permission=failed"}},
                           {"a token that ended",
                            {401, {}, R"({"error":{"code":190}})", ""},
                            {},
                            {401, {}, R"({"error":{"code":190}})", ""},
                            {"log_in=failed", "permission=failed"}},
                           {"no way out", {0, {}, "", "no route"}, {}, {}, {"log_in=failed"}}}) {
        INFO(row.rule);
        testing::FakeHost fake;
        const Config config = testing::config(
            Settings({{"base_url", "https://graph.test"}, {"api_version", "v24.0"}, {"fields", "id"}}),
            {{"centro", {{"pages", "1"}, {"page_token", "t"}, {"forms", "9"}}}});
        const Host host(fake.raw());
        meta::Meta plugin(config, host);
        fake.answer("GET", graph + "1?fields=id&access_token=t", row.page);
        if (row.applications.status != 0)
            fake.answer("GET", graph + "1/subscribed_apps?access_token=t", row.applications);
        if (row.leads.status != 0) fake.answer("GET", leads, row.leads);
        testing::Seen seen;
        CHECK(plugin.examine(seen.checks()).ok());
        CHECK(seen.states() == row.states);
        CHECK(fake.surprises.empty());
        CHECK(fake.finished());
        CHECK(fake.state.empty());
        for (const auto& check : seen.all)
            CHECK((check.detail + check.advice).find("access_token") == std::string::npos);
    }
}
