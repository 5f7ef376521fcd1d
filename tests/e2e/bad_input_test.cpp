#include "e2e/documents.hpp"
#include "support/daemon.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>

using namespace trevo::test;
using nlohmann::json;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

const Headers kOlx = {{"Authorization", "olx-secret"}, {"Content-Type", "application/json"}};

Headers with(Headers headers, std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
    return headers;
}

} // namespace

TEST_CASE("bad input gets the precise answer, and what a known sender sent is kept") {
    Daemon daemon;
    const std::string good = olxLead("x-1", "Ana Lima", "11988887777");
    struct Row {
        const char* rule;
        const char* path;
        Headers headers;
        std::string body;
        int status;
        const char* says; // a part of the problem document
        bool kept;
    };
    const Row rows[] = {
        {"unknown integration", "/in/nobody", kOlx, good, 404, "unknown_integration", false},
        {"missing token", "/in/olx", {{"Content-Type", "application/json"}}, good, 401, "bad_token", false},
        {"wrong token",
         "/in/olx",
         {{"Authorization", "guess"}, {"Content-Type", "application/json"}},
         good,
         401,
         "Authorization",
         false},
        {"wrong content type",
         "/in/olx",
         {{"Authorization", "olx-secret"}, {"Content-Type", "text/html"}},
         good,
         415,
         "content_type",
         false},
        {"compressed body", "/in/olx", with(kOlx, "Content-Encoding", "gzip"), good, 415, "content_encoding",
         false},
        {"half a body", "/in/olx", kOlx, good.substr(0, 200), 400, "line", true},
        {"not UTF-8", "/in/olx", kOlx, "{\"name\":\"Jo\xe3o\"}", 400, "", true},
        {"empty object", "/in/olx", kOlx, "{}", 422, "/phone", true},
        {"too deep", "/in/olx", kOlx, std::string(4000, '[') + std::string(4000, ']'), 400, "deep", true},
        {"wrong path token",
         "/in/adf/guess",
         {{"Content-Type", "application/xml"}},
         "<adf/>",
         401,
         "bad_token",
         false},
        {"document type refused",
         "/in/adf/adf-secret",
         {{"Content-Type", "application/xml"}},
         "<?xml version=\"1.0\"?><!DOCTYPE adf [<!ENTITY a \"b\">]><adf>&a;</adf>",
         400,
         "",
         true},
    };
    std::size_t kept = 0;
    for (const auto& row : rows) {
        INFO(row.rule);
        const auto answer = daemon.request("POST", row.path, row.body, row.headers);
        CAPTURE(answer.body);
        CHECK(answer.status == row.status);
        CHECK(answer.header("Content-Type") == "application/problem+json");
        CHECK(answer.body.find(row.says) != std::string::npos);
        CHECK((answer.body.find("\"receipt\"") != std::string::npos) == row.kept);
        kept += row.kept ? 1 : 0;
    }
    const auto dead = json::parse(daemon.get("/v1/dead").body)["items"];
    CHECK(dead.size() == kept);
    CHECK(json::parse(daemon.get("/v1/records").body)["items"].empty());
    CHECK(daemon.pushOlx(good).status == 200);
    CHECK(daemon.log().find("Ana Lima") == std::string::npos);
}

TEST_CASE("a body above the limit is refused before it is read") {
    Daemon daemon;
    const auto answer = daemon.pushOlx("{\"name\":\"" + std::string(3 << 20, 'a') + "\"}");
    CHECK((answer.status == 413 ||
           answer.status == 0)); // the connection may close while the rest is still sent
    CHECK(daemon.request("GET", "/healthz").status == 200);
}

