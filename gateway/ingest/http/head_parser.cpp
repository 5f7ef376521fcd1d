#include "ingest/http/head_parser.hpp"

#include "base/utf8.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <array>
#include <charconv>
#include <cstring>

namespace trevo::http {

namespace {

namespace beast = boost::beast;

constexpr HeadError kBadRequestLine{400, "bad_request_line",
                                    "the request line is not 'METHOD target HTTP/1.1'"};
constexpr HeadError kBadField{400, "bad_header",
                              "a header is not 'name: value' or holds a character that is not allowed"};
constexpr HeadError kBadLine{400, "bad_line_ending", "every line of the head must end with CR LF"};
constexpr HeadError kFolded{400, "folded_header", "a header may not continue on a second line"};
constexpr HeadError kBadLength{400, "bad_content_length",
                               "Content-Length must be sent once, as a decimal number"};
constexpr HeadError kBadFraming{400, "conflicting_framing",
                                "Transfer-Encoding must be sent once, in HTTP/1.1, without Content-Length"};
constexpr HeadError kBadHost{400, "bad_host", "exactly one valid Host header is required"};
constexpr HeadError kNoCoding{501, "unknown_transfer_coding",
                              "the only transfer coding known here is chunked"};
constexpr HeadError kNoMethod{501, "unknown_method", "this method is not implemented here"};
constexpr HeadError kNoVersion{505, "unknown_http_version", "only HTTP/1.0 and HTTP/1.1 are spoken here"};
constexpr HeadError kNoExpectation{417, "unknown_expectation",
                                   "the only expectation known here is 100-continue"};
constexpr HeadError kHeadTooLarge{431, "head_too_large", "the headers are larger than this server accepts"};
constexpr HeadError kTooManyHeaders{431, "too_many_headers",
                                    "there are more headers than this server accepts"};
constexpr HeadError kTargetTooLong{414, "target_too_long",
                                   "the request target is longer than this server accepts"};

bool isTokenChar(char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u >= '0' && u <= '9') || (u >= 'A' && u <= 'Z') || (u >= 'a' && u <= 'z') ||
           (u != 0 && std::strchr("!#$%&'*+-.^_`|~", c) != nullptr);
}

// Splits the head into fields. All framing is judged in finish(), so Beast is told that there is no body.
class FieldParser final : public beast::http::basic_parser<true> {
  public:
    explicit FieldParser(RequestHead& head) : head_(head) { skip(true); }

    std::optional<HeadError> finish();

  private:
    using ErrorCode = beast::error_code;
    using Text = beast::string_view;

