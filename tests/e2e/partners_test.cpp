// All partners at once, over real HTTP, with their faults: cut pushes, repeats, disorder, answers that fail.
#include "support/daemon.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

using namespace trevo::test;
using nlohmann::json;

namespace {

std::string partnersConfig(const std::string& simulator) {
    return standardConfig() + R"(
[integrations.olx-centro]
mapping = "olx/lead"
dealer = "centro"
[integrations.olx-centro.auth]
type = "header"
secret = "${cred:olx}"
[integrations.webmotors]
plugin = "webmotors"
dealers = ["centro", "sul"]
[integrations.webmotors.auth]
type = "path_token"
secret = "${cred:webmotors}"
[integrations.webmotors.settings]
base_url = "http://)" +
           simulator + R"("
client_id = "trevo-demo"
client_secret = "${cred:webmotors-client}"
[integrations.webmotors.dealer_settings.centro]
username = "integrador-centro"
password = "${cred:webmotors-user}"
code = "7712340"
[integrations.webmotors.dealer_settings.sul]
username = "integrador-sul"
password = "${cred:webmotors-user}"
code = "7712341"
[integrations.icarros]
plugin = "icarros"
dealers = ["centro"]
poll_interval_seconds = 1
[integrations.icarros.settings]
base_url = "http://)" +
           simulator + R"(/rest"
token_url = "http://)" +
           simulator + R"(/auth/realms/icarros/protocol/openid-connect/token"
grant = "client_credentials"
client_id = "trevo-demo"
client_secret = "${cred:icarros-client}"
[integrations.icarros.dealer_settings.centro]
code = "7712340"
)";
}

std::vector<json> jsonLines(const std::string& text) {
    std::vector<json> all;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        all.push_back(json::parse(line));
    return all;
}

} // namespace

TEST_CASE("every lead that a partner saw accepted is one record, through faults, repeats and disorder") {
    constexpr int kLeads = 25;
    Daemon daemon;
    for (const char* name : {"webmotors", "webmotors-client", "webmotors-user", "icarros-client"}) {
        daemon.folder().write(std::string("credentials/") + name, std::string(name) + "-secret\n");
    }
    const auto file = [&](const char* name) { return (daemon.folder().path() / name).string(); };
    Process simulators({binary("trevo-sim"),
                        "webmotors",
                        "icarros",
                        "olx",
                        "adf",
                        "site",
                        "--listen",
                        "127.0.0.1:0",
                        "--gateway",
                        "http://127.0.0.1:" + std::to_string(daemon.port()),
                        "--credentials",
                        file("credentials"),
                        "--seed",
                        "7",
                        "--people",
                        "30",
                        "--count",
                        std::to_string(kLeads),
                        "--rate",
                        "20/s",
                        "--duplicate-rate",
                        "0.3",
                        "--fail-rate",
                        "0.1",
                        "--reorder",
                        "5",
                        "--resend-ms",
                        "200",
                        "--ledger",
                        file("ledger")},
                       file("sim.out"), file("sim.err"));
    std::string address;
    REQUIRE(eventually([&] {
        std::istringstream lines(daemon.folder().read("sim.out"));
        std::string word;
        return static_cast<bool>(lines >> word >> address) && word == "listening";
    }));
    std::string config = partnersConfig(address);
    for (const auto& [mark, value] :
         {std::pair{"@BUILD@", TREVO_BINARY_DIR}, std::pair{"@SOURCE@", TREVO_SOURCE_DIR}}) {
        for (auto at = config.find(mark); at != std::string::npos; at = config.find(mark)) {
            config.replace(at, std::string(mark).size(), value);
        }
    }
    daemon.folder().write("trevo.toml", config);
    daemon.process().signal(SIGHUP);
    REQUIRE(eventually([&] { return daemon.log().find("event=reload.done") != std::string::npos; }));

    // Webmotors, adf and site send again what was refused before the reload; OLX never does.
    const auto accepted = [&] {
        std::map<std::string, std::set<std::string>> ids;
        for (const auto& line : jsonLines(daemon.folder().read("ledger"))) {
            const std::string partner = line["partner"];
            if (line["state"] == "accepted" || line["state"] == "offered") ids[partner].insert(line["id"]);
        }
        return ids;
    };
    const auto stored = [&] {
        std::map<std::string, std::map<std::string, int>> ids;
        for (const auto& row : jsonLines(daemon.cli({"export", "records", "--format", "ndjson"}).out)) {
            std::string integration = row["integration"];
            if (integration == "olx-centro") integration = "olx";
            const std::string external = row["external_id"];
            const auto digits = external.find_last_not_of("0123456789");
            ++ids[integration][external.substr(digits == std::string::npos ? 0 : digits + 1)];
        }
        return ids;
    };
    REQUIRE(eventually(
        [&] {
            const auto out = daemon.folder().read("sim.out");
            return out.find("sent olx") != std::string::npos && out.find("sent adf") != std::string::npos &&
                   out.find("sent site") != std::string::npos &&
                   out.find("sent webmotors") != std::string::npos;
        },
        std::chrono::seconds(60)));
    const bool complete = eventually(
        [&] {
            if (!daemon.settled()) return false;
            auto sent = accepted();
            auto have = stored();
            return have["webmotors"].size() == sent["webmotors"].size() && !have["icarros"].empty();
        },
        std::chrono::seconds(60));
    CHECK(complete);
    auto have = stored();
    for (const auto& [partner, ids] : accepted()) {
        if (partner == "icarros") continue; // offered on its list, which only the dealer's own leads are on
        INFO(partner);
        CHECK(ids.size() > 5);
        CHECK(have[partner].size() == ids.size());
        for (const auto& id : ids) {
            INFO(id);
            CHECK(have[partner][id] == 1);
        }
    }
    const auto people = json::parse(daemon.get("/v1/people?limit=1000").body)["items"].size();
    const auto records = json::parse(daemon.get("/v1/records?limit=1000").body)["items"].size();
    CAPTURE(people, records);
    CHECK(people <= 35);
    CHECK(records > 2 * people);
    CHECK(json::parse(daemon.get("/v1/dead").body)["items"].empty());
}
