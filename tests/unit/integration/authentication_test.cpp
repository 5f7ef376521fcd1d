#include "integration/authentication.hpp"

#include "base/hash.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using Auth = config::Authentication;
using Type = Auth::Type;

namespace {

const UtcTime kNow = UtcTime::fromSeconds(1'700'000'000);

http::Head head(http::Headers headers, std::string query = "", std::string remote = "203.0.113.9") {
    http::Head head;
    head.method = "POST";
    head.headers = std::move(headers);
    head.query = std::move(query);
    head.remoteAddress = std::move(remote);
    return head;
}

std::string verdict(const Auth& auth, const http::Head& head, std::string_view subPath = "",
                    std::string_view body = "") {
    const Authenticator authenticator(auth);
    auto passed = authenticator.checkHead(head, subPath);
    if (passed) passed = authenticator.checkBody(head, body, kNow);
    return passed ? "pass" : passed.error().code;
}

Auth make(Type type, std::vector<std::string> secrets, std::string name = "") {
    Auth auth;
    auth.type = type;
    auth.secrets = std::move(secrets);
    auth.name = std::move(name);
    auth.accept = {"raw", "bearer"};
    return auth;
}

} // namespace

TEST_CASE("a token is taken in the agreed place and form only") {
    const Auth header = make(Type::Header, {"old", "new"}, "Authorization");
    Auth lenient = header;
    lenient.accept = {"raw", "bearer", "base64", "basic"};
    Auth withUser = lenient;
    withUser.user = "olx";
    const Auth query = make(Type::Query, {"s3"}, "token");
    const Auth path = make(Type::PathToken, {"p4th"});
    Auth basic = make(Type::Basic, {"pw"});
    basic.user = "vivareal";
    struct Row {
        const char* rule;
        Auth auth;
        http::Head head;
        const char* subPath;
        const char* expected;
    };
    const Row rows[] = {
        {"raw token", header, head({{"authorization", "new"}}), "", "pass"},
        {"the secret being replaced still passes", header, head({{"Authorization", "old"}}), "", "pass"},
        {"bearer token, scheme in any case", header, head({{"Authorization", "bEARER new"}}), "", "pass"},
        {"wrong token", header, head({{"Authorization", "newer"}}), "", "bad_token"},
        {"empty token", header, head({{"Authorization", ""}}), "", "bad_token"},
        {"no header", header, head({}), "", "bad_token"},
        {"base64 is not agreed", header, head({{"Authorization", base64("new")}}), "", "bad_token"},
        {"base64 of the token", lenient, head({{"Authorization", base64("new")}}), "", "pass"},
        {"base64 of user and token", withUser, head({{"Authorization", base64("olx:new")}}), "", "pass"},
        {"basic with user and token", withUser, head({{"Authorization", "Basic " + base64("olx:new")}}), "",
         "pass"},
        {"basic with another user", withUser, head({{"Authorization", "Basic " + base64("x:new")}}), "",
         "bad_token"},
        {"query token", query, head({}, "a=1&token=s3"), "", "pass"},
        {"query token wrong", query, head({}, "token=s34"), "", "bad_token"},
        {"query token absent", query, head({}, ""), "", "bad_token"},
        {"path token", path, head({}), "p4th", "pass"},
        {"path token with more path", path, head({}), "p4th/olx/lead", "pass"},
        {"path token wrong", path, head({}), "p4t", "bad_token"},
        {"path token missing", path, head({}), "", "bad_token"},
        {"basic", basic, head({{"Authorization", "Basic " + base64("vivareal:pw")}}), "", "pass"},
        {"basic wrong password", basic, head({{"Authorization", "Basic " + base64("vivareal:pww")}}), "",
         "bad_token"},
        {"basic that is no base64", basic, head({{"Authorization", "Basic ***"}}), "", "bad_token"},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        CHECK(verdict(row.auth, row.head, row.subPath) == row.expected);
    }
}

TEST_CASE("an HMAC is taken over the bytes as they came") {
    // Check vector of Meta's scheme: secret "app-secret", body {"a":1}.
    Auth auth = make(Type::Hmac, {"app-secret"}, "X-Hub-Signature-256");
    auth.prefix = "sha256=";
    const std::string good = "sha256=a2ac6607a24977f9757e6d78319ae1660ad42ffeee0ee3f0dff30a92bcf85448";
    CHECK(verdict(auth, head({{"x-hub-signature-256", good}}), "", "{\"a\":1}") == "pass");
    CHECK(verdict(auth, head({{"x-hub-signature-256", good}}), "", "{\"a\": 1}") == "bad_signature");
    CHECK(verdict(auth, head({{"x-hub-signature-256", good.substr(7)}}), "", "{\"a\":1}") == "bad_signature");
    CHECK(verdict(auth, head({}), "", "{\"a\":1}") == "missing_signature");
}

TEST_CASE("Standard Webhooks signatures are checked with their id and time") {
    const Auth auth = make(Type::StandardWebhooks, {"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"});
    const std::string good = "v1,ow/LY3grYvevbVJtBUL2jI3tkVPP20nnDT/MsajGA6U=";
    const auto signedHead = [](const std::string& id, const std::string& time, const std::string& signature) {
        return head({{"webhook-id", id}, {"webhook-timestamp", time}, {"webhook-signature", signature}});
    };
    CHECK(verdict(auth, signedHead("evt_1", "1700000000", good), "", "{\"a\":1}") == "pass");
    CHECK(verdict(auth, signedHead("evt_1", "1700000000", "v1a,x v1,AAAA " + good), "", "{\"a\":1}") ==
          "pass");
    CHECK(verdict(auth, signedHead("evt_2", "1700000000", good), "", "{\"a\":1}") == "bad_signature");
    CHECK(verdict(auth, signedHead("evt_1", "1700000000", good), "", "{\"a\":2}") == "bad_signature");
    CHECK(verdict(auth, signedHead("evt_1", "1699999000", good), "", "{\"a\":1}") == "stale_signature");
    CHECK(verdict(auth, signedHead("evt_1", "yesterday", good), "", "{\"a\":1}") == "stale_signature");
    CHECK(verdict(auth, signedHead("evt_1", "-9223372036854775808", good), "", "{\"a\":1}") ==
          "stale_signature");
    CHECK(verdict(auth, head({}), "", "{\"a\":1}") == "missing_signature");

    // A signature over "a.1700000000.1700000001.x" says nothing of where the id ends.
    const std::string ambiguous =
        "v1," + base64(asView(hmacSha256(fromBase64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX").value(),
                                         "a.1700000000.1700000001.x")));
    CHECK(verdict(auth, signedHead("a", "1700000000", ambiguous), "", "1700000001.x") == "pass");
    CHECK(verdict(auth, signedHead("a.1700000000", "1700000001", ambiguous), "", "x") == "bad_signature");
}

TEST_CASE("an allow list takes addresses and blocks of both families") {
    Auth auth;
    auth.addresses = {"54.162.151.93", "10.0.0.0/9", "2001:db8::/33"};
    const auto from = [&](const char* address) { return verdict(auth, head({}, "", address)); };
    CHECK(from("54.162.151.93") == "pass");
    CHECK(from("54.162.151.94") == "address_not_allowed");
    CHECK(from("10.127.255.255") == "pass");
    CHECK(from("10.128.0.0") == "address_not_allowed");
    CHECK(from("2001:db8:7fff::1") == "pass");
    CHECK(from("2001:db8:8000::1") == "address_not_allowed");
    CHECK(from("::ffff:10.1.1.1") == "pass");
    CHECK(from("") == "address_not_allowed");
    for (const char* bad : {"", "10.0.0.0/33", "10.0.0", "2001:db8::/129", "10.0.0.0/", "10.0.0.0/8x"}) {
        INFO(bad);
        CHECK_FALSE(isAddressBlock(bad));
    }
}

TEST_CASE("a client certificate's subject can be required") {
    Auth auth;
    auth.tlsSubject = "CN=portal";
    http::Head request = head({});
    CHECK(verdict(auth, request) == "certificate_not_allowed");
    request.tlsSubject = "CN=portal";
    CHECK(verdict(auth, request) == "pass");
}
