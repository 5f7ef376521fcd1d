#include "ingest/mail/lmtp_server.hpp"

#include "base/utf8.hpp"
#include "ingest/mail/delivery.hpp"
#include "ops/log.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace trevo::mail {

namespace {

metrics::Counter mailCounter(metrics::Registry& registry, const char* outcome) {
    return registry.counter("trevo_mails_total", "Mails by door and outcome.",
                            {{"door", "lmtp"}, {"outcome", outcome}});
}

[[noreturn]] void refuse(const std::string& where, const std::string& why) {
    throw std::runtime_error("mail.lmtp: " + where + ": " + why);
}

int listenOnPath(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) refuse(path, "the path is too long for a socket");
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0) { // left by a daemon that was killed
        if (!S_ISSOCK(status.st_mode)) refuse(path, "something else is there");
        ::unlink(path.c_str());
    }
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) refuse(path, std::strerror(errno));
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::chmod(path.c_str(), 0660) != 0 || ::listen(socket, 64) != 0) {
        const int error = errno;
        ::close(socket);
        refuse(path, std::strerror(error));
    }
    return socket;
}

int listenOnPort(const std::string& text, std::uint16_t& port) {
    const auto colon = text.rfind(':');
    std::uint16_t wanted = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, wanted);
    if (read.ec != std::errc() || read.ptr != end) refuse(text, "is no 127.0.0.1:PORT");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(wanted);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) refuse(text, std::strerror(errno));
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    socklen_t size = sizeof address;
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(socket, 64) != 0 ||
        ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        const int error = errno;
        ::close(socket);
        refuse(text, std::strerror(error));
    }
    port = ntohs(address.sin_port);
    return socket;
}

} // namespace

std::string integrationNamed(std::string_view recipient) {
    auto local = recipient.substr(0, recipient.rfind('@'));
    if (const auto plus = local.rfind('+'); plus != std::string_view::npos) local.remove_prefix(plus + 1);
    return lowerAscii(local);
}

LmtpServer::LmtpServer(const config::Lmtp& settings, const IntegrationDirectory& directory,
                       journal::Journal& journal, const Clock& clock, metrics::Registry& registry)
    : settings_(settings),
      directory_(directory),
      journal_(journal),
      clock_(clock),
      kept_(mailCounter(registry, "taken")),
      repeated_(mailCounter(registry, "repeated")),
      dead_(mailCounter(registry, "dead")),
      unavailable_(mailCounter(registry, "unavailable")) {
    if (settings_.listen.starts_with("unix:")) path_ = settings_.listen.substr(5);
    listening_ = path_.empty() ? listenOnPort(settings_.listen, port_) : listenOnPath(path_);
    wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_ < 0) {
        ::close(listening_);
        refuse(settings_.listen, std::strerror(errno));
    }
    log::info("mail.listening", "The gateway takes mails of the local mail server.",
              {{"lmtp", path_.empty() ? "127.0.0.1:" + std::to_string(port_) : settings_.listen}});
    acceptor_ = std::thread([this] { accept(); });
}

LmtpServer::~LmtpServer() {
    stop();
    ::close(listening_);
    ::close(wake_);
    if (!path_.empty()) ::unlink(path_.c_str());
}

void LmtpServer::stop() {
    if (stopping_.exchange(true)) return;
    const std::uint64_t one = 1;
    if (::write(wake_, &one, sizeof one) < 0)
        log::warning("mail.wake_failed", "A connection ends with its time-out.");
    acceptor_.join();
    for (auto& connection : connections_)
        connection.thread.join();
    connections_.clear();
}

// False when the connection has to end: nothing came in time, or the server stops.
bool LmtpServer::wait(int socket, short events) const {
    std::array<pollfd, 2> descriptors{{{socket, events, 0}, {wake_, POLLIN, 0}}};
    const int ready = ::poll(descriptors.data(), descriptors.size(), settings_.timeoutSeconds * 1000);
    return ready > 0 && descriptors[1].revents == 0;
}

