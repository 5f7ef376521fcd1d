// Rate, latency and CPU of acknowledged appends, beside what the disk gives to a bare append + fdatasync in
// the same run.
//   bench_journal [folder] [seconds per row] [rows there before]
// Producers are logical: each has one delivery on its way, as a sender with one connection has; one thread
// drives them, as an event loop does. Two claimers settle what was committed, so that the figures hold the
// whole life of a row in the journal.
#include "journal/journal.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

using namespace trevo;
using namespace trevo::journal;
using SteadyClock = std::chrono::steady_clock;

namespace {

double seconds(SteadyClock::time_point from, SteadyClock::time_point to) {
    return std::chrono::duration<double>(to - from).count();
}

double cpuSeconds() {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    const auto of = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return of(use.ru_utime) + of(use.ru_stime);
}

long residentMegabytes() {
    long pages = 0, resident = 0;
    if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
        if (std::fscanf(file, "%ld %ld", &pages, &resident) != 2) resident = 0;
        std::fclose(file);
    }
    return resident * sysconf(_SC_PAGESIZE) / (1 << 20);
}

double referenceRate(const std::string& folder, double duration) {
    const std::string path = folder + "/reference";
    const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    if (file < 0) std::exit(1);
    const std::string block(4096, 'x');
    int syncs = 0;
    const auto start = SteadyClock::now();
    while (seconds(start, SteadyClock::now()) < duration) {
        if (write(file, block.data(), block.size()) != static_cast<ssize_t>(block.size()) ||
            fdatasync(file) != 0) {
            std::exit(1);
        }
        ++syncs;
    }
    const double rate = syncs / seconds(start, SteadyClock::now());
    close(file);
    std::filesystem::remove(path);
    return rate;
}

Delivery lead(std::int64_t number) {
    static const std::string filler(860, 'x');
    Delivery delivery;
    delivery.integration = "site";
    delivery.door = "http";
    delivery.contentType = "application/json";
    delivery.meta =
        R"({"method":"POST","path":"/in/site","remote":"192.0.2.7","headers":{"user-agent":"bench"}})";
    delivery.body = "{\"id\":" + std::to_string(number) + ",\"message\":\"" + filler + "\"}";
    delivery.body.resize(900, ' ');
    delivery.receivedAt = SystemClock{}.now();
    return delivery;
}

// Bytes handed to write calls by this process.
double writtenBytes() {
    long long characters = 0;
    if (std::FILE* file = std::fopen("/proc/self/io", "r")) {
        if (std::fscanf(file, "rchar: %*d wchar: %lld", &characters) != 1) characters = 0;
        std::fclose(file);
    }
    return static_cast<double>(characters);
}

struct Figures {
    double rate = 0, p50 = 0, p99 = 0, cpu = 0, perCommit = 0, written = 0;
};

Figures measure(Journal& journal, int producers, double duration, std::int64_t& nextLead) {
    std::mutex mutex;
    std::condition_variable answered;
    std::vector<int> ready;
    std::vector<SteadyClock::time_point> sent(static_cast<std::size_t>(producers));
    std::vector<double> latencies;
    int inFlight = 0;
    std::int64_t failures = 0;

    std::atomic<bool> claiming{true};
    std::vector<std::thread> claimers;
    for (int i = 0; i < 2; ++i) {
        claimers.emplace_back([&] {
            while (claiming) {
                std::vector<Outcome> outcomes;
                for (const Envelope& envelope : journal.claim(64, 50'000)) {
                    outcomes.push_back({envelope.seq, Outcome::Kind::Done, {}, {}});
                }
                if (!outcomes.empty()) journal.settle(std::move(outcomes));
            }
        });
    }
    const auto commits = journal.stats().commits;
    const double cpu = cpuSeconds();
    const double written = writtenBytes();
    const auto start = SteadyClock::now();
    for (int i = 0; i < producers; ++i)
        ready.push_back(i);
    std::vector<int> now;
    bool first = true;
    for (bool open = true; open || inFlight > 0;) {
        {
            std::unique_lock lock(mutex);
            answered.wait(lock, [&] { return !ready.empty(); });
            now.swap(ready);
            if (!first) inFlight -= static_cast<int>(now.size());
            first = false;
        }
        open = seconds(start, SteadyClock::now()) < duration;
        if (open) {
            for (const int producer : now) {
                sent[static_cast<std::size_t>(producer)] = SteadyClock::now();
                journal.append(lead(nextLead++), [&, producer](auto result) {
                    const double took = seconds(sent[static_cast<std::size_t>(producer)], SteadyClock::now());
                    const std::lock_guard lock(mutex);
                    if (!result.ok()) ++failures;
                    latencies.push_back(took);
                    ready.push_back(producer);
                    if (ready.size() == 1) answered.notify_one();
                });
            }
            inFlight += static_cast<int>(now.size());
        }
        now.clear();
    }
    const double took = seconds(start, SteadyClock::now());
    journal.flush();
    claiming = false;
    for (auto& claimer : claimers)
        claimer.join();
    const double used = cpuSeconds() - cpu;
    if (failures > 0) std::printf("%lld appends were refused\n", static_cast<long long>(failures));

    std::sort(latencies.begin(), latencies.end());
    const auto count = static_cast<double>(latencies.size());
    return {count / took,
            latencies[latencies.size() / 2] * 1e3,
            latencies[latencies.size() * 99 / 100] * 1e3,
            used / count * 1e6,
            count / static_cast<double>(journal.stats().commits - commits),
            (writtenBytes() - written) / count};
}

} // namespace

int main(int argc, char** argv) {
    const std::string parent = argc > 1 ? argv[1] : std::filesystem::temp_directory_path().string();
    const double duration = argc > 2 ? std::atof(argv[2]) : 3;
    const long before = argc > 3 ? std::atol(argv[3]) : 0;
    std::string folder = parent + "/journal-bench-XXXXXX";
    if (!mkdtemp(folder.data())) return 1;
    std::int64_t nextLead = 0;
    {
        const double reference = referenceRate(folder, 1);
        SystemClock clock;
        UuidSource ids(clock);
        Options options;
        options.path = folder + "/journal.db";
        if (before > 0) {
            Journal journal(options, clock, ids);
            while (nextLead < before) {
                for (int i = 0; i < 10'000; ++i)
                    journal.append(lead(nextLead++), [](auto) {});
                journal.flush();
            }
        }
        const auto start = SteadyClock::now();
        Journal journal(options, clock, ids);
        std::printf(
            "open with %ld ready rows: %.0f ms, first claim %zu rows after %.0f ms, resident %ld MB\n",
            before, seconds(start, SteadyClock::now()) * 1e3, journal.claim(1, 0).size(),
            seconds(start, SteadyClock::now()) * 1e3, residentMegabytes());
        std::printf("reference: append 4 KiB + fdatasync %.0f/s\n\n", reference);
        std::printf("producers   appends/s  x reference   p50 ms   p99 ms  CPU us/append  rows/commit  "
                    "bytes written/append  resident MB\n");
        for (const int producers : {1, 16, 64, 256}) {
            const Figures f = measure(journal, producers, duration, nextLead);
            std::printf("%9d %11.0f %12.2f %8.2f %8.2f %14.1f %12.1f %21.0f %12ld\n", producers, f.rate,
                        f.rate / reference, f.p50, f.p99, f.cpu, f.perCommit, f.written, residentMegabytes());
        }
    }
    std::filesystem::remove_all(folder);
}
