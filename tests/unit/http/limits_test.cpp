#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace trevo::http;
using namespace trevo::http::test;

namespace {

std::string repeat(std::string_view text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i)
        result += text;
    return result;
}

} // namespace

TEST_CASE("each size has its limit and its status") {
    ListenerLimits limits;
    limits.maxHeaderBytes = 2000;
    limits.maxTargetBytes = 200;
    limits.maxHeaders = 20;
    Fixture fixture(limits);
    fixture.handler.onAdmit = [](const Head&) {
        Admission admission;
        admission.maxBodyBytes = 10;
        return admission;
    };
    const auto post = [](const std::string& rest) { return "POST / HTTP/1.1\r\nHost: x\r\n" + rest; };
    struct Row {
        const char* rule;
        int status;
        std::string bytes;
    };
    const std::vector<Row> rows = {
        {"a target at the limit", 200, "GET /" + std::string(199, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"a target above it", 414, "GET /" + std::string(200, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"},
        {"a target without end", 414, "GET /" + std::string(500, 'a')},
        {"a header without end", 431, "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(2000, 'a')},
        {"a long header", 431, "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(2000, 'a') + "\r\n\r\n"},
        {"as many headers as allowed", 200,
         "GET / HTTP/1.1\r\nHost: x\r\n" + repeat("A: b\r\n", 19) + "\r\n"},
        {"one more", 431, "GET / HTTP/1.1\r\nHost: x\r\n" + repeat("A: b\r\n", 20) + "\r\n"},
        {"a body at the limit", 200, post("Content-Length: 10\r\n\r\n0123456789")},
        {"a declared body above it", 413, post("Content-Length: 11\r\n\r\n")},
        {"chunks at the limit", 200,
         post("Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n01234\r\n0\r\n\r\n")},
        {"chunks above it", 413, post("Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n6\r\n")},
        {"chunk extensions without end", 400,
         post("Transfer-Encoding: chunked\r\n\r\n5;" + std::string(20'000, 'a'))},
        {"trailers without end", 400,
         post("Transfer-Encoding: chunked\r\n\r\n0\r\n" + repeat("A: bbbbbbbbbbbbbbbb\r\n", 1000))},
    };
    for (const Row& row : rows) {
        INFO(row.rule);
        const Answer answer = fixture.ask(row.bytes);
        CHECK(answer.status == row.status);
        if (row.status != 200) CHECK(answer.closed);
    }
}

TEST_CASE("the answer to a body that is too large arrives although the peer keeps sending") {
    Fixture fixture;
    Wire wire = fixture.connect();
    wire.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n" + std::string(3'000'000, 'a'));
    CHECK(wire.answer().status == 413);
}

TEST_CASE("half-open requests hold up nobody and are ended with 408") {
    ListenerLimits limits;
    limits.headerTimeoutSeconds = 1;
    limits.maxConnectionsPerAddress = 0;
    Fixture fixture(limits, {Fixture::plain()}, 1);
    fixture.handler.onAdmit = [](const Head&) {
        Admission admission;
        admission.bodyTimeoutSeconds = 1;
        return admission;
    };
    std::vector<Wire> slow;
    for (int i = 0; i < 300; ++i)
        slow.push_back(std::move(fixture.connect().send("POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ")));
    Wire slowBody = fixture.connect();
    slowBody.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab");
    Wire silent = fixture.connect();
    for (int i = 0; i < 50; ++i)
        CHECK(fixture.ask(kGood).status == 200);
    CHECK(fixture.listener.counters().open >= slow.size());

    // A byte now and then does not buy more time.
    for (auto& wire : slow)
        wire.send("a");
    for (auto& wire : slow)
        REQUIRE(wire.answer().status == 408);
    CHECK(slowBody.answer().status == 408);
    CHECK(silent.closed());
    CHECK(fixture.listener.counters().timedOut == slow.size() + 2);
}

TEST_CASE("an idle connection is closed without a word") {
    ListenerLimits limits;
    limits.idleTimeoutSeconds = 1;
    Fixture fixture(limits);
    Wire wire = fixture.connect();
    CHECK(wire.send(kGood).answer().status == 200);
    CHECK(wire.closed());
    CHECK(fixture.listener.counters().timedOut == 0);
}

TEST_CASE("a peer that does not take its answer is closed and holds up nobody") {
    ListenerLimits limits;
    limits.writeTimeoutSeconds = 1;
    Fixture fixture(limits, {Fixture::plain()}, 1);
    fixture.handler.onHandle = [](Request request, Responder respond) {
        respond(json(200, std::string(request.head.path == "/good" ? 2 : 16'000'000, 'a')));
    };
    Wire stuck = fixture.connect();
    stuck.shrinkReceiveBuffer();
    stuck.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    Wire other = fixture.connect();
    // The idle peer's requests move the test's time on: each round trip is one look at the counters.
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(Wire::kPatienceSeconds);
    while (fixture.listener.counters().timedOut == 0 && std::chrono::steady_clock::now() < end) {
        REQUIRE(other.send(kGood).answer().status == 200);
    }
    CHECK(fixture.listener.counters().timedOut == 1);
}

TEST_CASE("a connection above the cap is told so, and places become free again") {
    ListenerLimits limits;
    limits.maxConnections = 3;
    Fixture fixture(limits);
    std::vector<Wire> held;
    for (int i = 0; i < 3; ++i) {
        held.push_back(fixture.connect());
        REQUIRE(held.back().send(kGood).answer().status == 200);
    }
    const Answer refused = fixture.connect().answer();
    CHECK(refused.status == 503);
    CHECK(refused.has("Retry-After: 1"));
    CHECK(refused.closed);
    CHECK(fixture.listener.counters().refused == 1);

    held[0].send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    CHECK(held[0].answer().closed);
    held.erase(held.begin());
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(Wire::kPatienceSeconds);
    int status = 0;
    while (status != 200 && std::chrono::steady_clock::now() < end)
        status = fixture.ask(kGood).status;
    CHECK(status == 200);
}

TEST_CASE("one address can not take all places") {
    ListenerLimits limits;
    limits.maxConnectionsPerAddress = 2;
    Fixture fixture(limits);
    Wire first = fixture.connect();
    Wire second = fixture.connect();
    CHECK(first.send(kGood).answer().status == 200);
    CHECK(second.send(kGood).answer().status == 200);
    CHECK(fixture.ask(kGood).status == 503);
}
