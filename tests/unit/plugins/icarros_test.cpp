#include "icarros/icarros.hpp"

#include <trevo/testing/fake_host.hpp>

#include <catch2/catch.hpp>

using namespace trevo;
using icarros::Icarros;

namespace {

const std::string kLogin = "https://login.test/token";
const std::string kLeads = "https://ic.test/rest/dealerservice/dealer/901/leads/";

Config configured(const Settings::Values& changes = {}) {
    Settings::Values values = {{"base_url", "https://ic.test/rest"},
                               {"token_url", kLogin},
                               {"grant", "refresh_token"},
                               {"client_id", "app"},
                               {"client_secret", "hush"},
                               {"scope", ""},
                               {"refresh_token", "r0"},
                               {"leads_path", "/dealerservice/dealer/{dealer}/leads/{from}"},
                               {"calls_path", ""},
                               {"date_format", "yyyyMMdd"},
                               {"overlap_days", "1"},
                               {"start_date", ""}};
    for (const auto& [name, value] : changes)
        values[name] = value;
    return testing::config(Settings(values), {{"centro", {{"code", "901"}}}});
}

HttpResponse token(const std::string& text, const std::string& refresh = "") {
    return {200,
            {},
            R"({"access_token":")" + text + R"(","expires_in":300,"refresh_token":")" + refresh + "\"}",
            ""};
}
HttpResponse json(const std::string& body) {
    return {200, {{"Content-Type", "application/json"}}, body, ""};
}

struct Bench {
    explicit Bench(const Settings::Values& changes = {}) : config(configured(changes)) {}
    Outcome poll() {
        std::int64_t next = 0;
        Outcome outcome = plugin.poll(brought.bring(), next);
        for (const auto& [key, value] : brought.states)
            fake.state[key] = value;
        return outcome;
    }

    testing::FakeHost fake; // its clock stands at 2025-11-24
    const Config config;
    const Host host{fake.raw()};
    Icarros plugin{config, host};
    testing::Brought brought;
};

} // namespace

TEST_CASE("Each person of an answer becomes a document of its own, its bytes the key") {
    const std::string body =
        GENERATE(R"([{"userId":1,"leads":[{"id":5}]},{"userId":2,"leads":[]}])",
                 R"({"data":[{"userId":1,"leads":[{"id":5}]},{"userId":2,"leads":[]}]})");
    CAPTURE(body);
    Bench bench;
    bench.fake.answer("POST", kLogin, token("a1"));
    bench.fake.answer("GET", kLeads + "20251123", json(body));
    CHECK(bench.poll().ok());
    REQUIRE(bench.brought.documents.size() == 2);
    const Document& first = bench.brought.documents.front();
    CHECK(first.body == R"([{"userId":1,"leads":[{"id":5}]}])");
    CHECK(first.key.empty());
    CHECK(first.role == "leads");
    CHECK(first.dealer == "centro");
    CHECK(headerOf(bench.fake.requests.at(1).headers, "Authorization") == "Bearer a1");
}

TEST_CASE("The cursor moves with each answer and the next question reaches back by the overlap") {
    Bench bench({{"start_date", "2025-10-01"}, {"overlap_days", "3"}});
    bench.fake.answer("POST", kLogin, token("a1"));
    bench.fake.answer("GET", kLeads + "20251001", json("[]"));
    bench.fake.answer("GET", kLeads + "20251121", {503, {}, "", ""});
    bench.fake.answer("GET", kLeads + "20251121", json("[]"));
    CHECK(bench.poll().ok());
    CHECK(bench.poll().status == TREVO_RETRY_AFTER);
    CHECK(bench.poll().ok());
    CHECK(bench.fake.surprises.empty());
    CHECK(bench.fake.state["leads_until/centro"] == "2025-11-24");
}

TEST_CASE("A rotated refresh token is kept and used for the next login, also after a restart") {
    Bench bench;
    bench.fake.answer("POST", kLogin, token("a1", "r1"));
    bench.fake.answer("GET", kLeads + "20251123", json("[]"));
    CHECK(bench.poll().ok());
    bench.fake.nowMicros += 271'000'000; // 300 s of life less the margin
    bench.fake.answer("POST", kLogin, token("a2", "r2"));
    bench.fake.answer("GET", kLeads + "20251123", json("[]"));
    Icarros restarted(bench.config, bench.host);
    std::int64_t next = 0;
    CHECK(restarted.poll(bench.brought.bring(), next).ok());
    CHECK(bench.fake.requests.at(2).body ==
          "grant_type=refresh_token&client_id=app&client_secret=hush&refresh_token=r1");
    CHECK(bench.fake.surprises.empty());
}

