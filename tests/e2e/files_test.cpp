#include "e2e/answers.hpp"
#include "support/daemon.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace trevo::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr const char* kLeads = "Nome;Telefone;Código;Veículo\r\n"
                               "Maria de Souza;(11) 99876-5432;F-1;Fiat Argo 2022\r\n"
                               "Sem Contato;;F-2;Onix\r\n"
                               "João Silva;(11) 98765-4321;F-3;Onix\r\n";

std::string configWith(const std::string& folder) {
    return standardConfig() + R"(
[integrations.planilha]
mapping = "drop/leads"
dealer = "centro"
auth.type = "none"
auth.addresses = ["127.0.0.1"]
[integrations.planilha.files]
folder = ")" +
           folder + R"("
acknowledge = true
)";
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
    REQUIRE(answer["refused"].size() == 1);
    CHECK(answer["refused"][0]["place"] == "line 3");

    SECTION("the same bytes under another name change nothing") {
        drop.write("again.csv", kLeads);
        REQUIRE(eventually([&] { return fs::exists(drop.path() / "acknowledged" / "again.csv.ack.json"); }));
        CHECK(json::parse(drop.read("acknowledged/again.csv.ack.json"))["repeated"] == true);
        CHECK(items(daemon.get("/v1/records?integration=planilha")).size() == 2);
    }
    SECTION("a name in an old charset is a name like any other") {
        drop.write("pre\xE7os.csv", "Nome;Telefone;Código\nAna Lima;(11) 97777-6666;F-9\n");
        CHECK(eventually([&] { return fs::exists(drop.path() / "archive" / "pre\xE7os.csv"); }));
        CHECK(eventually([&] { return items(daemon.get("/v1/records?integration=planilha")).size() == 3; }));
        CHECK(
            eventually([&] { return fs::exists(drop.path() / "acknowledged" / "pre\xE7os.csv.ack.json"); }));
    }
    SECTION("what was dropped while the daemon was down is taken when it comes back") {
        daemon.kill();
        drop.write("later.csv", "Nome;Telefone;Código\nAna Lima;(11) 97777-6666;F-9\n");
        daemon.start();
        CHECK(eventually([&] { return items(daemon.get("/v1/records?integration=planilha")).size() == 3; }));
    }
}
