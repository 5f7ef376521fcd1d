// What people do with people, over a running daemon.
#include "e2e/answers.hpp"
#include "e2e/documents.hpp"
#include "support/daemon.hpp"

#include "privacy/values.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace trevo;
using namespace trevo::test;
using nlohmann::json;

namespace {

void untilStored(const Daemon& daemon, std::size_t records) {
    const bool stored = eventually(
        [&] { return daemon.settled() && items(daemon.get("/v1/records?limit=100")).size() == records; });
    INFO(daemon.get("/v1/receipts").body);
    REQUIRE(stored);
}

std::string dataFolder(const Daemon& daemon) {
    return (daemon.folder().path() / "data").string();
}

Answer pushForm(const Daemon& daemon, const std::string& body) {
    return daemon.request(
        "POST", "/in/site", body,
        {{"Authorization", "Bearer site-secret"}, {"Content-Type", "application/x-www-form-urlencoded"}});
}

} // namespace

TEST_CASE("a possible match is listed, shown side by side, and answered from the command line") {
    Daemon daemon;
    daemon.post("/v1/records", canonicalLead("A-1", "Ana Lima", "(11) 98888-7777"));
    untilStored(daemon, 1);
    // Of the group's other dealer: at the same one it would be clear.
    daemon.post("/v1/records", canonicalLead("A-2", "Ana Souza", "(11) 98888-7777", "sul"));
    untilStored(daemon, 2);
    const auto open = items(daemon.get("/v1/matches?state=open"));
    REQUIRE(open.size() == 1);
    const std::string id = open[0]["id"];
    CHECK(daemon.cli({"matches", "list"}).out.find(id) != std::string::npos);
    CHECK(daemon.cli({"matches", "show", id}).out.find("Ana Lima") != std::string::npos);
    SECTION("accepted") {
        CHECK(daemon.cli({"matches", "accept", id, "--reason", "asked her"}).exitCode == 0);
        CHECK(items(daemon.get("/v1/people")).size() == 1);
    }
    SECTION("rejected") {
        CHECK(daemon.cli({"matches", "reject", id}).exitCode == 0);
        CHECK(items(daemon.get("/v1/people")).size() == 2);
        daemon.post("/v1/records", canonicalLead("A-2", "Ana Lima Souza", "(11) 98888-7777", "sul"));
        REQUIRE(eventually([&] { return items(daemon.get("/v1/records"))[1]["revision"] == 2; }));
    }
    CHECK(items(daemon.get("/v1/matches?state=open")).empty());
}

TEST_CASE("a lead that the dealer group refuses as a duplicate is kept, and its receipt says why") {
    Daemon daemon(standardConfig() + R"(
[[duplicates]]
group = "exemplo"
policy = "refuse"
window_days = 7
)");
    daemon.post("/v1/records", canonicalLead("A-1", "Ana Lima", "(11) 98888-7777"));
    untilStored(daemon, 1);
    const auto again = daemon.post("/v1/records", canonicalLead("A-2", "Ana Lima", "(11) 98888-7777"));
    CHECK(again.status == 202);
    untilStored(daemon, 2);
    const auto receipt =
        json::parse(daemon.get("/v1/receipts/" + json::parse(again.body)["receipt"].get<std::string>()).body);
    CHECK(receipt["state"] == "refused");
    CHECK(receipt["records"][0]["duplicate_of"] == "r1");
    CHECK(receipt["records"][0]["reason"].get<std::string>().find("within 7 days") != std::string::npos);
    CHECK(items(daemon.get("/v1/records?state=refused")).size() == 1);
    CHECK(items(daemon.get("/v1/negotiations"))[0]["records"].size() == 1);
    CHECK(daemon.cli({"records", "list", "--state", "refused", "--json"}).out.find("A-2") !=
          std::string::npos);
}

