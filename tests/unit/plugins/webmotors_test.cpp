#include "webmotors/webmotors.hpp"

#include <trevo/testing/fake_host.hpp>

#include <catch2/catch.hpp>

using namespace trevo;
using webmotors::Webmotors;

namespace {

const std::string kApi = "https://wm.test";
const std::string kLogin = kApi + "/oauth/v1/access-token";
const std::string kDetail = kApi + "/lead/v1/leads/9100455?id_tipo_lead=2";
const std::string kCallback =
    R"({"IdLead":"9100455","CodigoCliente":"7712340","Cnpj":"11.222.333/0001-81","IdTipoLead":"2"})";

Config configured(const Settings::Values& changes = {}) {
    Settings::Values values = {{"base_url", kApi},
                               {"client_id", "app"},
                               {"client_secret", "hush"},
                               {"token_path", "/oauth/v1/access-token"},
                               {"token_style", "basic_json"},
                               {"site_product", "false"},
                               {"detail_path", "/lead/v1/leads/{id}?id_tipo_lead={type}"},
                               {"header_style", "access_token"},
                               {"list_path", ""},
                               {"list_date_format", "yyyyMMdd"},
                               {"list_days", "2"},
                               {"list_first_page", "1"},
                               {"list_id_key", "id"},
                               {"list_type_key", "idTipoLead"},
                               {"list_batch", "20"}};
    for (const auto& [name, value] : changes)
        values[name] = value;
    return testing::config(
        Settings(values),
        {{"centro",
          {{"username", "u1"}, {"password", "p1"}, {"code", "7712340"}, {"cnpj", "11222333000181"}}},
         {"norte", {{"username", "u2"}, {"password", "p2"}, {"code", "55"}}}});
}

HttpResponse token(const std::string& text, int seconds = 3600) {
    return {
        201, {}, R"({"access_token":")" + text + R"(","expires_in":)" + std::to_string(seconds) + "}", ""};
}

HttpResponse details(const std::string& body = R"({"id":9100455,"valorProposta":68500.00})") {
    return {200, {{"Content-Type", "application/json; charset=utf-8"}}, body, ""};
}

// A plugin with its fakes, in the order in which they need each other.
struct Bench {
    explicit Bench(const Settings::Values& changes = {}) : config(configured(changes)) {}
    Outcome fetch(const std::string& body) {
        Push push;
        push.body = body;
        return plugin.fetch(push, brought.bring());
    }
    Outcome poll() { return plugin.poll(brought.bring(), next); }
    void keepStates() { // what the host does when the call's documents are committed
        for (const auto& [key, value] : brought.states)
            fake.state[key] = value;
    }

    testing::FakeHost fake;
    const Config config;
    const Host host{fake.raw()};
    Webmotors plugin{config, host};
    testing::Brought brought;
    std::int64_t next = 0;
};

} // namespace

TEST_CASE("An announced lead is fetched with its dealer's user and brought with the announcement's ids") {
    Bench bench;
    bench.fake.answer("POST", kLogin, token("t1"));
    bench.fake.answer("GET", kDetail, details());
    REQUIRE(bench.fetch(kCallback).ok());
    CHECK(bench.fake.surprises.empty());

    const HttpRequest& login = bench.fake.requests.at(0);
    CHECK(headerOf(login.headers, "Authorization") == "Basic YXBwOmh1c2g=");
    CHECK(login.body == R"({"grant_type":"password","password":"p1","username":"u1"})");
    const HttpRequest& ask = bench.fake.requests.at(1);
    CHECK(headerOf(ask.headers, "client_id") == "app");
    CHECK(headerOf(ask.headers, "access_token") == "t1");

    REQUIRE(bench.brought.documents.size() == 1);
    const Document& document = bench.brought.documents.front();
    CHECK(document.role == "lead");
    CHECK(document.dealer == "centro");
    CHECK(document.body == R"({"hint":{"IdLead":"9100455","IdTipoLead":"2"},)"
                           R"("lead":{"id":9100455,"valorProposta":68500.00}})");
    CHECK(document.key.starts_with("webmotors:9100455:2:"));
}

TEST_CASE("The key of a lead changes when its details do and only then") {
    const auto keyOf = [](const std::string& body) {
        Bench bench;
        bench.fake.answer("POST", kLogin, token("t1"));
        bench.fake.answer("GET", kDetail, details(body));
        CHECK(bench.fetch(kCallback).ok());
        return bench.brought.documents.at(0).key;
    };
    CHECK(keyOf(R"({"id":1})") == keyOf(" {\"id\":1}\n"));
    CHECK(keyOf(R"({"id":1})") != keyOf(R"({"id":2})"));
}

