#include "ingest/http/connection.hpp"

#include <algorithm>
#include <charconv>

namespace trevo::http {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kJoinBelow = 16 * 1024; // a body up to this size goes out in one buffer with its head
constexpr std::size_t kKeepBuffer = 16 * 1024;
constexpr std::size_t kMaxUnreadWhileStreaming = 16 * 1024;
constexpr std::chrono::milliseconds kLinger{2000};
constexpr std::chrono::milliseconds kLingerAtStop{200}; // a peer that is slow to close must not delay a stop

void appendHex(std::string& out, std::size_t value) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    out.append(digits.data(), end);
}

Response internalError() {
    return problem(500, "internal_error",
                   "the answer could not be made; it is safe to send the request again");
}

} // namespace

void Connection::respond(Response response) {
    if (response.status < 200 || response.status > 599) response = internalError();
    state_ = State::Writing;
    keepAlive_ = keepAlive_ && !server_.draining;
    ResponseFraming framing{parsed_.http11, keepAlive_, false, std::nullopt};
    const bool hasBody = statusHasBody(response.status);
    if (hasBody) framing.contentLength = response.body.size();
    out_.clear();
    appendHead(out_, response.status, response.headers, framing, loop_.date());
    if (hasBody && !headOnly_) {
        if (response.body.size() <= kJoinBelow) {
            out_ += response.body;
        } else {
            body_ = std::move(response.body);
        }
    }
    write();
}

void Connection::respond(StreamResponse response) {
    if (!response.stream || !statusHasBody(response.status)) return respond(internalError());
    streamChunked_ = parsed_.http11;
    // Without chunks only the end of the connection can say where the answer ends.
    keepAlive_ = keepAlive_ && streamChunked_ && !server_.draining;
    out_.clear();
    appendHead(out_, response.status, response.headers,
               {parsed_.http11, keepAlive_, streamChunked_, std::nullopt}, loop_.date());
    if (headOnly_) {
        state_ = State::Writing;
        return write();
    }
    state_ = State::Streaming;
    streamEnding_ = false;
    stream_ = std::move(response.stream);
    watchPeer();
    write();
}

template <class Buffers, class Done>
void Connection::writeSome(const Buffers& buffers, Done done) {
    if (tls_) {
        tls_->async_write_some(buffers, std::move(done));
    } else {
        socket_.async_write_some(buffers, std::move(done));
    }
}

void Connection::write() {
    writing_ = true;
    setDeadline(server_.limits.writeTimeoutSeconds); // anew after each part that the peer took
    const std::array<asio::const_buffer, 2> buffers = {
        asio::const_buffer(out_.data() + outWritten_, out_.size() - outWritten_),
        asio::const_buffer(body_.data() + bodyWritten_, body_.size() - bodyWritten_)};
    writeSome(buffers, [self = shared_from_this()](const ErrorCode& error, std::size_t size) {
        self->writing_ = false;
        if (self->state_ == State::Closed) return;
        if (error) return self->close();
        const std::size_t ofHead = std::min(size, self->out_.size() - self->outWritten_);
        self->outWritten_ += ofHead;
        self->bodyWritten_ += size - ofHead;
        if (self->outWritten_ < self->out_.size() || self->bodyWritten_ < self->body_.size())
            return self->write();
        self->afterWrite();
    });
}

void Connection::afterWrite() {
    out_.clear();
    body_.clear();
    outWritten_ = bodyWritten_ = 0;
    if (out_.capacity() > 2 * kKeepBuffer) out_.shrink_to_fit();
    if (body_.capacity() > kKeepBuffer) body_.shrink_to_fit();
    if (state_ == State::Streaming && !streamEnding_) return pump();
    finishResponse();
}

void Connection::pump() {
    streamWoken_->store(false); // before next(): what is said from here on wakes again
    std::optional<std::string> part;
    try {
        part = stream_->next();
    } catch (...) {
        return close(); // cut off without an end, so that the peer does not take it for the whole
    }
    if (!part || (part->empty() && server_.draining)) return endStream();
    if (part->empty()) {
        deadline_ = std::chrono::steady_clock::now() +
                    std::chrono::milliseconds(std::max(1, stream_->idleMilliseconds));
        return;
    }
    if (streamChunked_) {
        appendHex(out_, part->size());
        out_ += "\r\n";
        *part += "\r\n";
    }
    body_ = std::move(*part);
    write();
}

void Connection::endStream() {
    stream_.reset();
    if (!streamChunked_) return finishResponse();
    streamEnding_ = true;
    out_ = "0\r\n\r\n";
    write();
}

// While a stream runs, reading is how we learn that its peer left.
void Connection::watchPeer() {
    if (!reading_ && in_.size() < kMaxUnreadWhileStreaming) read();
}

void Connection::finishResponse() {
    stream_.reset();
    if (!keepAlive_) return linger();
    state_ = State::Head;
    headBegun_ = false;
    served_ = true;
    scanner_.reset();
    chunks_.reset();
    request_ = {};
    if (server_.draining && in_.size() == 0) return close();
    if (in_.size() == 0 && in_.capacity() > kKeepBuffer) in_.shrink_to_fit();
    setDeadline(server_.limits.idleTimeoutSeconds);
    advance();
}

// Closing a socket with unread bytes resets it, and a reset can overtake the answer. So our side is closed
// first, and what still comes is thrown away until the peer closes or the time is up.
void Connection::linger() {
    state_ = State::Lingering;
    deadline_ = std::chrono::steady_clock::now() + (server_.draining ? kLingerAtStop : kLinger);
    if (tls_) {
        if (reading_) return close();
        tls_->async_shutdown([self = shared_from_this()](const ErrorCode&) { self->close(); });
        return;
    }
    ErrorCode error;
    socket_.shutdown(asio::socket_base::shutdown_send, error);
    if (error) return close();
    in_.consume(in_.size());
    if (!reading_) read();
}

} // namespace trevo::http