TEST_CASE("A new refresh token in the settings replaces the kept one") {
    Bench old;
    old.fake.answer("POST", kLogin, token("a1", "r1"));
    old.fake.answer("GET", kLeads + "20251123", json("[]"));
    CHECK(old.poll().ok());
    Bench bench(Settings::Values{{"refresh_token", "fresh"}});
    bench.fake.accounts = old.fake.accounts;
    bench.fake.answer("POST", kLogin, token("a2"));
    bench.fake.answer("GET", kLeads + "20251123", json("[]"));
    CHECK(bench.poll().ok());
    CHECK(bench.fake.requests.at(0).body.ends_with("refresh_token=fresh"));
}

TEST_CASE("A redirect or 401 means the token: it is renewed once, then it is the credential's trouble") {
    const int status = GENERATE(302, 303, 401);
    Bench bench;
    bench.fake.answer("POST", kLogin, token("a1"));
    bench.fake.answer("GET", kLeads + "20251123", {status, {{"Location", "https://login.test"}}, "", ""});
    bench.fake.answer("POST", kLogin, token("a2"));
    bench.fake.answer("GET", kLeads + "20251123", {status, {}, "", ""});
    CHECK(bench.poll().code == "token_refused");
    CHECK(bench.fake.finished());
    CHECK(bench.brought.states.empty());
}

TEST_CASE("The other grants send what they need") {
    struct Row {
        Settings::Values settings;
        std::string body;
    };
    const auto row = GENERATE(values<Row>({
        {{{"grant", "password"}, {"username", "u"}, {"password", "p&"}, {"scope", "anunciantepj"}},
         "grant_type=password&client_id=app&client_secret=hush&username=u&password=p%26&scope=anunciantepj"},
        {{{"grant", "client_credentials"}}, "grant_type=client_credentials&client_id=app&client_secret=hush"},
    }));
    Bench bench(row.settings);
    bench.fake.answer("POST", kLogin, {400, {}, "{}", ""});
    CHECK(bench.poll().code == "login_refused");
    CHECK(bench.fake.requests.at(0).body == row.body);
}

TEST_CASE("Trouble with the leads does not hold back the calls") {
    Bench bench(Settings::Values{{"calls_path", "/dealerservice/dealer/{dealer}/calls"}});
    bench.fake.answer("POST", kLogin, token("a1"));
    bench.fake.answer("GET", kLeads + "20251123", {200, {}, "<html>", ""});
    bench.fake.answer("GET", "https://ic.test/rest/dealerservice/dealer/901/calls", json(R"([{"id":7}])"));
    CHECK(bench.poll().code == "not_json");
    REQUIRE(bench.brought.documents.size() == 1);
    CHECK(bench.brought.documents.front().role == "calls");
}

TEST_CASE("An answer nested without end is refused before it can hurt") {
    Bench bench;
    bench.fake.answer("POST", kLogin, token("a1"));
    bench.fake.answer("GET", kLeads + "20251123",
                      json(std::string(500'000, '[') + std::string(500'000, ']')));
    CHECK(bench.poll().code == "too_deep");
}

TEST_CASE("A configuration that can not work is refused with the setting's name") {
    CHECK(Icarros::check(configured()).ok());
    struct Row {
        Settings::Values settings;
        std::string field;
    };
    const auto row = GENERATE(values<Row>({
        {{{"refresh_token", ""}}, "refresh_token"},
        {{{"grant", "password"}}, "username"},
        {{{"start_date", "01/10/2025"}}, "start_date"},
        {{{"leads_path", "/leads"}}, "leads_path"},
    }));
    CHECK(Icarros::check(configured(row.settings)).field == row.field);
}

TEST_CASE("Examining logs in and asks what a poll asks, without moving the cursor") {
    Bench bench(Settings::Values{{"calls_path", "/dealerservice/dealer/{dealer}/calls"}});
    bench.fake.nowMicros = std::int64_t{1'764'000'000} * 1'000'000;
    bench.fake.answer("POST", kLogin, token("a1"));
    bench.fake.answer("GET", kLeads + "20251124",
                      {200, {{"Date", "Mon, 24 Nov 2025 18:00:00 GMT"}}, "[]", ""});
    bench.fake.answer("GET", kLeads.substr(0, kLeads.rfind("/leads")) + "/calls", {403, {}, "", ""});
    testing::Seen seen;
    REQUIRE(bench.plugin.examine(seen.checks()).ok());
    CHECK(seen.states() ==
          std::vector<std::string>{"log_in=good", "clock=failed", "leads=good", "calls=failed"});
    CHECK(seen.all[1].detail == "this machine's clock is 7200 s behind the partner's");
    CHECK(bench.fake.surprises.empty());
    CHECK(bench.fake.state.empty());
}

TEST_CASE("Examining a login that is refused says what to renew") {
    Bench bench;
    bench.fake.answer("POST", kLogin, {400, {}, "{}", ""});
    testing::Seen seen;
    REQUIRE(bench.plugin.examine(seen.checks()).ok());
    CHECK(seen.states() == std::vector<std::string>{"log_in=failed"});
    CHECK(seen.all[0].advice.find("renew the consent") == 0);
}
