// The figures behind docs/adr/0001-listener.md: three ways to serve HTTP behind one tiny handler, and slow
// clients to hold against them. Each server reads the body, answers 200 with 60 bytes of JSON, and on SIGINT
// or SIGTERM prints how many requests it served, its CPU time per request and its memory.
//
//   bench_listener_spike poco-threads|poco-pollset|beast|gateway PORT THREADS
//   bench_listener_spike slow PORT CONNECTIONS SECONDS     half-open requests, a header byte each now and
//   then wrk -t1 -c64 -d6s --latency -s tests/bench/post.lua http://127.0.0.1:PORT/in/site
#include "ingest/http/listener.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/PollSet.h>
#include <Poco/Net/ServerSocket.h>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <deque>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

const std::string kAnswer = R"({"receipt":"0192f3c4-7a1b-7cc2-9d1e-5b8f6a7c8d9e","ok":true})";
std::atomic<std::uint64_t> served{0};

void waitForSignal() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    int signal = 0;
    sigwait(&set, &signal);
}

void blockSignals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

double cpuMicros() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto micros = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
    };
    return micros(usage.ru_utime) + micros(usage.ru_stime);
}

void printFigures() {
    const auto requests = served.load();
    std::ifstream status("/proc/self/status");
    std::string line, memory;
    while (std::getline(status, line)) {
        if (line.starts_with("VmRSS") || line.starts_with("VmHWM")) memory += line + "  ";
    }
    std::printf("requests %llu  cpu_us_per_request %.2f  %s\n", static_cast<unsigned long long>(requests),
                requests ? cpuMicros() / static_cast<double>(requests) : 0.0, memory.c_str());
}

// (a) and (b): POCO

void answer(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) {
    std::string body;
    if (request.getContentLength() > 0) body.resize(static_cast<std::size_t>(request.getContentLength()));
    request.stream().read(body.data(), static_cast<std::streamsize>(body.size()));
    response.setContentType("application/json");
    response.setKeepAlive(request.getKeepAlive());
    response.sendBuffer(kAnswer.data(), kAnswer.size());
    ++served;
}

struct PocoHandler : Poco::Net::HTTPRequestHandler {
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        answer(request, response);
    }
};

struct PocoFactory : Poco::Net::HTTPRequestHandlerFactory {
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return new PocoHandler;
    }
};

Poco::Net::HTTPServerParams::Ptr pocoParams(int threads) {
    Poco::Net::HTTPServerParams::Ptr params(new Poco::Net::HTTPServerParams);
    params->setMaxThreads(threads);
    params->setMaxQueued(4096);
    params->setKeepAlive(true);
    params->setMaxKeepAliveRequests(0);
    params->setTimeout(Poco::Timespan(10, 0));
    return params;
}

void servePocoThreads(std::uint16_t port, int threads) {
    Poco::ThreadPool pool(2, threads);
    Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", port), 1024);
    Poco::Net::HTTPServer server(new PocoFactory, pool, socket, pocoParams(threads));
    server.start();
    waitForSignal();
    printFigures();
    server.stopAll(true);
}

// Waiting sockets are on the poll set; a readable one goes to a worker for one request and comes back.
class ParkedServer {
  public:
    ParkedServer(std::uint16_t port, int threads)
        : listening_(Poco::Net::SocketAddress("127.0.0.1", port), 1024), params_(pocoParams(threads)) {
        poll_.add(listening_, Poco::Net::PollSet::POLL_READ);
        for (int i = 0; i < threads; ++i)
            workers_.emplace_back([this] { work(); });
        poller_ = std::thread([this] { poll(); });
    }
    ~ParkedServer() {
        stopping_ = true;
        ready_.notify_all();
        poller_.join();
        for (auto& worker : workers_)
            worker.join();
    }

  private:
    void poll() {
        while (!stopping_) {
            for (const auto& [socket, mode] : poll_.poll(Poco::Timespan(1, 0))) {
                if (socket == listening_) {
                    Poco::Net::StreamSocket accepted = listening_.acceptConnection();
                    accepted.setNoDelay(true);
                    poll_.add(accepted, Poco::Net::PollSet::POLL_READ);
                    continue;
                }
                poll_.remove(socket);
                const std::lock_guard lock(mutex_);
                queue_.emplace_back(socket);
                ready_.notify_one();
            }
        }
    }

    void work() {
        while (true) {
            Poco::Net::StreamSocket socket;
            {
                std::unique_lock lock(mutex_);
                ready_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
                if (stopping_) return;
                socket = queue_.front();
                queue_.pop_front();
            }
            try {
                Poco::Net::HTTPServerSession session(socket, params_);
                if (!session.hasMoreRequests()) continue;
                {
                    // Destroying the response is what sends it.
                    Poco::Net::HTTPServerResponseImpl response(session);
                    Poco::Net::HTTPServerRequestImpl request(response, session, params_);
                    answer(request, response);
                }
                Poco::Net::StreamSocket back = session.detachSocket();
                poll_.add(back, Poco::Net::PollSet::POLL_READ);
            } catch (const Poco::Exception&) {
                // The peer left or sent nonsense: the socket closes with its last reference.
            }
        }
    }

    Poco::Net::ServerSocket listening_;
    Poco::Net::HTTPServerParams::Ptr params_;
    Poco::Net::PollSet poll_;
    std::atomic<bool> stopping_{false};
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<Poco::Net::StreamSocket> queue_;
    std::vector<std::thread> workers_;
    std::thread poller_;
};

