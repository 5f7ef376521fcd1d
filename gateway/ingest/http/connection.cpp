#include "ingest/http/connection.hpp"

#include "ingest/http/tls.hpp"

#include <boost/asio/write.hpp>

#include <algorithm>

namespace trevo::http {

namespace asio = boost::asio;

namespace {

// A usual request, head and lead, comes in one read of this size; idle connections hold no more than it.
constexpr std::size_t kHeadRead = 4 * 1024;
constexpr std::size_t kBodyRead = 16 * 1024;
constexpr std::size_t kMaxReserve =
    64 * 1024; // a declared length is not believed beyond this before the bytes come
constexpr std::size_t kMaxChunkOverhead = 16 * 1024;
constexpr std::size_t kMaxLingerBytes = 4 * 1024 * 1024;

constexpr HeadError kIncomplete{400, "incomplete_request",
                                "the connection ended before the head was complete"};
constexpr HeadError kHeadTimeout{408, "request_timeout", "the head of the request took too long"};

} // namespace

Connection::Connection(Server& server, Loop& loop, Peer peer)
    : server_(server),
      loop_(loop),
      socket_(std::move(peer.socket)),
      tlsContext_(std::move(peer.tls)),
      refused_(peer.refused),
      local_(peer.local),
      address_(std::move(peer.address)),
      scanner_(server.limits) {
    if (tlsContext_ && !refused_) {
        tls_ = std::make_unique<asio::ssl::stream<asio::generic::stream_protocol::socket&>>(socket_,
                                                                                            *tlsContext_);
    }
    const std::lock_guard lock(server_.mutex);
    ++server_.open;
}

Connection::~Connection() = default;

void Connection::start() {
    place_ = loop_.add(shared_from_this());
    if (server_.draining || (refused_ && tlsContext_)) return close();
    if (refused_) {
        keepAlive_ = false;
        return respond(
            problem(503, "too_many_connections", "this server holds as many connections as it may", {}, 1));
    }
    setDeadline(server_.limits.headerTimeoutSeconds);
    if (tls_) return handshake();
    read();
}

void Connection::close() {
    if (state_ == State::Closed) return;
    const auto self = shared_from_this();
    state_ = State::Closed;
    deadline_ = Loop::Time::max();
    ErrorCode ignored; // the descriptor is gone whatever close() says
    socket_.close(ignored);
    stream_.reset();
    if (!refused_ && !local_) server_.quota.release(address_);
    if (place_) loop_.remove(*place_);
    const std::lock_guard lock(server_.mutex);
    if (--server_.open == 0) server_.allClosed.notify_all();
}

void Connection::handshake() {
    state_ = State::Handshake;
    tls_->async_handshake(asio::ssl::stream_base::server,
                          [self = shared_from_this()](const ErrorCode& error) {
                              if (self->state_ == State::Closed) return;
                              if (error) {
                                  ++self->server_.malformed;
                                  return self->close();
                              }
                              self->tlsSubject_ = verifiedSubject(self->tls_->native_handle());
                              self->state_ = State::Head;
                              self->setDeadline(self->server_.limits.headerTimeoutSeconds);
                              self->read();
                          });
}

void Connection::read() {
    reading_ = true;
    const auto buffer = in_.prepare(state_ == State::Body ? kBodyRead : kHeadRead);
    auto done = [self = shared_from_this()](const ErrorCode& error, std::size_t size) {
        self->onRead(error, size);
    };
    if (tls_) {
        tls_->async_read_some(buffer, std::move(done));
    } else {
        socket_.async_read_some(buffer, std::move(done));
    }
}

void Connection::onRead(const ErrorCode& error, std::size_t size) {
    reading_ = false;
    if (state_ == State::Closed) return;
    in_.commit(size);
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) return onEnd();
    if (error) return close();
    switch (state_) {
    case State::Head:
    case State::Body: return advance();
    case State::Streaming: return watchPeer();
    case State::Lingering:
        in_.consume(in_.size());
        lingered_ += size;
        return lingered_ > kMaxLingerBytes ? close() : read();
    default: return; // an answer is under way; what came waits in the buffer
    }
}

