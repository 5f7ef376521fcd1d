#include "formats/node_cutter.hpp"
#include "support.hpp"

namespace trevo::mapping {

namespace {

const std::string kFields = R"(
customer.name = { from = "nome", required = true }
customer.phones = "fone"
)";

std::string cutMapping(const std::string& top, const std::string& each, const std::string& more = "") {
    return top + "\n[[record]]\nkind = \"lead\"\n" + each + "\n[record.fields]" + kFields + more;
}

struct Outcome {
    std::vector<std::string> records, refused;
};

void add(const Mapping& mapping, const Document& document, Outcome& out) {
    auto mapped = mapping.apply(document);
    if (!mapped.ok()) FAIL(describe(mapped.error().front()));
    for (auto& record : mapped->records)
        out.records.push_back(std::move(record));
    for (const auto& refused : mapped->refused)
        out.refused.push_back(refused.name + ' ' + refused.problems.front().field);
}

Outcome whole(const Mapping& mapping, const std::string& text, const char* type) {
    Outcome out;
    add(mapping, {type, text, {}}, out);
    return out;
}

Outcome inPieces(const Mapping& mapping, const std::string& text, const char* type) {
    auto options = mapping.cutOptions();
    REQUIRE(options);
    options->nodesPerPiece = 3;
    Outcome out;
    const bool xml = text.front() == '<';
    const auto found = (xml ? formats::cutXml : formats::cutJson)(
        formats::readFrom(text), *options, [&](formats::NodePiece piece) {
            add(mapping, {type, piece.text, {}, 0, piece.before}, out);
            return true;
        });
    if (!found) FAIL(describe(found.error()));
    CHECK(*found);
    return out;
}

} // namespace

TEST_CASE("the pieces of a document make the records of the whole, and name what they refuse as it does") {
    struct Row {
        const char* rule;
        std::string mapping;
        std::string text;
        std::size_t records, refused;
    };
    const std::string json = "format = \"json\"", xml = "format = \"xml\"";
    const std::string people =
        R"({"nome":"A"},{"nome":"B"},{"fone":"1"},{"nome":"D"},{"nome":"E"},{"x":[{}]},{"nome":"G"})";
    const std::string elements = "<lead><nome>A</nome></lead><lead><nome>B</nome></lead><lead/>"
                                 "<lead><nome>D</nome></lead><lead><nome>E</nome></lead><lead><fone/></lead>"
                                 "<lead><nome>G</nome></lead>";
    const Row rows[] = {
        {"a list at the top", cutMapping(json, "each = [\"*\", \".\"]"), "[" + people + "]", 5, 2},
        {"a list within", cutMapping(json, "each = \"a/leads\""), "{\"a\":{\"leads\":[" + people + "]}}", 5,
         2},
        {"what stands before is read",
         cutMapping(json, "each = \"leads\"", "lead.campaign = \"$.campanha\"\n"),
         "{\"campanha\":\"C\",\"leads\":[" + people + "]}", 5, 2},
        {"names that are written loosely", cutMapping(json + "\nloose_keys = true", "each = \"Leads\""),
         "{\"LEADS\":[" + people + "]}", 5, 2},
        {"several lists", cutMapping(json, "each = { all = [\"leads\", \"calls\"] }"),
         "{\"leads\":[" + people + "],\"calls\":[" + people + "]}", 10, 4},
        {"lists within the items", cutMapping(json, "each = \"$[*].leads[*]\""),
         "[{\"leads\":[{\"nome\":\"A\"},{}]},{\"leads\":[]},{\"leads\":[{\"nome\":\"B\"}]},{\"leads\":[{},{"
         "\"nome\":\"C\"}]}]",
         3, 2},
        {"elements anywhere", cutMapping(xml, "each = \"//lead\""), "<d>\n" + elements + "\n</d>", 5, 2},
        {"elements of a path", cutMapping(xml, "each = \"/d/g/lead\"", "lead.campaign = \"../@c\"\n"),
         "<d><g c=\"1\">" + elements + "</g></d>", 5, 2},
        {"elements in any case", cutMapping(xml + "\nxml.case_insensitive = true", "each = \"//lead\""),
         "<D><LEAD><Nome>A</Nome></LEAD><lead/></D>", 1, 1},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        const auto mapping = compiled(row.mapping);
        const char* type = row.text.front() == '<' ? "application/xml" : "application/json";
        const Outcome all = whole(*mapping, row.text, type), cut = inPieces(*mapping, row.text, type);
        CHECK(all.records.size() == row.records);
        CHECK(all.refused.size() == row.refused);
        CHECK(cut.records == all.records);
        CHECK(cut.refused == all.refused);
    }
}

TEST_CASE("a document is not cut where the pieces would make other records than the whole") {
    const std::string json = "format = \"json\"", xml = "format = \"xml\"";
    const std::string rows[] = {
        cutMapping(json, ""),
        cutMapping(json, "each = \"leads\"") + cutMapping("", ""),
        cutMapping(json, "each = \"$[0].leads[*]\""),
        cutMapping(json, "each = \"leads\"", "lead.campaign = \"$.leads[0].campanha\"\n"),
        cutMapping(json + "\njson.named = { \"leads\" = \"name\" }", "each = \"leads/*\""),
        cutMapping(xml, "each = \"//lead[1]\""),
        cutMapping(xml, "each = [\"//lead\", \"//mail\"]"),
        cutMapping(xml, "each = \"//lead\"", "lead.campaign = \"preceding-sibling::campanha\"\n"),
        cutMapping("format = \"csv\"", ""),
    };
    for (const auto& row : rows) {
        INFO(row);
        CHECK_FALSE(compiled(row)->cutOptions());
    }
    CHECK(compiled(cutMapping(json, "each = [\"leads\", \"data/leads\"]"))->cutOptions()->oneListOnly);
    CHECK(compiled(cutMapping(json, "each = \"leads\"", "lead.campaign = \"../../c\"\n"))
              ->cutOptions()
              ->readsBeside);
    CHECK_FALSE(compiled(cutMapping(json, "each = \"leads\""))->cutOptions()->readsBeside);
}

} // namespace trevo::mapping
