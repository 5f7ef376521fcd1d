// One I/O thread: its io_context, the connections that live on it, their deadlines, and the mailbox by which
// other threads reach them. For the listener's own sources only.
//
// A connection is touched by its loop's thread alone, so it needs no lock. Answers that many threads, or one
// journal commit, complete at about the same time wake the loop once: the mailbox posts only when it was
// empty.
#pragma once

#include "ingest/http/response_writer.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <variant>
#include <vector>

namespace trevo::http {

class Connection;

struct Woken {}; // a stream has something to say

struct Letter {
    std::weak_ptr<Connection> to; // locked by the loop's thread only
    std::uint64_t request = 0;    // which request of that connection; letters about another are thrown away
    std::variant<Woken, Response, StreamResponse> content;
};

// Outlives its loop, for a handler may answer when the listener is long gone; such letters vanish.
class Mailbox : public std::enable_shared_from_this<Mailbox> {
  public:
    explicit Mailbox(boost::asio::io_context& io) : io_(&io) {}

    void put(Letter letter); // any thread
    void close();            // no delivery begins after it returns

  private:
    void deliver();

    std::mutex mutex_;
    boost::asio::io_context* io_;
    std::vector<Letter> letters_;
};

class Loop {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Place = std::list<std::shared_ptr<Connection>>::iterator;

    Loop();

    boost::asio::io_context& io() { return io_; }
    const std::shared_ptr<Mailbox>& mailbox() { return mailbox_; }

    void run(); // until release() and the last connection is gone
    void release() { guard_.reset(); }

    // Below: on the loop's thread only.
    Place add(std::shared_ptr<Connection> connection);
    void remove(Place place); // may destroy the connection
    void drainAll();
    void closeAll();
    std::string_view date() { return date_.now(); }

  private:
    void armTick();
    void tick();

    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    std::shared_ptr<Mailbox> mailbox_;
    boost::asio::steady_timer timer_;
    bool ticking_ = false;
    std::list<std::shared_ptr<Connection>> connections_;
    DateCache date_;
};

} // namespace trevo::http
