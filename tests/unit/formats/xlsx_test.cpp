#include "formats/xlsx.hpp"
#include "formats/xlsx_cells.hpp"
#include "unit/formats/zip_files.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace trevo;
using namespace trevo::formats;

namespace {

using Parts = std::map<std::string, std::string>;

// A workbook of one sheet, as Excel names its parts.
Parts workbook(const std::string& rows, const std::string& texts = "", const std::string& properties = "") {
    return {
        {"[Content_Types].xml", "<Types/>"},
        {"xl/worksheets/sheet1.xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet><sheetData>" +
                                         rows + "</sheetData></worksheet>"},
        {"xl/workbook.xml",
         "<workbook xmlns:r=\"urn:r\">" + properties +
             "<sheets><sheet name=\"Leads\" sheetId=\"1\" r:id=\"rId7\"/><sheet name=\"Resumo\" "
             "sheetId=\"2\" r:id=\"rId8\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"rId8\" Target=\"/xl/worksheets/sheet2.xml\"/><Relationship "
         "Id=\"rId7\" Target=\"worksheets/sheet1.xml\"/></Relationships>"},
        {"xl/styles.xml",
         "<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"dd/mm/yyyy\\ hh:mm;@\"/></numFmts>"
         "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>"},
        {"xl/sharedStrings.xml", "<sst>" + texts + "</sst>"}};
}

std::string rowsOf(const std::string& packed, std::optional<Problem>* problem = nullptr,
                   XlsxOptions options = {}) {
    XlsxReader reader(readFrom(packed), options);
    std::string text;
    char block[1000];
    const auto read = reader.rows();
    while (const std::size_t count = read(block, sizeof block))
        text.append(block, count);
    if (problem)
        *problem = reader.problem();
    else if (reader.problem())
        FAIL(describe(*reader.problem()));
    return text;
}

} // namespace

TEST_CASE("the cells of a sheet read as a spreadsheet would save them") {
    const auto packed = test::zipOf(workbook(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
        "<c r=\"C1\" t=\"inlineStr\"><is><t>Valor; em R$</t></is></c></row>"
        "<row r=\"3\"><c r=\"A3\" t=\"str\"><f>A1</f><v>Ana\nLima</v></c><c r=\"C3\"><v>71900.5</v></c>"
        "<c r=\"D3\" s=\"1\"><v>44562</v></c><c r=\"E3\" s=\"2\"><v>44562.604166666664</v></c>"
        "<c r=\"F3\" t=\"b\"><v>1</v></c><c r=\"G3\"><v>1.1998765432E10</v></c><c r=\"H3\"/></row>",
        "<si><t>Nome</t></si><si><r><t>Tele</t></r><r><t xml:space=\"preserve\">fone "
        "</t></r><rPh><t>x</t></rPh></si>"));
    CHECK(rowsOf(packed) == "Nome;Telefone ;\"Valor; em R$\"\n\nAna Lima;;71900,5;01/01/2022;01/01/2022 "
                            "14:30:00;true;11998765432\n");
}

TEST_CASE("the sheet is the first, or the one that is named") {
    auto parts = workbook("<row><c t=\"inlineStr\"><is><t>um</t></is></c></row>");
    parts["xl/worksheets/sheet2.xml"] =
        "<x:worksheet xmlns:x=\"urn:x\"><x:sheetData><x:row><x:c t=\"inlineStr\"><x:is><x:t>dois</x:t></x:is>"
        "</x:c></x:row></x:sheetData></x:worksheet>";
    const auto packed = test::zipOf(parts);
    CHECK(rowsOf(packed) == "um\n");
    XlsxOptions options;
    options.sheet = "Resumo";
    CHECK(rowsOf(packed, nullptr, options) == "dois\n");
    options.sheet = "Março";
    std::optional<Problem> problem;
    rowsOf(packed, &problem, options);
    REQUIRE(problem);
    CHECK(problem->code == "no_sheet");
    CHECK(problem->detail.find("Leads, Resumo") != std::string::npos);
}

TEST_CASE("a number shows by its format") {
    struct Row {
        const char* value;
        const char* code;
        const char* shown;
    };
    const auto row = GENERATE(values<Row>({
        {"1", "General", "1"},
        {"0.1", "0.00", "0,1"},
        {"-3.5", "dd/mm/yyyy", "-3,5"},
        {"52998224725", "000\".\"000\".\"000\"-\"00", "52998224725"},
        {"36526", "d/m/yy", "01/01/2000"},
        {"59", "yyyy-mm-dd", "28/02/1900"},
        {"61", "yyyy-mm-dd", "01/03/1900"},
        {"0.5", "hh:mm", "12:00:00"},
        {"1.5", "[h]:mm", "36:00:00"},
        {"44562.99999999", "dd/mm/yyyy hh:mm", "02/01/2022 00:00:00"},
        {"44562", "[$-416]dd \"de\" mmmm", "01/01/2022"},
        {"12", "0 \"meses\"", "12"},
        {"12", "\"h\"0", "12"},
        {"abc", "General", "abc"},
        {"1e400", "General", "1e400"},
    }));
    INFO(row.value << " as " << row.code);
    CHECK(shownNumber(row.value, cellFormatOf(row.code), false) == row.shown);
    CHECK(shownNumber("0", CellFormat::Date, true) == "01/01/1904");
}

TEST_CASE("a workbook that is none, broken or hostile is a problem and no crash") {
    struct Row {
        const char* rule;
        std::string packed;
        const char* code;
    };
    const auto cell = [](const std::string& text) {
        return test::zipOf(workbook("<row r=\"1\"><c r=\"A1\" " + text + "</c></row>"));
    };
    std::string texts, cells;
    for (int i = 0; i < 1000; ++i)
        cells += "<c t=\"s\"><v>0</v></c>";
    auto doctype = workbook("");
    doctype["xl/worksheets/sheet1.xml"].insert(
        38, "<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>");
    auto noSheet = workbook("");
    noSheet.erase("xl/worksheets/sheet1.xml");
    const Row rows[] = {
        {"no archive", "PK\x03\x04 none", "bad_xlsx"},
        {"an archive of something else", test::zipOf(Parts{{"a.csv", "x"}}), "bad_xlsx"},
        {"a text that is not there", cell("t=\"s\"><v>7</v>"), "bad_xlsx"},
        {"a column out of all bounds", test::zipOf(workbook("<row><c r=\"ZZZZZZ1\"/></row>")), "bad_xlsx"},
        {"rows that go back", test::zipOf(workbook("<row r=\"5\"/><row r=\"2\"/>")), "bad_xlsx"},
        {"a sheet that ends early", test::zipOf(workbook("<row><c></row>")), "bad_xlsx"},
        {"entities of its own", test::zipOf(doctype), "bad_xlsx"},
        {"a sheet that is not there", test::zipOf(noSheet), "bad_xlsx"},
        {"a row of one text a thousand times",
         test::zipOf(
             workbook("<row>" + cells + "</row>", "<si><t>" + std::string(10'000, 'x') + "</t></si>")),
         "row_too_long"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        std::optional<Problem> problem;
        rowsOf(row.packed, &problem);
        REQUIRE(problem);
        CHECK(problem->code == row.code);
    }
    XlsxOptions options;
    options.maxPackedBytes = 100;
    std::optional<Problem> problem;
    rowsOf(test::zipOf(workbook("")), &problem, options);
    REQUIRE(problem);
    CHECK(problem->code == "xlsx_too_large");
}
