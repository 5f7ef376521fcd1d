#include "gate.hpp"

#include "api/access.hpp"
#include "api/routes.hpp"

using namespace trevo;
using namespace trevo::api;
using namespace trevo::api::test;

namespace {

std::string concrete(std::string_view path) {
    std::string text(path);
    if (const auto at = text.find("{id}"); at != std::string::npos) text.replace(at, 4, "x1");
    return text;
}

} // namespace

TEST_CASE("every route that has a scope refuses a caller without a token, with one it does not know, and "
          "without the scope") {
    Gate gate;
    for (const Route& route : routes()) {
        if (route.scope.empty()) continue;
        INFO(route.method << ' ' << route.path);
        const std::string method(route.method), path = concrete(route.path);
        const auto missing = gate.ask(method, path, "");
        CHECK(missing.status == 401);
        CHECK_FALSE(http::find(missing.headers, "WWW-Authenticate").empty());
        CHECK(gate.ask(method, path, "nobody").status == 401);
        CHECK(gate.ask(method, path, "nobody").status == 401); // remembered
        const bool takesSender = route.scope == "records:write" || route.orScope == "records:write";
        CHECK((gate.ask(method, path, "sender").status == 403) == !takesSender);
        if (route.scope == "read") CHECK(gate.ask(method, path, "operator").status != 403);
        if (route.scope == "operate") CHECK(gate.ask(method, path, "reader").status == 403);
        if (route.scope == "admin") CHECK(gate.ask(method, path, "operator").status == 403);
        CHECK(gate.ask(method, path, "admin").status != 403);
    }
}

TEST_CASE("the local socket is the operator of this machine") {
    Gate gate;
    auto request = Gate::request("GET", "/v1/tokens", "");
    request.head.local = true;
    CHECK(std::get<http::Response>(gate.answer(request)).status == 200);
}

TEST_CASE("metrics are open on loopback unless a proxy passed the request on") {
    Gate gate;
    auto request = Gate::request("GET", "/metrics", "");
    CHECK(std::get<http::Response>(gate.answer(request)).status == 401);
    request.head.remoteAddress = "127.0.0.1";
    CHECK(std::get<http::Response>(gate.answer(request)).status == 200);
    request.head.headers.emplace_back("X-Forwarded-For", "203.0.113.9");
    CHECK(std::get<http::Response>(gate.answer(request)).status == 401);
}

TEST_CASE("a token is remembered for a moment, ends when it expires, and at once when it is revoked") {
    Gate gate;
    CHECK(gate.ask("GET", "/v1/people", "reader").status == 200);
    const int reads = gate.store.tokenReads;
    CHECK(gate.ask("GET", "/v1/people", "reader").status == 200);
    CHECK(gate.store.tokenReads == reads);
    SECTION("revoked") {
        CHECK(gate.ask("DELETE", "/v1/tokens/t_reader").status == 200);
        CHECK(gate.ask("GET", "/v1/people", "reader").status == 401);
        CHECK(gate.ask("DELETE", "/v1/tokens/t_reader").status == 409);
    }
    SECTION("expired") {
        for (auto& [hash, token] : gate.store.tokenRows)
            if (token.name == "reader") token.expiresAt = gate.clock.now() + kHour;
        gate.clock.advance(Access::kRemembered + kSecond);
        CHECK(gate.ask("GET", "/v1/people", "reader").status == 200);
        gate.clock.advance(kHour);
        CHECK(gate.ask("GET", "/v1/people", "reader").status == 401);
    }
}

TEST_CASE("a new token is shown once, only its hash is kept, and it works") {
    Gate gate;
    const auto made =
        gate.ask("POST", "/v1/tokens", "admin", R"({"name":"crm","scopes":["read"],"dealers":["sul"]})");
    REQUIRE(made.status == 201);
    const std::string secret = Json::parse(made.body)["token"];
    CHECK(secret.size() == 47);
    CHECK(secret.starts_with("trv_"));
    CHECK(gate.store.tokenRows.count(std::string(asView(sha256(secret)))) == 1);
    CHECK(gate.ask("GET", "/v1/tokens").body.find(secret) == std::string::npos);
    CHECK(gate.ask("GET", "/v1/people", secret.substr(4)).status == 200);

    SECTION("nobody hands out more than they hold") {
        CHECK(gate.ask("POST", "/v1/tokens", "sul-admin", R"({"name":"x","scopes":["read"]})").status == 403);
        CHECK(
            gate.ask("POST", "/v1/tokens", "sul-admin", R"({"name":"x","scopes":["read"],"dealers":["sul"]})")
                .status == 201);
    }
    SECTION("what is wrong with a request for one is named") {
        const std::pair<const char*, const char*> rows[] = {
            {R"({"scopes":["read"]})", "/name"},
            {R"({"name":"x","scopes":["all"]})", "/scopes"},
            {R"({"name":"x","scopes":[]})", "/scopes"},
            {R"({"name":"x","scopes":["read"],"expires_at":"2020-01-01T00:00:00Z"})", "/expires_at"},
            {R"({"name":"x","scopes":["read"],"dealer":["a"]})", "/dealer"},
            {R"({"name":7,"scopes":["read"]})", "/name"},
            {"[1]", ""},
            {R"({"name":)", ""},
        };
        for (const auto& [body, field] : rows) {
            INFO(body);
            const auto answer = gate.ask("POST", "/v1/tokens", "admin", body);
            CHECK(answer.status == 400);
            CHECK(Json::parse(answer.body)["errors"][0]["field"] == field);
        }
    }
}

TEST_CASE("a token of one dealer finds nothing of the others, and is not told that it exists") {
    Gate gate;
    gate.addRecord(1, "centro", "lead", gate.deliver("{}"));
    gate.addRecord(2, "sul");
    CHECK(gate.json("/v1/records", "sul")["items"].size() == 1);
    CHECK(gate.json("/v1/negotiations", "sul")["items"].size() == 1);
    for (const char* path :
         {"/v1/records/r1", "/v1/people/p1", "/v1/negotiations/n1", "/v1/explain/r1", "/v1/explain/p1"}) {
        INFO(path);
        CHECK(gate.ask("GET", path, "sul").status == 404);
        CHECK(gate.ask("GET", path, "reader").status == 200);
    }
    CHECK(gate.ask("GET", "/v1/trace/r1", "sul-admin").status == 404);
    CHECK(gate.ask("POST", "/v1/people/p2/merge", "sul-admin", R"({"with":"p1"})").status == 404);
    CHECK(gate.ask("POST", "/v1/integrations/olx/poll", "sul-admin").status == 404);
    CHECK(gate.json("/v1/integrations", "sul")["items"].size() == 1);
    CHECK(gate.json("/v1/integrations", "sul")["items"][0]["dealers"] == Json::parse(R"(["sul"])"));
    const Uuid dead = gate.deliver("bad", "olx", true);
    CHECK(gate.ask("GET", "/v1/dead/" + dead.text(), "sul-admin").status == 404);
    CHECK(gate.json("/v1/dead", "sul-admin")["items"].empty());
}

TEST_CASE("who read whom is audited") {
    Gate gate;
    for (int i = 1; i <= 4; ++i)
        gate.addRecord(i == 4 ? 9 : i, "centro");
    gate.json("/v1/people/p1", "reader");
    gate.json("/v1/people", "reader");
    gate.json("/v1/records/r2", "reader");
    const std::vector<std::string> expected = {"reader getPerson p1", "reader listPeople p1-p3,p9",
                                               "reader getRecord p2"};
    CHECK(gate.daemon.audited == expected);
}
