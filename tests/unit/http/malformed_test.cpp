#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

using namespace trevo::http;
using namespace trevo::http::test;
using namespace std::string_view_literals;

namespace {

struct Row {
    const char* rule;
    int status; // 0: closing without an answer is right as well
    std::string_view begin, rest;
};

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n";
constexpr std::string_view kPost = "POST / HTTP/1.1\r\nHost: x\r\n";
constexpr std::string_view kChunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

// Constant data: as code, the table would take the sanitizers' compilers minutes.
constexpr Row kRows[] = {
    {"bytes that are no text", 400, "", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"sv},
    {"an empty method", 400, "", " / HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"a method with a forbidden character", 400, "", "GE(T / HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"a lower-case method", 501, "", "get / HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"an unknown method", 501, "", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"TRACE", 501, "", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"CONNECT", 501, "", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"a request line without a version", 400, "", "GET /\r\nHost: x\r\n\r\n"sv},
    {"a request line without a target", 400, "", "GET HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"two blanks in the request line", 400, "", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"a blank in the target", 400, "", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"a tab in the request line", 400, "", "GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"another protocol", 400, "", "GET / HTCPCP/1.0\r\nHost: x\r\n\r\n"sv},
    {"HTTP/2's preface", 505, "", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"sv},
    {"HTTP/1.2", 505, "", "GET / HTTP/1.2\r\nHost: x\r\n\r\n"sv},
    {"HTTP/9.9", 505, "", "GET / HTTP/9.9\r\nHost: x\r\n\r\n"sv},
    {"lower-case http", 400, "", "GET / http/1.1\r\nHost: x\r\n\r\n"sv},
    {"text after the version", 400, "", "GET / HTTP/1.1 x\r\nHost: x\r\n\r\n"sv},
    {"a bare LF after the request line", 400, "", "GET / HTTP/1.1\nHost: x\r\n\r\n"sv},
    {"bare LF everywhere", 400, "", "GET / HTTP/1.1\nHost: x\n\n"sv},
    {"a bare LF at the end of the head", 400, "", "GET / HTTP/1.1\r\nHost: x\r\n\n"sv},
    {"a bare CR in a header", 400, "", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n"sv},
    {"a folded header", 400, kGet, "A: b\r\n c\r\n\r\n"sv},
    {"a header folded by a tab", 400, kGet, "A: b\r\n\tc\r\n\r\n"sv},
    {"a blank ahead of the first header", 400, "", "GET / HTTP/1.1\r\n Host: x\r\n\r\n"sv},
    {"a header without a colon", 400, kGet, "Nonsense\r\n\r\n"sv},
    {"a header without a name", 400, kGet, ": b\r\n\r\n"sv},
    {"a blank before the colon", 400, kGet, "A : b\r\n\r\n"sv},
    {"NUL in a header value", 400, kGet, "A: b\0c\r\n\r\n"sv},
    {"NUL in a header name", 400, kGet, "A\0: b\r\n\r\n"sv},
    {"a control character in a header", 400, kGet, "A: b\x01\r\n\r\n"sv},
    {"DEL in a header", 400, kGet, "A: b\x7f\r\n\r\n"sv},
    {"no Host in HTTP/1.1", 400, "", "GET / HTTP/1.1\r\n\r\n"sv},
    {"two Hosts", 400, kGet, "Host: y\r\n\r\n"sv},
    {"a Host with a slash", 400, "", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n"sv},
    {"a Host with a user", 400, "", "GET / HTTP/1.1\r\nHost: u@x\r\n\r\n"sv},
    {"Content-Length twice, different", 400, kPost, "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"sv},
    {"Content-Length twice, the same", 400, kPost, "Content-Length: 1\r\nContent-Length: 1\r\n\r\na"sv},
    {"Content-Length as a list", 400, kPost, "Content-Length: 1, 1\r\n\r\na"sv},
    {"a negative Content-Length", 400, kPost, "Content-Length: -1\r\n\r\n"sv},
    {"a signed Content-Length", 400, kPost, "Content-Length: +1\r\n\r\na"sv},
    {"a hexadecimal Content-Length", 400, kPost, "Content-Length: 0x1\r\n\r\na"sv},
    {"an empty Content-Length", 400, kPost, "Content-Length:\r\n\r\n"sv},
    {"a Content-Length with text", 400, kPost, "Content-Length: 1a\r\n\r\na"sv},
    {"a Content-Length past 64 bits", 400, kPost, "Content-Length: 18446744073709551617\r\n\r\na"sv},
    {"a Content-Length of all ones", 413, kPost, "Content-Length: 18446744073709551615\r\n\r\na"sv},
    {"length and chunks", 400, kPost, "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv},
    {"chunks and length", 400, kPost, "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"sv},
    {"Transfer-Encoding twice", 400, kPost,
     "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv},
    {"Transfer-Encoding identity first", 400, kPost,
     "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv},
    {"an unknown transfer coding", 501, kPost, "Transfer-Encoding: gzip\r\n\r\n"sv},
    {"chunks under another coding", 501, kPost, "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"sv},
    {"chunked spelt with a prefix", 501, kPost, "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"sv},
    {"chunked in quotes", 501, kPost, "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"sv},
    {"an empty Transfer-Encoding", 501, kPost, "Transfer-Encoding:\r\n\r\n0\r\n\r\n"sv},
    {"chunks in HTTP/1.0", 400, "", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv},
    {"a chunk size that is no number", 400, kChunked, "z\r\n\r\n"sv},
    {"a chunk without a size", 400, kChunked, "\r\n\r\n"sv},
    {"a negative chunk size", 400, kChunked, "-1\r\n\r\n"sv},
    {"a chunk size with 0x", 400, kChunked, "0x1\r\na\r\n0\r\n\r\n"sv},
    {"a chunk size past 64 bits", 400, kChunked, "10000000000000001\r\na\r\n0\r\n\r\n"sv},
    {"a huge chunk", 413, kChunked, "7fffffffffffff\r\na\r\n"sv},
    {"a chunk longer than its size", 400, kChunked, "1\r\nab\r\n0\r\n\r\n"sv},
    {"a chunk ended by a bare LF", 400, kChunked, "1\r\na\n0\r\n\r\n"sv},
    {"a chunk size ended by a bare LF", 400, kChunked, "1\na\r\n0\r\n\r\n"sv},
    {"a blank after the chunk size", 400, kChunked, "1 \r\na\r\n0\r\n\r\n"sv},
    {"a control character in a chunk extension", 400, kChunked, "1;a\x01\r\na\r\n0\r\n\r\n"sv},
    {"a trailer without a name", 400, kChunked, "0\r\n: x\r\n\r\n"sv},
    {"a trailer without a colon", 400, kChunked, "0\r\nabc\r\n\r\n"sv},
    {"a folded trailer", 400, kChunked, "0\r\n a: b\r\n\r\n"sv},
    {"a target that is no path", 400, "", "GET in/site HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"the asterisk", 400, "", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"a URL of another scheme", 400, "", "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"a URL without a host", 400, "", "GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"a parent segment", 400, "", "GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"an escaped parent segment", 400, "", "GET /a/%2e%2E/b HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"a dot segment", 400, "", "GET /a/. HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"an escaped slash", 400, "", "GET /a%2fb HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"an escaped NUL", 400, "", "GET /a%00 HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"half an escape", 400, "", "GET /a%2 HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"an escape that is no number", 400, "", "GET /a%zz HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"escapes that are not UTF-8", 400, "", "GET /a%C3%28 HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"raw bytes that are not UTF-8", 400, "", "GET /a\xff HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"an overlong slash", 400, "", "GET /a%C0%AF HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"a fragment", 400, "", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n"sv},
    {"an unknown expectation", 417, kPost, "Content-Length: 1\r\nExpect: tea\r\n\r\na"sv},
    {"an unreadable Connection header", 400, kGet, "Connection: (,\r\n\r\n"sv},
    {"half a head, then the end", 400, "", "GET / HTTP/1.1\r\nHos"sv},
    {"half a body, then the end", 400, kPost, "Content-Length: 10\r\n\r\nabc"sv},
    {"half a chunk, then the end", 400, kChunked, "5\r\nab"sv},
    {"nothing at all", 0, "", ""sv},
    {"empty lines only", 0, "", "\r\n\r\n"sv},
};

} // namespace

TEST_CASE("malformed HTTP is refused or closed, never served, and the next peer is served") {
    Fixture fixture;
    int served = 0;
    fixture.handler.onHandle = [&served](Request request, Responder respond) {
        served += request.head.path != "/good";
        respond(json(200, "{}"));
    };
    for (const Row& row : kRows) {
        INFO(row.rule);
        const std::string bytes = std::string(row.begin) + std::string(row.rest);
        // In one piece, and one byte at a time: where a read ends must not matter.
        for (const bool bytewise : {false, true}) {
            Wire wire = fixture.connect();
            if (bytewise) {
                for (const char byte : bytes)
                    wire.send({&byte, 1});
            } else {
                wire.send(bytes);
            }
            wire.finishSending();
            const Answer answer = wire.answer();
            CHECK(answer.status == row.status);
            if (row.status != 0) {
                CHECK(answer.has("Content-Type: application/problem+json"));
                CHECK(answer.closed);
            }
        }
        CHECK(fixture.ask(kGood).status == 200);
    }
    CHECK(served == 0);
}

TEST_CASE("what follows a malformed request on its connection is not served") {
    Fixture fixture;
    Wire wire = fixture.connect();
    wire.send("GET / HTTP/1.1\r\nHost: x\r\nBad\r\n\r\n" + kGood);
    CHECK(wire.answer().status == 400);
    CHECK(wire.closed());
    CHECK(fixture.listener.counters().requests == 0);
    CHECK(fixture.listener.counters().malformed == 1);
}