TEST_CASE("bad canonical records are told by field, and a batch takes the good ones") {
    Daemon daemon;
    struct Row {
        const char* rule;
        const char* body;
        int status;
        const char* field;
    };
    const Row rows[] = {
        {"not JSON", "{\"kind\":", 400, ""},
        {"no kind", "{\"customer\":{}}", 422, "/kind"},
        {"unknown kind", "{\"kind\":\"leed\"}", 422, "/kind"},
        {"wrong type", "{\"kind\":\"lead\",\"customer\":{\"name\":{}}}", 422, "/customer/name"},
        {"unknown dealer", "{\"kind\":\"lead\",\"dealer\":\"norte\"}", 422, "/dealer"},
        {"unreadable date",
         "{\"kind\":\"lead\",\"source\":{\"integration\":\"a\",\"occurred_at\":\"ontem\"}}", 422,
         "/source/occurred_at"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        const auto answer = daemon.post("/v1/records", row.body);
        CAPTURE(answer.body);
        CHECK(answer.status == row.status);
        CHECK(answer.body.find(row.field) != std::string::npos);
    }
    const auto mixed = daemon.post(
        "/v1/records", canonicalLead("M-1", "Ana Lima", "(11) 98888-7777") + "\n{\"kind\":\"leed\"}\n{bad\n",
        "application/x-ndjson");
    CHECK(mixed.status == 202);
    const auto receipts = json::parse(mixed.body)["receipts"];
    CHECK(receipts[0]["status"] == "accepted");
    CHECK(receipts[1]["status"] == "refused");
    CHECK(receipts[1]["errors"][0]["place"] == "line 2");
    CHECK(receipts[2]["errors"][0]["place"] == "line 3, column 2");
}

TEST_CASE("a batch that can not be told apart is kept whole, and gets in when it is corrected") {
    Daemon daemon;
    const std::string batch = "[" + canonicalLead("B-1", "Ana Lima", "(11) 98888-7777") + ",\n" +
                              canonicalLead("B-2", "Rui Melo", "(21) 97777-6666");
    const auto refused = daemon.post("/v1/records", batch);
    CAPTURE(refused.body);
    CHECK(refused.status == 400);
    const auto problem = json::parse(refused.body);
    CHECK(problem["errors"][0]["place"].get<std::string>().starts_with("line 2, column "));
    const std::string receipt = problem["receipt"];
    CHECK(json::parse(daemon.cli({"dead", "show", receipt, "--json"}).out)["body"] == batch);
    const auto file = daemon.folder().write("fixed.json", batch + "]");
    REQUIRE(daemon.cli({"dead", "retry", receipt, "--body", file}).exitCode == 0);
    REQUIRE(eventually([&] { return json::parse(daemon.get("/v1/records").body)["items"].size() == 2; }));
    CHECK(json::parse(daemon.get("/v1/dead").body)["items"].empty());
}

TEST_CASE("a dead letter can be corrected and gets in") {
    Daemon daemon;
    const auto bad = daemon.pushOlx("{\"externalId\":\"x-9\"}");
    REQUIRE(bad.status == 422);
    const std::string receipt = json::parse(bad.body)["receipt"];
    const auto file = daemon.folder().write("fixed.json", olxLead("x-9", "Ana Lima", "11988887777"));
    const auto retried = daemon.cli({"dead", "retry", receipt, "--body", file});
    CAPTURE(retried.err);
    CHECK(retried.exitCode == 0);
    REQUIRE(eventually([&] { return json::parse(daemon.get("/v1/records").body)["items"].size() == 1; }));
    CHECK(json::parse(daemon.get("/v1/dead").body)["items"].empty());
    SECTION("and the sender may send the corrected delivery itself under the same id") {
        CHECK(daemon.pushOlx(olxLead("x-9", "Ana Lima", "11988887777")).status == 200);
        REQUIRE(eventually([&] { return daemon.settled(); }));
        CHECK(json::parse(daemon.get("/v1/records").body)["items"].size() == 1);
    }
}

TEST_CASE("an Idempotency-Key with other content is a conflict") {
    Daemon daemon;
    const auto send = [&](const std::string& body) {
        return daemon.request("POST", "/v1/records", body,
                              {{"Authorization", "Bearer " + daemon.token()},
                               {"Content-Type", "application/json"},
                               {"Idempotency-Key", "k-1"}});
    };
    const auto first = send(canonicalLead("I-1", "Ana Lima", "(11) 98888-7777"));
    CHECK(first.status == 202);
    CHECK(send(canonicalLead("I-1", "Ana Lima", "(11) 98888-7777")).body == first.body);
    const auto other = send(canonicalLead("I-2", "Rui Melo", "(11) 98888-0000"));
    CHECK(other.status == 422);
    CHECK(other.body.find("idempotency_key_reused") != std::string::npos);
}

TEST_CASE("a bad line of a table is a dead letter of its own; the others get in, and nothing doubles") {
    Daemon daemon(standardConfig() + R"(
[integrations.drop]
mapping = "drop/leads"
dealers = ["centro", "sul"]
[integrations.drop.auth]
type = "header"
name = "X-Token"
secret = "${cred:olx}"
)");
    const std::string table = "nome;celular;loja\nAna Lima;11988887777;centro\nBia Reis;;sul\n"
                              "Caio Dias;11977776666;norte\nDora Luz;51966665555;sul\n";
    const auto records = [&] { return json::parse(daemon.get("/v1/records").body)["items"]; };
    const auto letters = [&] { return json::parse(daemon.get("/v1/dead").body)["items"]; };
    const auto answer =
        daemon.request("POST", "/in/drop", table, {{"X-Token", "olx-secret"}, {"Content-Type", "text/csv"}});
    CAPTURE(answer.body);
    REQUIRE(answer.status == 200);
    const std::string receipt = json::parse(answer.body)["receipt"];
    REQUIRE(eventually([&] { return records().size() == 2; }));
    REQUIRE(letters().size() == 2);

    std::map<std::string, json> byPlace;
    for (const auto& letter : letters())
        byPlace[letter["reason"]["place"]] = letter;
    REQUIRE(byPlace.contains("line 3"));
    REQUIRE(byPlace.contains("line 4"));
    CHECK(byPlace["line 3"]["reason"]["code"] == "missing_field");
    CHECK(byPlace["line 4"]["reason"]["code"] == "unknown_dealer");
    CHECK(byPlace["line 4"]["parent"] == receipt);
    const auto children = json::parse(daemon.get("/v1/receipts/" + receipt).body)["children"];
    REQUIRE(children.size() == 2);
    CHECK(children[0]["state"] == "dead");

    const std::string letter = byPlace["line 4"]["receipt"];
    const auto shown = json::parse(daemon.cli({"dead", "show", letter, "--json"}).out);
    CHECK(shown["body"] == "nome;celular;loja\nCaio Dias;11977776666;norte\n");
    const auto file = daemon.folder().write("fixed.csv", "nome;celular;loja\nCaio Dias;11977776666;centro\n");
    REQUIRE(daemon.cli({"dead", "retry", letter, "--body", file}).exitCode == 0);
    REQUIRE(eventually([&] { return records().size() == 3; }));
    CHECK(letters().size() == 1);

    SECTION("after a replay") {
        REQUIRE(daemon.post("/v1/replay", "{\"receipts\":[\"" + receipt + "\"]}").status == 200);
    }
    SECTION("after the file is sent again") {
        CHECK(
            daemon
                .request("POST", "/in/drop", table, {{"X-Token", "olx-secret"}, {"Content-Type", "text/csv"}})
                .status == 200);
    }
    REQUIRE(eventually([&] { return daemon.settled(); }));
    CHECK(records().size() == 3);
    CHECK(letters().size() == 1);
}
