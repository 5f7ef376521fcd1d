// Writer::apply() under load: match and store, one core. Prints the rate in windows as the
// store grows, the time of a batch, CPU per record, the file's size, and the ratio to the fdatasync reference
// of the same run.
//
//   bench_store [--unkind] [--rush] [records=100000] [folder=a temporary one]
//   --unkind                every lead for one ad, from people of one name: candidate lists as long as
//   allowed bench_store --poco      what a statement costs through Poco::Data and through SQLite's own
//   interface
#include "people.hpp"
#include "store/store.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

using namespace trevo;
using Steady = std::chrono::steady_clock;

namespace {

struct Plan {
    std::int64_t records = 100'000;
    int batch = 256;
    bool unkind = false;
};

double seconds(Steady::duration duration) {
    return std::chrono::duration<double>(duration).count();
}

double cpuSeconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

double fdatasyncPerSecond(const std::filesystem::path& folder) {
    const std::string path = (folder / "reference").string();
    const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    if (file < 0) return 0;
    const std::string block(4096, 'x');
    const auto start = Steady::now();
    int done = 0;
    while (seconds(Steady::now() - start) < 1.0) {
        if (write(file, block.data(), block.size()) != static_cast<ssize_t>(block.size()) ||
            fdatasync(file) != 0)
            break;
        ++done;
    }
    const double elapsed = seconds(Steady::now() - start);
    close(file);
    std::filesystem::remove(path);
    return done / elapsed;
}

std::uintmax_t sizeOf(const std::string& path) {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(path, ignored);
    return ignored ? 0 : size;
}

double percentile(std::vector<double> values, double part) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

int applyBench(const Plan& plan, const std::filesystem::path& folder) {
    const double reference = fdatasyncPerSecond(folder);
    store::Options options;
    options.path = (folder / "store.db").string();
    for (int i = 0; i < 8; ++i)
        options.dealers.push_back({"loja" + std::to_string(i), i < 4 ? "norte" : "sul", ""});
    auto store = store::openSqlite(options);
    bench::Stream stream(42, plan.records);
    ManualClock clock(UtcTime::fromSeconds(1'790'000'000));
    UuidSource ids(clock);

    std::printf("reference: %.0f fdatasync/s; %lld records, batches of %d\n", reference,
                static_cast<long long>(plan.records), plan.batch);
    const std::int64_t window = std::max<std::int64_t>(plan.records / 10, plan.batch);
    double total = 0, totalCpu = 0, sinceCpu = 0, since = 0;
    std::int64_t done = 0, told = 0;
    std::uint64_t number = 0;
    std::vector<double> batchTimes, allTimes;
    while (done < plan.records) {
        std::vector<store::Incoming> batch(static_cast<std::size_t>(plan.batch));
        for (auto& incoming : batch) {
            incoming.envelope = ids.next();
            incoming.integration = "bench";
            incoming.mappingVersion = "1";
            incoming.receivedAt = clock.now();
            incoming.records.push_back(plan.unkind ? bench::unkindLead(number++) : stream.next());
        }
        const double cpu = cpuSeconds();
        const auto start = Steady::now();
        store->writer().apply(batch, clock.now());
        const double took = seconds(Steady::now() - start);
        const double used = cpuSeconds() - cpu;
        clock.advance(kSecond / 50);
        total += took;
        since += took;
        totalCpu += used;
        sinceCpu += used;
        done += plan.batch;
        batchTimes.push_back(took);
        allTimes.push_back(took);
        if (done - told >= window || done >= plan.records) {
            const auto count = static_cast<double>(done - told);
            std::printf("%9lld: %7.0f records/s  batch p50 %5.1f ms p99 %6.1f ms  %5.1f us CPU/record\n",
                        static_cast<long long>(done), count / since, percentile(batchTimes, 0.5) * 1e3,
                        percentile(batchTimes, 0.99) * 1e3, sinceCpu / count * 1e6);
            std::fflush(stdout);
            told = done;
            since = sinceCpu = 0;
            batchTimes.clear();
        }
    }
    const auto counts = store->reader().counts();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto n = static_cast<double>(done);
    std::printf("all: %.0f records/s (%.2f x reference), batch p50 %.1f ms p99 %.1f ms, %.1f us CPU/record, "
                "%.0f MB file, %.0f MB WAL, %ld MB memory, %lld people, %lld negotiations\n",
                n / total, n / total / reference, percentile(allTimes, 0.5) * 1e3,
                percentile(allTimes, 0.99) * 1e3, totalCpu / n * 1e6,
                static_cast<double>(sizeOf(options.path)) / 1e6,
                static_cast<double>(sizeOf(options.path + "-wal")) / 1e6, usage.ru_maxrss / 1024,
                static_cast<long long>(counts.people), static_cast<long long>(counts.negotiations));
    return 0;
}

int pocoBench() {
    using namespace Poco::Data::Keywords;
    Poco::Data::SQLite::Connector::registerConnector();
    Poco::Data::Session session("SQLite", ":memory:");
    session << "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT)", now;
    sqlite3* handle = Poco::Data::SQLite::Utility::dbHandle(session);
    constexpr int kRows = 200'000;
    int id = 0, a = 0;
    std::string b = "some text of a row";

    session << "BEGIN", now;
    Poco::Data::Statement insert(session);
    insert << "INSERT INTO t VALUES (?,?,?)", use(id), use(a), use(b);
    auto start = Steady::now();
    for (id = 1; id <= kRows; ++id)
        insert.execute();
    const double poco = seconds(Steady::now() - start);
    session << "COMMIT", now;

    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle, "INSERT INTO t VALUES (?,?,?)", -1, &statement, nullptr) != SQLITE_OK)
        return 1;
    session << "BEGIN", now;
    start = Steady::now();
    for (int i = kRows + 1; i <= 2 * kRows; ++i) {
        sqlite3_bind_int(statement, 1, i);
        sqlite3_bind_int(statement, 2, a);
        sqlite3_bind_text(statement, 3, b.data(), static_cast<int>(b.size()), SQLITE_STATIC);
        if (sqlite3_step(statement) != SQLITE_DONE) return 1;
        sqlite3_reset(statement);
    }
    const double native = seconds(Steady::now() - start);
    sqlite3_finalize(statement);
    session << "COMMIT", now;
    std::printf("an insert of three columns: Poco::Data %.2f us, sqlite3_stmt %.2f us\n", poco / kRows * 1e6,
                native / kRows * 1e6);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], "--poco") == 0) return pocoBench();
    Plan plan;
    for (; argc > 1 && argv[1][0] == '-'; --argc, ++argv) {
        plan.unkind = plan.unkind || std::strcmp(argv[1], "--unkind") == 0;
        if (std::strcmp(argv[1], "--rush") == 0) plan.batch = 2048;
    }
    if (argc > 1) plan.records = std::atoll(argv[1]);
    if (plan.records <= 0) {
        std::fprintf(stderr,
                     "usage: bench_store [--unkind] [--rush] [RECORDS] [FOLDER] | bench_store --poco\n");
        return 2;
    }
    std::filesystem::path folder;
    if (argc > 2) {
        folder = argv[2];
        std::filesystem::create_directories(folder);
    } else {
        std::string pattern = (std::filesystem::temp_directory_path() / "trevo-bench-XXXXXX").string();
        if (!mkdtemp(pattern.data())) return 1;
        folder = pattern;
    }
    const int code = applyBench(plan, folder);
    if (argc <= 2) std::filesystem::remove_all(folder);
    return code;
}
