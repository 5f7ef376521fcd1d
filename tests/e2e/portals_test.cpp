// The partners of the demonstration that push, and Meta, which announces, with the demonstration's own
// configuration.
#include "e2e/answers.hpp"
#include "support/cutting_proxy.hpp"

#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

using namespace trevo::test;
using nlohmann::json;

namespace {

const std::vector<std::string> kPushing = {"olx-chat",  "rdstation",   "grupo-olx", "leadhub", "mrsales",
                                           "followize", "cloudevents", "whatsapp",  "mobiauto"};

void replaceMark(std::string& text, const std::string& mark, const std::string& value) {
    std::size_t at = text.find(mark);
    REQUIRE(at != std::string::npos);
    for (; at != std::string::npos; at = text.find(mark, at + value.size()))
        text.replace(at, mark.size(), value);
}

std::string demonstration(const std::string& simulator) {
    std::ifstream file(TREVO_SOURCE_DIR "/packaging/demo/trevo.toml.in");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    replaceMark(text, "@ROOT@/build", TREVO_BINARY_DIR);
    replaceMark(text, "@ROOT@", TREVO_SOURCE_DIR);
    replaceMark(text, "@SIMULATOR@", simulator);
    replaceMark(text, "@PORT@", "0");
    replaceMark(text, "poll_interval_seconds = 15", "poll_interval_seconds = 1");
    return text;
}

// Every secret that the demonstration's configuration names.
void writeSecrets(const Folder& folder, const std::string& config) {
    const std::string mark = "${cred:";
    for (auto at = config.find(mark); at != std::string::npos; at = config.find(mark, at)) {
        at += mark.size();
        const std::string name = config.substr(at, config.find('}', at) - at);
        folder.write("credentials/" + name, name + "-secret\n");
    }
    folder.write("credentials/cloudevents", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\n");
}

// Nobody answers there: for tests that push by themselves.
constexpr const char* kNoSimulator = "127.0.0.1:1";

void startDemonstration(Daemon& daemon, const std::string& simulator) {
    const std::string config = demonstration(simulator);
    writeSecrets(daemon.folder(), config);
    daemon.folder().write("trevo.toml", config);
    daemon.process().signal(SIGHUP);
    INFO(daemon.log());
    REQUIRE(eventually([&] { return daemon.log().find("event=reload.") != std::string::npos; }));
    REQUIRE(daemon.log().find("event=reload.done") != std::string::npos);
}

std::vector<json> linesOf(const std::string& text) {
    std::vector<json> all;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        all.push_back(json::parse(line));
    return all;
}

std::vector<json> recordsOf(const Daemon& daemon, const std::string& integration) {
    std::vector<json> mine;
    for (auto& row : linesOf(daemon.cli({"export", "records", "--format", "ndjson"}).out)) {
        if (row["integration"] == integration) mine.push_back(std::move(row));
    }
    return mine;
}

} // namespace

TEST_CASE("every lead of every pushing portal, and every one that Meta announced or kept to itself, is one "
          "record") {
    constexpr int kLeads = 20;
    Daemon daemon;
    const std::string address = "127.0.0.1:" + std::to_string(freePort());
    startDemonstration(daemon, address);
    const auto file = [&](const char* name) { return (daemon.folder().path() / name).string(); };
    std::vector<std::string> command = {binary("trevo-sim"), "meta"};
    command.insert(command.end(), kPushing.begin(), kPushing.end());
    for (const std::string& argument :
         {std::string("--listen"),         address,
          std::string("--gateway"),        "http://127.0.0.1:" + std::to_string(daemon.port()),
          std::string("--credentials"),    file("credentials"),
          std::string("--seed"),           std::string("7"),
          std::string("--people"),         std::string("30"),
          std::string("--count"),          std::to_string(kLeads),
          std::string("--rate"),           std::string("20/s"),
          std::string("--duplicate-rate"), std::string("0.3"),
          std::string("--fail-rate"),      std::string("0.1"),
          std::string("--lose-rate"),      std::string("0.2"),
          std::string("--reorder"),        std::string("5"),
          std::string("--resend-ms"),      std::string("500"),
          std::string("--ledger"),         file("ledger")}) {
        command.push_back(argument);
    }
    const Process simulators(command, file("sim.out"), file("sim.err"));
    const auto sentAll = [&] {
        const std::string out = daemon.folder().read("sim.out");
        return std::all_of(kPushing.begin(), kPushing.end(),
                           [&](const std::string& name) {
                               return out.find("sent " + name + ' ') != std::string::npos;
                           }) &&
               out.find("sent meta ") != std::string::npos;
    };
    REQUIRE(eventually(sentAll, std::chrono::seconds(60)));
    std::map<std::string, std::set<std::string>> sent;
    for (const auto& line : linesOf(daemon.folder().read("ledger"))) {
        // What Meta could not deliver is still on its forms' lists.
        if (line["state"] == "accepted" || line["partner"] == "meta")
            sent[line["partner"]].insert(line["id"]);
    }
    CHECK(sent["meta"].size() == kLeads);
    CHECK(eventually(
        [&] { return daemon.settled() && recordsOf(daemon, "meta").size() >= sent["meta"].size(); },
        std::chrono::seconds(60)));
    for (const auto& [partner, ids] : sent) {
        INFO(partner);
        CHECK(ids.size() > 5);
        CHECK(recordsOf(daemon, partner).size() == ids.size());
    }
    CHECK(items(daemon.get("/v1/dead")).empty());

    // Dealers are told apart by what the documents call them.
    for (const char* partner : {"leadhub", "mrsales", "followize", "whatsapp", "meta"}) {
        INFO(partner);
        std::set<std::string> dealers;
        for (const auto& row : recordsOf(daemon, partner))
            dealers.insert(row["dealer"]);
        CHECK(dealers == std::set<std::string>{"centro", "sul"});
    }
    // Who hides the number on WhatsApp is known by an id of its own, and not taken for somebody by the name
    // alone.
    const json people = items(daemon.get("/v1/people?limit=1000"));
    const auto known = std::count_if(people.begin(), people.end(), [](const json& person) {
        return person["customer"].contains("phones") || person["customer"].contains("emails");
    });
    CHECK(known <= 36);
    CHECK(people.size() <= 46);
}

TEST_CASE("a dealer's own chat message is kept as sent and belongs to the buyer of the conversation") {
    Daemon daemon;
    startDemonstration(daemon, kNoSimulator);
    const std::string path = "/in/olx-chat/olx-chat-secret";
    CHECK(
        daemon
            .request(
                "POST", path,
                R"({"chatId":"c1","messageId":"m1","origin":"buyer","name":"Ana Lima","phone":"11988887777",)"
                R"("message":"Ainda tem?","messageTimestamp":"2026-11-21T12:10:44.120","listId":"1"})",
                {{"Content-Type", "application/json"}})
            .status == 200);
    CHECK(
        daemon
            .request(
                "POST", path,
                R"({"chatId":"c1","messageId":"m2","origin":"seller","name":"Auto Exemplo","phone":"1133330000",)"
                R"("message":"Tem sim","messageTimestamp":"2026-11-21T12:12:44.120","listId":"1"})",
                {{"Content-Type", "application/json"}})
            .status == 200);
    REQUIRE(eventually([&] { return daemon.settled() && recordsOf(daemon, "olx-chat").size() == 2; }));
    const json people = items(daemon.get("/v1/people"));
    REQUIRE(people.size() == 1);
    CHECK(people[0].dump().find("Auto Exemplo") == std::string::npos);
    std::map<std::string, std::string> directions;
    for (const auto& row : items(daemon.get("/v1/records")))
        directions[row["external_id"]] = row["record"]["message"]["direction"];
    CHECK(directions == std::map<std::string, std::string>{{"m1", "in"}, {"m2", "out"}});
}

TEST_CASE("who does not prove to be the portal is answered 401, and nothing is kept") {
    Daemon daemon;
    startDemonstration(daemon, kNoSimulator);
    const std::string body = R"({"email":"ana@example.com"})";
    for (const std::string path :
         {"/in/olx-chat/wrong", "/in/rdstation", "/in/grupo-olx", "/in/leadhub", "/in/mrsales",
          "/in/followize/wrong", "/in/cloudevents", "/in/whatsapp", "/in/mobiauto", "/in/meta"}) {
        INFO(path);
        CHECK(daemon
                  .request("POST", path, body,
                           {{"Content-Type",
                             path == "/in/cloudevents" ? "application/cloudevents+json" : "application/json"},
                            {"Authorization", "Basic cG9ydGFsOndyb25n"},
                            {"X-Hub-Signature-256", "sha256=" + std::string(64, '0')}})
                  .status == 401);
    }
    CHECK(daemon.settled());
    CHECK(items(daemon.get("/v1/records")).empty());
    CHECK(items(daemon.get("/v1/dead")).empty());
}

TEST_CASE("Meta's question whether the address is ours is answered with its challenge, bare") {
    Daemon daemon;
    startDemonstration(daemon, kNoSimulator);
    const auto ask = [&](const std::string& token) {
        return daemon.request(
            "GET", "/in/meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=" + token);
    };
    const Answer right = ask("meta-verify-secret");
    CHECK(right.status == 200);
    CHECK(right.body == "1158201444");
    CHECK(right.header("Content-Type").starts_with("text/plain"));
    const Answer wrong = ask("guess");
    CHECK(wrong.status == 403);
    CHECK(wrong.body.find("1158201444") == std::string::npos);
}

TEST_CASE("a lead without the dealer's own id of the advertisement is refused, and taken when it comes again "
          "with it") {
    Daemon daemon;
    startDemonstration(daemon, kNoSimulator);
    const auto push = [&](const std::string& more) {
        return daemon.request("POST", "/in/grupo-olx",
                              R"({"originLeadId":"59ee0fc6","originListingId":"87","name":"Ana",)"
                              R"("email":"ana@example.com")" +
                                  more + '}',
                              // portal:grupo-olx-secret
                              {{"Content-Type", "application/json"},
                               {"Authorization", "Basic cG9ydGFsOmdydXBvLW9seC1zZWNyZXQ="}});
    };
    const Answer refused = push("");
    CHECK(refused.status == 422);
    CHECK(json::parse(refused.body)["errors"][0]["field"] == "/clientListingId");
    const Answer taken = push(R"(,"clientListingId":"E-1001")");
    CHECK(taken.status == 200);
    const Answer again = push(R"(,"clientListingId":"E-1001")");
    CHECK(again.status == 200);
    CHECK(json::parse(again.body)["receipt"] == json::parse(taken.body)["receipt"]);
    REQUIRE(eventually([&] { return daemon.settled() && recordsOf(daemon, "grupo-olx").size() == 1; }));
    CHECK(items(daemon.get("/v1/dead")).size() == 1);
}

TEST_CASE("a store that the configuration does not name makes a dead letter and no lead of another dealer") {
    Daemon daemon;
    startDemonstration(daemon, kNoSimulator);
    const Answer answer =
        daemon.request("POST", "/in/mrsales",
                       R"({"LojaID":99,"Cliente":{"Nome":"Ana","Celular":"11988887777"},"Mensagem":"Oi"})",
                       {{"Content-Type", "application/json"}, {"Authorization", "mrsales-secret"}});
    CHECK(answer.status == 200);
    CHECK(json::parse(answer.body)["Success"] == true);
    REQUIRE(eventually([&] { return daemon.settled() && !items(daemon.get("/v1/dead")).empty(); }));
    CHECK(items(daemon.get("/v1/dead"))[0]["reason"]["code"] == "unknown_dealer");
    CHECK(items(daemon.get("/v1/records")).empty());
}
