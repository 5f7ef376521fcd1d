#include "unit/http/wire.hpp"

#include "base/utf8.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace trevo::http::test {

namespace {

std::string valueOf(const std::string& head, std::string_view name) {
    std::size_t at = 0;
    while ((at = head.find("\r\n", at)) != std::string::npos) {
        at += 2;
        if (!equalsIgnoreCase(std::string_view(head).substr(at, name.size() + 1), std::string(name) + ":"))
            continue;
        const std::size_t end = head.find("\r\n", at);
        return std::string(
            trimAscii(std::string_view(head).substr(at + name.size() + 1, end - at - name.size() - 1)));
    }
    return {};
}

} // namespace

Wire::Wire(std::uint16_t port, const std::string& address) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    setPatience();
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        throw std::runtime_error("connect");
}

Wire::Wire(const std::string& unixPath) {
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::strncpy(to.sun_path, unixPath.c_str(), sizeof to.sun_path - 1);
    setPatience();
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
        throw std::runtime_error("connect");
}

Wire::Wire(Wire&& other) noexcept : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}

Wire& Wire::operator=(Wire&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(buffer_, other.buffer_);
    return *this;
}

Wire::~Wire() {
    if (fd_ >= 0) ::close(fd_);
}

void Wire::setPatience() {
    const timeval limit{kPatienceSeconds, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

void Wire::shrinkReceiveBuffer() {
    const int size = 4096;
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

Wire& Wire::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return *this;
}

void Wire::finishSending() {
    ::shutdown(fd_, SHUT_WR);
}

bool Wire::fill() {
    char bytes[16 * 1024];
    const ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
}

std::string Wire::readSome() {
    if (buffer_.empty()) fill();
    return std::exchange(buffer_, {});
}

bool Wire::closed() {
    return buffer_.empty() && !fill();
}

Answer Wire::answer(bool toHead) {
    Answer result;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) {
            result.closed = true;
            return result;
        }
    }
    result.head = buffer_.substr(0, end + 4);
    buffer_.erase(0, end + 4);
    const int status = std::atoi(result.head.c_str() + 9);
    const auto take = [this](std::size_t size) -> std::optional<std::string> {
        while (buffer_.size() < size) {
            if (!fill()) return std::nullopt;
        }
        std::string part = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return part;
    };
    const bool bodyless = toHead || status < 200 || status == 204 || status == 304;
    if (const auto length = valueOf(result.head, "Content-Length"); !bodyless && !length.empty()) {
        const auto body = take(std::stoul(length));
        if (!body) return result;
        result.body = *body;
    } else if (!bodyless && valueOf(result.head, "Transfer-Encoding") == "chunked") {
        while (true) {
            std::size_t line = 0;
            while ((line = buffer_.find("\r\n")) == std::string::npos) {
                if (!fill()) return result;
            }
            const std::size_t size = std::stoul(buffer_.substr(0, line), nullptr, 16);
            buffer_.erase(0, line + 2);
            const auto part = take(size + 2);
            if (!part) return result;
            if (size == 0) break;
            result.body += part->substr(0, size);
        }
    } else if (!bodyless) {
        while (fill()) {
        }
        result.body = std::exchange(buffer_, {});
    }
    result.status = status;
    if (valueOf(result.head, "Connection") == "close") result.closed = closed();
    return result;
}

TempDir::TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "trevo-http-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
    path_ = pattern;
}

TempDir::~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

} // namespace trevo::http::test
