#include "formats/csv.hpp"

#include <catch2/catch.hpp>

namespace trevo::formats {

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rowsOf(std::string_view text, Dialect dialect) {
    RowReader reader(text, dialect);
    std::vector<std::string_view> cells;
    Rows rows;
    while (!reader.atEnd()) {
        reader.next(cells);
        rows.emplace_back(cells.begin(), cells.end());
    }
    return rows;
}

} // namespace

TEST_CASE("the dialect of a table is found out from its first rows") {
    struct Row {
        const char* rule;
        const char* text;
        Dialect dialect;
    };
    const auto row = GENERATE(values<Row>({
        {"semicolons", "nome;fone\nAna;1\n", {';', '"'}},
        {"commas", "nome,fone\nAna,1\n", {',', '"'}},
        {"tabs", "nome\tfone\nAna\t1\n", {'\t', '"'}},
        {"bars", "nome|fone\nAna|1\n", {'|', '"'}},
        {"a decimal comma is no delimiter", "nome;valor\nAna;1,50\nBia;2.300,75\n", {';', '"'}},
        {"more commas in the cells than semicolons between them",
         "nome;obs\nAna;a,b,c,d\nBia;e,f\n",
         {';', '"'}},
        {"delimiters within quotes do not count", "a,b\n\"x;y;z\",\"1;2\"\n\"x;y\",\"3\"\n", {',', '"'}},
        {"a header with commas in its names",
         "nome;cidade, uf;ddd, fone\nAna;Campinas, SP;19, 1\nBia;Natal;84\n",
         {';', '"'}},
        {"a delimiter too many at the end of the rows", "a;b\n1;2;\n3;4;\n", {';', '"'}},
        {"one column", "nome\nAna\n", {';', '"'}},
        {"nothing", "", {';', '"'}},
        {"apostrophes as quotes", "'nome';'obs'\n'Ana';'a;b'\n", {';', '\''}},
        {"an apostrophe in a name", "nome;obs\nAna D'Ávila;x\n'tHooft;y\n", {';', '"'}},
        {"both: the usual one", "nome;obs\n\"Ana\";'x'\n\"Bia\";'y'\n", {';', '"'}},
        {"said by a spreadsheet", "sep=|\na,b|c,d\n1,2|3,4\n", {'|', '"'}},
        {"said in capitals, with a carriage return", "SEP=,\r\na;b,c\r\n", {',', '"'}},
    }));
    INFO(row.rule);
    CHECK(detectDialect(row.text) == row.dialect);
    CHECK(detectDialect(row.text, {'|', '\''}) == Dialect{'|', '\''});
}

TEST_CASE("a separator line is one only when nothing else stands in it") {
    CHECK(separatorLine("sep=;\r\nnome") == 7);
    CHECK(separatorLine("sep=;\n") == 6);
    CHECK(separatorLine("sep=;") == 5);
    CHECK(separatorLine("sep=;x\n") == 0);
    CHECK(separatorLine("sep=") == 0);
    CHECK(separatorLine("sep=\"\n") == 0);
    CHECK(separatorLine("sep=\x9C\n") == 0);
    CHECK(separatorLine("nome;fone\n") == 0);
}

TEST_CASE("rows are read as RFC 4180 writes them and as people do") {
    struct Row {
        const char* rule;
        const char* text;
        Rows rows;
    };
    const auto row = GENERATE(values<Row>({
        {"plain", "a;b\nc;d\n", {{"a", "b"}, {"c", "d"}}},
        {"no line end at the end", "a;b\nc;d", {{"a", "b"}, {"c", "d"}}},
        {"every line end", "a\r\nb\rc\n", {{"a"}, {"b"}, {"c"}}},
        {"empty cells", ";\n;;\n", {{"", ""}, {"", "", ""}}},
        {"quoted", "\"a;b\";\"c\"\n", {{"a;b", "c"}}},
        {"doubled quotes", "\"a \"\"b\"\" c\";\"\"\"\"\n", {{"a \"b\" c", "\""}}},
        {"lines within quotes", "\"a\r\nb\";c\nd\n", {{"a\r\nb", "c"}, {"d"}}},
        {"a quote within a cell is a letter", "5\" tv;a\"b\"\n", {{"5\" tv", "a\"b\""}}},
        {"text after a quote is kept", "\"a\"b;c\n", {{"ab", "c"}}},
        {"a quote opened and never closed", "x\n\"a;b\nc", {{"x"}, {"a;b\nc"}}},
        {"an empty quoted cell at the end", "a;\"\"", {{"a", ""}}},
    }));
    INFO(row.rule);
    CHECK(rowsOf(row.text, {';', '"'}) == row.rows);
}

TEST_CASE("lines are counted through quoted line ends") {
    RowReader reader("a\n\"b\r\nc\rd\n\"\ne", {';', '"'});
    std::vector<std::string_view> cells;
    std::vector<std::size_t> lines;
    while (!reader.atEnd()) {
        lines.push_back(reader.line());
        reader.next(cells);
    }
    CHECK(lines == std::vector<std::size_t>{1, 2, 6});
    CHECK_FALSE(reader.unclosed());
}

TEST_CASE("a cell that is written is read back") {
    for (const char* cell : {"", "a", "a;b", "\"", "a\nb", "a\r", " a "}) {
        std::string text;
        appendCell(text, cell, ';');
        text += ";x";
        CHECK(rowsOf(text, {';', '"'}) == Rows{{cell, "x"}});
    }
}

} // namespace trevo::formats
