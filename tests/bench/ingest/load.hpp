// A small HTTP load generator: keep-alive connections on one epoll thread, one request in flight each.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace trevo::bench {

struct LoadResult {
    double seconds = 0;
    std::uint64_t answered = 0;           // 2xx
    std::uint64_t failed = 0;             // any other answer, or a closed connection
    std::vector<std::uint32_t> latencies; // microseconds, of the 2xx

    double rate() const { return seconds > 0 ? static_cast<double>(answered) / seconds : 0; }
    double percentile(double fraction); // milliseconds; sorts
};

// Sends requests made by `request(number)` (complete HTTP text) for `seconds` over `connections` to
// 127.0.0.1:port.
LoadResult load(int port, int connections, double seconds,
                const std::function<std::string(std::uint64_t)>& request);

// Appends of 4 KiB, each followed by fdatasync, in `folder`: how often a second the disk commits.
double syncReference(const std::string& folder, double seconds);

struct Usage { // of a process
    double cpuSeconds = 0;
    double residentMegabytes = 0;
};
Usage usageOf(int pid);

} // namespace trevo::bench
