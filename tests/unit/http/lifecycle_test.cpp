#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <future>
#include <thread>

using namespace trevo::http;
using namespace trevo::http::test;

namespace {

// Keeps Responders for a thread of its own, as the journal does.
class Shelf {
  public:
    void put(Responder responder) {
        const std::lock_guard lock(mutex_);
        responders_.push_back(std::move(responder));
        filled_.notify_all();
    }
    std::vector<Responder> take(std::size_t count) {
        std::unique_lock lock(mutex_);
        filled_.wait(lock, [&] { return responders_.size() >= count; });
        return std::exchange(responders_, {});
    }

  private:
    std::mutex mutex_;
    std::condition_variable filled_;
    std::vector<Responder> responders_;
};

ListenConfig local(const std::string& path) {
    ListenConfig config;
    config.address = "unix:" + path;
    return config;
}

} // namespace

TEST_CASE("a request that nobody answers is answered 500") {
    Fixture fixture;
    fixture.handler.onHandle = [](Request, Responder) {};
    const Answer answer = fixture.ask(kGood);
    CHECK(answer.status == 500);
    CHECK(answer.has("application/problem+json"));
}

TEST_CASE("a handler that throws costs its own request a 500 and nothing else") {
    Fixture fixture;
    fixture.handler.onHandle = [](Request, Responder) { throw std::runtime_error("bug"); };
    fixture.handler.onAdmit = [](const Head& head) {
        if (head.path == "/admit") throw std::runtime_error("bug");
        return Admission{};
    };
    Wire wire = fixture.connect();
    CHECK(wire.send(kGood).answer().status == 500);
    CHECK(wire.send("GET /admit HTTP/1.1\r\nHost: x\r\n\r\n").answer().status == 500);
    fixture.handler.onHandle = nullptr;
    CHECK(wire.send(kGood).answer().status == 200);
}

TEST_CASE("only the first answer counts") {
    Fixture fixture;
    fixture.handler.onHandle = [](Request, Responder respond) {
        respond(json(200, "first"));
        respond(json(200, "second"));
    };
    Wire wire = fixture.connect();
    CHECK(wire.send(kGood).answer().body == "first");
    CHECK(wire.send(kGood).answer().body == "first");
}

TEST_CASE("answers completed together by another thread reach their peers") {
    Fixture fixture;
    Shelf shelf;
    fixture.handler.onHandle = [&shelf](Request, Responder respond) { shelf.put(std::move(respond)); };
    std::vector<Wire> wires;
    for (int i = 0; i < 50; ++i)
        wires.push_back(std::move(fixture.connect().send(kGood)));
    for (const Responder& respond : shelf.take(wires.size()))
        respond(json(200, "{}"));
    for (auto& wire : wires)
        CHECK(wire.answer().status == 200);
}

TEST_CASE("an answer after the peer left, or after the listener went, is lost without harm") {
    Shelf shelf;
    std::vector<Responder> late;
    {
        Fixture fixture;
        fixture.handler.onHandle = [&shelf](Request, Responder respond) { shelf.put(std::move(respond)); };
        {
            Wire wire = fixture.connect();
            wire.send(kGood);
            late = shelf.take(1);
        }
        late.front()(json(200, "{}"));
        Wire wire = fixture.connect();
        wire.send(kGood);
        late = shelf.take(1);
    }
    late.front()(json(200, "{}"));
    late.clear();
}

TEST_CASE("a drain lets requests in progress finish and takes no new ones") {
    Fixture fixture;
    Shelf shelf;
    fixture.handler.onHandle = [&shelf](Request request, Responder respond) {
        if (request.head.path == "/slow") return shelf.put(std::move(respond));
        respond(json(200, "{}"));
    };
    Wire idle = fixture.connect();
    CHECK(idle.send(kGood).answer().status == 200);
    Wire busy = fixture.connect();
    busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    auto pending = shelf.take(1);
    auto stopped = std::async(std::launch::async, [&] { fixture.listener.stop(Wire::kPatienceSeconds); });
    CHECK(idle.closed());
    CHECK_THROWS(fixture.connect());
    pending.front()(json(200, "late"));
    const Answer answer = busy.answer();
    CHECK(answer.body == "late");
    CHECK(answer.closed);
    stopped.get();
    CHECK(fixture.listener.counters().open == 0);
    fixture.listener.stop(0); // once more is once too often for nobody
}

