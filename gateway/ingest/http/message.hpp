// What the listener and its handlers exchange. No HTTP library shows through.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace trevo::http {

using Headers = std::vector<std::pair<std::string, std::string>>; // in the order and spelling they came

// The first header of that name, compared without case; empty when there is none.
std::string_view find(const Headers& headers, std::string_view name);

// What is known before the body is read.
struct Head {
    std::string method; // upper case as sent
    std::string path;   // percent-decoded, UTF-8, no dot segments; a target that is not so never gets here
    std::string query;  // raw, without '?'
    Headers headers;
    std::string remoteAddress; // textual IP of the peer; empty on the local socket
    std::string tlsSubject;    // subject of the verified client certificate, or empty
    bool local = false;        // came over the daemon's own UNIX socket: the operator of this machine
};

struct Request {
    Head head;
    std::string body; // complete; chunked coding removed
};

struct Response {
    int status = 200;
    Headers headers; // Content-Length, Date, Connection are the listener's
    std::string body;
};

// An RFC 9457 problem document (application/problem+json). `problems` become the member "errors":
// [{"code","field","place","detail"}]. `retryAfterSeconds` sets Retry-After.
Response problem(int status, std::string_view code, std::string_view detail, const Problems& problems = {},
                 std::optional<int> retryAfterSeconds = std::nullopt);
Response json(int status, std::string body);

// A long answer, written as the peer takes it (text/event-stream, exports). The listener calls next() on one
// of its threads whenever the socket is writable; an empty string means "nothing now": the stream is asked
// again after wake() or `idleMilliseconds`. nullopt ends the response. next() must not block.
class Stream {
  public:
    virtual ~Stream() = default;
    virtual std::optional<std::string> next() = 0;
    // Set before Responder's call returns; from then on callable from any thread, at any time.
    std::function<void()> wake = [] {};
    int idleMilliseconds = 15'000;
};

struct StreamResponse {
    int status = 200;
    Headers headers;
    std::shared_ptr<Stream> stream;
};

// Answers one request, once, from any thread. Destroying the last copy unanswered answers 500.
class Responder {
  public:
    using Answer = std::variant<Response, StreamResponse>;
    explicit Responder(std::function<void(Answer)> send);
    void operator()(Response response) const;
    void operator()(StreamResponse response) const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

// A handler's word on a request of which only the head is known.
struct Admission {
    // Answered at once, in full: a refusal, or a question whose head says all. A body is not read, and the
    // connection closes if there is one.
    std::optional<Response> refusal;
    std::size_t maxBodyBytes = 1U << 20; // 413 above it
    int bodyTimeoutSeconds = 30;         // whole body, from the head on; 408 after it
};

// Both functions run on listener threads and must not block: hand long work to another thread and keep the
// Responder.
class Handler {
  public:
    virtual ~Handler() = default;
    virtual Admission admit(const Head& head) = 0;
    virtual void handle(Request request, Responder respond) = 0;
};

} // namespace trevo::http
