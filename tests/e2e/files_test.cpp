#include "e2e/answers.hpp"
#include "support/daemon.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

using namespace trevo::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr const char* kLeads = "Nome;Telefone;Código;Veículo\r\n"
                               "Maria de Souza;(11) 99876-5432;F-1;Fiat Argo 2022\r\n"
                               "Sem Contato;;F-2;Onix\r\n"
                               "João Silva;(11) 98765-4321;F-3;Onix\r\n";

std::string configWith(const std::string& folder, const std::string& more = "") {
    return standardConfig() + R"(
[integrations.planilha]
mapping = "drop/leads"
dealer = "centro"
[integrations.planilha.files]
folder = ")" +
           folder + R"("
acknowledge = true
)" + more;
}

long recordsIn(const Daemon& daemon) {
    const std::string text = daemon.get("/metrics").body;
    const auto at = text.find("\ntrevo_records ");
    return at == std::string::npos ? -1 : std::strtol(text.c_str() + at + 15, nullptr, 10);
}

} // namespace

TEST_CASE("a file that is dropped becomes records, goes to the archive and is answered row by row") {
    const Folder drop;
    drop.write("unrelated.part", "half a file");
    Daemon daemon(configWith(drop.path().string()));
    drop.write("leads.csv.part", kLeads);
    fs::rename(drop.path() / "leads.csv.part", drop.path() / "leads.csv");

    const auto answered = drop.path() / "acknowledged" / "leads.csv.ack.json";
    const bool done = eventually([&] { return fs::exists(answered); });
    INFO(daemon.log());
    REQUIRE(done);
    CHECK(items(daemon.get("/v1/records?integration=planilha")).size() == 2);
    CHECK(items(daemon.get("/v1/people")).size() == 2);
    CHECK_FALSE(fs::exists(drop.path() / "leads.csv"));
    CHECK(fs::exists(drop.path() / "archive" / "leads.csv"));
    CHECK(fs::exists(drop.path() / "unrelated.part"));

    const auto answer = json::parse(drop.read("acknowledged/leads.csv.ack.json"));
    REQUIRE(answer["accepted"].size() == 2);
    CHECK(answer["accepted"][0]["external_id"] == "F-1");
    CHECK(answer["duplicates"].empty());
    REQUIRE(answer["refused"].size() == 1);
    CHECK(answer["refused"][0]["place"] == "line 3");

    SECTION("the same bytes under another name change nothing") {
        drop.write("again.csv", kLeads);
        REQUIRE(eventually([&] { return fs::exists(drop.path() / "acknowledged" / "again.csv.ack.json"); }));
        const auto again = json::parse(drop.read("acknowledged/again.csv.ack.json"));
        CHECK(again["repeated"] == true);
        CHECK(again["accepted"].empty());
        CHECK(again["duplicates"].size() == 2);
        CHECK(again["duplicates"][0]["reason"] == "the same bytes were taken before");
        CHECK(items(daemon.get("/v1/records?integration=planilha")).size() == 2);
    }
    SECTION("a name in an old charset is a name like any other") {
        drop.write("pre\xE7os.csv", "Nome;Telefone;Código\nAna Lima;(11) 97777-6666;F-9\n");
        CHECK(eventually([&] { return fs::exists(drop.path() / "archive" / "pre\xE7os.csv"); }));
        CHECK(eventually([&] { return items(daemon.get("/v1/records?integration=planilha")).size() == 3; }));
        CHECK(
            eventually([&] { return fs::exists(drop.path() / "acknowledged" / "pre\xE7os.csv.ack.json"); }));
    }
    SECTION("nobody can push to an integration that has only a folder") {
        CHECK(daemon.post("/in/planilha", kLeads, "text/csv").status == 404);
    }
    SECTION("what was dropped while the daemon was down is taken when it comes back") {
        daemon.kill();
        drop.write("later.csv", "Nome;Telefone;Código\nAna Lima;(11) 97777-6666;F-9\n");
        daemon.start();
        CHECK(eventually([&] { return items(daemon.get("/v1/records?integration=planilha")).size() == 3; }));
    }
}

