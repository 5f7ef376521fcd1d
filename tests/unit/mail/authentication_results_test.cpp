#include "ingest/mail/authentication_results.hpp"
#include "ingest/mail/delivery.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::mail;

TEST_CASE("a mail server's findings vouch for a sender's domain, or do not") {
    struct Row {
        const char *rule, *header;
        bool good;
    };
    const Row rows[] = {
        {"DKIM of the domain", "mx.x; dkim=pass header.d=portal.example", true},
        {"DKIM of a domain above it", "mx.x; dkim=pass (2048-bit key) header.i=@example.portal.example",
         true},
        {"DKIM of somebody else", "mx.x; dkim=pass header.d=evil.example", false},
        {"a domain that only ends alike", "mx.x; dkim=pass header.d=evilportal.example", false},
        {"a top domain", "mx.x; dkim=pass header.d=example", false},
        {"DKIM that failed", "mx.x; dkim=fail header.d=portal.example", false},
        {"SPF", "mx.x; spf=pass smtp.mailfrom=bounce@portal.example", true},
        {"DMARC", "mx.x 1; dmarc=pass header.from=portal.example", true},
        {"DMARC that failed beats SPF",
         "mx.x; spf=pass smtp.mailfrom=portal.example; dmarc=fail header.from=portal.example", false},
        {"a result in a comment", "mx.x; none (; dkim=pass header.d=portal.example)", false},
        {"a result in quotes", "mx.x; none reason=\"; dkim=pass header.d=portal.example\"", false},
    };
    for (const auto& row : rows) {
        INFO(row.rule);
        const auto results = readAuthenticationResults(row.header);
        REQUIRE(results);
        CHECK(results->authority == "mx.x");
        CHECK(vouchesFor(*results, "portal.example") == row.good);
    }
}

TEST_CASE("only the trusted server's newest findings count, and only for a listed sender") {
    config::Mail rules;
    rules.senders = {"portal.example"};
    rules.authority = "mx.dealer.example";
    const auto trusted = [&](const std::string& head) {
        return !distrust(formats::readMailHeaders(head + "\r\n\r\nx"), rules);
    };
    const std::string from = "From: Leads <leads@portal.example>\r\n";
    const std::string good =
        "Authentication-Results: mx.dealer.example; dkim=pass header.d=portal.example\r\n";
    const std::string bad = "Authentication-Results: mx.dealer.example; dkim=none\r\n";
    CHECK(trusted(good + from));
    CHECK_FALSE(trusted(from));
    CHECK_FALSE(trusted(bad + good + from)); // the lower one came with the mail
    CHECK_FALSE(
        trusted("Authentication-Results: other.example; dkim=pass header.d=portal.example\r\n" + from));
    CHECK_FALSE(trusted(good + "From: a@evil.example\r\n"));
    CHECK_FALSE(trusted(good + from + from));
    CHECK_FALSE(trusted(good + "From: leads@portal.example, a@evil.example\r\n"));
}