TEST_CASE("The token request takes each variant seen") {
    struct Row {
        std::string style, site, body, clientHeader;
        bool basic;
    };
    const auto row = GENERATE(values<Row>({
        {"basic_json", "true",
         R"({"grant_type":"password","integracaoSite":"true","password":"p1","username":"u1"})", "", true},
        {"form", "false", "grant_type=password&client_id=app&client_secret=hush&username=u1&password=p1", "",
         false},
        {"form_client_header", "true", "grant_type=password&username=u1&password=p1&integracaoSite=true",
         "app", false},
    }));
    Bench bench({{"token_style", row.style}, {"site_product", row.site}});
    bench.fake.answer("POST", kLogin, token("t1"));
    bench.fake.answer("GET", kDetail, details());
    REQUIRE(bench.fetch(kCallback).ok());
    const HttpRequest& login = bench.fake.requests.at(0);
    CHECK(login.body == row.body);
    CHECK(headerOf(login.headers, "client_id") == row.clientHeader);
    CHECK(headerOf(login.headers, "Authorization").empty() != row.basic);
}

TEST_CASE("The token travels in the configured header") {
    Bench bench({{"header_style", "bearer"}, {"detail_path", "/leads/v1/{id}"}});
    bench.fake.answer("POST", kLogin, token("t1"));
    bench.fake.answer("GET", kApi + "/leads/v1/9100455", details());
    REQUIRE(bench.fetch(kCallback).ok());
    CHECK(headerOf(bench.fake.requests.at(1).headers, "Authorization") == "Bearer t1");
    CHECK(headerOf(bench.fake.requests.at(1).headers, "client_id").empty());
}

TEST_CASE("A token is kept until a minute before it ends") {
    Bench bench;
    bench.fake.answer("POST", kLogin, token("t1", 600));
    for (int i = 0; i < 2; ++i)
        bench.fake.answer("GET", kDetail, details());
    bench.fake.answer("POST", kLogin, token("t2", 600));
    bench.fake.answer("GET", kDetail, details());
    CHECK(bench.fetch(kCallback).ok());
    bench.fake.nowMicros += 539'000'000;
    CHECK(bench.fetch(kCallback).ok());
    bench.fake.nowMicros += 1'000'000;
    CHECK(bench.fetch(kCallback).ok());
    CHECK(bench.fake.surprises.empty());
    CHECK(bench.fake.finished());
}

TEST_CASE("A kept token that is refused is renewed once") {
    Bench bench;
    bench.fake.answer("POST", kLogin, token("t1"));
    bench.fake.answer("GET", kDetail, {401, {}, "", ""});
    bench.fake.answer("POST", kLogin, token("t2"));
    SECTION("and then the lead comes") {
        bench.fake.answer("GET", kDetail, details());
        CHECK(bench.fetch(kCallback).ok());
    }
    SECTION("and refused again it is the credential's trouble") {
        bench.fake.answer("GET", kDetail, {401, {}, "", ""});
        CHECK(bench.fetch(kCallback).status == TREVO_AUTH);
    }
    CHECK(bench.fake.finished());
}

TEST_CASE("Each trouble with the details ends in the outcome that says what to do") {
    struct Row {
        HttpResponse answer;
        trevo_status status;
        std::string code;
        std::int64_t seconds;
    };
    const auto row = GENERATE(values<Row>({
        {{404, {}, "", ""}, TREVO_RETRY_AFTER, "not_visible_yet", 0},
        {{200, {}, "{}", ""}, TREVO_RETRY_AFTER, "not_visible_yet", 0},
        {{200, {}, "<html>", ""}, TREVO_RETRY_AFTER, "not_json", 0},
        {{429, {{"Retry-After", "30"}}, "", ""}, TREVO_LIMIT, "too_many_requests", 30},
        {{503, {{"Retry-After", "9"}}, "", ""}, TREVO_RETRY_AFTER, "partner_trouble", 9},
        {{0, {}, "", "timed out"}, TREVO_RETRY_AFTER, "no_answer", 0},
        {{400, {}, "", ""}, TREVO_REJECT, "refused_by_partner", 0},
    }));
    Bench bench;
    bench.fake.answer("POST", kLogin, token("t1"));
    bench.fake.answer("GET", kDetail, row.answer);
    const Outcome outcome = bench.fetch(kCallback);
    CHECK(outcome.status == row.status);
    CHECK(outcome.code == row.code);
    CHECK(outcome.retryAfterSeconds == row.seconds);
    CHECK(bench.brought.documents.empty());
}

