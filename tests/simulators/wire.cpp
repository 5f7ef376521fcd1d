#include "simulators/wire.hpp"

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/NullStream.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include <stdexcept>
#include <utility>

namespace trevo::sim {

namespace net = Poco::Net;

namespace {

constexpr long kTimeoutSeconds = 30;
constexpr int kServerThreads = 8;
constexpr long kServerTimeoutSeconds = 3;

} // namespace

namespace {

class HttpSender final : public Sender {
  public:
    explicit HttpSender(const std::string& url) : uri_(url), session_(uri_.getHost(), uri_.getPort()) {
        if (uri_.getScheme() != "http" || uri_.getHost().empty())
            throw std::invalid_argument("'" + url + "' is no http:// address");
        session_.setKeepAlive(true);
        session_.setTimeout(Poco::Timespan(kTimeoutSeconds, 0));
    }
    int post(const Push& push) override;
    bool reachable() const override;
    void postHalf(const Push& push) const override;

  private:
    std::string path() const {
        const std::string path = uri_.getPathAndQuery();
        return path.empty() ? "/" : path;
    }

    Poco::URI uri_;
    net::HTTPClientSession session_;
};

int HttpSender::post(const Push& push) {
    try {
        net::HTTPRequest request(net::HTTPRequest::HTTP_POST, path(), net::HTTPMessage::HTTP_1_1);
        request.setContentType(push.contentType);
        request.setContentLength64(static_cast<Poco::Int64>(push.body.size()));
        for (const auto& [name, value] : push.headers)
            request.set(name, value);
        session_.sendRequest(request) << push.body;
        net::HTTPResponse response;
        Poco::NullOutputStream nowhere;
        Poco::StreamCopier::copyStream(session_.receiveResponse(response), nowhere);
        return response.getStatus();
    } catch (const Poco::Exception&) {
        session_.reset();
        return 0;
    }
}

bool HttpSender::reachable() const {
    try {
        net::StreamSocket socket;
        socket.connect(net::SocketAddress(uri_.getHost(), uri_.getPort()), Poco::Timespan(1, 0));
        return true;
    } catch (const Poco::Exception&) {
        return false;
    }
}

void HttpSender::postHalf(const Push& push) const {
    try {
        net::StreamSocket socket;
        socket.connect(net::SocketAddress(uri_.getHost(), uri_.getPort()),
                       Poco::Timespan(kTimeoutSeconds, 0));
        std::string head = "POST " + path() + " HTTP/1.1\r\nHost: " + uri_.getHost() +
                           "\r\nContent-Type: " + push.contentType +
                           "\r\nContent-Length: " + std::to_string(push.body.size()) + "\r\n";
        for (const auto& [name, value] : push.headers)
            head += name + ": " + value + "\r\n";
        const std::string bytes = head + "\r\n" + push.body.substr(0, push.body.size() / 2);
        socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
        socket.close();
    } catch (const Poco::Exception&) {
        return; // cut even earlier than meant
    }
}

} // namespace

std::unique_ptr<Sender> openSender(const std::string& url) {
    if (url.starts_with("lmtp:")) return openMailSender(url);
    return std::make_unique<HttpSender>(url);
}

namespace {

class PathHandler : public net::HTTPRequestHandler {
  public:
    explicit PathHandler(const Server::Handler& handler) : handler_(handler) {}

    void handleRequest(net::HTTPServerRequest& in, net::HTTPServerResponse& out) override {
        Request request;
        request.method = in.getMethod();
        const std::string& uri = in.getURI();
        const auto question = uri.find('?');
        Poco::URI::decode(uri.substr(0, question), request.path);
        if (question != std::string::npos) request.query = uri.substr(question + 1);
        for (const auto& [name, value] : in)
            request.headers.emplace_back(name, value);
        Poco::StreamCopier::copyToString(in.stream(), request.body);

        const Answer answer = handler_(request);
        out.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(answer.status));
        out.setContentType(answer.contentType);
        for (const auto& [name, value] : answer.headers)
            out.set(name, value);
        out.sendBuffer(answer.body.data(), answer.body.size());
    }

  private:
    const Server::Handler& handler_;
};

class Factory : public net::HTTPRequestHandlerFactory {
  public:
    explicit Factory(Server::Handler handler) : handler_(std::move(handler)) {}
    net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
        return new PathHandler(handler_); // POCO deletes it
    }

  private:
    Server::Handler handler_;
};

net::HTTPServerParams::Ptr params() {
    net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
    params->setMaxThreads(kServerThreads);
    params->setKeepAlive(true);
    params->setTimeout(Poco::Timespan(kServerTimeoutSeconds, 0)); // also what a stop waits for at most
    return params;
}

} // namespace

struct Server::Impl {
    Impl(const std::string& address, std::uint16_t port, Handler handler)
        : pool(1, kServerThreads + 1),
          socket(net::SocketAddress(address, port)),
          server(new Factory(std::move(handler)), pool, socket, params()) {
        server.start();
    }
    ~Impl() { server.stopAll(true); }

    Poco::ThreadPool pool;
    net::ServerSocket socket;
    net::HTTPServer server;
};

Server::Server(const std::string& address, std::uint16_t port, Handler handler)
    : impl_(std::make_unique<Impl>(address, port, std::move(handler))) {}
Server::~Server() = default;

std::string Server::address() const {
    return impl_->socket.address().toString();
}

} // namespace trevo::sim