TEST_CASE("a stop without drain closes what is in progress") {
    Fixture fixture;
    Shelf shelf;
    fixture.handler.onHandle = [&shelf](Request, Responder respond) { shelf.put(std::move(respond)); };
    Wire busy = fixture.connect();
    busy.send(kGood);
    Wire half = fixture.connect();
    half.send("GET / HT");
    const auto pending = shelf.take(1);
    fixture.listener.stop(0);
    CHECK(busy.closed());
    CHECK(half.closed());
}

TEST_CASE("a stop amid traffic leaves no connection behind") {
    Fixture fixture;
    std::atomic<bool> going{true};
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&] {
            while (going) {
                try {
                    Wire wire = fixture.connect();
                    while (wire.send(kGood).answer().status == 200) {
                    }
                } catch (const std::runtime_error&) {
                    return; // nobody listens any more
                }
            }
        });
    }
    while (fixture.listener.counters().requests < 500)
        std::this_thread::yield();
    fixture.listener.stop(1);
    going = false;
    for (auto& client : clients)
        client.join();
    CHECK(fixture.listener.counters().open == 0);
}

TEST_CASE("a listener that never started stops") {
    ScriptedHandler handler;
    Listener listener({Fixture::plain()}, {}, 1, handler);
    CHECK(listener.ports().front() != 0);
    listener.stop(5);
}

TEST_CASE("an address that can not be had is named") {
    ScriptedHandler handler;
    Fixture fixture;
    ListenConfig taken = Fixture::plain();
    taken.port = fixture.port();
    const std::string where = "127.0.0.1:" + std::to_string(taken.port);
    CHECK_THROWS_WITH(Listener({taken}, {}, 1, handler), Catch::Contains(where));
    taken.address = "localhost!";
    CHECK_THROWS_WITH(Listener({taken}, {}, 1, handler), Catch::Contains("localhost!"));
}

TEST_CASE("the local socket is the operator's own, replaces a stale file and spares a living one") {
    TempDir dir;
    const std::string path = dir.file("trevo.sock");
    {
        // What a daemon that was killed leaves behind.
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        ::close(fd);
    }
    {
        ListenerLimits limits;
        limits.maxConnections = 1;
        Fixture fixture(limits, {Fixture::plain(), local(path)});
        CHECK(fixture.listener.ports().back() == 0);
        struct stat info {};
        REQUIRE(::stat(path.c_str(), &info) == 0);
        CHECK((info.st_mode & 0777) == 0600);
        bool isLocal = false;
        std::string address = "unset";
        fixture.handler.onAdmit = [&](const Head& head) {
            isLocal = head.local;
            address = head.remoteAddress;
            return Admission{};
        };
        Wire place = fixture.connect();
        CHECK(place.send(kGood).answer().status == 200);
        CHECK(fixture.ask(kGood).status == 503);
        // Caps do not keep the operator out.
        CHECK(Wire(path).send(kGood).answer().status == 200);
        CHECK(isLocal);
        CHECK(address.empty());

        ScriptedHandler handler;
        CHECK_THROWS_WITH(Listener({local(path)}, {}, 1, handler), Catch::Contains("another process"));
    }
    struct stat info {};
    CHECK(::stat(path.c_str(), &info) != 0);
}

TEST_CASE("a file that is no socket is not replaced by one") {
    TempDir dir;
    const std::string path = dir.file("precious");
    std::ofstream(path) << "data";
    ScriptedHandler handler;
    CHECK_THROWS_WITH(Listener({local(path)}, {}, 1, handler), Catch::Contains("not a socket"));
    CHECK(std::ifstream(path).good());
}
