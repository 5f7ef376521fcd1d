#include "support.hpp"

namespace trevo::mapping {

namespace {

const char* const kCustomers = R"(
format = "csv"
charset = "windows-1252"
[[record]]
kind = "customer"
[record.fields]
customer.name = { from = "nome", required = true }
customer.phones = "telefone"
)";

// Every part that was refused: "name: problem => its document".
std::vector<std::string> refusals(const Mapping& mapping, std::string_view body,
                                  std::string_view contentType = {}) {
    const Document document{contentType, body, {}};
    const auto mapped = mapping.apply(document);
    if (!mapped.ok()) return {describe(mapped.error().front())};
    std::vector<std::size_t> numbers;
    for (const auto& refused : mapped->refused)
        numbers.push_back(refused.part);
    const auto parts = mapping.parts(document, numbers);
    REQUIRE(parts.ok());
    std::vector<std::string> out;
    for (std::size_t i = 0; i < numbers.size(); ++i)
        out.push_back((*parts)[i].name + ": " + describe(mapped->refused[i].problems.front()) + " => " +
                      (*parts)[i].body);
    return out;
}

std::vector<std::string> made(const Mapping& mapping, std::string_view body,
                              std::string_view contentType = {}) {
    const auto mapped = mapping.apply({contentType, body, {}});
    if (!mapped.ok()) FAIL(describe(mapped.error().front()));
    return mapped->records;
}

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("a bad line of a CSV file is set apart with its header and the others are taken") {
    const auto mapping = compiled(kCustomers);
    struct Row {
        const char* rule;
        std::string bad;
        std::string says;
    };
    const auto row = GENERATE(values<Row>({
        {"a required cell is blank", ";11 9\r\n",
         "line 3: missing_field at nome (line 3): a value is required here"},
        {"too many cells", "Bia;1;2;3\r\n", "line 3: bad_csv (line 3): 4 cells in a line of 2 columns"},
        {"a quoted line", "\"\";\"1;\n2\"\r\n",
         "line 3: missing_field at nome (line 3): a value is required here"},
    }));
    INFO(row.rule);
    const std::string header = "nome;telefone\r\n";
    const std::string body = header + "Ana;1\r\n" + row.bad + "Carla;3\r\n";
    CHECK(refusals(*mapping, body) == Texts{row.says + " => " + header + row.bad});
    CHECK(made(*mapping, body) == Texts{R"({"kind":"customer","customer":{"name":"Ana","phones":["1"]}})",
                                        R"({"kind":"customer","customer":{"name":"Carla","phones":["3"]}})"});
    CHECK(mapping->check({{}, body, {}})->records == 2);
}

TEST_CASE("what follows a quote that is never closed is set apart with it") {
    const auto mapping = compiled(kCustomers);
    const std::string body = "nome;telefone\nAna;1\n\"Bia;2\nCarla;3\n";
    CHECK(made(*mapping, body).size() == 1);
    CHECK(refusals(*mapping, body) == Texts{"line 3: bad_csv (line 3): a quote is opened and never closed => "
                                            "nome;telefone\n\"Bia;2\nCarla;3\n"});
}

TEST_CASE("a part is UTF-8 and says so, whatever the charset of the file") {
    const auto mapping = compiled(kCustomers);
    const Document document{"text/csv", "nome;telefone\nAna;1\nJo\xE3o;1;2\n", {}};
    const auto parts = mapping->parts(document, {1});
    REQUIRE(parts.ok());
    CHECK(parts->front().contentType == "text/csv; charset=utf-8");
    CHECK(parts->front().body == "nome;telefone\nJoão;1;2\n");
    // Corrected, it is read by the same mapping.
    CHECK(made(*mapping, "nome;telefone\nJoão;1\n", parts->front().contentType) ==
          Texts{R"({"kind":"customer","customer":{"name":"João","phones":["1"]}})"});
}

TEST_CASE("a document all of whose parts are bad is refused whole") {
    const auto mapping = compiled(kCustomers);
    CHECK(refusals(*mapping, "nome;telefone\n;1\n;2\n") ==
          Texts{"missing_field at nome (line 2): a value is required here"});
    CHECK_FALSE(mapping->check({{}, "nome;telefone\n;1\n;2\n", {}}).ok());
}

TEST_CASE("an unreadable line is refused even when the mapping takes lines of one kind only") {
    const auto mapping =
        compiled("format = 'csv'\n[[record]]\nkind = 'lead'\nwhen = { path = 'tipo', equals = 'lead' }\n"
                 "[record.fields]\ncustomer.name = 'nome'\n");
    const std::string body = "tipo;nome\nlead;Ana\nlead;Bia;x\noutro;Caio\n";
    CHECK(made(*mapping, body).size() == 1);
    CHECK(refusals(*mapping, body).size() == 1);
}

namespace {

const char* const kPeople = R"(
format = "json"
[[record]]
kind = "lead"
each = "people/*/leads/*"
[record.fields]
source.external_id = { from = "id", required = true }
customer.name = "../../name"
lead.message = "/portal"
[[record]]
kind = "call"
each = "calls/*"
[record.fields]
source.external_id = { from = "id", required = true }
)";

} // namespace

