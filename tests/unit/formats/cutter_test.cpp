#include "formats/node_cutter.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::formats;
using Pieces = std::vector<std::string>;

namespace {

struct CutUp {
    Pieces pieces;
    std::vector<std::size_t> before;
    bool found = false;
    std::optional<Problem> problem;
};

CutUp cut(const std::string& text, CutOptions options) {
    CutUp out;
    const auto use = [&](NodePiece piece) {
        out.pieces.push_back(piece.text);
        out.before.push_back(piece.before);
        return true;
    };
    // One byte at a time: a piece of the input may end anywhere.
    std::size_t at = 0;
    const Read read = [&](char* into, std::size_t) {
        if (at == text.size()) return std::size_t{0};
        *into = text[at++];
        return std::size_t{1};
    };
    const auto done = text.find_first_not_of(" \n\xEF\xBB\xBF") != std::string::npos &&
                              text[text.find_first_not_of(" \n\xEF\xBB\xBF")] == '<'
                          ? cutXml(read, options, use)
                          : cutJson(read, options, use);
    if (done)
        out.found = *done;
    else
        out.problem = done.error();
    return out;
}

CutOptions at(std::vector<CutPath> paths, std::size_t nodes = 2) {
    CutOptions options;
    options.paths = std::move(paths);
    options.nodesPerPiece = nodes;
    return options;
}

} // namespace

TEST_CASE("a list is cut into pieces that each hold what stands beside it") {
    struct Row {
        const char* rule;
        CutOptions options;
        const char* text;
        Pieces pieces;
    };
    const CutPath top{false, {}}, leads{false, {"leads"}}, anyLead{true, {"lead"}},
        rooted{false, {"d", "lead"}};
    const Row rows[] = {
        {"the whole is the list", at({top}), "[1,{\"a\":[1,{}]},\"x\"]", {"[1,{\"a\":[1,{}]}]", "[\"x\"]"}},
        {"the list is a member",
         at({leads}),
         "{\"p\":\"X\",\"q\":{\"r\":[1]},\"leads\":[1,2,3],\"n\":3}",
         {"{\"p\":\"X\",\"q\":{\"r\":[1]},\"leads\":[1,2]}",
          "{\"p\":\"X\",\"q\":{\"r\":[1]},\"n\":3,\"leads\":[3]}"}},
        {"the list is deeper",
         at({{false, {"a", "b"}}}),
         "{\"k\":1,\"a\":{\"b\":[true,null],\"c\":-1.50}}",
         {"{\"k\":1,\"a\":{\"c\":-1.50,\"b\":[true,null]}}"}},
        {"several lists",
         at({leads, {false, {"calls"}}}),
         "{\"leads\":[1],\"calls\":[2,3,4]}",
         {"{\"leads\":[1]}", "{\"calls\":[2,3]}", "{\"calls\":[4]}"}},
        {"numbers and texts stay as they are",
         at({top}, 9),
         "[12345678901234567890123,\"\\u00e9\\n\\\"\"]",
         {"[12345678901234567890123,\"é\\n\\\"\"]"}},
        {"nodes anywhere",
         at({anyLead}),
         "<d k=\"1&amp;2\"><p>X</p><lead>1</lead><lead a='b'/><lead>3</lead><n>3</n></d>",
         {"<d k=\"1&amp;2\"><p>X</p><lead>1</lead><lead a=\"b\"></lead></d>",
          "<d k=\"1&amp;2\"><p>X</p><n>3</n><lead>3</lead></d>"}},
        {"nodes of a path only",
         at({rooted}),
         "<d><x><lead>0</lead></x><lead>1</lead></d>",
         {"<d><x><lead>0</lead></x><lead>1</lead></d>"}},
        {"what comes between two nodes",
         at({anyLead}),
         "<d><lead>1</lead><x>t</x><lead>2</lead><lead>3</lead></d>",
         {"<d><x>t</x><lead>1</lead><lead>2</lead></d>", "<d><x>t</x><lead>3</lead></d>"}},
        {"indented",
         at({anyLead}),
         "<d>\n <lead>1</lead>\n <lead> </lead>\n <g>\n  <lead>3</lead>\n </g>\n</d>",
         {"<d>\n <lead>1</lead><lead> </lead></d>", "<d>\n <g>\n  <lead>3</lead></g></d>"}},
        {"under different parents",
         at({anyLead}),
         "<d><g s=\"1\"><lead>1</lead></g><g s=\"2\"><lead>2</lead></g><lead>3</lead><g "
         "s=\"4\"><lead>4</lead></g></d>",
         {"<d><g s=\"1\"><lead>1</lead></g></d>", "<d><g s=\"2\"><lead>2</lead></g></d>",
          "<d><lead>3</lead></d>", "<d><g s=\"4\"><lead>4</lead></g></d>"}},
        {"a node within a node is its own",
         at({anyLead}),
         "<d><lead><lead>1</lead></lead></d>",
         {"<d><lead><lead>1</lead></lead></d>"}},
        {"with prefixes, comments and CDATA",
         at({anyLead}),
         "<x:d xmlns:x=\"u\"><!-- c --><x:lead><![CDATA[a<b]]></x:lead></x:d>",
         {"<x:d xmlns:x=\"u\"><x:lead>a&lt;b</x:lead></x:d>"}},
        {"in an old charset",
         at({anyLead}),
         "<?xml version=\"1.0\" encoding=\"windows-1252\"?><d><lead>S\xE3o \x80</lead></d>",
         {"<d><lead>São €</lead></d>"}},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        const CutUp result = cut(row.text, row.options);
        if (result.problem) FAIL_CHECK(describe(*result.problem));
        CHECK(result.found);
        CHECK(result.pieces == row.pieces);
    }
    using Numbers = std::vector<std::size_t>;
    CHECK(cut("[1,2,3,4,5]", at({top})).before == Numbers{0, 2, 4});
    CHECK(cut("{\"leads\":[1,2,3],\"calls\":[1]}", at({leads, {false, {"calls"}}})).before ==
          Numbers{0, 2, 0});
    CHECK(cut("<d><g><lead/><lead/><lead/></g><g><lead/></g></d>", at({anyLead})).before == Numbers{0, 2, 0});
}

