#include "integration/meta.hpp"

#include <catch2/catch.hpp>

using namespace trevo;

TEST_CASE("what is kept beside an envelope holds no secret") {
    config::Authentication auth;
    http::Head head;
    head.method = "POST";
    head.query = "a=1&token=s3cret";
    head.remoteAddress = "203.0.113.9";
    head.headers = {{"Authorization", "Bearer s3cret"},
                    {"X-Portal-Key", "s3cret"},
                    {"Cookie", "s3cret"},
                    {"User-Agent", "portal/1"}};

    auth.type = config::Authentication::Type::Header;
    auth.name = "x-portal-key";
    std::string meta = metaOfPush(head, "leads", Authenticator(auth));
    CHECK(meta.find("Bearer") == std::string::npos);
    CHECK(meta.find("\"X-Portal-Key\":\"***\"") != std::string::npos);
    CHECK(meta.find("portal/1") != std::string::npos);
    CHECK(readMeta(meta).role == "inbound");

    auth.type = config::Authentication::Type::Query;
    auth.name = "token";
    head.headers.clear();
    meta = metaOfPush(head, "", Authenticator(auth));
    CHECK(meta.find("s3cret") == std::string::npos);
    CHECK(meta.find("a=1&token=***") != std::string::npos);

    auth.type = config::Authentication::Type::PathToken;
    head.query.clear();
    meta = metaOfPush(head, "s3cret/olx", Authenticator(auth));
    CHECK(meta.find("s3cret") == std::string::npos);
    CHECK(meta.find("\"path\":\"olx\"") != std::string::npos);
}

TEST_CASE("what a push came with can be read by a mapping") {
    const Meta meta =
        readMeta(R"({"method":"POST","path":"olx/lead","query":"utm_source=x&y","headers":{"X-Id":"7"}})");
    using Pair = std::pair<std::string, std::string>;
    CHECK(meta.parameters ==
          std::vector<Pair>{{"path", "olx/lead"}, {"query.utm_source", "x"}, {"header.x-id", "7"}});
    CHECK(readMeta("not json").parameters.empty());
    CHECK(readMeta(metaOfDocument("lead", "centro")).dealer == "centro");
}

TEST_CASE("a parameter of the query is read as a form's field is") {
    struct Row {
        const char* rule;
        const char* query;
        std::vector<std::pair<std::string, std::string>> parameters;
    };
    const auto row = GENERATE(values<Row>({
        {"percent and plus", "utm_campaign=Ver%C3%A3o+2026", {{"query.utm_campaign", "Verão 2026"}}},
        {"coded names", "utm%5Fsource=x%26y", {{"query.utm_source", "x&y"}}},
        {"Latin-1, as old sites write it", "q=Jo%E3o", {{"query.q", "João"}}},
        {"overlong UTF-8 is not what it pretends to be", "q=%C0%AF", {{"query.q", "À¯"}}},
        {"a stray percent sign", "q=100%&r=%zz", {{"query.q", "100%"}, {"query.r", "%zz"}}},
        {"a zero byte is nobody's value", "q=a%00b&%00=c&r=1", {{"query.r", "1"}}},
        {"decoded once", "q=%2541", {{"query.q", "%41"}}},
    }));
    INFO(row.rule);
    CHECK(readMeta(std::string(R"({"query":")") + row.query + "\"}").parameters == row.parameters);
}

TEST_CASE("the meta of a part is that of the document and its own name") {
    const Meta meta = readMeta(metaOfPart(R"({"role":"lead","query":"a=1"})", "line 7"));
    CHECK(meta.role == "lead");
    CHECK(meta.part == "line 7");
    CHECK(meta.parameters.size() == 1);
    CHECK(readMeta(metaOfPart("{}", "/leads/\"3\"")).part == "/leads/\"3\"");
    CHECK(readMeta(metaOfPart("", "line 2")).part == "line 2");
}

TEST_CASE("the meta of a trial gives a mapping the parameters of the sample") {
    const std::vector<std::pair<std::string, std::string>> parameters = {
        {"path", "olx"}, {"query.a b", "1&2"}, {"query.c", "é"}, {"header.x-id", "7"}};
    CHECK(readMeta(metaOfTrial(parameters)).parameters == parameters);
    CHECK(readMeta(metaOfTrial({})).parameters.empty());
}
