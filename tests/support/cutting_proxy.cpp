#include "support/cutting_proxy.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <set>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace trevo::test {
namespace {

sockaddr_in at(const std::string& address, int port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, address.c_str(), &out.sin_addr);
    return out;
}

int listenAt(const std::string& address, int port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const sockaddr_in where = at(address, port);
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
        ::listen(listener, 16) != 0)
        throw std::runtime_error("can not listen at " + address + ':' + std::to_string(port));
    return listener;
}

int portOf(int listener) {
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&bound), &size);
    return ntohs(bound.sin_port);
}

int connectTo(int port) {
    const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in where = at("127.0.0.1", port);
    if (::connect(client, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0) return client;
    ::close(client);
    return -1;
}

bool sendAll(int to, const char* data, std::size_t size) {
    while (size > 0) {
        const auto sent = ::send(to, data, size, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        data += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

} // namespace

CuttingProxy::CuttingProxy(const std::string& address, int port, int target)
    : listener_(listenAt(address, port)),
      port_(portOf(listener_)),
      target_(target),
      thread_([this] { loop(); }) {}

CuttingProxy::~CuttingProxy() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
}

void CuttingProxy::loop() {
    while (!stopping_) {
        pollfd waiting{listener_, POLLIN, 0};
        if (::poll(&waiting, 1, 20) <= 0) continue;
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) continue;
        if (const int server = connectTo(target_); server >= 0) {
            pass(client, server);
            ::close(server);
        }
        ::close(client);
    }
}

void CuttingProxy::pass(int client, int server) {
    std::array<char, 16 * 1024> buffer;
    while (!stopping_) {
        std::array<pollfd, 2> ends{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        if (::poll(ends.data(), ends.size(), 20) <= 0) continue;
        if (ends[0].revents != 0) {
            const auto got = ::recv(client, buffer.data(), buffer.size(), 0);
            if (got <= 0 || !sendAll(server, buffer.data(), static_cast<std::size_t>(got))) return;
        }
        if (ends[1].revents != 0) {
            const auto got = ::recv(server, buffer.data(), buffer.size(), 0);
            if (got <= 0) return;
            const auto left = left_.load();
            const auto count = left < 0 ? got : std::min<std::int64_t>(got, left);
            if (!sendAll(client, buffer.data(), static_cast<std::size_t>(count))) return;
            if (left < 0) continue;
            left_ = left - count;
            if (left - count > 0) continue;
            left_ = -1;
            ++cuts_;
            return;
        }
    }
}

int freePort() {
    static std::mutex mutex;
    static std::set<int> given; // the kernel may name a port again as soon as it is closed
    const std::lock_guard lock(mutex);
    for (;;) {
        const int listener = listenAt("127.0.0.1", 0);
        const int port = portOf(listener);
        ::close(listener);
        if (given.insert(port).second) return port;
    }
}

bool accepts(int port) {
    const int client = connectTo(port);
    if (client < 0) return false;
    ::close(client);
    return true;
}

} // namespace trevo::test