// The peer sends no more. It may still read: a request that was complete is answered.
void Connection::onEnd() {
    switch (state_) {
    case State::Head: return headBegun_ ? fail(kIncomplete) : close();
    case State::Body:
        return failBody(400, "incomplete_request", "the connection ended before the body was complete");
    case State::Streaming:
    case State::Lingering: return close();
    default: return;
    }
}

void Connection::expire() {
    switch (state_) {
    case State::Head:
        if (!headBegun_) {
            if (!served_) ++server_.timedOut;
            return close();
        }
        ++server_.timedOut;
        return fail(kHeadTimeout);
    case State::Body:
        ++server_.timedOut;
        // The 100 (Continue) is still being written: a second answer must not run into it.
        if (writing_) return close();
        return failBody(408, "request_timeout", "the body of the request took too long");
    case State::Streaming:
        if (!writing_) return pump();
        break;
    case State::Lingering: return close();
    default: break;
    }
    ++server_.timedOut;
    close();
}

void Connection::drain() {
    if (state_ == State::Handshake || (state_ == State::Head && !headBegun_)) return close();
    if (state_ == State::Streaming && !writing_) pump();
}

std::string_view Connection::buffered() const {
    const auto data = in_.data();
    return {static_cast<const char*>(data.data()), data.size()};
}

void Connection::setDeadline(int seconds) {
    deadline_ = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
}

void Connection::advance() {
    bool more = true;
    while (more)
        more = state_ == State::Head ? takeHead() : state_ == State::Body && !writing_ && takeBody();
    const bool wantsBytes = state_ == State::Head || state_ == State::Body;
    if (wantsBytes && !reading_ && !writing_) read();
}

bool Connection::takeHead() {
    if (!headBegun_) {
        // RFC 9112 section 2.2: an empty line or two ahead of a request is passed over.
        while (buffered().starts_with("\r\n"))
            in_.consume(2);
        if (buffered().empty() || buffered() == "\r") return false;
        headBegun_ = true;
        setDeadline(server_.limits.headerTimeoutSeconds);
    }
    const auto size = scanner_.scan(buffered());
    if (!size) return fail(size.error()), false;
    if (*size == 0) return false;
    auto parsed = parseHead(buffered().substr(0, *size));
    if (!parsed) return fail(parsed.error()), false;
    auto target = parseTarget(parsed->target);
    if (!target) {
        ++server_.malformed;
        keepAlive_ = false;
        headOnly_ = parsed->method == "HEAD";
        respond(problem(400, "bad_target", "the request target is not valid", {target.error()}));
        return false;
    }
    if (parsed->target.size() > server_.limits.maxTargetBytes) {
        fail({414, "target_too_long", "the request target is longer than this server accepts"});
        return false;
    }
    in_.consume(*size);
    begin(std::move(*parsed), std::move(*target));
    return state_ == State::Body;
}

void Connection::begin(RequestHead parsed, Target target) {
    parsed_ = std::move(parsed);
    Head& head = request_.head;
    head.method = std::move(parsed_.method);
    head.path = std::move(target.path);
    head.query = std::move(target.query);
    head.headers = std::move(parsed_.headers);
    head.remoteAddress = address_;
    head.tlsSubject = tlsSubject_;
    head.local = local_;
    keepAlive_ = parsed_.keepAlive;
    headOnly_ = head.method == "HEAD";
    ++server_.requests;

    Admission admission;
    try {
        admission = server_.handler.admit(head);
    } catch (...) {
        admission.refusal =
            problem(500, "internal_error", "the request could not be judged; it is safe to send it again");
    }
    if (admission.refusal) {
        keepAlive_ = keepAlive_ && !parsed_.hasBody();
        return respond(std::move(*admission.refusal));
    }
    maxBody_ = admission.maxBodyBytes;
    if (parsed_.chunked) {
        chunks_.emplace(maxBody_, kMaxChunkOverhead);
    } else {
        if (parsed_.contentLength > maxBody_) {
            return failBody(413, "body_too_large",
                            "the body is larger than the " + std::to_string(maxBody_) +
                                " bytes accepted here");
        }
        bodyLeft_ = static_cast<std::size_t>(parsed_.contentLength);
        request_.body.reserve(std::min(bodyLeft_, kMaxReserve));
    }
    setDeadline(admission.bodyTimeoutSeconds);
    state_ = State::Body;
    if (parsed_.expectContinue && in_.size() == 0) sendContinue();
}

