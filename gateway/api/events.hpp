// The change feed as text/event-stream.
//
// Each stream holds at most one page of text, read from the store by the API's threads when the page before
// was taken; a reader that is slow costs its page and nothing more. A stream knows only the sequence it has
// reached, so a broken connection resumes exactly with Last-Event-ID.
#pragma once

#include "api/api.hpp"
#include "api/pool.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace trevo::api {

class EventStream;

// Thread-safe.
class EventStreams {
  public:
    EventStreams(store::Reader& reader, Pool& pool, const Clock& clock, std::size_t maxStreams);
    ~EventStreams(); // stop()

    // Null when there are as many as there may be. `filter` says what the caller may see; `alive` is asked
    // before each page and ends the stream with false (a token that was revoked).
    std::shared_ptr<http::Stream> start(std::int64_t after, store::Filter filter,
                                        std::function<bool()> alive);

    void arrived(std::int64_t lastSequence);
    std::size_t open() const;
    void stop(); // ends every stream; none starts after it

  private:
    friend class EventStream;
    struct Shared; // outlives the hub as long as a connection holds a stream
    std::shared_ptr<Shared> shared_;
};

} // namespace trevo::api
