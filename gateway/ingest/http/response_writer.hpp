// The bytes of a response's head.
#pragma once

#include "ingest/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace trevo::http {

struct ResponseFraming {
    bool http11 = true;
    bool keepAlive = true;
    bool chunked = false;
    std::optional<std::size_t> contentLength; // none: chunked, ended by close, or a status without a body
};

// Appends the status line and all headers to `out`. Those of `headers` that are the listener's own
// (Content-Length, Date, Connection, Transfer-Encoding) or hold a line break are left out.
void appendHead(std::string& out, int status, const Headers& headers, const ResponseFraming& framing,
                std::string_view date);

bool statusHasBody(int status); // false for 1xx, 204 and 304

// An IMF-fixdate for the Date header, made once a second.
class DateCache {
  public:
    std::string_view now();

  private:
    long second_ = -1;
    std::string text_;
};

} // namespace trevo::http
