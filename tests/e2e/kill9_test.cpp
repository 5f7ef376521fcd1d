#include "e2e/documents.hpp"
#include "support/daemon.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

using namespace trevo::test;
using nlohmann::json;

// Kills the daemon at arbitrary moments while several senders push and resend what got no answer. Afterwards
// every acknowledged lead is in the store once, and nothing else is.
TEST_CASE("kill -9 under load loses nothing that was acknowledged and doubles nothing that was resent") {
    constexpr int kSenders = 4;
    constexpr int kRounds = 6;
    Daemon daemon;
    std::mutex mutex;
    std::map<std::string, std::pair<std::string, std::string>> acknowledged; // external id -> body, receipt
    std::atomic<int> next{0};

    for (int round = 0; round < kRounds; ++round) {
        std::atomic<bool> dead{false};
        std::atomic<int> answered{0};
        std::vector<std::thread> senders;
        for (int s = 0; s < kSenders; ++s) {
            senders.emplace_back([&] {
                while (!dead) {
                    const std::string id = "k-" + std::to_string(next++);
                    const auto body = olxLead(id, "Ana Lima", "1198" + std::to_string(1000000 + next.load()));
                    const auto answer = daemon.pushOlx(body);
                    const auto parsed = json::parse(answer.body, nullptr, false);
                    if (answer.status != 200 || !parsed.is_object()) continue;
                    const std::lock_guard lock(mutex);
                    acknowledged[id] = {body, parsed["responseId"]};
                    ++answered;
                }
            });
        }
        eventually([&] { return answered >= 40 + round * 17; });
        daemon.kill();
        dead = true;
        for (auto& sender : senders)
            sender.join();
        daemon.start();
        // Some of what was acknowledged is sent again, as by a partner that our answer did not reach.
        int resent = 0;
        for (const auto& [id, sent] : acknowledged) {
            if (++resent > 10) break;
            const auto again = daemon.pushOlx(sent.first);
            CHECK(again.status == 200);
            CHECK(json::parse(again.body)["responseId"] == sent.second);
        }
    }
    REQUIRE(acknowledged.size() > 100);
    REQUIRE(eventually([&] { return daemon.settled(); }, std::chrono::seconds(60)));

    std::map<std::string, int> stored;
    std::istringstream rows(daemon.cli({"export", "records", "--format", "ndjson"}).out);
    for (std::string line; std::getline(rows, line);)
        ++stored[json::parse(line)["external_id"]];
    for (const auto& [id, sent] : acknowledged) {
        INFO(id);
        CHECK(stored[id] == 1);
    }
    for (const auto& [id, times] : stored)
        CHECK(times == 1);
}
