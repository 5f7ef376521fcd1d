#include "ingest/load.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <filesystem>
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
    std::string in;
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

namespace {

// One run of a plan.
class Run {
  public:
    Run(int port, const Plan& plan, const std::function<std::string(std::uint64_t)>& request)
        : plan_(plan),
          request_(request),
          poll_(::epoll_create1(EPOLL_CLOEXEC)),
          peers_(static_cast<std::size_t>(plan.connections)) {
        for (std::size_t i = 0; i < peers_.size(); ++i) {
            peers_[i].fd = connectTo(port);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = i;
            ::epoll_ctl(poll_, EPOLL_CTL_ADD, peers_[i].fd, &event);
            free_.push_back(i);
        }
    }
    ~Run() {
        for (const Peer& peer : peers_)
            ::close(peer.fd);
        ::close(poll_);
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    LoadResult go() {
        begin_ = Steady::now();
        const auto end = begin_ + duration(plan_.seconds);
        std::vector<epoll_event> events(256);
        for (auto now = begin_; now < end; now = Steady::now()) {
            const auto next = sendWhatIsDue(now);
            const auto wait = std::chrono::duration_cast<std::chrono::nanoseconds>(std::min(next, end) - now);
            const timespec timeout{wait.count() / 1'000'000'000, wait.count() % 1'000'000'000};
            const int ready =
                ::epoll_pwait2(poll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
            for (int i = 0; i < ready; ++i)
                receive(events[static_cast<std::size_t>(i)].data.u64);
        }
        result_.seconds = std::chrono::duration<double>(Steady::now() - begin_).count();
        return std::move(result_);
    }

  private:
    static Steady::duration duration(double seconds) {
        return std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(seconds));
    }

    // Returns when there may be something to send again.
    Steady::time_point sendWhatIsDue(Steady::time_point now) {
        while (!free_.empty()) {
            const auto due =
                plan_.perSecond > 0 ? begin_ + duration(static_cast<double>(number_) / plan_.perSecond) : now;
            if (due > now) return due;
            Peer& peer = peers_[free_.front()];
            free_.pop_front();
            const std::string text = request_(number_++);
            peer.started = due;
            // A request is far smaller than a socket's buffer: it goes whole or the connection is gone.
            if (::send(peer.fd, text.data(), text.size(), MSG_NOSIGNAL) !=
                static_cast<ssize_t>(text.size())) {
                ++result_.failed;
            }
        }
        return now + std::chrono::milliseconds(10);
    }

    void receive(std::size_t index) {
        Peer& peer = peers_[index];
        const auto got = ::recv(peer.fd, buffer_.data(), buffer_.size(), 0);
        if (got <= 0) {
            if (got < 0 && errno == EAGAIN) return;
            ++result_.failed;
            ::epoll_ctl(poll_, EPOLL_CTL_DEL, peer.fd, nullptr);
            return;
        }
        peer.in.append(buffer_.data(), static_cast<std::size_t>(got));
        const auto size = answerSize(peer.in);
        if (size == 0) return;
        if (peer.in.compare(9, 1, "2") == 0) {
            ++result_.answered;
            const auto took = Steady::now() - peer.started;
            result_.latencies.push_back(static_cast<std::uint32_t>(
                std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
        } else {
            ++result_.failed;
        }
        peer.in.erase(0, size);
        free_.push_back(index);
    }

    const Plan plan_;
    const std::function<std::string(std::uint64_t)>& request_;
    const int poll_;
    std::vector<Peer> peers_;
    std::deque<std::size_t> free_; // peers without a request in flight
    std::uint64_t number_ = 0;
    Steady::time_point begin_;
    std::array<char, 64 * 1024> buffer_{};
    LoadResult result_;
};

} // namespace

LoadResult load(int port, const Plan& plan, const std::function<std::string(std::uint64_t)>& request) {
    return Run(port, plan, request).go();
}

SlowClients::SlowClients(int port, int count) {
    constexpr std::string_view kHalf = "POST /in/olx HTTP/1.1\r\nHost: localhost\r\nContent-Le";
    for (int i = 0; i < count; ++i) {
        sockets_.push_back(connectTo(port));
        ::send(sockets_.back(), kHalf.data(), kHalf.size(), MSG_NOSIGNAL);
    }
}

SlowClients::~SlowClients() {
    for (const int socket : sockets_)
        ::close(socket);
}

int SlowClients::open() const {
    char byte = 0;
    return static_cast<int>(std::count_if(sockets_.begin(), sockets_.end(), [&](int socket) {
        return ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
    }));
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
    const std::filesystem::path process = "/proc/" + std::to_string(pid);
    for (const auto& thread : std::filesystem::directory_iterator(process / "task")) {
        std::string name;
        std::ifstream(thread.path() / "comm") >> name;
        double nanoseconds = 0; // exact, where `stat` counts in hundredths of a second
        std::ifstream(thread.path() / "schedstat") >> nanoseconds;
        usage.cpuByThread[name] += nanoseconds / 1e9;
    }
    std::ifstream stat(process / "stat");
    std::string text{std::istreambuf_iterator<char>(stat), {}};
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string field;
    for (int i = 3; i <= 15 && fields >> field; ++i) {
        if (i == 14 || i == 15)
            usage.cpuSeconds += std::stod(field) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    }
    std::ifstream memory(process / "statm");
    double total = 0;
    double resident = 0;
    memory >> total >> resident;
    usage.residentMegabytes = resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 20);
    return usage;
}

} // namespace trevo::bench
