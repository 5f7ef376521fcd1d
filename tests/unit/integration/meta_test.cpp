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