void LmtpServer::accept() {
    while (!stopping_) {
        std::array<pollfd, 2> descriptors{{{listening_, POLLIN, 0}, {wake_, POLLIN, 0}}};
        if (::poll(descriptors.data(), descriptors.size(), -1) < 0 && errno != EINTR) return;
        if (descriptors[1].revents != 0) return;
        const int socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (socket < 0) {
            if (errno != EAGAIN && errno != EINTR &&
                errno != ECONNABORTED) // out of descriptors: let others end
                ::poll(nullptr, 0, 100);
            continue;
        }
        for (auto it = connections_.begin(); it != connections_.end();) {
            if (!it->ended) {
                ++it;
                continue;
            }
            it->thread.join();
            it = connections_.erase(it);
        }
        if (connections_.size() >= static_cast<std::size_t>(settings_.maxConnections)) {
            constexpr std::string_view kBusy = "421 4.3.2 too many connections\r\n";
            (void)!::send(socket, kBusy.data(), kBusy.size(), MSG_NOSIGNAL);
            ::close(socket);
            continue;
        }
        auto& connection = connections_.emplace_back();
        connection.thread = std::thread([this, socket, &connection] {
            try {
                serve(socket);
            } catch (const std::exception& failure) {
                log::error("mail.connection_failed",
                           "A connection of the local mail server ended by a failure.",
                           {{"reason", log::oneLine(failure.what(), 300)}});
            }
            ::close(socket);
            connection.ended = true;
        });
    }
}

void LmtpServer::serve(int socket) {
    LmtpSession session({[this](std::string_view recipient) { return integrationOf(recipient); },
                         [this](const std::vector<std::string>& integrations, const std::string& message) {
                             return keep(integrations, message);
                         }},
                        static_cast<std::size_t>(settings_.maxMessageMegabytes) << 20);
    std::string replies = session.greeting();
    std::string buffer(64 * 1024, '\0');
    while (true) {
        for (std::string_view left = replies; !left.empty();) {
            const auto sent = ::send(socket, left.data(), left.size(), MSG_NOSIGNAL);
            if (sent > 0) {
                left.remove_prefix(static_cast<std::size_t>(sent));
            } else if ((errno != EAGAIN && errno != EINTR) || !wait(socket, POLLOUT)) {
                return;
            }
        }
        replies.clear();
        if (session.over() || stopping_ || !wait(socket, POLLIN)) return;
        const auto got = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return;
        if (got > 0) session.take({buffer.data(), static_cast<std::size_t>(got)}, replies);
    }
}

std::string LmtpServer::integrationOf(std::string_view recipient) const {
    const auto set = directory_.snapshot();
    const std::string id = integrationNamed(recipient);
    const auto integration = set ? set->find(id) : nullptr;
    return integration && integration->settings().mail ? id : std::string();
}

std::vector<Kept> LmtpServer::keep(const std::vector<std::string>& integrations, const std::string& message) {
    const auto set = directory_.snapshot();
    std::vector<Kept> out;
    for (const auto& id : integrations) {
        const auto integration = set ? set->find(id) : nullptr;
        if (!integration || !integration->settings().mail) { // a reload took it away meanwhile
            out.push_back(Kept::Never);
            continue;
        }
        std::vector<journal::Delivery> one;
        one.push_back(deliveryOf(*integration, message, "lmtp", "", clock_.now()));
        const auto receipts = journal_.commit(std::move(one));
        if (!receipts) {
            unavailable_.add();
            out.push_back(Kept::Later);
            continue;
        }
        const auto& receipt = receipts->front();
        (receipt.repeated ? repeated_ : receipt.state == journal::State::Dead ? dead_ : kept_).add();
        integration->health().delivered(clock_.now());
        out.push_back(Kept::Yes);
    }
    return out;
}

} // namespace trevo::mail
