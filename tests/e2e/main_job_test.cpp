#include "e2e/answers.hpp"
#include "e2e/documents.hpp"
#include "support/daemon.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace trevo::test;
using nlohmann::json;

namespace {

std::vector<json> lines(const std::string& text) {
    std::vector<json> all;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        all.push_back(json::parse(line));
    return all;
}

} // namespace

TEST_CASE("a lead that a portal pushes becomes one person and one negotiation, whichever portals it comes "
          "through") {
    Daemon daemon;
    const auto olx = daemon.pushOlx(olxLead("olx-1", "MARIA DE SOUZA", "11998765432"));
    CHECK(olx.status == 200);
    const std::string receipt = json::parse(olx.body)["responseId"];

    const auto adf =
        daemon.request("POST", "/in/adf/adf-secret", adfLead("PX-1", "Maria de Souza", "(11) 99876-5432"),
                       {{"Content-Type", "application/x-adf+xml"}});
    CHECK(adf.status == 200);
    const auto crm = daemon.post("/v1/records", canonicalLead("A-1", "Maria Souza", "+55 11 99876-5432"));
    CHECK(crm.status == 202);
    const bool stored = eventually([&] { return items(daemon.get("/v1/records")).size() == 3; });
    INFO(daemon.get("/v1/records").body);
    INFO(daemon.get("/v1/receipts").body);
    REQUIRE(stored);

    const auto people = items(daemon.get("/v1/people"));
    REQUIRE(people.size() == 1);
    CHECK(people[0].dump().find("Maria de Souza") != std::string::npos);

    SECTION("the receipt leads back to the raw bytes and forward to the record") {
        const auto trace = daemon.get("/v1/trace/" + receipt);
        REQUIRE(trace.status == 200);
        CHECK(trace.body.find("Ainda tem?") != std::string::npos);
        CHECK(trace.body.find("olx-secret") == std::string::npos);
        // The journal's own state may lag behind the store's.
        CHECK(eventually(
            [&] { return json::parse(daemon.get("/v1/receipts/" + receipt).body)["state"] == "done"; }));
    }
    SECTION("the same bytes again change nothing and get the same receipt") {
        const auto again = daemon.pushOlx(olxLead("olx-1", "MARIA DE SOUZA", "11998765432"));
        CHECK(again.status == 200);
        CHECK(json::parse(again.body)["responseId"] == receipt);
        const auto repeated =
            daemon.post("/v1/records", canonicalLead("A-1", "Maria Souza", "+55 11 99876-5432"));
        CHECK(json::parse(repeated.body)["receipt"] == json::parse(crm.body)["receipt"]);
        REQUIRE(eventually([&] { return daemon.settled(); }));
        CHECK(items(daemon.get("/v1/records")).size() == 3);
    }
    SECTION("the same external id with other content is an update of that record") {
        daemon.post("/v1/records", canonicalLead("A-1", "Maria de Souza Lima", "+55 11 99876-5432"));
        REQUIRE(eventually([&] {
            const auto records = items(daemon.get("/v1/records?integration=crm"));
            return records.size() == 1 && records[0]["revision"] == 2;
        }));
    }
    SECTION("it is found by phone in any mask, and by name") {
        CHECK(items(daemon.get("/v1/people?search=11998765432")).size() == 1);
        CHECK(items(daemon.get("/v1/people?search=maria%20souza")).size() == 1);
        CHECK(items(daemon.get("/v1/people?search=11900000000")).empty());
    }
    SECTION("why it matched can be read") {
        const auto records = items(daemon.get("/v1/records?integration=crm"));
        const auto explained = daemon.cli({"explain", records[0]["id"].get<std::string>()});
        CHECK(explained.exitCode == 0);
        CHECK(explained.out.find("phone_equal") != std::string::npos);
    }
    SECTION("merge and unmerge are exact") {
        daemon.post("/v1/records", canonicalLead("B-1", "João Pereira", "(51) 99123-4567"));
        REQUIRE(eventually([&] { return items(daemon.get("/v1/people")).size() == 2; }));
        const auto before = daemon.get("/v1/people").body;
        const auto two = items(daemon.get("/v1/people"));
        const std::string keep = two[0]["id"];
        const std::string lose = two[1]["id"];
        CHECK(daemon.cli({"merge", keep, lose, "--reason", "same customer"}).exitCode == 0);
        CHECK(items(daemon.get("/v1/people")).size() == 1);
        CHECK(json::parse(daemon.get("/v1/people/" + lose).body)["id"] == keep);
        CHECK(daemon.cli({"unmerge", lose}).exitCode == 0);
        CHECK(daemon.get("/v1/people").body == before);
    }
}

TEST_CASE("a batch of canonical records gets a receipt each and is exported one line a record") {
    Daemon daemon;
    std::string batch;
    for (int i = 0; i < 500; ++i) {
        const std::string phone = "119" + std::to_string(81000000 + i * 7919 % 9000000);
        batch += canonicalLead("N-" + std::to_string(i), "Cliente Numero " + std::to_string(i), phone) + "\n";
    }
    const auto answer = daemon.post("/v1/records", batch, "application/x-ndjson");
    CHECK(answer.status == 202);
    CHECK(json::parse(answer.body)["receipts"].size() == 500);
    REQUIRE(eventually([&] { return daemon.settled(); }));

    const auto exported = daemon.cli({"export", "records", "--format", "ndjson"});
    REQUIRE(exported.exitCode == 0);
    const auto rows = lines(exported.out);
    REQUIRE(rows.size() == 500);
    for (const char* key :
         {"record_id", "kind", "integration", "external_id", "person_id", "negotiation_id", "received_at"}) {
        CHECK(rows[0].contains(key));
    }
    CHECK(rows[0]["integration"] == "crm");

    SECTION("the change feed resumes where a reader stopped") {
        std::string after = "0";
        std::size_t seen = 0;
        while (true) {
            const auto page = json::parse(daemon.get("/v1/events?limit=400&after=" + after).body);
            if (page["items"].empty()) break;
            seen += page["items"].size();
            after = std::to_string(page["items"].back()["sequence"].get<long>());
        }
        const auto last =
            json::parse(daemon.get("/v1/events?limit=1&after=" + std::to_string(seen - 1)).body);
        CHECK(last["items"].size() == 1);
        CHECK(seen >= 1000); // a record, a person and a negotiation each, at least
    }
}

TEST_CASE("a token sees its own dealers and does what its scopes allow") {
    Daemon daemon;
    daemon.post("/v1/records", canonicalLead("C-1", "Ana Lima", "(11) 98888-7777"));
    REQUIRE(eventually([&] { return items(daemon.get("/v1/records")).size() == 1; }));
    const auto sul = daemon.newToken({"--scope", "read", "--dealer", "sul"});
    const auto as = [&](const std::string& method, const std::string& path) {
        return daemon.request(method, path, "", {{"Authorization", "Bearer " + sul}});
    };
    CHECK(json::parse(as("GET", "/v1/records").body)["items"].empty());
    CHECK(as("GET", "/v1/records/r1").status == 404);
    CHECK(as("POST", "/v1/records").status == 403);
    CHECK(as("GET", "/v1/tokens").status == 403);
    CHECK(daemon.request("GET", "/v1/records").status == 401);
    CHECK(daemon.request("GET", "/healthz").status == 200);
}