TEST_CASE("what a human fixes about a person outlives later records, until it is released") {
    Daemon daemon;
    daemon.post("/v1/records", canonicalLead("A-1", "Ana Lima", "(11) 98888-7777"));
    untilStored(daemon, 1);
    const auto edited =
        daemon.cli({"people", "edit", "p1", "--name", "ana lima prado", "--consent", "whatsapp=no"});
    INFO(edited.err);
    CHECK(edited.exitCode == 0);
    daemon.post("/v1/records",
                R"({"kind":"customer","source":{"integration":"dms","external_id":"C-1"},"dealer":"centro",)"
                R"("customer":{"name":"Ana Lima","phones":["11988887777"],"consent":{"whatsapp":true}}})");
    untilStored(daemon, 2);
    auto person = json::parse(daemon.get("/v1/people/p1").body);
    CHECK(person["records"] == 2);
    CHECK(person["negotiations"] == 1);
    CHECK(person["customer"]["name"] == "Ana Lima Prado");
    CHECK(person["customer"]["consent"]["whatsapp"] == false);
    CHECK(daemon.cli({"people", "edit", "p1", "--release", "name"}).exitCode == 0);
    person = json::parse(daemon.get("/v1/people/p1").body);
    CHECK(person["customer"]["name"] == "Ana Lima");
    CHECK(daemon.cli({"people", "edit", "p1", "--document", "1"}).exitCode == 1);
}

