// The head of a request, from bytes: line discipline checked here, fields split by Boost.Beast, framing
// decided here.
//
// Invariant: a head that this accepts has exactly one way to be read. Bare LF, folded lines, repeated or
// contradictory Content-Length and Transfer-Encoding never pass, so that no proxy in front can disagree about
// where a request ends.
#pragma once

#include "ingest/http/listener.hpp"
#include "ingest/http/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trevo::http {

struct HeadError {
    int status = 400;
    std::string_view code; // both are literals
    std::string_view detail;
};

struct RequestHead {
    std::string method;
    std::string target; // raw
    Headers headers;
    bool http11 = true;
    bool keepAlive = true;
    bool expectContinue = false;
    bool chunked = false;
    std::uint64_t contentLength = 0; // meaningless when chunked

    bool hasBody() const { return chunked || contentLength > 0; }
};

// Finds the end of a head in a buffer that grows at its end.
class HeadScanner {
  public:
    explicit HeadScanner(const ListenerLimits& limits) : limits_(limits) {}

    // `received` begins with the request line and is what earlier calls saw, or longer. The value is the size
    // of the head with its empty line, or 0 while it is incomplete.
    Result<std::size_t, HeadError> scan(std::string_view received);
    void reset() { seen_ = lineStart_ = lines_ = 0; }

  private:
    const ListenerLimits& limits_;
    std::size_t seen_ = 0;
    std::size_t lineStart_ = 0;
    std::size_t lines_ = 0;
};

// `head` is a complete head as the scanner found it.
Result<RequestHead, HeadError> parseHead(std::string_view head);

} // namespace trevo::http
