#include "ingest/files/forget.hpp"
#include "ingest/files/take.hpp"
#include "unit/files/scene.hpp"
#include "unit/formats/zip_files.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace trevo;
using namespace trevo::files;

namespace {

class Scene : public testing::Scene {
  public:
    using testing::Scene::Scene;

    Result<Taken, NotTaken> take(const std::string& name, std::string_view text) {
        dir().write("in/" + name, text);
        FolderRules rules;
        rules.folder = (dir().path() / "in").string();
        auto folder = Folder::open(rules);
        REQUIRE(folder.ok());
        auto file = folder->open(name);
        REQUIRE(file.ok());
        return files::take(std::move(*file), {name, clock().now(), "", 1024, "", {}}, *integration(),
                           journal(), clock());
    }
};

std::string table(int rows) {
    std::string text = "Nome;Telefone;Placa\n";
    for (int i = 0; i < rows; ++i)
        text += "Maria de Souza;11 9" + std::to_string(80'000'000 + i) + ";ABC1D23\n";
    return text;
}

} // namespace

TEST_CASE("a file is in the journal as it came before take returns") {
    Scene scene;
    const std::string text = table(3);
    const auto taken = scene.take("leads.csv", text);
    REQUIRE(taken.ok());
    REQUIRE(taken->receipts.size() == 1);
    const auto envelope = scene.journal().find(taken->receipts[0]);
    REQUIRE(envelope);
    CHECK(envelope->body == text);
    CHECK(envelope->door == "file");
    CHECK(envelope->contentType == "text/csv");
    CHECK(envelope->meta.find("\"file\":\"leads.csv\"") != std::string::npos);
}

TEST_CASE("the same file again, also under another name, has no second effect") {
    Scene scene;
    const auto first = scene.take("leads.csv", table(3));
    const auto again = scene.take("renamed.csv", table(3));
    REQUIRE(first.ok());
    REQUIRE(again.ok());
    CHECK_FALSE(first->repeated);
    CHECK(again->repeated);
    CHECK(again->receipts == first->receipts);
}