TEST_CASE("an erased person is in no file of the data folder, in no form that a sender used") {
    Daemon daemon;
    // The same person by five doors and codings; one delivery is not understood and is corrected by hand,
    // another stays dead.
    const std::string olx = olxLead("olx-77", "J\\u00e9ssica Prado Nunes", "11987651234");
    CHECK(daemon.pushOlx(olx).status == 200);
    CHECK(daemon
              .request("POST", "/in/adf/adf-secret",
                       adfLead("PX-77", "Jéssica Prado Nunes", "(11) 98765-1234"),
                       {{"Content-Type", "application/x-adf+xml"}})
              .status == 200);
    CHECK(pushForm(daemon,
                   "nome=J%C3%A9ssica+Prado+Nunes&E-mail=olx-77%40example.com&celular=%2811%29+98765-1234&"
                   "mensagem=Aceita+troca%3F")
              .status < 300);
    const std::string sale =
        R"({"kind":"sale","source":{"integration":"dms","external_id":"S-77"},"dealer":"centro",)"
        R"("customer":{"name":"JESSICA PRADO NUNES","document":"529.982.247-25",)"
        R"("phones":["11987651234"]},"sale":{"amount":"71900.00"}})";
    CHECK(daemon.post("/v1/records", sale).status == 202);
    daemon.post("/v1/records", canonicalLead("B-1", "Rui Dias", "(51) 99123-4567"));
    untilStored(daemon, 5);
    // One delivery that speaks of two people.
    const std::string one = adfLead("PX-78", "Jéssica Prado Nunes", "(11) 98765-1234"),
                      two = adfLead("PX-79", "Rui Dias", "(51) 99123-4567");
    const std::string close = "</adf>";
    const auto both =
        daemon.request("POST", "/in/adf/adf-secret",
                       one.substr(0, one.size() - close.size()) + two.substr(two.find("<prospect")),
                       {{"Content-Type", "application/x-adf+xml"}});
    CHECK(both.status == 200);
    untilStored(daemon, 7);
    const std::string shared = json::parse(both.body)["receipt"];
    const std::string broken = olx.substr(0, olx.size() - 1); // the last brace is lost
    CHECK(daemon.pushOlx(broken).status == 400);
    CHECK(daemon.pushOlx(broken + " ").status == 400);
    const auto dead = items(daemon.get("/v1/dead"));
    REQUIRE(dead.size() == 2);
    daemon.folder().write("corrected.json", olxLead("olx-78", "Rui Dias", "51991234567"));
    CHECK(daemon
              .cli({"dead", "retry", dead[0]["receipt"], "--body",
                    (daemon.folder().path() / "corrected.json").string()})
              .exitCode == 0);
    untilStored(daemon, 8);

    const auto people = items(daemon.get("/v1/people?search=11987651234"));
    REQUIRE(people.size() == 1);
    const std::string person = people[0]["id"];
    auto needles = privacy::needles({{}, {"52998224725"}, {"+5511987651234"}, {"olx-77@example.com"}});
    for (const char* name :
         {"Prado", "PRADO", "prado", "987651234", "98765-1234", "J%C3%A9ssica", "J\\u00e9ssica"})
        needles.emplace_back(name);

    const auto exported = daemon.cli({"lgpd", "export", person, "--json"});
    REQUIRE(exported.exitCode == 0);
    const auto document = json::parse(exported.out);
    CHECK(document["records"].size() == 5);
    CHECK(document["deliveries"].size() == 5);
    CHECK(exported.out.find("98765-1234") != std::string::npos); // as it was sent
    CHECK(exported.out.find("Rui Dias") == std::string::npos);

    CHECK(daemon.cli({"lgpd", "erase", person}).exitCode == 2);
    CHECK(daemon.cli({"lgpd", "erase", person, "--dry-run"}).out.find("5 records") != std::string::npos);
    CHECK(items(daemon.get("/v1/people")).size() == 2);
    CHECK_FALSE(privacy::filesHolding(dataFolder(daemon), needles).empty());
    const auto erased = daemon.cli({"lgpd", "erase", person, "--yes", "--reason", "request 2026-118"});
    INFO(erased.out << erased.err);
    REQUIRE(erased.exitCode == 0);
    CHECK(privacy::filesHolding(dataFolder(daemon), needles).empty());
    CHECK(items(daemon.get("/v1/people")).size() == 1);
    CHECK(daemon.get("/v1/people/" + person).status == 404);
    CHECK(daemon.get("/v1/records/r1").status == 404);
    const auto left = daemon.get("/v1/trace/" + shared).body;
    CHECK(left.find("Rui Dias") != std::string::npos);
    CHECK(left.find("99123-4567") != std::string::npos);
    CHECK(left.find("PX-79") != std::string::npos);
    // Decoded again, what is left of it brings nobody back.
    CHECK(daemon.cli({"replay", "--integration", "adf"}).exitCode == 0);
    REQUIRE(eventually([&] { return daemon.settled(); }));
    CHECK(items(daemon.get("/v1/people")).size() == 1);

    SECTION("a late redelivery is acknowledged and not kept") {
        CHECK(daemon.pushOlx(olx).status == 200); // the same bytes
        // The same fact in other bytes.
        const auto answer =
            daemon.post("/v1/records", sale.substr(0, sale.size() - 2) + R"(,"terms":"cash"}})");
        CHECK(answer.status == 202);
        const std::string receipt = json::parse(answer.body)["receipt"];
        REQUIRE(eventually([&] { return daemon.settled(); }));
        CHECK(items(daemon.get("/v1/people")).size() == 1);
        CHECK(eventually([&] { return daemon.log().find("event=erasure.kept") != std::string::npos; }));
        CHECK(json::parse(daemon.get("/v1/receipts/" + receipt).body)["records"].empty());
        CHECK(daemon.get("/v1/trace/" + receipt).body.find("PRADO") == std::string::npos);
        CHECK(daemon.stop() == 0);
        CHECK(privacy::filesHolding(dataFolder(daemon), needles).empty());
    }
    SECTION("after a restart as well") {
        CHECK(daemon.stop() == 0);
        daemon.start();
        CHECK(privacy::filesHolding(dataFolder(daemon), needles).empty());
        CHECK(items(daemon.get("/v1/people")).size() == 1);
        CHECK(daemon.cli({"lgpd", "erase", person, "--yes"}).exitCode == 0); // cleans the files once more
    }
}

