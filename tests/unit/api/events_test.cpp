#include "gate.hpp"

#include <condition_variable>
#include <thread>

using namespace trevo;
using namespace trevo::api;
using namespace trevo::api::test;

namespace {

// What the listener does with a stream: asks when it is woken.
class Listening {
  public:
    explicit Listening(http::Responder::Answer answer) {
        stream_ = std::get<http::StreamResponse>(std::move(answer)).stream;
        stream_->wake = [bell = bell_] {
            const std::lock_guard lock(bell->mutex);
            bell->rung = true;
            bell->changed.notify_one();
        };
    }

    // Reads until `text` was seen; false when the stream ended before.
    bool readUntil(const std::string& text) {
        while (all.find(text) == std::string::npos) {
            const auto piece = stream_->next();
            if (!piece) return false;
            all += *piece;
            if (!piece->empty()) continue;
            std::unique_lock lock(bell_->mutex);
            bell_->changed.wait(lock, [this] { return bell_->rung; });
            bell_->rung = false;
        }
        return true;
    }
    std::string next() { return stream_->next().value_or("ended"); }

    std::string all;

  private:
    struct Bell { // also of a thread that rings it last
        std::mutex mutex;
        std::condition_variable changed;
        bool rung = false;
    };
    std::shared_ptr<http::Stream> stream_;
    std::shared_ptr<Bell> bell_ = std::make_shared<Bell>();
};

http::Request wanted(const std::string& target, const std::string& token, http::Headers headers = {}) {
    headers.emplace_back("Accept", "text/event-stream");
    return Gate::request("GET", target, token, "", std::move(headers));
}

} // namespace

TEST_CASE("pages of events resume exactly, and a reader of few events does not read the rest again") {
    Gate gate;
    for (int i = 0; i < 7; ++i)
        gate.store.addEvent("centro");
    const Json first = gate.json("/v1/events?limit=5");
    CHECK(first["items"].back()["sequence"] == 5);
    const Json second = gate.json(first["next"]);
    CHECK(second["items"].front()["sequence"] == 6);
    CHECK(gate.json(second["next"])["items"].empty());
    const Json other = gate.json("/v1/events", "sul");
    CHECK(other["items"].empty());
    CHECK(other["next"] == "/v1/events?after=7");
}

TEST_CASE("a stream brings what is there, wakes for what arrives, and resumes after Last-Event-ID") {
    Gate gate;
    for (int i = 0; i < 250; ++i) // more than a page
        gate.store.addEvent("centro");
    Listening stream(gate.answer(wanted("/v1/events?after=10", "reader")));
    REQUIRE(stream.readUntil("id: 250\n"));
    CHECK(stream.all.find("id: 10\n") == std::string::npos);
    CHECK(stream.all.find("id: 11\nevent: record.created\ndata: {\"sequence\":11,") == 0);
    gate.store.addEvent("centro");
    gate.api.eventsArrived(251);
    REQUIRE(stream.readUntil("id: 251\n"));

    Listening resumed(gate.answer(wanted("/v1/events?after=10", "reader", {{"Last-Event-ID", "250"}})));
    REQUIRE(resumed.readUntil("id: 251\n"));
    CHECK(resumed.all.find("id: 250\n") == std::string::npos);
    CHECK(std::get<http::Response>(gate.answer(wanted("/v1/events", "reader", {{"Last-Event-ID", "x"}})))
              .status == 400);
}

TEST_CASE("a stream of one dealer shows its own events and how far the feed has come") {
    Gate gate;
    gate.store.addEvent("centro");
    gate.store.addEvent("sul");
    gate.store.addEvent("centro");
    Listening stream(gate.answer(wanted("/v1/events", "sul")));
    REQUIRE(stream.readUntil("id: 2\n"));
    CHECK(stream.all.find("id: 1\n") == std::string::npos);
    CHECK(stream.all.find("centro") == std::string::npos);
}

TEST_CASE("a quiet stream gets a heartbeat, and ends when its token is revoked or the gateway stops") {
    Gate gate;
    gate.store.addEvent("centro");
    Listening stream(gate.answer(wanted("/v1/events", "reader")));
    REQUIRE(stream.readUntil("id: 1\n"));
    gate.clock.advance(20 * kSecond);
    REQUIRE(stream.readUntil(": still here"));
    SECTION("revoked") {
        REQUIRE(gate.ask("DELETE", "/v1/tokens/t_reader").status == 200);
        gate.store.addEvent("centro");
        gate.api.eventsArrived(2);
        CHECK_FALSE(stream.readUntil("id: 2\n"));
    }
    SECTION("stopped") {
        gate.api.stop();
        CHECK_FALSE(stream.readUntil("id: 2\n"));
    }
}

TEST_CASE("no more streams are open than the configuration allows") {
    Gate gate;
    Listening one(gate.answer(wanted("/v1/events", "reader")));
    {
        Listening two(gate.answer(wanted("/v1/events", "reader")));
        CHECK(std::get<http::Response>(gate.answer(wanted("/v1/events", "reader"))).status == 503);
    }
    CHECK(std::holds_alternative<http::StreamResponse>(gate.answer(wanted("/v1/events", "reader"))));
}
