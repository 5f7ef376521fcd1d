// One peer: reads requests one after the other, asks the handler, writes the answer, until somebody closes.
// For the listener's own sources only.
//
// Everything runs on the loop's thread. Requests of one connection are served strictly in order: while one is
// being answered nothing more is read, so a peer that pipelines is held back by its own socket.
#pragma once

#include "ingest/http/chunked.hpp"
#include "ingest/http/head_parser.hpp"
#include "ingest/http/loop.hpp"
#include "ingest/http/quota.hpp"
#include "ingest/http/target.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <array>
#include <atomic>
#include <condition_variable>

namespace trevo::http {

// What all connections of one listener share.
struct Server {
    Server(const ListenerLimits& l, Handler& h)
        : limits(l), handler(h), quota(l.maxConnections, l.maxConnectionsPerAddress, l.capLoopback) {}

    const ListenerLimits limits;
    Handler& handler;
    ConnectionQuota quota;
    std::atomic<bool> draining{false};
    std::atomic<std::uint64_t> accepted{0}, refused{0}, requests{0}, malformed{0}, timedOut{0};

    std::mutex mutex;
    std::condition_variable allClosed;
    std::size_t open = 0; // guarded by mutex; refused connections that still linger count too
};

struct Peer {
    boost::asio::generic::stream_protocol::socket socket;
    std::shared_ptr<boost::asio::ssl::context> tls; // null: plain
    std::string address;                            // textual IP, empty on the local socket
    bool local = false;
    bool refused = false; // over a cap: it is told so and closed; holds no quota
};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(Server& server, Loop& loop, Peer peer); // counts as open until close()
    ~Connection();

    void start();
    void receive(Letter letter);
    Loop::Time deadline() const { return deadline_; }
    void expire(); // the deadline has passed
    void drain();  // closes when idle; a request in progress is finished first
    void close();  // at once; idempotent

  private:
    using ErrorCode = boost::system::error_code;
    enum class State { Handshake, Head, Body, Waiting, Writing, Streaming, Lingering, Closed };

    // connection.cpp: from bytes to requests
    void handshake();
    void read();
    void onRead(const ErrorCode& error, std::size_t size);
    void onEnd();
    void advance();
    bool takeHead(); // true: there may be more to do with what is buffered
    bool takeBody();
    void begin(RequestHead parsed, Target target);
    void sendContinue();
    void handle();
    void fail(const HeadError& error);
    void failBody(int status, std::string_view code, std::string_view detail);
    std::string_view buffered() const;
    void setDeadline(int seconds);

    // connection_write.cpp: answers
    void respond(Response response);
    void respond(StreamResponse response);
    void write(); // what is in out_ and body_, then afterWrite()
    void afterWrite();
    void pump(); // asks the stream for more
    void endStream();
    void watchPeer();
    void finishResponse();
    void linger();
    template <class Buffers, class Done>
    void writeSome(const Buffers& buffers, Done done);

    Server& server_;
    Loop& loop_;
    boost::asio::generic::stream_protocol::socket socket_;
    std::shared_ptr<boost::asio::ssl::context> tlsContext_;
    std::unique_ptr<boost::asio::ssl::stream<boost::asio::generic::stream_protocol::socket&>> tls_;
    const bool refused_;
    bool local_;
    std::string address_;
    std::string tlsSubject_;
    std::optional<Loop::Place> place_;

    State state_ = State::Head;
    Loop::Time deadline_ = Loop::Time::max();
    bool reading_ = false;
    bool writing_ = false;
    boost::beast::flat_buffer in_;

    // the request in progress
    std::uint64_t requestId_ = 0;
    bool headBegun_ = false;
    bool served_ = false; // at least one request was read: later silence is idleness
    HeadScanner scanner_;
    RequestHead parsed_;
    Request request_;
    std::size_t bodyLeft_ = 0;
    std::size_t maxBody_ = 0;
    std::optional<ChunkedDecoder> chunks_;

    // the response in progress
    bool keepAlive_ = true;
    bool headOnly_ = false;
    std::string out_;
    std::string body_;
    std::size_t outWritten_ = 0;
    std::size_t bodyWritten_ = 0;
    std::shared_ptr<Stream> stream_;
    std::shared_ptr<std::atomic<bool>> streamWoken_;
    bool streamChunked_ = false;
    bool streamEnding_ = false;
    std::size_t lingered_ = 0;
};

} // namespace trevo::http