TEST_CASE("A refused login is the credential's trouble") {
    const int status = GENERATE(400, 401, 403);
    Bench bench;
    bench.fake.answer("POST", kLogin, {status, {}, "{}", ""});
    CHECK(bench.fetch(kCallback).code == "login_refused");
}

TEST_CASE("An announcement finds its dealer by CNPJ in any mask, else by the store's code") {
    struct Row {
        std::string body, dealer, field;
    };
    const auto row = GENERATE(values<Row>({
        {R"({"idLead":9100455,"id_tipo_lead":2,"cnpj":"11222333000181"})", "centro", ""},
        {R"({"IdLead":"9100455","IdTipoLead":"2","Cnpj":11222333000181})", "centro", ""},
        {R"({"IdLead":"9100455","IdTipoLead":"2","CodigoCliente":55})", "norte", ""},
        {R"({"IdLead":"9100455","IdTipoLead":"2","Cnpj":"99.999.999/9999-99","CodigoCliente":"55"})", "norte",
         ""},
        {R"({"IdLead":"9100455","IdTipoLead":"2","Cnpj":"99.999.999/9999-99"})", "", "/Cnpj"},
        {R"({"IdLead":"9100455","IdTipoLead":"2"})", "", "/CodigoCliente"},
    }));
    CAPTURE(row.body);
    Bench bench;
    bench.fake.answer("POST", kLogin, token("t1"));
    bench.fake.answer("GET", kDetail, details());
    const Outcome outcome = bench.fetch(row.body);
    if (row.dealer.empty()) {
        CHECK(outcome.status == TREVO_REJECT);
        CHECK(outcome.code == "unknown_dealer");
        CHECK(outcome.field == row.field);
        CHECK(bench.fake.requests.empty());
    } else {
        REQUIRE(outcome.ok());
        CHECK(bench.brought.documents.at(0).dealer == row.dealer);
    }
}

TEST_CASE("A malformed announcement is rejected with its field") {
    struct Row {
        std::string body, code, field;
    };
    const auto row = GENERATE(values<Row>({
        {"{", "bad_json", ""},
        {"7", "wrong_type", ""},
        {R"({"IdTipoLead":"2"})", "missing_field", "/IdLead"},
        {R"({"IdLead":" ","IdTipoLead":"2"})", "missing_field", "/IdLead"},
        {R"([{"IdLead":1,"IdTipoLead":{}}])", "wrong_type", "/0/IdTipoLead"},
    }));
    Bench bench;
    Outcome outcome;
    try {
        outcome = bench.fetch(row.body);
    } catch (const Stop& stop) {
        outcome = stop.outcome();
    }
    CHECK(outcome.code == row.code);
    CHECK(outcome.field == row.field);
}

TEST_CASE("In an array of announcements one lead's trouble does not hold back the others") {
    Bench bench;
    bench.fake.answer("POST", kLogin, token("t1"));
    bench.fake.answer("GET", kApi + "/lead/v1/leads/1?id_tipo_lead=1", {503, {}, "", ""});
    bench.fake.answer("GET", kApi + "/lead/v1/leads/2?id_tipo_lead=1", details(R"({"id":2})"));
    const Outcome outcome = bench.fetch(
        R"([{"IdLead":1,"IdTipoLead":1,"CodigoCliente":7712340},{"IdLead":2,"IdTipoLead":1,"CodigoCliente":7712340}])");
    CHECK(outcome.status == TREVO_RETRY_AFTER);
    CHECK(bench.brought.documents.size() == 1);
}

TEST_CASE("Without a list path the reconciliation asks nothing") {
    Bench bench;
    CHECK(bench.poll().ok());
    CHECK(bench.fake.requests.empty());
}

