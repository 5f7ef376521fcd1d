#include "ingest/http/chunked.hpp"
#include "ingest/http/message.hpp"
#include "ingest/http/quota.hpp"
#include "ingest/http/response_writer.hpp"
#include "ingest/http/target.hpp"

#include <catch2/catch.hpp>

using namespace trevo;
using namespace trevo::http;

TEST_CASE("a target becomes a path and a query") {
    struct Row {
        const char *raw, *path, *query;
    };
    for (const Row& row :
         {Row{"/", "/", ""}, Row{"/a/b", "/a/b", ""}, Row{"/a?b=c", "/a", "b=c"}, Row{"/a?", "/a", ""},
          Row{"/a?b?c", "/a", "b?c"}, Row{"/%41%62", "/Ab", ""}, Row{"/a%20b", "/a b", ""},
          Row{"/...", "/...", ""}, Row{"/.a/b..", "/.a/b..", ""}, Row{"//a", "//a", ""},
          Row{"/a?x=%00%zz", "/a", "x=%00%zz"}, Row{"/S%C3%A3o", "/S\xC3\xA3o", ""},
          Row{"/S\xC3\xA3o", "/S\xC3\xA3o", ""}, Row{"/a%25b", "/a%b", ""}, Row{"HTTP://h/a?b", "/a", "b"},
          Row{"https://h", "/", ""}, Row{"http://h?q", "/", "q"}}) {
        INFO(row.raw);
        const auto target = parseTarget(row.raw);
        REQUIRE(target);
        CHECK(target.value().path == row.path);
        CHECK(target.value().query == row.query);
    }
}

TEST_CASE("a problem document names code, field and place, and is valid JSON whatever they hold") {
    const Response response = problem(422, "invalid", "a \"quoted\" text",
                                      {{"wrong_type", "/a\\b", "line 3", "tab\there \x01 \xE3"}}, 7);
    CHECK(response.status == 422);
    CHECK(find(response.headers, "content-type") == "application/problem+json");
    CHECK(find(response.headers, "retry-after") == "7");
    CHECK(response.body ==
          R"({"title":"Unprocessable Content","status":422,"code":"invalid","detail":"a \"quoted\" text",)"
          R"("errors":[{"code":"wrong_type","field":"/a\\b","place":"line 3","detail":"tab\there \u0001 )"
          "\xC3\xA3\"}]}");
}

TEST_CASE("the chunk decoder stops at the end of the body and leaves the rest") {
    ChunkedDecoder decoder(100, 100);
    std::string body;
    std::size_t used = 0;
    CHECK(decoder.feed("3\r\nab", body, used) == ChunkedDecoder::State::NeedMore);
    CHECK(decoder.feed("c\r\n0\r\n\r\nGET /", body, used) == ChunkedDecoder::State::Done);
    CHECK(body == "abc");
    CHECK(used == std::string_view("3\r\nabc\r\n0\r\n\r\n").size());
}

TEST_CASE("the cap per address may leave out this machine's own, where a proxy speaks for many") {
    ConnectionQuota quota(10, 1, false);
    for (const char* address :
         {"127.0.0.1", "127.0.0.1", "::1", "::1", "::ffff:127.0.0.1", "::ffff:127.0.0.1"})
        CHECK(quota.take(address));
    CHECK(quota.take("203.0.113.9"));
    CHECK_FALSE(quota.take("203.0.113.9"));
}

TEST_CASE("a place given back can be taken again") {
    ConnectionQuota quota(2, 1);
    CHECK(quota.take("a"));
    CHECK_FALSE(quota.take("a"));
    CHECK(quota.take("b"));
    CHECK_FALSE(quota.take("c"));
    quota.release("a");
    CHECK(quota.take("c"));
    quota.release("b");
    quota.release("c");
    CHECK(quota.take("a"));
}

TEST_CASE("the Date header is an IMF-fixdate") {
    DateCache cache;
    const std::string date(cache.now());
    REQUIRE(date.size() == 29);
    CHECK(date.substr(3, 2) == ", ");
    CHECK(date.substr(25) == " GMT");
    CHECK(date[7] == ' ');
    CHECK(date[11] == ' ');
}
