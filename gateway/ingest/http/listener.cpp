#include "ingest/http/listener.hpp"

#include "ingest/http/connection.hpp"
#include "ingest/http/tls.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <future>
#include <stdexcept>
#include <thread>

namespace trevo::http {

namespace asio = boost::asio;

namespace {

using StreamProtocol = asio::generic::stream_protocol;
using ErrorCode = boost::system::error_code;

constexpr std::string_view kUnixPrefix = "unix:";
constexpr std::size_t kMaxRefusedLingering = 256; // beyond it a refused peer is closed without a word
constexpr std::chrono::milliseconds kAcceptPause{100};

// The address that rate limits and allow lists know: IPv4 peers of a dual-stack socket in IPv4's spelling.
std::string addressOf(const StreamProtocol::endpoint& endpoint) {
    const sockaddr* const raw = endpoint.data();
    if (raw->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, raw, sizeof v4);
        return asio::ip::address_v4(ntohl(v4.sin_addr.s_addr)).to_string();
    }
    if (raw->sa_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, raw, sizeof v6);
        asio::ip::address_v6::bytes_type bytes{};
        std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
        const asio::ip::address_v6 address(bytes);
        if (address.is_v4_mapped())
            return asio::ip::make_address_v4(asio::ip::v4_mapped, address).to_string();
        return address.to_string();
    }
    return {};
}

[[noreturn]] void failToListen(const std::string& where, const std::string& why) {
    throw std::runtime_error("can not listen on " + where + ": " + why);
}

// Removes the socket file that a daemon left behind when it died. One that somebody still answers on is not
// stale.
void removeStaleSocket(const std::string& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) {
        if (errno == ENOENT) return;
        failToListen(path, std::strerror(errno));
    }
    if (!S_ISSOCK(info.st_mode)) failToListen(path, "the file exists and is not a socket");
    asio::io_context io;
    asio::local::stream_protocol::socket probe(io);
    ErrorCode error;
    probe.connect(asio::local::stream_protocol::endpoint(path), error);
    if (!error) failToListen(path, "another process serves this socket");
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) failToListen(path, std::strerror(errno));
}

struct Door {
    explicit Door(asio::io_context& io) : acceptor(io), pause(io) {}

    ListenConfig config;
    asio::basic_socket_acceptor<StreamProtocol> acceptor;
    asio::steady_timer pause;                // after an accept that failed for want of descriptors or memory
    std::shared_ptr<asio::ssl::context> tls; // guarded by Impl::tlsMutex_
    std::uint16_t port = 0;
    std::string socketPath;
};

} // namespace

class Listener::Impl {
  public:
    Impl(const std::vector<ListenConfig>& listen, const ListenerLimits& limits, int threads, Handler& handler)
        : server_(limits, handler) {
        for (int i = 0; i < std::max(1, threads); ++i)
            loops_.push_back(std::make_unique<Loop>());
        for (const ListenConfig& config : listen)
            open(config);
    }

    ~Impl() { stop(0); }

    void start() {
        if (!threads_.empty()) return;
        for (auto& door : doors_)
            accept(*door);
        for (auto& loop : loops_)
            threads_.emplace_back([&loop] { loop->run(); });
    }

    void reloadCertificates() {
        std::vector<std::shared_ptr<asio::ssl::context>> fresh;
        for (const auto& door : doors_)
            fresh.push_back(door->config.tls ? makeTlsContext(*door->config.tls) : nullptr);
        const std::lock_guard lock(tlsMutex_);
        for (std::size_t i = 0; i < doors_.size(); ++i)
            doors_[i]->tls = std::move(fresh[i]);
    }

    void stop(int drainSeconds);
    std::vector<std::uint16_t> ports() const {
        std::vector<std::uint16_t> result;
        for (const auto& door : doors_)
            result.push_back(door->port);
        return result;
    }
    Counters counters() const {
        Counters result;
        result.accepted = server_.accepted;
        result.refused = server_.refused;
        result.requests = server_.requests;
        result.malformed = server_.malformed;
        result.timedOut = server_.timedOut;
        const std::lock_guard lock(server_.mutex);
        result.open = server_.open;
        return result;
    }

  private:
    void open(const ListenConfig& config);
    void bindUnix(Door& door, const std::string& path);
    void bindTcp(Door& door);
    void accept(Door& door);
    void welcome(Door& door, Loop& loop, StreamProtocol::socket socket, const StreamProtocol::endpoint& from);
    void onEveryLoop(void (Loop::*action)());
    void closeDoors();

    mutable Server server_;
    std::vector<std::unique_ptr<Loop>> loops_; // the first one also accepts
    std::vector<std::unique_ptr<Door>> doors_;
    std::vector<std::thread> threads_;
    std::mutex tlsMutex_;
    std::mutex stopMutex_;
    bool stopped_ = false;
    std::size_t nextLoop_ = 0;
};

void Listener::Impl::open(const ListenConfig& config) {
    auto door = std::make_unique<Door>(loops_.front()->io());
    door->config = config;
    if (config.tls) door->tls = makeTlsContext(*config.tls);
    const bool isUnix = config.address.starts_with(kUnixPrefix);
    if (isUnix) {
        bindUnix(*door, config.address.substr(kUnixPrefix.size()));
    } else {
        bindTcp(*door);
    }
    ErrorCode error;
    door->acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) failToListen(config.address, error.message());
    door->acceptor.non_blocking(true, error);
    if (error) failToListen(config.address, error.message());
    doors_.push_back(std::move(door));
}