TEST_CASE("The list by date brings what no announcement brought, page by page") {
    Bench bench({{"list_path", "/list?de={from}&ate={to}&p={page}"}, {"list_batch", "1"}});
    const std::string list = kApi + "/list?de=20251122&ate=20251124&p=";
    bench.fake.answer("POST", kLogin, token("t1")); // the clock of the fake is 2025-11-24
    bench.fake.answer("GET", kDetail, details());
    REQUIRE(bench.fetch(kCallback).ok());
    bench.keepStates();

    const std::string page1 =
        R"({"total":3,"data":{"content":[{"id":9100455,"idTipoLead":2},{"id":77,"idTipoLead":"1"}]}})";
    const auto round = [&](bool firstOfNorte, const char* lead) {
        bench.fake.answer("GET", list + "1", {200, {}, page1, ""});
        bench.fake.answer("GET", list + "2", {200, {}, R"([{"id":"78","idTipoLead":4}])", ""});
        bench.fake.answer("GET", list + "3", {200, {}, "[]", ""});
        if (lead) bench.fake.answer("GET", kApi + lead, details(R"({"id":1})"));
        if (firstOfNorte) bench.fake.answer("POST", kLogin, token("t2"));
        bench.fake.answer("GET", list + "1", {200, {}, "[]", ""});
        bench.next = 0;
        CHECK(bench.poll().ok());
        bench.keepStates();
        CHECK(bench.fake.surprises.empty());
    };
    round(true, "/lead/v1/leads/77?id_tipo_lead=1");
    CHECK(bench.next == 1); // the batch was used up, so there may be more
    round(false, "/lead/v1/leads/78?id_tipo_lead=4");
    round(false, nullptr);
    CHECK(bench.next == 0);
    CHECK(bench.brought.documents.size() == 3);
}

TEST_CASE("A listed lead in trouble leaves the others alone, a used-up quota ends the round") {
    const int status = GENERATE(503, 429);
    INFO(status);
    Bench bench(Settings::Values{{"list_path", "/list?de={from}"}});
    bench.fake.answer("POST", kLogin, token("t1"));
    bench.fake.answer("GET", kApi + "/list?de=20251122",
                      {200, {}, R"([{"id":"1","idTipoLead":1},{"id":"2","idTipoLead":1}])", ""});
    bench.fake.answer("GET", kApi + "/lead/v1/leads/1?id_tipo_lead=1", {status, {}, "", ""});
    if (status == 503) {
        bench.fake.answer("GET", kApi + "/lead/v1/leads/2?id_tipo_lead=1", details(R"({"id":2})"));
        bench.fake.answer("POST", kLogin, token("t2"));
        bench.fake.answer("GET", kApi + "/list?de=20251122", {200, {}, "[]", ""});
    }
    CHECK(bench.poll().code == (status == 503 ? "partner_trouble" : "too_many_requests"));
    CHECK(bench.brought.documents.size() == (status == 503 ? 1 : 0));
    CHECK(bench.fake.surprises.empty());
    CHECK(bench.fake.finished());
}

TEST_CASE("A configuration in which a lead could not find its dealer is refused") {
    Config config = configured();
    CHECK(Webmotors::check(config).ok());
    config.dealers.push_back({"sul", {{"username", "u"}, {"password", "p"}}});
    CHECK(Webmotors::check(config).field == "code");
    config.dealers.back() = {"sul", {{"cnpj", "1"}, {"username", "u"}}};
    CHECK(Webmotors::check(config).field == "password");
    CHECK(Webmotors::check(configured({{"detail_path", "/leads"}})).field == "detail_path");
}

TEST_CASE("Examining logs every dealer's user in and asks for a lead that nobody has") {
    const std::string nobody = kApi + "/lead/v1/leads/0?id_tipo_lead=2";
    struct Row {
        int status;
        std::vector<std::string> states;
    };
    const auto row = GENERATE(values<Row>({
        {404, {"log_in=good", "clock=good", "details=good", "log_in=failed"}},
        {400, {"log_in=good", "clock=good", "details=good", "log_in=failed"}},
        {403, {"log_in=good", "clock=good", "permission=failed", "log_in=failed"}},
        {503, {"log_in=good", "clock=good", "details=failed", "log_in=failed"}},
    }));
    Bench bench;
    bench.fake.nowMicros = std::int64_t{1'764'000'000} * 1'000'000;
    bench.fake.answer("POST", kLogin, token("t1"));
    bench.fake.answer("GET", nobody, {row.status, {{"Date", "Mon, 24 Nov 2025 16:00:10 GMT"}}, "{}", ""});
    bench.fake.answer("POST", kLogin, {401, {}, "{}", ""});
    testing::Seen seen;
    REQUIRE(bench.plugin.examine(seen.checks()).ok());
    CHECK(seen.states() == row.states);
    CHECK(seen.all.back().dealer == "norte");
    CHECK(bench.fake.surprises.empty());
    CHECK(bench.brought.documents.empty());
}
