// ./dev bench ingest [SECONDS [CONNECTIONS]]: a real trevod on loopback, OLX leads of about 900 bytes through
// /in/olx, each parsed, validated and committed before its answer. Beside it, in the same run, how often the
// disk syncs.
#include "ingest/load.hpp"
#include "support/daemon.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>

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

void run(const char* title, int connections, double seconds, double reference, bool withStore) {
    test::Daemon daemon(test::standardConfig());
    const auto idle = bench::usageOf(daemon.process().pid());
    auto result = bench::load(daemon.port(), connections, seconds, lead);
    const auto after = bench::usageOf(daemon.process().pid());
    const double micros = result.answered == 0 ? 0
                                               : (after.cpuSeconds - idle.cpuSeconds) * 1e6 /
                                                     static_cast<double>(result.answered);
    std::printf("%-28s %9.0f/s  %5.2f x sync  p50 %6.2f ms  p99 %6.2f ms  cpu %5.1f us  idle %5.1f MB  "
                "loaded %6.1f MB  failed %llu\n",
                title, result.rate(), result.rate() / reference, result.percentile(0.5),
                result.percentile(0.99), micros, idle.residentMegabytes, after.residentMegabytes,
                static_cast<unsigned long long>(result.failed));
    if (!withStore) return;
    const auto drainBegin = std::chrono::steady_clock::now();
    test::eventually([&] { return daemon.settled(); }, std::chrono::seconds(300));
    const double drained =
        seconds + std::chrono::duration<double>(std::chrono::steady_clock::now() - drainBegin).count();
    const auto end = bench::usageOf(daemon.process().pid());
    std::printf("%-28s %9.0f/s from first push to last record in the store; cpu %5.1f us a lead in all\n",
                "  drained to the store", static_cast<double>(result.answered) / drained,
                (end.cpuSeconds - idle.cpuSeconds) * 1e6 / static_cast<double>(result.answered));
}

} // namespace

int main(int argc, char** argv) {
    const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
    const test::Folder folder;
    const double reference = bench::syncReference(folder.path(), 1.0);
    std::printf("fdatasync reference          %9.0f/s\n", reference);
    if (argc > 2) {
        run("connections as asked", std::atoi(argv[2]), seconds, reference, true);
        return 0;
    }
    run("1 connection", 1, seconds, reference, false);
    run("16 connections", 16, seconds, reference, false);
    run("64 connections", 64, seconds, reference, true);
    run("256 connections", 256, seconds, reference, false);
    return 0;
}
