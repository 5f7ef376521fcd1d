// A small HTTP load generator: keep-alive connections on one epoll thread, one request in flight each.
// Closed loop: a connection sends its next request when it has its answer. Open loop: request n is due at
// n / rate whatever became of the earlier ones, and its latency counts from then.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
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

struct Plan {
    int connections = 1;
    double seconds = 1;
    double perSecond = 0; // 0: closed loop
};

// Sends requests made by `request(number)` (complete HTTP text) to 127.0.0.1:port.
LoadResult load(int port, const Plan& plan, const std::function<std::string(std::uint64_t)>& request);

// Connections that send half a head and then nothing, until destroyed.
class SlowClients {
  public:
    SlowClients(int port, int count);
    ~SlowClients();
    SlowClients(const SlowClients&) = delete;
    SlowClients& operator=(const SlowClients&) = delete;
    int open() const; // still kept by the server

  private:
    std::vector<int> sockets_;
};

// Appends of 4 KiB, each followed by fdatasync, in `folder`: how often a second the disk commits.
double syncReference(const std::string& folder, double seconds);

struct Usage { // of a process
    double cpuSeconds = 0;
    double residentMegabytes = 0;
    std::map<std::string, double> cpuByThread; // seconds, of the threads that live, added up by name
};
Usage usageOf(int pid);

} // namespace trevo::bench
