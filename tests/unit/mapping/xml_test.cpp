#include "support.hpp"

namespace trevo::mapping {

namespace {

std::string mappingOf(const std::string& path, const std::string& options = "") {
    return "format = 'xml'\nkeep_unmapped = false\n[xml]\n" + options +
           "\n[[record]]\nkind = 'lead'\n[record.fields]\ncustomer.name = \"" + path + "\"\n";
}

std::string nameOf(const std::string& value) {
    return R"({"kind":"lead","customer":{"name":")" + value + R"("}})";
}

} // namespace

TEST_CASE("an XPath finds what it names") {
    struct Row {
        const char* rule;
        const char* path;
        const char* body;
        const char* name;
    };
    const auto row = GENERATE(values<Row>({
        {"an element", "/a/b", "<a><b>Ana</b></a>", "Ana"},
        {"an attribute", "/a/@b", "<a b='Ana'/>", "Ana"},
        {"by an attribute's value", "/a/b[@k='2']", "<a><b k='1'>x</b><b k='2'>Ana</b></a>", "Ana"},
        {"the first that is not blank", "/a/b", "<a><b> </b><b>Ana</b></a>", "Ana"},
        {"CDATA is text", "/a", "<a><![CDATA[Ana]]></a>", "Ana"},
        {"elements inside are read through", "/a", "<a>A<i>n</i>a</a>", "Ana"},
        {"the five entities", "/a", "<a>A&amp;B &lt;&#65;&gt;</a>", "A&B <A>"},
        {"a namespace prefix is no part of a name", "/a/b", "<x:a xmlns:x='urn:x'><x:b>Ana</x:b></x:a>",
         "Ana"},
        {"a computed text", "concat(/a/b,' ',/a/c)", "<a><b>Ana</b><c>Lima</c></a>", "Ana Lima"},
    }));
    INFO(row.rule);
    CHECK(outcome(*compiled(mappingOf(row.path)), row.body) == nameOf(row.name));
}

TEST_CASE("a document type declaration is refused before anything is expanded") {
    const auto mapping = compiled(mappingOf("/a"));
    for (const char* body :
         {"<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
          "<?xml version='1.0'?>\n<!DOCTYPE lolz [<!ENTITY l 'l'><!ENTITY m '&l;&l;'>]><a>&m;</a>"}) {
        CHECK(outcome(*mapping, body).starts_with("xml_doctype"));
    }
    CHECK(outcome(*mapping, "<!doctype a><a>x</a>").starts_with("bad_xml"));
}

TEST_CASE("broken XML says where") {
    const auto mapping = compiled(mappingOf("/a"));
    CHECK(outcome(*mapping, "<a>\n<b></a>").starts_with("bad_xml (line 2, column"));
    CHECK(outcome(*mapping, "").starts_with("bad_xml"));
    CHECK(outcome(*mapping, "no xml at all").starts_with("bad_xml"));
    CHECK(outcome(*mapping, "<a>Silva & Filhos</a>") ==
          "bad_xml (line 1, column 10): '&' must be written '&amp;'");
    CHECK(outcome(*mapping, std::string("<a>\0</a>", 8)).starts_with("bad_xml"));
}

TEST_CASE("a bare ampersand is a letter where the mapping allows it") {
    CHECK(outcome(*compiled(mappingOf("/a", "bare_ampersand = true")), "<a>Silva & Filhos &amp; Cia</a>") ==
          nameOf("Silva & Filhos & Cia"));
    CHECK(outcome(*compiled(mappingOf("/a")), "<a><!-- a & b --><![CDATA[A & B]]></a>") == nameOf("A & B"));
}

TEST_CASE("names in any case, and the values of chosen attributes") {
    const auto mapping =
        compiled(mappingOf("/a/b[@type='x']/@name", "case_insensitive = true\nlower_attributes = ['type']"));
    CHECK(outcome(*mapping, "<A><B TYPE=' X ' Name='Ana'/></A>") == nameOf("Ana"));
}

TEST_CASE("the charset is the declared one, else the one that the bytes are") {
    const auto mapping = compiled(mappingOf("/a"));
    CHECK(outcome(*mapping, "<?xml version='1.0' encoding='ISO-8859-1'?><a>Jo\xE3o</a>") == nameOf("João"));
    CHECK(outcome(*mapping, "<?xml version='1.0' encoding='UTF-8'?><a>Jo\xE3o</a>") == nameOf("João"));
    CHECK(outcome(*mapping, "<a>Jo\xE3o</a>", "text/xml; charset=windows-1252") == nameOf("João"));
    CHECK(outcome(*mapping, "\xEF\xBB\xBF<a>João</a>") == nameOf("João"));
}

TEST_CASE("depth and count of an XML document are limited") {
    Limits limits;
    limits.maxNodes = 1000;
    const auto mapping = compiled(mappingOf("/a"), limits);
    const auto nested = [](int depth) {
        std::string open, close;
        for (int i = 0; i < depth; ++i) {
            open += "<a>";
            close += "</a>";
        }
        return open + "x" + close;
    };
    CHECK(outcome(*mapping, nested(20)).starts_with("{"));
    CHECK(outcome(*mapping, nested(40)).starts_with("too_deep (line 1, column"));
    CHECK(outcome(*mapping, nested(100'000)).starts_with("too_deep"));
    std::string many = "<a>";
    for (int i = 0; i < 2000; ++i)
        many += "<b/>";
    CHECK(outcome(*mapping, many + "</a>").starts_with("too_many_values"));
    std::string attributes = "<a";
    for (int i = 0; i < 2000; ++i)
        attributes += " b" + std::to_string(i) + "=''";
    CHECK(outcome(*mapping, attributes + "/>").starts_with("too_many_values"));
}

TEST_CASE("what no XPath read is kept with its position") {
    const auto mapping = compiled("format = 'xml'\n[[record]]\nkind = 'lead'\neach = '/a/lead'\n"
                                  "[record.fields]\ncustomer.name = 'name'\n");
    const auto mapped = mapping->apply(
        {"", "<a><lead id='1'><name>Ana</name><x>1</x><x>2</x>loose<y>mixed <b>text</b></y></lead></a>", {}});
    REQUIRE(mapped.ok());
    CHECK(
        mapped->records[0] ==
        R"({"kind":"lead","customer":{"name":"Ana"},"extra":{"@id":"1","x":"1","x[2]":"2","y/b":"text","y":"mixed ","value":"loose"}})");
    CHECK(mapped->unmapped ==
          std::vector<std::string>{"/a/lead/@id", "/a/lead/x", "/a/lead/y/b", "/a/lead/y", "/a/lead"});
}

} // namespace trevo::mapping