TEST_CASE("the answer as CSV has a line for each row") {
    const Folder drop;
    const Daemon daemon(configWith(drop.path().string(), "acknowledge_format = \"csv\"\n"));
    drop.write("leads.csv", kLeads);
    REQUIRE(eventually([&] { return fs::exists(drop.path() / "acknowledged" / "leads.csv.ack.csv"); }));
    const std::string text = drop.read("acknowledged/leads.csv.ack.csv");
    INFO(text);
    CHECK(text.starts_with("outcome;external_id;record;of;place;field;code;detail\r\naccepted;F-1;"));
    CHECK(text.find("\r\naccepted;F-3;") != std::string::npos);
    CHECK(text.find("\r\nrefused;;") != std::string::npos);
    CHECK(text.find(";line 3;") != std::string::npos);
}

// Rows of a large file are committed in pieces; ended in the middle, it is read from its start again.
TEST_CASE("a daemon that is killed in the middle of a file of 50,000 rows loses none and doubles none") {
    constexpr int kRows = 50'000;
    const std::string form = GENERATE("csv", "json");
    const std::string talk(100, 'x'); // so that the file is of many commits
    std::string text = form == "csv" ? "Nome;Telefone;Código;Mensagem\n" : "[";
    for (int i = 0; i < kRows; ++i) {
        const std::string number = std::to_string(i);
        const std::string phone = i % 10'000 == 7 ? "" : "11 9" + std::to_string(80'000'000 + i);
        if (form == "csv")
            text += "Pessoa " + number + ';' + phone + ";K-" + number + ';' + talk + '\n';
        else
            text += (i == 0 ? "{\"nome\":\"Pessoa " : ",\n{\"nome\":\"Pessoa ") + number +
                    R"(","telefone":")" + phone + R"(","codigo":"K-)" + number + R"(","mensagem":")" + talk +
                    "\"}";
    }
    if (form == "json") text += ']';
    const Folder drop;
    Daemon daemon(configWith(drop.path().string()));
    drop.write("leads.part", text);
    fs::rename(drop.path() / "leads.part", drop.path() / ("leads." + form));
    // At different places: as soon as something is in, and while records are made of it.
    for (int kills = 0; kills < 4; ++kills) {
        CHECK(eventually([&] { return recordsIn(daemon) > kills * 4000; }, std::chrono::seconds(60)));
        daemon.kill();
        daemon.start();
    }
    const std::string answered = "acknowledged/leads." + form + ".ack.json";
    const bool done =
        eventually([&] { return fs::exists(drop.path() / answered); }, std::chrono::seconds(120));
    INFO(daemon.log());
    REQUIRE(done);

    const auto answer = json::parse(drop.read(answered));
    std::map<std::string, int> told;
    for (const char* list : {"accepted", "duplicates"}) {
        for (const auto& row : answer[list])
            ++told[row["external_id"]];
    }
    std::map<std::string, int> stored;
    std::istringstream rows(daemon.cli({"export", "records", "--format", "ndjson"}).out);
    for (std::string line; std::getline(rows, line);)
        ++stored[json::parse(line)["external_id"]];
    CHECK(stored.size() == kRows - 5);
    CHECK(std::all_of(stored.begin(), stored.end(), [](const auto& row) { return row.second == 1; }));
    CHECK(told == stored);
    std::set<std::string> refused;
    for (const auto& row : answer["refused"])
        refused.insert(row["place"]);
    CHECK(answer["refused"].size() == 5);
    const auto place = [&](int row) {
        return form == "csv" ? "line " + std::to_string(row + 2) : '/' + std::to_string(row);
    };
    CHECK(refused == std::set{place(7), place(10'007), place(20'007), place(30'007), place(40'007)});
}
