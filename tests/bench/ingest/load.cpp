#include "ingest/load.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <netinet/tcp.h>
#include <sstream>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace trevo::bench {

namespace {

using Steady = std::chrono::steady_clock;

struct Peer {
    int fd = -1;
    std::string out, in;
    std::size_t sent = 0;
    Steady::time_point started;
};

int connectTo(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        throw std::runtime_error("can not connect");
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

// The size of a complete answer at the start of `in`, or 0.
std::size_t answerSize(const std::string& in) {
    const auto end = in.find("\r\n\r\n");
    if (end == std::string::npos) return 0;
    auto at = in.find("Content-Length: ");
    if (at == std::string::npos || at > end) at = in.find("content-length: ");
    const std::size_t body = at < end ? std::strtoul(in.c_str() + at + 16, nullptr, 10) : 0;
    return in.size() >= end + 4 + body ? end + 4 + body : 0;
}

} // namespace

double LoadResult::percentile(double fraction) {
    if (latencies.empty()) return 0;
    std::sort(latencies.begin(), latencies.end());
    const auto at = std::min(latencies.size() - 1,
                             static_cast<std::size_t>(fraction * static_cast<double>(latencies.size())));
    return latencies[at] / 1000.0;
}

LoadResult load(int port, int connections, double seconds,
                const std::function<std::string(std::uint64_t)>& request) {
    LoadResult result;
    const int poll = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<Peer> peers(static_cast<std::size_t>(connections));
    std::uint64_t number = 0;
    const auto begin = Steady::now();
    const auto end =
        begin + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(seconds));

    const auto flush = [](Peer& peer) {
        while (peer.sent < peer.out.size()) {
            const auto written =
                ::send(peer.fd, peer.out.data() + peer.sent, peer.out.size() - peer.sent, MSG_NOSIGNAL);
            if (written <= 0) return;
            peer.sent += static_cast<std::size_t>(written);
        }
    };
    const auto next = [&](Peer& peer) {
        peer.out = request(number++);
        peer.sent = 0;
        peer.started = Steady::now();
        flush(peer);
    };
    for (std::size_t i = 0; i < peers.size(); ++i) {
        peers[i].fd = connectTo(port);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        ::epoll_ctl(poll, EPOLL_CTL_ADD, peers[i].fd, &event);
        next(peers[i]);
    }
    std::vector<epoll_event> events(256);
    std::vector<char> buffer(64 * 1024);
    while (Steady::now() < end) {
        const int ready = ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), 10);
        for (int i = 0; i < ready; ++i) {
            Peer& peer = peers[events[static_cast<std::size_t>(i)].data.u64];
            const auto got = ::recv(peer.fd, buffer.data(), buffer.size(), 0);
            if (got <= 0) {
                if (got < 0 && errno == EAGAIN) continue;
                ++result.failed;
                ::epoll_ctl(poll, EPOLL_CTL_DEL, peer.fd, nullptr);
                continue;
            }
            peer.in.append(buffer.data(), static_cast<std::size_t>(got));
            if (const auto size = answerSize(peer.in); size > 0) {
                if (peer.in.compare(9, 1, "2") == 0) {
                    ++result.answered;
                    result.latencies.push_back(static_cast<std::uint32_t>(
                        std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - peer.started)
                            .count()));
                } else {
                    ++result.failed;
                }
                peer.in.erase(0, size);
                next(peer);
            }
        }
    }
    result.seconds = std::chrono::duration<double>(Steady::now() - begin).count();
    for (auto& peer : peers)
        ::close(peer.fd);
    ::close(poll);
    return result;
}

double syncReference(const std::string& folder, double seconds) {
    const std::string file = folder + "/sync-reference";
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) throw std::runtime_error("no file for the reference");
    const std::string block(4096, 'x');
    const auto begin = Steady::now();
    std::uint64_t count = 0;
    while (std::chrono::duration<double>(Steady::now() - begin).count() < seconds) {
        if (::write(fd, block.data(), block.size()) != static_cast<ssize_t>(block.size()) ||
            ::fdatasync(fd) != 0) {
            throw std::runtime_error("the reference can not write");
        }
        ++count;
    }
    const double elapsed = std::chrono::duration<double>(Steady::now() - begin).count();
    ::close(fd);
    ::unlink(file.c_str());
    return static_cast<double>(count) / elapsed;
}

Usage usageOf(int pid) {
    Usage usage;
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string text{std::istreambuf_iterator<char>(stat), {}};
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string field;
    for (int i = 3; i <= 15 && fields >> field; ++i) {
        if (i == 14 || i == 15)
            usage.cpuSeconds += std::stod(field) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    }
    std::ifstream memory("/proc/" + std::to_string(pid) + "/statm");
    double total = 0;
    double resident = 0;
    memory >> total >> resident;
    usage.residentMegabytes = resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
    return usage;
}

} // namespace trevo::bench