    void on_request_impl(beast::http::verb, Text method, Text target, int version, ErrorCode&) override {
        head_.method.assign(method.data(), method.size());
        head_.target.assign(target.data(), target.size());
        head_.http11 = version >= 11;
    }
    void on_response_impl(int, Text, int, ErrorCode&) override {}
    void on_field_impl(beast::http::field name, Text nameText, Text valueText, ErrorCode&) override {
        const std::string_view value(valueText.data(), valueText.size());
        head_.headers.emplace_back(std::string(nameText.data(), nameText.size()), value);
        switch (name) {
        case beast::http::field::content_length: ++lengths_, length_ = value; break;
        case beast::http::field::transfer_encoding: ++codings_, coding_ = value; break;
        case beast::http::field::host: ++hosts_, host_ = value; break;
        case beast::http::field::expect: expect_ = value; break;
        default: break;
        }
    }
    void on_header_impl(ErrorCode&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
    std::size_t on_body_impl(Text body, ErrorCode&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, Text, ErrorCode&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, ErrorCode&) override { return body.size(); }
    void on_finish_impl(ErrorCode&) override {}

    RequestHead& head_;
    int lengths_ = 0, codings_ = 0, hosts_ = 0;
    std::string length_, coding_, host_, expect_;
};

bool isHost(std::string_view host) {
    for (const char c : host) {
        const bool fine = isTokenChar(c) || c == ':' || c == '[' || c == ']';
        if (!fine) return false;
    }
    return true;
}

bool isKnownMethod(std::string_view method) {
    static constexpr std::array<std::string_view, 7> kKnown = {"GET",   "HEAD",   "POST",   "PUT",
                                                               "PATCH", "DELETE", "OPTIONS"};
    for (const auto known : kKnown) {
        if (method == known) return true;
    }
    return false;
}

std::optional<HeadError> FieldParser::finish() {
    if (!isKnownMethod(head_.method)) return kNoMethod;
    if (hosts_ > 1 || (head_.http11 && hosts_ == 0) || !isHost(host_)) return kBadHost;
    if (codings_ > 0) {
        if (codings_ > 1 || lengths_ > 0 || !head_.http11) return kBadFraming;
        if (!equalsIgnoreCase(coding_, "chunked")) return kNoCoding;
        head_.chunked = true;
    }
    if (lengths_ > 0) {
        const char* end = length_.data() + length_.size();
        const auto [rest, error] = std::from_chars(length_.data(), end, head_.contentLength);
        if (lengths_ > 1 || error != std::errc() || rest != end) return kBadLength;
    }
    head_.keepAlive = keep_alive();
    if (head_.http11 && !expect_.empty()) {
        if (!equalsIgnoreCase(expect_, "100-continue")) return kNoExpectation;
        head_.expectContinue = head_.hasBody();
    }
    return std::nullopt;
}

// "HTTP/d.d" at the end of the first line, other than ours, tells a version from a line that is no request at
// all.
bool namesOtherVersion(std::string_view head) {
    const std::string_view line = head.substr(0, head.find('\r'));
    constexpr std::string_view kPrefix = " HTTP/";
    constexpr std::size_t kSize = kPrefix.size() + 3;
    if (line.size() < kSize) return false;
    const std::string_view tail = line.substr(line.size() - kSize);
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool isVersion = tail.starts_with(kPrefix) && digit(tail[6]) && tail[7] == '.' && digit(tail[8]);
    return isVersion && !tail.ends_with("1.0") && !tail.ends_with("1.1");
}

HeadError errorOf(const beast::error_code& error, std::string_view head) {
    using Code = beast::http::error;
    if (error == Code::bad_version) return namesOtherVersion(head) ? kNoVersion : kBadRequestLine;
    if (error == Code::bad_method || error == Code::bad_target) return kBadRequestLine;
    if (error == Code::bad_content_length) return kBadLength;
    if (error == Code::bad_transfer_encoding) return kBadFraming;
    if (error == Code::bad_line_ending) return kBadLine;
    return kBadField;
}

} // namespace

Result<std::size_t, HeadError> HeadScanner::scan(std::string_view received) {
    if (seen_ == 0 && !received.empty() && !isTokenChar(received.front())) return kBadRequestLine;
    while (true) {
        const std::size_t at = received.find('\n', seen_);
        if (at == std::string_view::npos) break;
        seen_ = at + 1;
        if (seen_ > limits_.maxHeaderBytes) return kHeadTooLarge;
        if (at == lineStart_ || received[at - 1] != '\r') return kBadLine;
        if (at == lineStart_ + 1) return seen_;
        if (const char first = received[lineStart_]; first == ' ' || first == '\t') return kFolded;
        // Method, blanks and version take a few bytes; the line less them is the target.
        constexpr std::size_t kAroundTarget = 24;
        if (lines_ == 0 && at > limits_.maxTargetBytes + kAroundTarget) return kTargetTooLong;
        if (++lines_ > limits_.maxHeaders + 1) return kTooManyHeaders;
        lineStart_ = seen_;
    }
    seen_ = received.size();
    if (lines_ == 0 && seen_ > limits_.maxTargetBytes + 64) return kTargetTooLong;
    if (seen_ > limits_.maxHeaderBytes) return kHeadTooLarge;
    return std::size_t{0};
}

Result<RequestHead, HeadError> parseHead(std::string_view head) {
    RequestHead result;
    result.headers.reserve(12);
    FieldParser parser(result);
    parser.header_limit(static_cast<std::uint32_t>(head.size() + 1));
    parser.eager(true);
    beast::error_code error;
    parser.put(boost::asio::const_buffer(head.data(), head.size()), error);
    if (error) return errorOf(error, head);
    if (!parser.is_done()) return kBadField;
    if (const auto refused = parser.finish()) return *refused;
    return result;
}

} // namespace trevo::http