TEST_CASE("a bad item of a JSON list is set apart with what stands around it") {
    const auto mapping = compiled(kPeople);
    const std::string body =
        R"({"portal":"p","people":[{"name":"Ana","leads":[{"id":1},{"x":[1.50,12345678901234567890123]}]},)"
        R"({"name":"Bia","leads":[{"id":3}]}],"calls":[{"id":9},{"a/b":null}]})";
    CHECK(made(*mapping, body).size() == 3);
    CHECK(
        refusals(*mapping, body) ==
        Texts{
            "/people/0/leads/1: missing_field at /people/0/leads/1/id (record 2): a value is required here "
            "=> "
            R"({"portal":"p","people":[{"name":"Ana","leads":[{"x":[1.50,12345678901234567890123]}]}],"calls":[]})",
            "/calls/1: missing_field at /calls/1/id (record 5): a value is required here => "
            R"({"portal":"p","people":[{"name":"Ana","leads":[]},{"name":"Bia","leads":[]}],"calls":[{"a/b":null}]})"});
}

TEST_CASE("what stands in a repeated node goes with it") {
    const auto mapping = compiled(R"(
format = "json"
[[record]]
kind = "customer"
each = "$[*]"
[record.fields]
customer.name = { from = "name", required = true }
[[record]]
kind = "lead"
each = "$[*].leads[*]"
[record.fields]
source.external_id = { from = "id", required = true }
)");
    const std::string body = R"([{"name":"Ana","leads":[{"id":1},{}]},{"name":"Bia","leads":[{"id":3}]}])";
    CHECK(made(*mapping, body).size() == 2);
    CHECK(refusals(*mapping, body) ==
          Texts{"/0: missing_field at /0/leads/1/id (record 4): a value is required here => "
                R"([{"name":"Ana","leads":[{"id":1},{}]}])"});
}

TEST_CASE("a document that makes a record itself is never divided") {
    const auto mapping =
        compiled("format = 'json'\n[[record]]\nkind = 'customer'\n[record.fields]\ncustomer.name = "
                 "'name'\n[[record]]\nkind = 'lead'\neach = 'leads/*'\n[record.fields]\n"
                 "source.external_id = { from = 'id', required = true }\n");
    CHECK(refusals(*mapping, R"({"name":"Ana","leads":[{"id":1},{}]})") ==
          Texts{"missing_field at /leads/1/id (record 3): a value is required here"});
}

TEST_CASE("a bad element of an XML list is set apart with what stands around it") {
    const auto mapping = compiled(R"(
format = "xml"
[[record]]
kind = "lead"
each = "//lead"
[record.fields]
source.external_id = { from = "@id", required = true }
lead.message = "text"
)");
    const std::string body =
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><f><portal a='\"'>A&amp;B</portal>"
        "<lead id='1'/><lead><text>ol\xE1 &lt;b&gt;</text></lead><lead id='3'/></f>";
    CHECK(made(*mapping, body, "text/xml").size() == 2);
    CHECK(refusals(*mapping, body, "text/xml")
              .front()
              .ends_with(
                  " => <f><portal a=\"&quot;\">A&amp;B</portal><lead><text>olá &lt;b&gt;</text></lead></f>"));
    const auto parts = mapping->parts({"text/xml", body, {}}, {1});
    CHECK(parts->front().name == "/f/lead[2]");
    CHECK(parts->front().contentType == "text/xml; charset=utf-8");
}

TEST_CASE("what a refused part holds is not reported as unmapped") {
    const auto mapped = compiled(kPeople)->apply({{}, R"({"calls":[{"id":9},{"secret":1}]})", {}});
    REQUIRE(mapped.ok());
    CHECK(mapped->unmapped.empty());
}

TEST_CASE("NDJSON is read line by line, and a bad line is set apart") {
    const auto mapping =
        compiled("format = 'json'\naccepts = ['application/json', 'application/x-ndjson']\n[[record]]\n"
                 "kind = 'lead'\n[record.fields]\nsource.external_id = { from = 'id', required = true }\n");
    const std::string type = "application/x-ndjson; charset=utf-8";
    const std::string body = "{\"id\":1}\r\n\n{\"id\":\n{\"id\":12345678901234567890123}\n{\"x\":\"é\"}\n";
    CHECK(made(*mapping, body, type) ==
          Texts{R"({"kind":"lead","source":{"external_id":"1"}})",
                R"({"kind":"lead","source":{"external_id":"12345678901234567890123"}})"});
    CHECK(refusals(*mapping, body, type) ==
          Texts{"line 3: bad_json (line 3): the document ends too early => {\"id\":",
                "line 5: missing_field at /3/id (line 5): a value is required here => {\"x\":\"é\"}"});
    CHECK(made(*mapping, "{\"id\":1}", type).size() == 1);
    CHECK(outcome(*mapping, "{\"id\":", type) == "bad_json (line 1): the document ends too early");
    CHECK(outcome(*mapping, "\n\n", type).starts_with("no_record"));
    CHECK(outcome(*mapping, std::string(100, '[') + "\n", type).starts_with("too_deep (line 1)"));
}

TEST_CASE("repeated nodes are those of the first path that has any, or of all paths, each once") {
    const auto with = [](const std::string& each) {
        return compiled("format = 'json'\n[[record]]\nkind = 'lead'\neach = " + each +
                        "\n[record.fields]\nsource.external_id = 'id'\n");
    };
    const std::string body = R"({"leads":[{"id":1}],"mails":[{"id":2}]})";
    CHECK(made(*with("['leads/*', 'mails/*']"), body).size() == 1);
    CHECK(made(*with("{ all = ['leads/*', 'mails/*', 'leads/0'] }"), body).size() == 2);
    const auto wrong = Mapping::compile("format = 'json'\n[[record]]\nkind = 'lead'\neach = { al = 'x' }\n"
                                        "[record.fields]\nsource.external_id = 'id'\n",
                                        "mappings/acme/lead.map.toml");
    REQUIRE_FALSE(wrong.ok());
    CHECK(toml::describe(wrong.error()).find("did you mean 'all'?") != std::string::npos);
}

} // namespace trevo::mapping
