#include "support.hpp"

namespace trevo::mapping {

namespace {

const char* const kCsv = R"(
format = "csv"
[[record]]
kind = "customer"
[record.fields]
customer.name = { from = "nome", required = true }
customer.phones = "telefone"
)";

const char* const kForm = R"(
format = "form"
[[record]]
kind = "lead"
[record.fields]
customer.name = "nome"
customer.phones = "fone"
)";

std::string csv(const std::string& body, const std::string& options = "") {
    return outcome(*compiled(options + kCsv), body);
}

const char* const kAna = R"({"kind":"customer","customer":{"name":"Ana","phones":["11 9"]}})";

} // namespace

TEST_CASE("a CSV file is read as it is found") {
    struct Row {
        const char* rule;
        const char* body;
    };
    const auto row = GENERATE(values<Row>({
        {"semicolons", "nome;telefone\nAna;11 9\n"},
        {"commas", "nome,telefone\nAna,11 9"},
        {"tabs", "nome\ttelefone\r\nAna\t11 9\r\n"},
        {"bars", "nome|telefone\nAna|11 9\n"},
        {"old Macintosh line ends", "nome;telefone\rAna;11 9\r"},
        {"a byte order mark", "\xEF\xBB\xBFnome;telefone\nAna;11 9\n"},
        {"headers in any case, with accents and blanks", "\"NÓME \";Tele-fone\nAna;11 9\n"},
        {"quotes", "nome;telefone\n\"Ana\";\"11 9\"\n"},
        {"blank lines between", "nome;telefone\n\n;\nAna;11 9\n\n"},
        {"columns in another order", "telefone;nome\n11 9;Ana\n"},
    }));
    INFO(row.rule);
    CHECK(csv(row.body) == kAna);
}

TEST_CASE("a CSV cell keeps its delimiters, quotes and lines") {
    CHECK(csv("nome;x\n\"A \"\"B\"\"; C\nD\";1\n") ==
          R"({"kind":"customer","customer":{"name":"A \"B\"; C\nD"},"extra":{"x":"1"}})");
}

TEST_CASE("a CSV file of the last century is read in its charset") {
    CHECK(csv("nome;telefone\nJo\xE3o;1\n").find("João") != std::string::npos);
    CHECK(csv("nome;telefone\nJo\xC6o;1\n", "charset = 'cp850'\n").find("João") != std::string::npos);
}

TEST_CASE("a CSV file without header or with a pinned delimiter") {
    const std::string csvTable(kCsv);
    const auto with = [&](const std::string& options) {
        return compiled("format = 'csv'\n[csv]\n" + options +
                        csvTable.substr(csvTable.find("[[record]]") - 1));
    };
    CHECK(outcome(*with("columns = ['nome', 'telefone']"), "Ana;11 9\n") == kAna);
    CHECK(outcome(*with("delimiter = '|'"), "nome|telefone;;\nAna|11 9\n").find("Ana") != std::string::npos);
}

TEST_CASE("a broken CSV file names its line") {
    CHECK(csv("nome;telefone\n\nBia;2;3\n") == "bad_csv (line 3): 3 cells in a line of 2 columns");
    CHECK(csv("nome;telefone\n\"Ana;1\n") == "bad_csv (line 2): a quote is opened and never closed");
    CHECK(csv("") == "bad_csv (line 1): the first line must name the columns");
    CHECK(csv("nome;telefone\n\n;2\n") == "missing_field at nome (line 3): a value is required here");
    CHECK(csv("nome;telefone\n").starts_with("no_record"));
    CHECK(outcome(*compiled("allow_empty = true\n" + std::string(kCsv)), "nome;telefone\n") == "no record");
}

TEST_CASE("a form is read as browsers write it") {
    struct Row {
        const char* rule;
        const char* contentType;
        std::string body;
    };
    const auto row = GENERATE(values<Row>({
        {"plus and percent", "application/x-www-form-urlencoded", "nome=Jo%C3%A3o+S&fone=%2B55"},
        {"empty pairs", "application/x-www-form-urlencoded", "&&nome=Jo%c3%a3o%20S&&fone=%2B55&"},
        {"Latin-1 declared", "application/x-www-form-urlencoded; charset=ISO-8859-1",
         "nome=Jo%E3o+S&fone=%2B55"},
        {"Latin-1 named by _charset_", "application/x-www-form-urlencoded",
         "_charset_=iso-8859-1&nome=Jo%E3o+S&fone=%2B55"},
        {"Latin-1 declared as UTF-8", "application/x-www-form-urlencoded; charset=UTF-8",
         "nome=Jo%E3o+S&fone=%2B55"},
        {"multipart", "multipart/form-data; boundary=\"b;1\"",
         "--b;1\r\nContent-Disposition: form-data; name=\"nome\"\r\n\r\nJoão S\r\n--b;1\r\nContent-Type: "
         "text/plain\r\ncontent-disposition: form-data; name=fone\r\n\r\n+55\r\n--b;1--\r\n"},
    }));
    INFO(row.rule);
    CHECK(outcome(*compiled(kForm), row.body, row.contentType) ==
          R"({"kind":"lead","customer":{"name":"João S","phones":["+55"]}})");
}

TEST_CASE("a field that is repeated makes a list") {
    CHECK(outcome(*compiled(kForm), "fone=1&nome=Ana&fone=2") ==
          R"({"kind":"lead","customer":{"name":"Ana","phones":["1","2"]}})");
}

TEST_CASE("a stray percent sign stands for itself") {
    CHECK(outcome(*compiled(kForm), "nome=100%&fone=%zz1") ==
          R"({"kind":"lead","customer":{"name":"100%","phones":["%zz1"]}})");
}

TEST_CASE("a broken multipart form says what is wrong") {
    const auto mapping = compiled(kForm);
    CHECK(outcome(*mapping, "x", "multipart/form-data").starts_with("bad_form: a multipart form must"));
    CHECK(outcome(*mapping, "x", "multipart/form-data; boundary=b").starts_with("bad_form"));
    CHECK(outcome(*mapping, "--b\r\n\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b")
              .starts_with("bad_form"));
}

TEST_CASE("one mapping takes JSON and forms, told apart by the content type") {
    std::string both(kForm);
    both.replace(both.find("\"form\""), 6, "['json', 'form']");
    const auto mapping = compiled(both);
    CHECK(outcome(*mapping, R"({"nome":"Ana"})", "application/json") ==
          outcome(*mapping, "nome=Ana", "application/x-www-form-urlencoded"));
}

} // namespace trevo::mapping
