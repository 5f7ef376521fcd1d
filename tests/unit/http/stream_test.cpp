#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

using namespace trevo::http;
using namespace trevo::http::test;

namespace {

// Says what it is given, as a feed of events would.
class Feed : public Stream {
  public:
    explicit Feed(std::atomic<int>* gone = nullptr) : gone_(gone) {}
    ~Feed() override {
        if (gone_) ++*gone_;
    }
    void say(std::string text) {
        {
            const std::lock_guard lock(mutex_);
            said_.push_back(std::move(text));
        }
        wake();
    }
    void end() {
        {
            const std::lock_guard lock(mutex_);
            ended_ = true;
        }
        wake();
    }
    std::optional<std::string> next() override {
        const std::lock_guard lock(mutex_);
        ++asked;
        if (said_.empty()) return ended_ ? std::nullopt : std::optional<std::string>("");
        std::string text = std::move(said_.front());
        said_.pop_front();
        return text;
    }
    std::atomic<int> asked{0};

  private:
    std::mutex mutex_;
    std::deque<std::string> said_;
    bool ended_ = false;
    std::atomic<int>* gone_;
};

class Endless : public Stream {
  public:
    std::optional<std::string> next() override { return std::string(100'000, 'x'); }
};

template <class Check>
bool eventually(Fixture& fixture, Check check) {
    Wire wire = fixture.connect();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(Wire::kPatienceSeconds);
    while (!check() && std::chrono::steady_clock::now() < end)
        wire.send("OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n").answer();
    return check();
}

struct StreamFixture : Fixture {
    explicit StreamFixture(ListenerLimits limits = {}) : Fixture(limits, {plain()}, 1) {
        handler.onHandle = [this](Request request, Responder respond) {
            if (request.head.method == "OPTIONS") return respond(json(200, "{}"));
            respond(StreamResponse{200, {{"Content-Type", "text/event-stream"}}, stream});
        };
    }
    ~StreamFixture() { listener.stop(0); }
    std::shared_ptr<Stream> stream;
};

} // namespace

TEST_CASE("a stream's parts arrive when they are said, and its end is seen") {
    StreamFixture fixture;
    const auto feed = std::make_shared<Feed>();
    feed->say("early;");
    fixture.stream = feed;
    Wire wire = fixture.connect();
    wire.send(kGood);
    std::string got;
    while (got.find("early;") == std::string::npos)
        got += wire.readSome();
    CHECK(got.find("Transfer-Encoding: chunked") != std::string::npos);
    std::thread other([feed] { feed->say("later;"); });
    while (got.find("later;") == std::string::npos)
        got += wire.readSome();
    other.join();
    feed->end();
    while (got.find("\r\n0\r\n\r\n") == std::string::npos)
        got += wire.readSome();
    CHECK(got.ends_with("6\r\nlater;\r\n0\r\n\r\n"));
    // The connection is whole again.
    fixture.stream = nullptr;
    CHECK(wire.send("OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n").answer().status == 200);
}

TEST_CASE("a long stream arrives whole, also in HTTP/1.0, where its end is the connection's") {
    for (const std::string version : {"1.1", "1.0"}) {
        INFO(version);
        StreamFixture fixture;
        const auto feed = std::make_shared<Feed>();
        std::string all;
        for (int i = 0; i < 200; ++i) {
            all += std::string(static_cast<std::size_t>(i) * 37, static_cast<char>('a' + i % 26)) + "\n";
            feed->say(std::string(static_cast<std::size_t>(i) * 37, static_cast<char>('a' + i % 26)) + "\n");
        }
        feed->end();
        fixture.stream = feed;
        const Answer answer = fixture.ask("GET / HTTP/" + version + "\r\nHost: x\r\n\r\n");
        CHECK(answer.status == 200);
        CHECK(answer.body == all);
    }
}

TEST_CASE("a stream that has nothing to say is asked again after its idle time") {
    StreamFixture fixture;
    const auto feed = std::make_shared<Feed>();
    feed->idleMilliseconds = 1;
    fixture.stream = feed;
    Wire wire = fixture.connect();
    wire.send(kGood);
    CHECK(eventually(fixture, [&] { return feed->asked >= 3; }));
}

TEST_CASE("a stream goes when its peer leaves, and waking it afterwards is harmless") {
    StreamFixture fixture;
    std::atomic<int> gone{0};
    std::function<void()> wake;
    {
        auto feed = std::make_shared<Feed>(&gone);
        fixture.stream = feed;
        Wire wire = fixture.connect();
        wire.send(kGood);
        CHECK(wire.readSome().starts_with("HTTP/1.1 200 OK"));
        wake = feed->wake;
        fixture.stream = nullptr;
    }
    CHECK(eventually(fixture, [&] { return gone == 1; }));
    wake();
    fixture.listener.stop(0);
    wake();
}

TEST_CASE("a slow reader of a stream holds up nobody and is closed after the write timeout") {
    ListenerLimits limits;
    limits.writeTimeoutSeconds = 1;
    StreamFixture fixture(limits);
    fixture.stream = std::make_shared<Endless>();
    Wire slow = fixture.connect();
    slow.shrinkReceiveBuffer();
    slow.send(kGood);
    CHECK(eventually(fixture, [&] { return fixture.listener.counters().timedOut == 1; }));
}

TEST_CASE("a stream that throws is cut off without an end") {
    struct Faulty : Stream {
        std::optional<std::string> next() override { throw std::runtime_error("bug"); }
    };
    StreamFixture fixture;
    fixture.stream = std::make_shared<Faulty>();
    CHECK(fixture.ask(kGood).status == 0);
}

TEST_CASE("a drain ends a stream that has nothing to say, properly") {
    StreamFixture fixture;
    fixture.stream = std::make_shared<Feed>();
    Wire wire = fixture.connect();
    wire.send(kGood);
    std::string got = wire.readSome();
    fixture.listener.stop(Wire::kPatienceSeconds);
    while (got.find("\r\n0\r\n\r\n") == std::string::npos) {
        const std::string part = wire.readSome();
        REQUIRE_FALSE(part.empty());
        got += part;
    }
}

TEST_CASE("HEAD of a stream is its head alone") {
    StreamFixture fixture;
    fixture.stream = std::make_shared<Endless>();
    Wire wire = fixture.connect();
    CHECK(wire.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n").answer(true).status == 200);
    CHECK(wire.send("OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n").answer().status == 200);
}
