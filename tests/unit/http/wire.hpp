// A raw HTTP peer and a listener with a scripted handler, for the tests of this folder.
#pragma once

#include "ingest/http/listener.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace trevo::http::test {

struct Answer {
    int status = 0; // 0: the peer closed without a complete answer
    std::string head;
    std::string body;    // chunked coding removed
    bool closed = false; // the connection ended after it
    bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

// A blocking client socket. Every wait ends after `patienceSeconds` at the latest, as if the peer had closed.
class Wire {
  public:
    explicit Wire(std::uint16_t port, const std::string& address = "127.0.0.1");
    explicit Wire(const std::string& unixPath);
    Wire(Wire&& other) noexcept;
    Wire& operator=(Wire&& other) noexcept;
    ~Wire();

    Wire& send(std::string_view bytes); // a peer that closed already is no error
    void finishSending();               // half-close
    void shrinkReceiveBuffer();
    Answer answer(bool toHead = false); // the next answer on this connection
    std::string readSome();             // what comes next, empty at the end
    bool closed();                      // waits for the end; false if bytes come instead
    int fd() const { return fd_; }

    static constexpr int kPatienceSeconds = 10;

  private:
    void setPatience();
    bool fill();
    int fd_ = -1;
    std::string buffer_;
};

// Answers 200 with "METHOD path?query size" unless told otherwise.
struct ScriptedHandler : Handler {
    std::function<Admission(const Head&)> onAdmit;
    std::function<void(Request, Responder)> onHandle;

    Admission admit(const Head& head) override { return onAdmit ? onAdmit(head) : Admission{}; }
    void handle(Request request, Responder respond) override {
        if (onHandle) return onHandle(std::move(request), std::move(respond));
        respond(json(200, request.head.method + " " + request.head.path + "?" + request.head.query + " " +
                              std::to_string(request.body.size())));
    }
};

struct Fixture {
    explicit Fixture(ListenerLimits limits = {}, std::vector<ListenConfig> listen = {plain()},
                     int threads = 2)
        : listener(listen, limits, threads, handler) {
        listener.start();
    }
    static ListenConfig plain() {
        ListenConfig config;
        config.port = 0;
        return config;
    }
    std::uint16_t port() const { return listener.ports().front(); }
    Wire connect() const { return Wire(port()); }
    Answer ask(std::string_view bytes) const { return connect().send(bytes).answer(); }

    ScriptedHandler handler;
    Listener listener;
};

inline const std::string kGood = "GET /good HTTP/1.1\r\nHost: x\r\n\r\n";

// A folder that goes with its owner.
class TempDir {
  public:
    TempDir();
    ~TempDir();
    std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

  private:
    std::string path_;
};

} // namespace trevo::http::test
