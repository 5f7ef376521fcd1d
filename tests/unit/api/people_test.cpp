#include "gate.hpp"

using namespace trevo;
using namespace trevo::api;
using namespace trevo::api::test;

TEST_CASE("a possible match shows the record, its person and the candidates side by side, and is audited") {
    Gate gate;
    gate.addRecord(1, "centro");
    gate.addRecord(2, "sul");
    gate.addMatch(1, "r1", "p1", "centro", {"p2"});
    const Json shown = gate.json("/v1/matches/m1", "reader");
    CHECK(shown["record"]["record_id"] == "r1");
    CHECK(shown["person"]["id"] == "p1");
    CHECK(shown["candidates"][0]["id"] == "p2");
    CHECK(shown["match"]["candidates"][0]["evidence"]["score"] == 1.5);
    CHECK(gate.daemon.audited.back() == "reader getMatch p1,p2");
    CHECK(gate.ask("GET", "/v1/matches/m2").status == 404);
}

TEST_CASE("answers to a match go to the daemon with who and why, and are audited") {
    Gate gate;
    gate.addRecord(1, "centro");
    gate.addRecord(2, "sul");
    gate.addMatch(1, "r1", "p1", "centro", {"p2"});
    CHECK(gate.ask("POST", "/v1/matches/m1/accept", "operator", R"({"with":"p2"})").status == 200);
    CHECK(gate.daemon.audited.back() == "operator acceptMatch m1 p2");
    CHECK(gate.ask("POST", "/v1/matches/m1/accept", "operator", "{}").status == 409);
    CHECK(gate.ask("POST", "/v1/matches/m1/accept", "operator", R"({"with":"p9"})").status == 404);
    CHECK(gate.ask("POST", "/v1/matches/m1/accept", "operator", R"({"who":"p2"})").status == 400);
    CHECK(gate.ask("POST", "/v1/matches/m1/reject", "operator").status == 200);
    CHECK(gate.ask("POST", "/v1/matches/m1/reject", "reader").status == 403);
}

TEST_CASE("a token of one dealer sees neither people nor candidates that its dealers know nothing of") {
    Gate gate;
    gate.addToken("sul-operator", {"operate"}, {"sul"});
    gate.addRecord(1, "centro");
    gate.addRecord(2, "sul");
    gate.addRecord(3, "sul");
    SECTION("in a match") {
        gate.addMatch(1, "r2", "p2", "sul", {"p1", "p3"});
        gate.addMatch(2, "r2", "p2", "sul", {"p1"});
        gate.addMatch(3, "r1", "p1", "centro", {"p2"});
        const Json page = gate.json("/v1/matches", "sul");
        REQUIRE(page["items"].size() == 1);
        REQUIRE(page["items"][0]["candidates"].size() == 1);
        CHECK(page["items"][0]["candidates"][0]["person_id"] == "p3");
        CHECK(gate.json("/v1/matches/m1", "sul")["candidates"].size() == 1);
        CHECK(gate.ask("GET", "/v1/matches/m2", "sul").status == 404);
        CHECK(gate.ask("GET", "/v1/matches/m3", "sul").status == 404);
        CHECK(gate.ask("POST", "/v1/matches/m1/accept", "sul-operator", R"({"with":"p1"})").status == 404);
        CHECK(gate.ask("POST", "/v1/matches/m1/accept", "sul-operator", R"({"with":"p3"})").status == 200);
    }
    SECTION("in an explanation and a trace") {
        const Uuid receipt = gate.deliver("{}");
        gate.store.recordRows[1].envelope = receipt;
        gate.store.decisionRows[1].other = "p1";
        gate.store.decisionRows[1].evidence =
            R"({"zone":"review","candidates":[{"person":"p1","score":2},{"person":"p3","score":1}]})";
        for (const std::string target : {"/v1/explain/r2", "/v1/explain/p2"}) {
            INFO(target);
            const Json mine = gate.json(target, "sul")["decisions"][0];
            REQUIRE(mine["evidence"]["candidates"].size() == 1);
            CHECK(mine["evidence"]["candidates"][0]["person"] == "p3");
            CHECK(mine["other_id"].is_null());
            CHECK(gate.json(target, "reader")["decisions"][0]["evidence"]["candidates"].size() == 2);
        }
        const Json traced = gate.json("/v1/trace/r2", "sul-operator")["records"][0]["decisions"][0];
        CHECK(traced["evidence"]["candidates"].size() == 1);
    }
    SECTION("by the id") {
        CHECK(gate.ask("GET", "/v1/people/p1", "sul").status == 404);
        CHECK(gate.ask("GET", "/v1/people/p2", "sul").status == 200);
    }
}

