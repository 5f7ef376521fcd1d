#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

#include <mutex>
#include <thread>

using namespace trevo::http;
using namespace trevo::http::test;

TEST_CASE("a connection serves one request after the other") {
    Fixture fixture;
    Wire wire = fixture.connect();
    for (int i = 0; i < 5; ++i) {
        const Answer answer =
            wire.send("POST /in/site?a=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc").answer();
        CHECK(answer.status == 200);
        CHECK(answer.body == "POST /in/site?a=1 3");
        CHECK(answer.has("\r\nDate: "));
        CHECK_FALSE(answer.has("\r\nServer:"));
        CHECK_FALSE(answer.has("\r\nConnection:"));
    }
    CHECK(fixture.listener.counters().accepted == 1);
    CHECK(fixture.listener.counters().requests == 5);
}

TEST_CASE("the way a connection is to go on is told and kept") {
    struct Row {
        const char* request;
        bool stays;
    };
    for (const Row& row : {Row{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", true},
                           Row{"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", false},
                           Row{"GET / HTTP/1.0\r\n\r\n", false},
                           Row{"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true}}) {
        INFO(row.request);
        Fixture fixture;
        Wire wire = fixture.connect();
        const Answer answer = wire.send(row.request).answer();
        CHECK(answer.status == 200);
        CHECK(answer.closed == !row.stays);
        if (row.stays) CHECK(wire.send(row.request).answer().status == 200);
    }
}

TEST_CASE("pipelined requests are answered in their order, even when the handler answers out of order") {
    Fixture fixture;
    std::vector<std::thread> threads;
    fixture.handler.onHandle = [&threads](Request request, Responder respond) {
        threads.emplace_back([path = request.head.path, body = request.body, respond] {
            respond(json(200, path + " " + body));
        });
    };
    Wire wire = fixture.connect();
    std::string bytes;
    for (int i = 0; i < 20; ++i) {
        const std::string body = "n" + std::to_string(i);
        bytes += "POST /" + std::to_string(i) +
                 " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    wire.send(bytes);
    for (int i = 0; i < 20; ++i)
        CHECK(wire.answer().body == "/" + std::to_string(i) + " n" + std::to_string(i));
    fixture.listener.stop(0);
    for (auto& thread : threads)
        thread.join();
}

TEST_CASE("a chunked body reaches the handler whole, however it is cut") {
    Fixture fixture;
    fixture.handler.onHandle = [](Request request, Responder respond) { respond(json(200, request.body)); };
    const std::string bytes = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
                              "4;name=\"v\"\r\nWiki\r\n0A\r\n0123456789\r\n0\r\nExpires: never\r\n\r\n";
    Wire whole = fixture.connect();
    CHECK(whole.send(bytes + bytes).answer().body == "Wiki0123456789");
    CHECK(whole.answer().body == "Wiki0123456789");
    Wire pieces = fixture.connect();
    for (const char byte : bytes)
        pieces.send({&byte, 1});
    CHECK(pieces.answer().body == "Wiki0123456789");
}

TEST_CASE("100 Continue comes after the handler's consent only") {
    Fixture fixture;
    fixture.handler.onAdmit = [](const Head& head) {
        Admission admission;
        if (head.path == "/no") admission.refusal = problem(401, "no_token", "a token is required");
        admission.maxBodyBytes = 10;
        return admission;
    };
    const auto head = [](const std::string& path, int length) {
        return "POST " + path +
               " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: " + std::to_string(length) +
               "\r\n\r\n";
    };
    Wire wire = fixture.connect();
    CHECK(wire.send(head("/yes", 3)).answer().status == 100);
    CHECK(wire.send("abc").answer().body == "POST /yes? 3");
    CHECK(wire.send(head("/yes", 3) + "abc").answer().status == 200); // it came along: nothing to wait for
    CHECK(wire.send(head("/no", 3)).answer().status == 401);
    CHECK(wire.closed());
    CHECK(fixture.ask(head("/yes", 11)).status == 413);
}

TEST_CASE("a refused request without a body leaves the connection open") {
    Fixture fixture;
    fixture.handler.onAdmit = [](const Head& head) {
        Admission admission;
        if (head.path == "/no") admission.refusal = problem(404, "not_found", "no such resource");
        return admission;
    };
    Wire wire = fixture.connect();
    CHECK(wire.send("GET /no HTTP/1.1\r\nHost: x\r\n\r\n").answer().status == 404);
    CHECK(wire.send(kGood).answer().status == 200);
}

TEST_CASE("HEAD, 204 and 304 carry no body") {
    Fixture fixture;
    fixture.handler.onHandle = [](Request request, Responder respond) {
        Response response = json(std::stoi(request.head.path.substr(1)), "body");
        respond(std::move(response));
    };
    Wire wire = fixture.connect();
    const Answer head = wire.send("HEAD /200 HTTP/1.1\r\nHost: x\r\n\r\n").answer(true);
    CHECK(head.status == 200);
    CHECK(head.has("Content-Length: 4"));
    for (const int status : {204, 304}) {
        const Answer answer =
            wire.send("GET /" + std::to_string(status) + " HTTP/1.1\r\nHost: x\r\n\r\n").answer();
        CHECK(answer.status == status);
        CHECK_FALSE(answer.has("Content-Length"));
    }
    CHECK(wire.send("GET /200 HTTP/1.1\r\nHost: x\r\n\r\n").answer().body == "body");
}

TEST_CASE("the handler sees the decoded path, the raw query, the headers and the peer") {
    Fixture fixture;
    Head seen;
    fixture.handler.onAdmit = [&seen](const Head& head) {
        seen = head;
        return Admission{};
    };
    CHECK(fixture
              .ask("\r\nGET http://host:80/caf%C3%A9/%20x?q=%2F&r HTTP/1.1\r\nHost: x\r\nX-A:  v \r\nx-a: "
                   "w\r\n\r\n")
              .status == 200);
    CHECK(seen.path == "/caf\xC3\xA9/ x");
    CHECK(seen.query == "q=%2F&r");
    CHECK(seen.headers == Headers{{"Host", "x"}, {"X-A", "v"}, {"x-a", "w"}});
    CHECK(find(seen.headers, "X-a") == "v");
    CHECK(find(seen.headers, "X-b").empty());
    CHECK(seen.remoteAddress == "127.0.0.1");
    CHECK_FALSE(seen.local);
}

TEST_CASE("a large answer arrives whole") {
    Fixture fixture;
    const std::string large(3'000'000, 'z');
    fixture.handler.onHandle = [&large](Request, Responder respond) { respond(json(200, large)); };
    Wire wire = fixture.connect();
    CHECK(wire.send(kGood).answer().body == large);
    CHECK(wire.send(kGood).answer().body == large);
}

TEST_CASE("a handler can neither split the head of an answer nor claim another length") {
    Fixture fixture;
    fixture.handler.onHandle = [](Request, Responder respond) {
        Response response = json(200, "{}");
        response.headers.emplace_back("X-Evil", "a\r\nSet-Cookie: b");
        response.headers.emplace_back("content-length", "99");
        response.headers.emplace_back("X-Fine", "c");
        respond(std::move(response));
    };
    const Answer answer = fixture.ask(kGood);
    CHECK(answer.body == "{}");
    CHECK_FALSE(answer.has("Set-Cookie"));
    CHECK_FALSE(answer.has("99"));
    CHECK(answer.has("X-Fine: c"));
}

TEST_CASE("a peer that closed its sending side still gets its answer") {
    Fixture fixture;
    Wire wire = fixture.connect();
    wire.send(kGood).finishSending();
    CHECK(wire.answer().status == 200);
    CHECK(wire.closed());
}