void Listener::Impl::bindUnix(Door& door, const std::string& path) {
    if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path)) {
        failToListen(path, "a socket path has 1 to " + std::to_string(sizeof(sockaddr_un::sun_path) - 1) +
                               " bytes");
    }
    removeStaleSocket(path);
    const asio::local::stream_protocol::endpoint endpoint(path);
    ErrorCode error;
    door.acceptor.open(StreamProtocol(endpoint.protocol()), error);
    if (!error) door.acceptor.bind(StreamProtocol::endpoint(endpoint), error);
    if (error) failToListen(path, error.message());
    door.socketPath = path;
    // Nobody can connect before listen(), so the mode is in force from the first connection on.
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) failToListen(path, std::strerror(errno));
}

void Listener::Impl::bindTcp(Door& door) {
    const std::string where = door.config.address + ":" + std::to_string(door.config.port);
    ErrorCode error;
    const auto address = asio::ip::make_address(door.config.address, error);
    if (error) failToListen(where, "not an IP address");
    const asio::ip::tcp::endpoint endpoint(address, door.config.port);
    door.acceptor.open(StreamProtocol(endpoint.protocol()), error);
    if (!error) door.acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) door.acceptor.bind(StreamProtocol::endpoint(endpoint), error);
    if (error) failToListen(where, error.message());
    const auto bound = door.acceptor.local_endpoint(error);
    if (error) failToListen(where, error.message());
    sockaddr_storage raw{};
    std::memcpy(&raw, bound.data(), std::min(bound.size(), sizeof raw));
    door.port = ntohs(raw.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(raw).sin6_port
                                                : reinterpret_cast<const sockaddr_in&>(raw).sin_port);
}

void Listener::Impl::accept(Door& door) {
    Loop& loop = *loops_[nextLoop_++ % loops_.size()];
    const auto from = std::make_shared<StreamProtocol::endpoint>();
    door.acceptor.async_accept(
        loop.io(), *from, [this, &door, &loop, from](const ErrorCode& error, StreamProtocol::socket socket) {
            if (server_.draining || error == asio::error::operation_aborted) return;
            if (error && error != asio::error::connection_aborted) {
                // Out of descriptors or memory: the peer waits in the backlog, and we do not spin.
                door.pause.expires_after(kAcceptPause);
                door.pause.async_wait([this, &door](const ErrorCode& cancelled) {
                    if (!cancelled && !server_.draining) accept(door);
                });
                return;
            }
            if (!error) welcome(door, loop, std::move(socket), *from);
            accept(door);
        });
}

void Listener::Impl::welcome(Door& door, Loop& loop, StreamProtocol::socket socket,
                             const StreamProtocol::endpoint& from) {
    Peer peer{std::move(socket), nullptr, {}, !door.socketPath.empty(), false};
    if (!peer.local) {
        peer.address = addressOf(from);
        ErrorCode ignored; // only speed is lost
        peer.socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    }
    {
        const std::lock_guard lock(tlsMutex_);
        peer.tls = door.tls;
    }
    ++server_.accepted;
    // The operator must get in when partners have taken every place.
    peer.refused = !peer.local && !server_.quota.take(peer.address);
    if (peer.refused) {
        ++server_.refused;
        const std::lock_guard lock(server_.mutex);
        if (server_.open >= server_.limits.maxConnections + kMaxRefusedLingering) return;
    }
    const auto connection = std::make_shared<Connection>(server_, loop, std::move(peer));
    asio::post(loop.io(), [connection] { connection->start(); });
}

void Listener::Impl::onEveryLoop(void (Loop::*action)()) {
    for (auto& loop : loops_)
        asio::post(loop->io(), [&loop, action] { ((*loop).*action)(); });
}

void Listener::Impl::closeDoors() {
    for (auto& door : doors_) {
        ErrorCode ignored; // nothing is left to be done about a socket that does not close
        door->acceptor.close(ignored);
        door->pause.cancel();
        if (!door->socketPath.empty()) ::unlink(door->socketPath.c_str());
    }
}

void Listener::Impl::stop(int drainSeconds) {
    const std::lock_guard once(stopMutex_);
    if (stopped_) return;
    stopped_ = true;
    server_.draining = true;
    if (threads_.empty()) {
        closeDoors();
    } else {
        // Once the doors are closed on their own thread, no connection is counted any more.
        std::promise<void> closed;
        asio::post(loops_.front()->io(), [this, &closed] {
            closeDoors();
            closed.set_value();
        });
        closed.get_future().wait();
        onEveryLoop(&Loop::drainAll);
        const auto none = [this] { return server_.open == 0; };
        std::unique_lock lock(server_.mutex);
        if (!server_.allClosed.wait_for(lock, std::chrono::seconds(drainSeconds), none)) {
            lock.unlock();
            onEveryLoop(&Loop::closeAll);
            lock.lock();
            server_.allClosed.wait(lock, none);
        }
    }
    for (auto& loop : loops_) {
        loop->mailbox()->close();
        loop->release();
        loop->io().stop();
    }
    for (auto& thread : threads_)
        thread.join();
}

Listener::Listener(const std::vector<ListenConfig>& listen, const ListenerLimits& limits, int threads,
                   Handler& handler)
    : impl_(std::make_unique<Impl>(listen, limits, threads, handler)) {}
Listener::~Listener() = default;
void Listener::start() {
    impl_->start();
}
void Listener::reloadCertificates() {
    impl_->reloadCertificates();
}
void Listener::stop(int drainSeconds) {
    impl_->stop(drainSeconds);
}
std::vector<std::uint16_t> Listener::ports() const {
    return impl_->ports();
}
Listener::Counters Listener::counters() const {
    return impl_->counters();
}

} // namespace trevo::http
