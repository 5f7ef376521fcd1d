#include "ingest/http/loop.hpp"

#include "base/thread_name.hpp"
#include "ingest/http/connection.hpp"

#include <boost/asio/post.hpp>

namespace trevo::http {

namespace asio = boost::asio;

namespace {

// Deadlines are whole seconds, so a scan of all connections four times a second is precise enough. It costs a
// few nanoseconds per connection, where a timer for each would cost a heap operation per request.
constexpr std::chrono::milliseconds kTick{250};

} // namespace

void Mailbox::put(Letter letter) {
    const std::lock_guard lock(mutex_);
    if (!io_) return;
    const bool wasEmpty = letters_.empty();
    letters_.push_back(std::move(letter));
    // Posted under the lock: close() can then not take the io_context away in between.
    if (wasEmpty) asio::post(*io_, [self = shared_from_this()] { self->deliver(); });
}

void Mailbox::deliver() {
    std::vector<Letter> batch;
    {
        const std::lock_guard lock(mutex_);
        batch.swap(letters_);
    }
    for (Letter& letter : batch) {
        const auto connection = letter.to.lock();
        if (connection) connection->receive(std::move(letter));
    }
}

void Mailbox::close() {
    std::vector<Letter> dropped; // destroyed without the lock, for a Stream's destructor is not ours
    const std::lock_guard lock(mutex_);
    io_ = nullptr;
    dropped.swap(letters_);
}

Loop::Loop() : guard_(io_.get_executor()), mailbox_(std::make_shared<Mailbox>(io_)), timer_(io_) {}

void Loop::run() {
    nameThisThread("http");
    io_.run();
}

Loop::Place Loop::add(std::shared_ptr<Connection> connection) {
    connections_.push_front(std::move(connection));
    if (!ticking_) armTick();
    return connections_.begin();
}

void Loop::remove(Place place) {
    const auto held = std::move(*place); // the list is in order before the connection goes
    connections_.erase(place);
}

void Loop::armTick() {
    ticking_ = true;
    timer_.expires_after(kTick);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) tick();
    });
}

void Loop::tick() {
    ticking_ = false;
    const Time now = std::chrono::steady_clock::now();
    std::vector<std::shared_ptr<Connection>> due; // what a deadline does may remove connections from the list
    for (const auto& connection : connections_) {
        if (connection->deadline() <= now) due.push_back(connection);
    }
    for (const auto& connection : due)
        connection->expire();
    if (!connections_.empty() && !ticking_) armTick();
}

void Loop::drainAll() {
    const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
    for (const auto& connection : all)
        connection->drain();
}

void Loop::closeAll() {
    const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
    for (const auto& connection : all)
        connection->close();
}

} // namespace trevo::http