TEST_CASE("an export shows raw deliveries, but not those that speak of others") {
    Gate gate;
    gate.addRecord(1, "centro");
    const Uuid own = gate.deliver("mine alone"), shared = gate.deliver("mine and theirs");
    gate.store.erasedDeliveries = {{own, true}, {shared, false}};
    const Json document = gate.json("/v1/people/p1/export");
    CHECK(document["records"][0]["record"]["record_id"] == "r1");
    CHECK(document["audit"][0]["action"] == "getPerson");
    CHECK(document["deliveries"][0]["delivery"]["body"] == "mine alone");
    CHECK(document["deliveries"][1]["shared"] == true);
    CHECK_FALSE(document["deliveries"][1]["delivery"].contains("body"));
}

TEST_CASE("only an administrator of all dealers exports or erases a person") {
    Gate gate;
    gate.addRecord(1, "sul");
    for (const char* token : {"sul-admin", "operator"}) {
        CHECK(gate.ask("GET", "/v1/people/p1/export", token).status == 403);
        CHECK(gate.ask("POST", "/v1/people/p1/erase", token).status == 403);
    }
    CHECK(gate.ask("POST", "/v1/people/p9/erase").status == 404);
    const Json counted =
        Json::parse(gate.ask("POST", "/v1/people/p1/erase", "admin", R"({"dry_run":true})").body);
    CHECK(counted["records"] == 1);
    CHECK(gate.daemon.audited.empty());
    CHECK(gate.ask("POST", "/v1/people/p1/erase", "admin", R"({"reason":"asked"})").status == 200);
    CHECK(gate.daemon.audited.back() == "admin erasePerson p1");
}

TEST_CASE("an edit is read as a record is: normalised, and refused with the field when it is no fact") {
    Gate gate;
    gate.addRecord(1, "centro");
    const auto patch = [&](const std::string& body) {
        return gate.ask("PATCH", "/v1/people/p1", "operator", body);
    };
    const auto good =
        patch(R"({"name":"maria de souza","document":"529.982.247-25","phones":["(11) 99876-5432"],)"
              R"("emails":["Maria@Example.com"],"birth_date":"1980-05-01","address":{"city":"Santos"},)"
              R"("consent":{"whatsapp":false},"reason":"told on the phone"})");
    INFO(good.body);
    REQUIRE(good.status == 200);
    const auto& fields = gate.store.lastEdit.fields;
    CHECK(fields.at("document") == R"("52998224725")");
    CHECK(fields.at("phones") == R"(["+5511998765432"])");
    CHECK(fields.at("emails") == R"(["maria@example.com"])");
    CHECK(fields.at("consent.whatsapp") == "false");
    CHECK(gate.store.lastEdit.values.customer.document->valid);
    CHECK(gate.daemon.audited.back() == "operator editPerson p1");
    CHECK(gate.daemon.reasons.back() ==
          "address,birth_date,consent,document,emails,name,phones: told on the phone");

    const std::pair<const char*, const char*> rows[] = {
        {R"({"document":"529.982.247-26"})", "/document"},
        {R"({"phones":["99876-5432"]})", "/phones/0"},
        {R"({"emails":["nobody"]})", "/emails/0"},
        {R"({"birth_date":"soon"})", "/birth_date"},
        {R"({"phones":["soon"]})", "/phones/0"},
        {R"({"nmae":"Ana"})", "/nmae"},
        {R"({"reason":7})", "/reason"},
        {R"({"name":null})", ""},
        {"[]", ""},
    };
    for (const auto& [body, field] : rows) {
        INFO(body);
        const auto answer = patch(body);
        INFO(answer.body);
        CHECK(answer.status == 400);
        const Json error = Json::parse(answer.body)["errors"][0];
        CHECK(error.value("field", "").starts_with(field));
    }
    CHECK(gate.ask("PATCH", "/v1/people/p1", "reader", R"({"name":"Ana Lima"})").status == 403);
    CHECK(gate.ask("PATCH", "/v1/people/p9", "operator", R"({"name":"Ana Lima"})").status == 404);
}

TEST_CASE("pins are listed with who and why, and released one field at a time") {
    Gate gate;
    gate.addRecord(1, "centro");
    gate.store.pinRows = {{"p1", "name", R"("Ana Lima")", {}, "operator", "told"}};
    const Json pin = gate.json("/v1/people/p1/pins", "reader")["items"][0];
    CHECK(pin["value"] == "Ana Lima");
    CHECK(pin["actor"] == "operator");
    CHECK(gate.ask("DELETE", "/v1/people/p1/pins?field=name", "operator").status == 200);
    CHECK(gate.store.lastEdit.released == std::vector<std::string>{"name"});
    CHECK(gate.ask("DELETE", "/v1/people/p1/pins?field=phones", "operator").status == 404);
    CHECK(gate.ask("DELETE", "/v1/people/p1/pins", "operator").status == 400);
    CHECK(gate.ask("DELETE", "/v1/people/p1/pins?field=name", "sul").status == 403);
}
