// ./dev bench ingest [SECONDS [CONNECTIONS [answers]]]: a real trevod on loopback, OLX leads of about 900
// bytes through /in/olx, each parsed, validated and committed before its answer. Beside it, in the same run,
// how often the disk syncs. "answers" ends the run without waiting for the store. Without CONNECTIONS also:
// 1,000 leads a second whatever the answers (open loop), with the time until each is in the store, and 64
// connections beside 2,000 that sent half a request.
#include "ingest/load.hpp"
#include "support/daemon.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace trevo;

namespace {

std::string lead(std::uint64_t number) {
    std::string digits = std::to_string(10'000'000 + number * 7919 % 89'999'999);
    std::string body =
        R"({"source":"chat","adId":"A-5512","listId":"1300000077","linkAd":"https://www.olx.com.br/vi/1300000077",)"
        R"("name":"Maria de Souza )" +
        std::to_string(number % 5000) + R"(","email":"m)" + std::to_string(number) +
        R"(@example.com","phone":"119)" + digits +
        R"(","createdAt":"2026-11-21T12:10:44.120Z","externalId":"b-)" + std::to_string(number) +
        R"(","adsInfo":{"category":2020,"subject":"Onix LT","type":"sell","price":"64900",)"
        R"("regdate":"2021","mileage":"41000","gearbox":"1","fuel":"3","vehicle_tag":"ABC1D23",)"
        R"("car_features":"1|3|5","financial_status":"1"},"message":")";
    constexpr std::size_t kBody = 900;
    if (body.size() + 2 < kBody) body.append(kBody - body.size() - 2, 'a');
    body += "\"}";
    return "POST /in/olx HTTP/1.1\r\nHost: localhost\r\nAuthorization: olx-secret\r\nContent-Type: "
           "application/json\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

void print(const char* title, bench::LoadResult& result, double reference, double cpuMicros, double idle,
           double loaded) {
    std::printf("%-28s %9.0f/s  %5.2f x sync  p50 %6.2f ms  p99 %6.2f ms  cpu %5.1f us  idle %5.1f MB  "
                "loaded %6.1f MB  failed %llu\n",
                title, result.rate(), result.rate() / reference, result.percentile(0.5),
                result.percentile(0.99), cpuMicros, idle, loaded,
                static_cast<unsigned long long>(result.failed));
}

// Processor time of the daemon per acknowledged lead while the load ran, by thread. The answer path is what
// stands between a request and its answer: the listener's threads (sockets, HTTP, sender, parsing, required
// fields, the answer) and the journal's writer (its rows, the sync, and noting later what became of each
// envelope). Decoding, matching and storing go on beside it, after the answer.
void printThreads(const bench::Usage& before, const bench::Usage& after, double leads) {
    const auto micros = [&](const std::string& name) {
        const auto end = after.cpuByThread.find(name), begin = before.cpuByThread.find(name);
        if (end == after.cpuByThread.end()) return 0.0;
        return (end->second - (begin == before.cpuByThread.end() ? 0 : begin->second)) * 1e6 / leads;
    };
    std::printf("%-28s %5.1f us (http %.1f, journal %.1f); beside it", "  cpu on the answer path",
                micros("http") + micros("journal"), micros("http"), micros("journal"));
    for (const auto& [name, seconds] : after.cpuByThread) {
        if (name != "http" && name != "journal" && micros(name) >= 0.05)
            std::printf(" %s %.1f", name.c_str(), micros(name));
    }
    std::printf("\n");
}

bench::LoadResult measured(const char* title, const test::Daemon& daemon, const bench::Plan& plan,
                           double reference) {
    const auto idle = bench::usageOf(daemon.process().pid());
    auto result = bench::load(daemon.port(), plan, lead);
    const auto after = bench::usageOf(daemon.process().pid());
    const double micros = (after.cpuSeconds - idle.cpuSeconds) * 1e6 /
                          static_cast<double>(std::max<std::uint64_t>(1, result.answered));
    print(title, result, reference, micros, idle.residentMegabytes, after.residentMegabytes);
    printThreads(idle, after, static_cast<double>(std::max<std::uint64_t>(1, result.answered)));
    return result;
}

void run(const char* title, int connections, double seconds, double reference, bool withStore) {
    const test::Daemon daemon(test::standardConfig());
    const double cpu = bench::usageOf(daemon.process().pid()).cpuSeconds;
    const auto result = measured(title, daemon, {connections, seconds, 0}, reference);
    if (!withStore) return;
    const auto drainBegin = std::chrono::steady_clock::now();
    test::eventually([&] { return daemon.settled(); }, std::chrono::seconds(300));
    const double drained =
        seconds + std::chrono::duration<double>(std::chrono::steady_clock::now() - drainBegin).count();
    const auto end = bench::usageOf(daemon.process().pid());
    std::printf("%-28s %9.0f/s from first push to last record in the store; cpu %5.1f us a lead in all\n",
                "  drained to the store", static_cast<double>(result.answered) / drained,
                (end.cpuSeconds - cpu) * 1e6 / static_cast<double>(result.answered));
}

// A quantile of trevo_visible_seconds, in milliseconds: the upper bound of the bucket that holds it.
double visible(const std::string& metrics, double quantile) {
    const auto number = [&](std::size_t at) { return std::strtod(metrics.c_str() + at, nullptr); };
    const std::string_view kCount = "\ntrevo_visible_seconds_count ";
    const std::string_view kBucket = "\ntrevo_visible_seconds_bucket{le=\"";
    const double wanted = quantile * number(metrics.find(kCount) + kCount.size());
    for (auto at = metrics.find(kBucket); at != std::string::npos; at = metrics.find(kBucket, at + 1)) {
        if (number(metrics.find("} ", at) + 2) >= wanted) return number(at + kBucket.size()) * 1e3;
    }
    return 0;
}

void openLoop(const char* title, double perSecond, double seconds, double reference) {
    const test::Daemon daemon(test::standardConfig());
    measured(title, daemon, {64, seconds, perSecond}, reference);
    test::eventually([&] { return daemon.settled(); }, std::chrono::seconds(60));
    const std::string metrics = daemon.get("/metrics").body;
    std::printf("%-28s p50 below %.0f ms  p99 below %.0f ms from receipt to a committed record\n",
                "  visible in the store", visible(metrics, 0.5), visible(metrics, 0.99));
}

void besideSlowClients(double seconds, double reference) {
    const test::Daemon daemon(test::standardConfig());
    const bench::SlowClients slow(daemon.port(), 2000);
    measured("64 beside 2,000 slow ones", daemon, {64, seconds, 0}, reference);
    std::printf("%-28s %d of 2,000\n", "  slow ones still waiting", slow.open());
}

} // namespace

int main(int argc, char** argv) {
    const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
    const test::Folder folder;
    const double reference = bench::syncReference(folder.path(), 1.0);
    std::printf("fdatasync reference          %9.0f/s\n", reference);
    if (argc > 2) {
        const bool answersAlone = argc > 3 && std::string_view(argv[3]) == "answers";
        run("connections as asked", std::atoi(argv[2]), seconds, reference, !answersAlone);
        return 0;
    }
    run("1 connection", 1, seconds, reference, false);
    run("16 connections", 16, seconds, reference, false);
    run("64 connections", 64, seconds, reference, true);
    run("256 connections", 256, seconds, reference, false);
    openLoop("20/s open loop", 20, seconds, reference);
    openLoop("1,000/s open loop", 1000, seconds, reference);
    besideSlowClients(seconds, reference);
    return 0;
}