TEST_CASE("an erased person's car and archived files go too, in every spelling that was sent") {
    const Folder drop;
    Daemon daemon(standardConfig() + R"(
[integrations.planilha]
mapping = "drop/leads"
dealer = "centro"
[integrations.planilha.files]
folder = ")" + drop.path().string() +
                  "\"\n");
    const std::string sale =
        R"({"kind":"sale","source":{"integration":"dms","external_id":"S-1"},"dealer":"centro",)"
        R"("customer":{"name":"Jessica Prado","document":"529.982.247-25","phones":["11987651234"]},)"
        R"("vehicle":{"plate":"qrs-4567","vin":"9bwzzz377vt004251"},)"
        R"("obs":"placa QRS 4567, chassi 9BWZZZ377VT004251",)"
        R"("trade_in":{"plate":"KLM1A23"},"sale":{"amount":"71900.00"}})";
    daemon.post("/v1/records", sale);
    // One file, and so one delivery, of two people.
    drop.write("leads.csv", "Nome;CPF;Telefone;Código;Placa\n"
                            "Jéssica Prado;52998224725;(11) 98765-1234;F-1;QRS4F67\n"
                            "Rui Dias;;(51) 99123-4567;F-2;JJJ1A11\n");
    untilStored(daemon, 3);
    const auto archived = drop.path() / "archive" / "leads.csv";
    REQUIRE(eventually([&] { return std::filesystem::exists(archived); }));
    const auto people = items(daemon.get("/v1/people?search=52998224725"));
    REQUIRE(people.size() == 1);
    CHECK(people[0]["records"] == 2);
    const auto needles = [] {
        std::vector<std::string> all;
        for (const char* text : {"prado", "Prado", "PRADO", "529.982.247-25", "52998224725", "11987651234",
                                 "1187651234", "98765-1234", "QRS4567", "qrs-4567", "QRS 4567", "QRS4F67",
                                 "qrs4f67", "9BWZZZ377VT004251", "9bwzzz377vt004251", "KLM1A23", "KLM1023"})
            all.emplace_back(text);
        return all;
    }();
    CHECK_FALSE(privacy::filesHolding(dataFolder(daemon), needles).empty());
    const auto erased = daemon.cli({"lgpd", "erase", people[0]["id"], "--yes", "--json"});
    INFO(erased.out << erased.err);
    REQUIRE(erased.exitCode == 0);
    CHECK(json::parse(erased.out)["archived_files"] == 1);
    CHECK(json::parse(erased.out)["files_with_values_of_others"].empty());
    for (const auto& needle : needles) {
        CAPTURE(needle);
        CHECK(privacy::filesHolding(dataFolder(daemon), {needle}).empty());
        CHECK(privacy::filesHolding(drop.path().string(), {needle}).empty());
    }
    // The other row is still what it was.
    const auto left = items(daemon.get("/v1/people"));
    REQUIRE(left.size() == 1);
    CHECK(left[0]["customer"]["name"] == "Rui Dias");
    const auto trace = daemon.get("/v1/trace/r3").body;
    CHECK(trace.find("99123-4567") != std::string::npos);
    CHECK(trace.find("JJJ1A11") != std::string::npos);
    CHECK(daemon.stop() == 0);
    for (const auto& needle : needles)
        CHECK(privacy::filesHolding(dataFolder(daemon), {needle}).empty());
}

TEST_CASE("a value that somebody else has too stays with that person, and the answer names the files") {
    Daemon daemon;
    daemon.post("/v1/records", canonicalLead("A-1", "Ana Lima", "(11) 98888-7777"));
    untilStored(daemon, 1);
    daemon.post("/v1/records", canonicalLead("B-1", "Rui Dias", "(11) 98888-7777"));
    untilStored(daemon, 2);
    REQUIRE(items(daemon.get("/v1/people")).size() == 2);
    const auto erased = daemon.cli({"lgpd", "erase", "p1", "--yes", "--json"});
    INFO(erased.out << erased.err);
    REQUIRE(erased.exitCode == 0);
    CHECK(json::parse(erased.out)["files_with_values_of_others"] == json({"journal.db", "store.db"}));
    const auto people = items(daemon.get("/v1/people?search=11988887777"));
    REQUIRE(people.size() == 1);
    CHECK(people[0]["customer"]["name"] == "Rui Dias");
    const std::string record = "r2";
    CHECK(daemon.get("/v1/trace/" + record).body.find("98888-7777") != std::string::npos);
    CHECK(privacy::filesHolding(dataFolder(daemon), {"Ana Lima", "ana lima", "ANA LIMA"}).empty());
}
