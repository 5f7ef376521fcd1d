// Outbound HTTP for plugins and the command line: one place for TLS, proxy, limits and time-outs.
// Thread-safe; each thread keeps its own connections alive.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace trevo::net {

struct HttpRequest {
    std::string method = "GET";
    std::string url; // http or https
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    int timeoutSeconds = 30;
    std::string unixSocket; // path of a local socket instead of a TCP connection
};

struct HttpResponse {
    int status = 0; // 0: no answer was had; `error` says why
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string error;
};

struct ClientConfig {
    std::string proxy;  // "http://host:port"; empty: none, whatever the environment says
    std::string caFile; // PEM of further trusted authorities; empty: the system's
    std::size_t maxBodyBytes = std::size_t{8} << 20;
    int connectTimeoutSeconds = 10;
};

class HttpClient {
  public:
    explicit HttpClient(ClientConfig config = {});

    // Redirects are not followed: to the partners that send one it means "log in". Never throws for what the
    // peer does.
    HttpResponse perform(const HttpRequest& request) const;

    // Takes the body as it comes, for event streams; `onBody` returns false to stop. The returned body is
    // empty unless the status is an error.
    template <class OnBody>
    HttpResponse stream(const HttpRequest& request, OnBody onBody) const {
        struct Sink final : BodySink {
            explicit Sink(OnBody& callback) : callback_(callback) {}
            bool take(const char* data, std::size_t size) override { return callback_(data, size); }
            OnBody& callback_;
        } sink(onBody);
        return run(request, &sink);
    }

  private:
    struct BodySink {
        virtual ~BodySink() = default;
        virtual bool take(const char* data, std::size_t size) = 0;
    };
    HttpResponse run(const HttpRequest& request, BodySink* sink) const;

    ClientConfig config_;
};

} // namespace trevo::net