// (c): Boost.Beast as its documentation shows it, one io_context per thread

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

class BeastSession : public std::enable_shared_from_this<BeastSession> {
  public:
    explicit BeastSession(asio::ip::tcp::socket socket) : stream_(std::move(socket)) {}

    void read() {
        request_ = {};
        stream_.expires_after(std::chrono::seconds(10));
        bhttp::async_read(stream_, buffer_, request_,
                          [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (!error) self->write();
                          });
    }

  private:
    void write() {
        response_ = {};
        response_.version(request_.version());
        response_.result(bhttp::status::ok);
        response_.set(bhttp::field::content_type, "application/json");
        response_.keep_alive(request_.keep_alive());
        response_.body() = kAnswer;
        response_.prepare_payload();
        ++served;
        bhttp::async_write(stream_, response_,
                           [self = shared_from_this()](beast::error_code error, std::size_t) {
                               if (!error) self->read();
                           });
    }

    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    bhttp::request<bhttp::string_body> request_;
    bhttp::response<bhttp::string_body> response_;
};

struct BeastServer {
    BeastServer(std::uint16_t port, int threads) {
        for (int i = 0; i < threads; ++i)
            loops.push_back(std::make_unique<asio::io_context>(1));
        acceptor = std::make_unique<asio::ip::tcp::acceptor>(
            *loops[0], asio::ip::tcp::endpoint(asio::ip::make_address("127.0.0.1"), port));
        acceptor->listen(1024);
        accept();
        for (auto& loop : loops) {
            workers.emplace_back([&loop] {
                const auto guard = asio::make_work_guard(*loop);
                loop->run();
            });
        }
    }
    ~BeastServer() {
        for (auto& loop : loops)
            loop->stop();
        for (auto& worker : workers)
            worker.join();
        acceptor.reset();
    }
    void accept() {
        asio::io_context& loop = *loops[next++ % loops.size()];
        acceptor->async_accept(loop, [this, &loop](beast::error_code error, asio::ip::tcp::socket socket) {
            if (!error) {
                socket.set_option(asio::ip::tcp::no_delay(true));
                auto session = std::make_shared<BeastSession>(std::move(socket));
                asio::post(loop, [session] { session->read(); });
            }
            accept();
        });
    }

    std::size_t next = 0;
    std::vector<std::unique_ptr<asio::io_context>> loops;
    std::unique_ptr<asio::ip::tcp::acceptor> acceptor;
    std::vector<std::thread> workers;
};

// What came of it

struct EchoHandler : trevo::http::Handler {
    trevo::http::Admission admit(const trevo::http::Head&) override { return {}; }
    void handle(trevo::http::Request, trevo::http::Responder respond) override {
        ++served;
        respond(trevo::http::json(200, kAnswer));
    }
};

void serveGateway(std::uint16_t port, int threads) {
    EchoHandler handler;
    trevo::http::ListenConfig listen;
    listen.port = port;
    trevo::http::ListenerLimits limits;
    limits.maxConnectionsPerAddress = 0;
    trevo::http::Listener listener({listen}, limits, threads, handler);
    listener.start();
    waitForSignal();
    printFigures();
    listener.stop(0);
}

void holdSlowly(std::uint16_t port, int connections, int seconds) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    const std::string begin = "POST /in/site HTTP/1.1\r\nHost: x\r\nX-Slow: ";
    std::vector<int> sockets;
    for (int i = 0; i < connections; ++i) {
        const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0 || connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            std::perror("connect");
            break;
        }
        if (send(fd, begin.data(), begin.size(), MSG_NOSIGNAL) > 0) sockets.push_back(fd);
    }
    std::printf("%zu half-open\n", sockets.size());
    std::fflush(stdout);
    const auto end = Clock::now() + std::chrono::seconds(seconds);
    while (Clock::now() < end) {
        for (const int fd : sockets)
            send(fd, "a", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
        std::this_thread::sleep_for(std::chrono::seconds(2));
    }
    std::size_t alive = 0;
    for (const int fd : sockets) {
        char byte = 0;
        const auto got = recv(fd, &byte, 1, MSG_DONTWAIT);
        alive += got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        close(fd);
    }
    std::printf("%zu still held at the end\n", alive);
}

} // namespace

int main(int argc, char** argv) {
    const std::string mode = argc > 2 ? argv[1] : "";
    const auto port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 0);
    const int count = argc > 3 ? std::atoi(argv[3]) : 1;
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    if (mode == "slow") {
        holdSlowly(port, count, argc > 4 ? std::atoi(argv[4]) : 10);
        return 0;
    }
    blockSignals();
    if (mode == "poco-threads") {
        servePocoThreads(port, count);
    } else if (mode == "poco-pollset") {
        const ParkedServer server(port, count);
        waitForSignal();
        printFigures();
    } else if (mode == "beast") {
        const BeastServer server(port, count);
        waitForSignal();
        printFigures();
    } else if (mode == "gateway") {
        serveGateway(port, count);
    } else {
        std::cerr << "usage: bench_listener_spike poco-threads|poco-pollset|beast|gateway PORT THREADS\n"
                     "       bench_listener_spike slow PORT CONNECTIONS SECONDS\n";
        return 2;
    }
    return 0;
}