TEST_CASE("lines are cut into pieces that tell how many stand before them") {
    std::vector<NodePiece> pieces;
    const auto use = [&](NodePiece piece) {
        pieces.push_back(std::move(piece));
        return true;
    };
    REQUIRE(cutLines(readFrom("{}\r\n\n[1]\n{\"a\":2}\n\n3"), at({}), use).ok());
    REQUIRE(pieces.size() == 2);
    CHECK(pieces[0].text == "{}\r\n\n[1]\n");
    CHECK(pieces[0].before == 0);
    CHECK(pieces[1].text == "{\"a\":2}\n\n3\n");
    CHECK(pieces[1].before == 3);

    auto tight = at({});
    tight.maxNodeBytes = 10;
    const auto result = cutLines(readFrom("1\n2\n3\n" + std::string(20, '4')), tight, use);
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().place == "line 4");
    CHECK(pieces.size() == 3);
}

TEST_CASE("a document without such a list is not cut") {
    CHECK_FALSE(cut("{\"a\":1}", at({{false, {"leads"}}})).found);
    CHECK_FALSE(cut("{\"leads\":{\"a\":[1]}}", at({{false, {"leads"}}})).found);
    CHECK_FALSE(cut("[{\"leads\":[1]}]", at({{false, {"leads"}}})).found);
    CHECK_FALSE(cut("7", at({{false, {}}})).found);
    CHECK_FALSE(cut("<d><x/></d>", at({{true, {"lead"}}})).found);
    auto small = at({{true, {"lead"}}});
    small.maxBesideBytes = 100;
    const auto result = cut("<d>" + std::string(200, 'x') + "<lead/></d>", small);
    CHECK_FALSE(result.found);
    CHECK_FALSE(result.problem);
}

TEST_CASE("what can not be cut to its end names the place, and the pieces before are good") {
    struct Row {
        const char* rule;
        std::string text;
        CutOptions options;
        std::size_t pieces;
        const char* code;
    };
    const CutPath top{false, {}}, anyLead{true, {"lead"}};
    auto tight = at({top}), tightXml = at({anyLead}), one = at({{false, {"a"}}, {false, {"b"}}});
    auto beside = at({{false, {"a"}}}), besideXml = at({anyLead});
    beside.readsBeside = besideXml.readsBeside = true;
    tight.maxNodeBytes = tightXml.maxNodeBytes = 50;
    tightXml.maxBesideBytes = 60;
    one.oneListOnly = true;
    const Row rows[] = {
        {"JSON that ends early", "[1,2,3", at({top}), 1, "bad_json"},
        {"JSON that is none", "[1,2,3,4,x]", at({top}), 1, "bad_json"},
        {"a node that is too large", "[1,2,3,\"" + std::string(60, 'x') + "\"]", tight, 1, "node_too_large"},
        {"nesting without end", std::string(5000, '['), at({top}), 0, "too_deep"},
        {"two lists, of which one would be read", "{\"a\":[1],\"b\":[2]}", one, 0, "too_large"},
        {"what is read stands after the list", "{\"p\":1,\"a\":[1,2,3],\"q\":1}", beside, 1,
         "read_after_nodes"},
        {"what is read stands after the nodes", "<d><p/><lead/><lead/><lead/><q/></d>", besideXml, 1,
         "read_after_nodes"},
        {"XML that ends early", "<d><lead/><lead/><lead/>", at({anyLead}), 1, "bad_xml"},
        {"a large node of XML", "<d><lead/><lead>" + std::string(60, 'x') + "</lead></d>", tightXml, 0,
         "node_too_large"},
        {"too much beside the nodes", "<d><lead/>" + std::string(90, 'x') + "</d>", tightXml, 0,
         "too_much_beside"},
        {"a document type", "<!DOCTYPE d [<!ENTITY e 'x'>]><d><lead>&e;</lead></d>", at({anyLead}), 0,
         "bad_xml"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        const CutUp result = cut(row.text, row.options);
        REQUIRE(result.problem);
        CHECK(result.problem->code == row.code);
        CHECK(result.pieces.size() == row.pieces);
    }
}
