#include "gate.hpp"

#include <set>

using namespace trevo;
using namespace trevo::api;
using namespace trevo::api::test;

TEST_CASE("cursors lead to the end without a gap or a repeat, in both orders and while rows arrive") {
    Gate gate;
    for (int i = 1; i <= 23; ++i)
        gate.addRecord(i, i % 2 == 0 ? "centro" : "sul");
    struct Row {
        const char* target;
        const char* token;
        std::size_t expected;
    };
    const Row rows[] = {{"/v1/records?limit=5", "reader", 24},
                        {"/v1/records?limit=1&order=newest", "reader", 23},
                        {"/v1/records?limit=1000", "reader", 23},
                        {"/v1/records?limit=4", "sul", 12},
                        {"/v1/people?limit=7", "reader", 24}};
    for (const Row& row : rows) {
        INFO(row.target << ' ' << row.token);
        Gate fresh;
        fresh.store.recordRows = gate.store.recordRows;
        fresh.store.personRows = gate.store.personRows;
        std::set<std::string> seen;
        std::size_t total = 0, pages = 0;
        Json next = row.target;
        while (!next.is_null()) {
            const Json page = fresh.json(next.get<std::string>(), row.token);
            for (const Json& item : page["items"]) {
                CHECK(seen.insert(item["id"].get<std::string>()).second);
                ++total;
            }
            if (++pages == 1 && std::string(row.target).find("limit=1") == std::string::npos)
                fresh.addRecord(24, "centro"); // arrives between two pages
            next = page["next"];
        }
        CHECK(total == row.expected);
    }
}

TEST_CASE("a per-kind path shows its kind only, and bodies are embedded, not escaped") {
    Gate gate;
    gate.addRecord(1, "centro", "lead");
    gate.addRecord(2, "centro", "call");
    const Json calls = gate.json("/v1/calls");
    REQUIRE(calls["items"].size() == 1);
    CHECK(calls["items"][0]["record"]["customer"]["name"] == "Zoë");
    CHECK(calls["items"][0]["received_at"] == "1970-01-01T00:00:00Z");
}

TEST_CASE("with Accept: application/x-ndjson a page is a line an item and a Link to the next") {
    Gate gate;
    for (int i = 1; i <= 3; ++i)
        gate.addRecord(i, "centro");
    const auto page =
        gate.ask("GET", "/v1/records?limit=2", "reader", "", {{"Accept", "application/x-ndjson"}});
    CHECK(std::count(page.body.begin(), page.body.end(), '\n') == 2);
    CHECK(Json::parse(page.body.substr(0, page.body.find('\n')))["record_id"] == "r1");
    CHECK(http::find(page.headers, "Link").starts_with("</v1/records?limit=2&cursor="));
}

TEST_CASE("a receipt tells the state, the records that the caller may see, or the reason") {
    Gate gate;
    const Uuid good = gate.deliver("{}"), bad = gate.deliver("bad", "olx", true);
    gate.addRecord(1, "centro", "lead", good);
    CHECK(gate.json("/v1/receipts/" + good.text(), "sender")["records"][0]["record_id"] == "r1");
    CHECK(gate.json("/v1/receipts/" + good.text(), "sul")["records"].empty());
    const Json dead = gate.json("/v1/receipts/" + bad.text());
    CHECK(dead["state"] == "dead");
    CHECK(dead["delivery"]["reason"]["field"] == "/phone");
    CHECK(gate.ask("GET", "/v1/receipts/nothing").status == 404);
    CHECK(gate.ask("GET", "/v1/receipts/" + Uuid{}.text()).status == 404);
}

TEST_CASE("a trace shows the raw bytes, in base64 when they are no text") {
    Gate gate;
    const Uuid binary = gate.deliver(std::string("\xff\x00\x01", 3));
    const Json trace = gate.json("/v1/trace/" + binary.text());
    CHECK(trace["delivery"]["body_encoding"] == "base64");
    CHECK(fromBase64(trace["delivery"]["body"].get<std::string>()) == std::string("\xff\x00\x01", 3));
    gate.addRecord(1, "centro", "lead", gate.deliver("é"));
    gate.store.addEvent("centro", "r1");
    gate.store.addEvent("centro", "r2");
    const Json record = gate.json("/v1/trace/r1");
    CHECK(record["delivery"]["body"] == "é");
    CHECK(record["records"][0]["decisions"].size() == 1);
    CHECK(record["events"].size() == 1);
}

TEST_CASE("a dead letter can be retried with a corrected body, or dropped, once") {
    Gate gate;
    const Uuid one = gate.deliver("bad", "olx", true), two = gate.deliver("worse", "olx", true);
    CHECK(gate.json("/v1/dead")["items"].size() == 2);
    CHECK(gate.json("/v1/dead?limit=1")["items"][0]["receipt"] == two.text());
    CHECK(gate.ask("POST", "/v1/dead/" + one.text() + "/retry", "operator", "good").status == 200);
    CHECK(gate.journal.find(one)->body == "good");
    CHECK(gate.ask("POST", "/v1/dead/" + one.text() + "/retry", "operator").status == 409);
    CHECK(gate.ask("POST", "/v1/dead/" + two.text() + "/drop", "operator").status == 200);
    CHECK(gate.ask("POST", "/v1/dead/" + two.text() + "/drop", "operator").status == 409);
    CHECK(gate.ask("POST", "/v1/dead/" + Uuid{}.text() + "/drop", "operator").status == 404);
}

TEST_CASE("a replay wants a filter, counts first when asked, and takes what is done or dead") {
    Gate gate;
    gate.deliver("waiting");
    gate.deliver("a", "olx", true);
    gate.deliver("b", "adf", true);
    CHECK(gate.ask("POST", "/v1/replay", "operator", "{}").status == 400);
    CHECK(gate.ask("POST", "/v1/replay", "operator", R"({"state":"ready"})").status == 400);
    const auto replay = [&](const char* body) {
        return Json::parse(gate.ask("POST", "/v1/replay", "operator", body).body);
    };
    CHECK(replay(R"({"since":"2020-01-01T00:00:00Z","dry_run":true})")["matched"] == 2);
    CHECK(replay(R"({"integration":"olx"})")["replayed"] == 1);
    CHECK(replay(R"({"state":"dead"})")["replayed"] == 1);
    CHECK(gate.json("/v1/dead")["items"].empty());
}
