// Start, reload, stop: what the person who runs the daemon meets.
#include "e2e/documents.hpp"
#include "support/daemon.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

using namespace trevo::test;
using nlohmann::json;

TEST_CASE("--check tells every mistake with its place and starts nothing") {
    const Folder folder;
    const auto check = [&](const std::string& text) {
        return run({binary("trevod"), "--config", folder.write("trevo.toml", text), "--check"});
    };
    CHECK(check("data_dir = 'data'\n").exitCode == 0);
    const auto bad =
        check("data_dri = 'data'\n[limits]\nmax_depth = 'x'\n[integrations.a]\nmapping = 'no/such'\n");
    CHECK(bad.exitCode != 0);
    CHECK(bad.err.find("trevo.toml:1:12: data_dri: unknown key, did you mean 'data_dir'?") !=
          std::string::npos);
    CHECK(bad.err.find("trevo.toml:3:13: limits.max_depth: expected a whole number, got a text") !=
          std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "data"));
    const auto open =
        check("mapping_dirs = ['" TREVO_SOURCE_DIR "/mappings']\n[integrations.a]\nmapping = 'olx/lead'\n");
    CHECK(open.err.find("without it anyone could push") != std::string::npos);
}

TEST_CASE("a stop answers what is under way, and a start goes on where it stopped") {
    Daemon daemon;
    REQUIRE(daemon.pushOlx(olxLead("s-1", "Ana Lima", "11988887777")).status == 200);
    CHECK(daemon.stop() == 0);
    CHECK(daemon.log().find("event=gateway.stopped") != std::string::npos);
    daemon.start();
    REQUIRE(eventually([&] { return json::parse(daemon.get("/v1/records").body)["items"].size() == 1; }));
}

TEST_CASE("a second daemon on the same data folder refuses to start and says why") {
    Daemon daemon;
    const auto second = run({binary("trevod"), "--config", daemon.configFile()});
    CHECK(second.exitCode == 70);
    CHECK(second.err.find("another trevod holds") != std::string::npos);
}

TEST_CASE("a reload takes a good configuration and keeps the old one when the new is bad") {
    Daemon daemon;
    const auto config = daemon.folder().read("trevo.toml");
    const auto reload = [&](const std::string& text, const std::string& expected) {
        daemon.folder().write("trevo.toml", text);
        daemon.process().signal(SIGHUP);
        return eventually([&] { return daemon.log().find(expected) != std::string::npos; });
    };
    const Answer before = daemon.request("POST", "/in/olx-sul", "{}", {{"Authorization", "olx-secret"}});
    CHECK(before.status == 404);

    REQUIRE(reload(config + "[integrations.olx-sul]\nmaping = 'olx/lead'\n", "did you mean 'mapping'?"));
    CHECK(daemon.log().find("event=reload.refused") != std::string::npos);
    CHECK(daemon.pushOlx(olxLead("r-1", "Ana Lima", "11988887777")).status == 200);

    REQUIRE(reload(
        config + "[integrations.olx-sul]\nmapping = 'olx/lead'\ndealer = 'sul'\n[integrations.olx-sul.auth]\n"
                 "type = 'header'\nsecret = '${cred:olx}'\n",
        "event=reload.done"));
    const auto after =
        daemon.request("POST", "/in/olx-sul", olxLead("r-2", "Rui Melo", "51991234567"),
                       {{"Authorization", "olx-secret"}, {"Content-Type", "application/json"}});
    CHECK(after.status == 200);
}

TEST_CASE("a reload brings a new policy on duplicates into force") {
    Daemon daemon;
    const auto push = [&](const char* id) {
        return json::parse(daemon.post("/v1/records", canonicalLead(id, "Ana Lima", "(11) 98888-7777")).body);
    };
    push("A-1");
    REQUIRE(eventually([&] { return daemon.settled(); }));
    daemon.folder().write("trevo.toml", daemon.folder().read("trevo.toml") +
                                            "[[duplicates]]\ngroup = 'exemplo'\npolicy = 'refuse'\n");
    daemon.process().signal(SIGHUP);
    REQUIRE(eventually([&] { return daemon.log().find("event=reload.done") != std::string::npos; }));
    CHECK(daemon.log().find("event=reload.restart_needed") == std::string::npos);
    const std::string receipt = push("A-2")["receipt"];
    REQUIRE(eventually(
        [&] { return json::parse(daemon.get("/v1/receipts/" + receipt).body)["state"] == "refused"; }));
}

TEST_CASE("health, readiness, metrics and the API's description are there") {
    Daemon daemon;
    CHECK(daemon.request("GET", "/healthz").status == 200);
    CHECK(daemon.request("GET", "/readyz").status == 200);
    daemon.pushOlx(olxLead("m-1", "Ana Lima", "11988887777"));
    const auto metrics = daemon.get("/metrics");
    CHECK(metrics.status == 200);
    CHECK(metrics.body.find("trevo_deliveries_total{outcome=\"accepted\"} 1") != std::string::npos);
    const auto api = json::parse(daemon.request("GET", "/openapi.json").body);
    CHECK(api["paths"].contains("/v1/records"));
}

TEST_CASE("a disk without room answers 503 with Retry-After, still reads, and resumes by itself") {
    Daemon daemon;
    REQUIRE(daemon.pushOlx(olxLead("d-1", "Ana Lima", "11988887777")).status == 200);
    REQUIRE(eventually([&] { return daemon.settled(); }));
    CHECK(daemon.stop() == 0);

    // More free space is demanded than any disk has: the gateway then behaves as on a full one.
    const auto config = daemon.folder().read("trevo.toml");
    daemon.folder().write("trevo.toml", config + "[limits]\nmin_free_disk_megabytes = 9000000\n");
    daemon.start();
    Answer full;
    REQUIRE(eventually([&] {
        full = daemon.pushOlx(olxLead("d-2", "Rui Melo", "51991234567"));
        return full.status == 503;
    }));
    CHECK_FALSE(full.header("Retry-After").empty());
    CHECK(daemon.request("GET", "/readyz").status == 503);
    CHECK(json::parse(daemon.get("/v1/records").body)["items"].size() >= 1);
}

TEST_CASE("a trial goes the whole way and shows in no list") {
    Daemon daemon;
    // The one has a plugin that names a case; the other is a mapping alone, with the cases beside it.
    const auto tried = daemon.cli({"try", GENERATE("adf", "olx")});
    CAPTURE(tried.err);
    CHECK(tried.exitCode == 0);
    REQUIRE(eventually([&] { return daemon.settled(); }));
    CHECK(json::parse(daemon.get("/v1/records").body)["items"].empty());
    CHECK(json::parse(daemon.get("/v1/records?trials=true").body)["items"].size() == 1);
    CHECK(json::parse(daemon.get("/v1/dead").body)["items"].empty());
}