void Connection::sendContinue() {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    writing_ = true;
    auto done = [self = shared_from_this()](const ErrorCode& error, std::size_t) {
        self->writing_ = false;
        if (self->state_ == State::Closed) return;
        return error ? self->close() : self->advance();
    };
    const asio::const_buffer buffer(kContinue.data(), kContinue.size());
    if (tls_) {
        asio::async_write(*tls_, buffer, std::move(done));
    } else {
        asio::async_write(socket_, buffer, std::move(done));
    }
}

bool Connection::takeBody() {
    if (parsed_.chunked) {
        std::size_t used = 0;
        const auto state = chunks_->feed(buffered(), request_.body, used);
        in_.consume(used);
        if (state == ChunkedDecoder::State::NeedMore) return false;
        if (state == ChunkedDecoder::State::Malformed) {
            return failBody(400, "bad_chunk", "the chunked coding of the body is broken"), false;
        }
        if (state == ChunkedDecoder::State::TooLarge) {
            failBody(413, "body_too_large",
                     "the body is larger than the " + std::to_string(maxBody_) + " bytes accepted here");
            return false;
        }
    } else {
        const std::string_view part = buffered().substr(0, bodyLeft_);
        request_.body.append(part);
        bodyLeft_ -= part.size();
        in_.consume(part.size());
        if (bodyLeft_ > 0) return false;
    }
    handle();
    return false;
}

void Connection::handle() {
    state_ = State::Waiting;
    deadline_ = Loop::Time::max(); // how long an answer may take is the handler's to say
    const std::uint64_t id = ++requestId_;
    const auto woken = std::make_shared<std::atomic<bool>>(false);
    streamWoken_ = woken;
    auto send = [mailbox = loop_.mailbox(), to = weak_from_this(), id, woken](Responder::Answer answer) {
        if (auto* response = std::get_if<Response>(&answer)) {
            return mailbox->put({to, id, std::move(*response)});
        }
        auto& streaming = std::get<StreamResponse>(answer);
        if (streaming.stream) {
            streaming.stream->wake = [mailbox, to, id, woken] {
                if (!woken->exchange(true)) mailbox->put({to, id, Woken{}});
            };
        }
        mailbox->put({to, id, std::move(streaming)});
    };
    Request request = std::move(request_);
    request_ = {};
    try {
        server_.handler.handle(std::move(request), Responder(std::move(send)));
    } catch (...) {
        // The Responder went with the stack: it has answered 500 unless the handler answered before it threw.
    }
}

void Connection::receive(Letter letter) {
    if (letter.request != requestId_) return;
    if (std::holds_alternative<Woken>(letter.content)) {
        if (state_ == State::Streaming && !writing_) pump();
        return;
    }
    if (state_ != State::Waiting) return;
    if (auto* response = std::get_if<Response>(&letter.content)) return respond(std::move(*response));
    respond(std::get<StreamResponse>(std::move(letter.content)));
}

void Connection::fail(const HeadError& error) {
    if (error.status != 408) ++server_.malformed;
    keepAlive_ = false;
    headOnly_ = false;
    respond(problem(error.status, error.code, error.detail));
}

void Connection::failBody(int status, std::string_view code, std::string_view detail) {
    if (status == 400) ++server_.malformed;
    keepAlive_ = false;
    respond(problem(status, code, detail));
}

} // namespace trevo::http