TEST_CASE("a large table is cut into pieces that keep the lines of the file, the same ones each time") {
    Scene scene;
    const std::string text = table(20'000);
    const auto taken = scene.take("leads.csv", text);
    REQUIRE(taken.ok());
    CHECK(taken->receipts.size() == 40);
    const auto last = scene.journal().find(taken->receipts.back());
    REQUIRE(last);
    CHECK(last->body.find("Nome;Telefone;Placa") != std::string::npos);
    CHECK(last->meta.find("\"line_offset\":") != std::string::npos);
    const auto again = scene.take("leads2.csv", text);
    REQUIRE(again.ok());
    CHECK(again->repeated);
    CHECK(again->receipts == taken->receipts);

    SECTION("a file that grew brings only what is new") {
        const auto grown = scene.take("leads3.csv", text + "Ana;11 970000000;\n");
        REQUIRE(grown.ok());
        CHECK_FALSE(grown->repeated);
        const std::set<std::string> before = [&] {
            std::set<std::string> ids;
            for (const auto& id : taken->receipts)
                ids.insert(id.text());
            return ids;
        }();
        int fresh = 0;
        for (const auto& id : grown->receipts)
            fresh += before.contains(id.text()) ? 0 : 1;
        CHECK(fresh == 1);
    }
}

TEST_CASE("JSON, NDJSON and XML of any size are cut at their leads, the same ones each time") {
    const std::string text(600, 'x');
    std::string list, lines, elements;
    for (int i = 0; i < 60'000; ++i) {
        const std::string phone = "11 9" + std::to_string(80'000'000 + i);
        const std::string lead =
            "{\"nome\":\"Maria\",\"telefone\":\"" + phone + "\",\"mensagem\":\"" + text + "\"}";
        list += (i > 0 ? ",\n" : "") + lead;
        lines += lead + '\n';
        elements += "<lead><nome>Maria</nome><telefone>" + phone + "</telefone><mensagem>" + text +
                    "</mensagem></lead>\n";
    }
    struct Row {
        const char* mapping;
        std::string name, text;
        std::size_t pieces;
        const char* mark;
    };
    // One of 32 MiB is streamed.
    const Row rows[] = {
        {"drop/leads", "l.json", "[" + list + "]", 120, "\"nodes_before\":59500"},
        {"drop/leads", "l.ndjson", lines, 120, "\"line_offset\":59500"},
        {"drop/leads_xml", "l.xml", "<leads>" + elements + "</leads>", 120, "\"nodes_before\":59500"}};
    for (const Row& row : rows) {
        INFO(row.name);
        Scene scene(row.mapping);
        REQUIRE(row.text.size() > (std::size_t{32} << 20));
        const auto taken = scene.take(row.name, row.text);
        if (!taken) FAIL(describe(taken.error().problem));
        CHECK_FALSE(taken->dead);
        CHECK(taken->receipts.size() == row.pieces);
        CHECK(scene.journal().find(taken->receipts.back())->meta.find(row.mark) != std::string::npos);
        const auto again = scene.take("again" + row.name, row.text);
        REQUIRE(again.ok());
        CHECK(again->repeated);
        CHECK(again->receipts == taken->receipts);
    }
}

TEST_CASE("a file that can not be understood is kept whole as a dead letter") {
    Scene scene;
    const auto taken = scene.take("leads.csv", "Nome;Telefone\nMaria;\nJose;\n");
    REQUIRE(taken.ok());
    CHECK(taken->dead);
    const auto envelope = scene.journal().find(taken->receipts.at(0));
    REQUIRE(envelope);
    REQUIRE(envelope->reason);
    CHECK(envelope->reason->problem.place.find("line 2") != std::string::npos);
}

TEST_CASE("a broken archive stays where it is and says why") {
    Scene scene;
    const auto taken = scene.take("leads.zip", "PK\x03\x04 this is no archive");
    REQUIRE_FALSE(taken.ok());
    CHECK(taken.error().why == NotTaken::Why::Refused);
    CHECK_FALSE(taken.error().problem.detail.empty());
}

TEST_CASE("a journal that takes nothing leaves the file for later") {
    Scene scene;
    scene.journal().stop();
    const auto taken = scene.take("leads.csv", table(1));
    REQUIRE_FALSE(taken.ok());
    CHECK(taken.error().why == NotTaken::Why::Busy);
}

TEST_CASE("a workbook is read as the table that it holds, its rows named as in the sheet") {
    Scene scene;
    const auto row = [](const std::string& name, const std::string& phone) {
        return "<row><c t=\"inlineStr\"><is><t>" + name + "</t></is></c><c t=\"inlineStr\"><is><t>" + phone +
               "</t></is></c></row>";
    };
    const auto packed = test::zipOf(std::map<std::string, std::string>{
        {"xl/workbook.xml",
         "<workbook xmlns:r=\"r\"><sheets><sheet name=\"L\" r:id=\"a\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"a\" Target=\"worksheets/sheet1.xml\"/></Relationships>"},
        {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + row("Nome", "Telefone") +
                                         row("Maria; de Souza", "11 998765432") + row("José", "") +
                                         "</sheetData></worksheet>"}});
    const auto taken = scene.take("leads.xlsx", packed);
    if (!taken) FAIL(describe(taken.error().problem));
    REQUIRE(taken->receipts.size() == 1);
    const auto envelope = scene.journal().find(taken->receipts[0]);
    REQUIRE(envelope);
    CHECK(envelope->contentType == "text/csv; charset=utf-8");
    CHECK(envelope->body == "sep=;\nNome;Telefone\n\"Maria; de Souza\";11 998765432\nJosé\n");
    CHECK(envelope->meta.find("\"line_offset\":-1") != std::string::npos);

    const auto broken = scene.take("b.xlsx", "PK\x03\x04 none");
    REQUIRE_FALSE(broken.ok());
    CHECK(broken.error().problem.code == "bad_xlsx");
}

TEST_CASE("an erased person is in no file of the archive, packed ones looked into, nor in an answer") {
    const test::Folder dir;
    FolderRules rules;
    rules.folder = dir.path().string();
    const std::string row = "Ana Lima;(11) 98888-7777;52998224725\n";
    dir.write("archive/leads.csv", std::string(300'000, ';') + row);
    dir.write("archive/leads.csv.2", "Rui Dias;(21) 92222-3333;39053344705\n");
    dir.write("archive/leads.zip", test::zipOf({test::ZippedFile{"leads.csv", row}}));
    dir.write("archive/leads.zip.2",
              test::zipOf({test::ZippedFile{"leads.csv", "Rui Dias;(21) 92222-3333\n"}}));
    dir.write("acknowledged/leads.csv.ack.json", R"({"external_id":"5511988887777"})");
    dir.write("leads.csv", row); // waits to be taken
    const auto gone = forgetIn(rules, {{"Ana Lima"}, {"52998224725"}, {"+5511988887777"}, {}});
    REQUIRE(gone.ok());
    CHECK(*gone == 3);
    for (const char* left : {"archive/leads.csv.2", "archive/leads.zip.2", "leads.csv"})
        CHECK(std::filesystem::exists(dir.path() / left));
    rules.folder = (dir.path() / "none").string();
    CHECK(*forgetIn(rules, {{}, {"52998224725"}, {}, {}}) == 0);
}
