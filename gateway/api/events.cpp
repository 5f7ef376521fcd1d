#include "api/events.hpp"

#include "api/rows.hpp"
#include "base/percent.hpp"

#include <algorithm>

namespace trevo::api {

namespace {

constexpr int kPageEvents = 100;
constexpr int kHeartbeatMilliseconds = 15'000;

std::string frame(const store::EventRow& event) {
    JsonWriter data;
    write(data, event);
    return "id: " + std::to_string(event.sequence) + "\nevent: " + event.type + "\ndata: " + data.str() +
           "\n\n";
}

} // namespace

struct EventStreams::Shared {
    store::Reader& reader;
    Pool& pool;
    const Clock& clock;
    const std::size_t maxStreams;
    std::atomic<std::int64_t> last{0};
    std::atomic<std::size_t> open{0};
    std::atomic<bool> stopped{false};
    std::mutex mutex;
    std::vector<std::weak_ptr<EventStream>> streams; // that the listener has asked at least once
};

class EventStream final : public http::Stream, public std::enable_shared_from_this<EventStream> {
  public:
    EventStream(std::shared_ptr<EventStreams::Shared> shared, std::int64_t after, store::Filter filter,
                std::function<bool()> alive)
        : shared_(std::move(shared)),
          after_(after),
          filter_(std::move(filter)),
          alive_(std::move(alive)),
          lastSent_(shared_->clock.now()) {
        idleMilliseconds = kHeartbeatMilliseconds;
    }
    ~EventStream() override { --shared_->open; }

    std::optional<std::string> next() override {
        enlist();
        const std::lock_guard lock(mutex_);
        if (ended_ || shared_->stopped) return std::nullopt;
        const UtcTime now = shared_->clock.now();
        std::string text = std::move(page_);
        page_.clear();
        const bool idle = text.empty() && now - lastSent_ >= kHeartbeatMilliseconds * (kSecond / 1000);
        // An idle stream looks as well: its token may be gone, or a wake-up was missed.
        if (!loading_ && (full_ || idle || shared_->last > after_ || !looked_)) load();
        if (idle) text = ": still here\n\n";
        if (!text.empty()) lastSent_ = now;
        return text;
    }

  private:
    // After the listener has set `wake`, and never before: arrived() may call it at once.
    void enlist() {
        if (enlisted_) return;
        enlisted_ = true;
        const std::lock_guard lock(shared_->mutex);
        std::erase_if(shared_->streams, [](const auto& stream) { return stream.expired(); });
        shared_->streams.push_back(weak_from_this());
    }

    void load() { // mutex_ is held
        loading_ = shared_->pool.submitBounded([self = weak_from_this()] {
            if (const auto stream = self.lock()) stream->fill();
        });
    }

    void fill() {
        bool alive = false;
        std::vector<store::EventRow> events;
        std::int64_t reached = 0;
        try {
            alive = alive_();
            // Read before the page: everything up to it is in the page, or is not for this reader.
            reached = shared_->reader.lastEvent();
            if (alive) events = shared_->reader.events(after_, kPageEvents, filter_);
        } catch (const std::exception&) {
            alive = false; // the client reconnects with Last-Event-ID and is told what is wrong then
        }
        {
            const std::lock_guard lock(mutex_);
            loading_ = false;
            looked_ = true;
            ended_ = ended_ || !alive;
            full_ = events.size() == static_cast<std::size_t>(kPageEvents);
            for (const store::EventRow& event : events)
                page_ += frame(event);
            if (!events.empty()) after_ = events.back().sequence;
            if (!full_ && reached > after_) {
                after_ = reached;
                // Tells a reader of few events how far it has come, so that it need not read all again.
                if (events.empty()) page_ += "id: " + std::to_string(reached) + "\n\n";
            }
            if (page_.empty() && !ended_) return;
        }
        wake();
    }

    const std::shared_ptr<EventStreams::Shared> shared_;
    std::mutex mutex_;
    std::int64_t after_; // written by fill() under the mutex; only one fill() runs at a time
    const store::Filter filter_;
    const std::function<bool()> alive_;
    std::string page_;
    UtcTime lastSent_;
    bool enlisted_ = false; // next() only
    bool loading_ = false;  // a fill() is queued or runs
    bool looked_ = false;   // a first page was read
    bool full_ = false;     // there may be more behind the last page
    bool ended_ = false;
};

EventStreams::EventStreams(store::Reader& reader, Pool& pool, const Clock& clock, std::size_t maxStreams)
    : shared_(new Shared{reader, pool, clock, maxStreams, {}, {}, {}, {}, {}}) {}

EventStreams::~EventStreams() {
    stop();
}

std::shared_ptr<http::Stream> EventStreams::start(std::int64_t after, store::Filter filter,
                                                  std::function<bool()> alive) {
    if (shared_->stopped) return nullptr;
    if (++shared_->open > shared_->maxStreams) {
        --shared_->open;
        return nullptr;
    }
    return std::make_shared<EventStream>(shared_, after, std::move(filter), std::move(alive));
}

void EventStreams::arrived(std::int64_t lastSequence) {
    std::vector<std::shared_ptr<EventStream>> awake;
    {
        const std::lock_guard lock(shared_->mutex);
        if (lastSequence > shared_->last) shared_->last = lastSequence;
        for (const auto& stream : shared_->streams)
            if (auto strong = stream.lock()) awake.push_back(std::move(strong));
    }
    for (const auto& stream : awake)
        stream->wake();
}

std::size_t EventStreams::open() const {
    return shared_->open;
}

void EventStreams::stop() {
    if (shared_->stopped.exchange(true)) return;
    arrived(0);
}

namespace feed {

namespace {

constexpr std::string_view kEventStream = "text/event-stream";

Answer stream(Services& services, const Call& call, std::int64_t after, store::Filter filter) {
    // A stream that ends with its token; the local socket has none.
    std::function<bool()> alive = [] { return true; };
    if (!call.request.head.local)
        alive = [&access = services.access, token = std::string(bearerToken(call.request.head))] {
            const auto principal = access.check(token);
            return principal && principal->may("read");
        };
    auto opened = services.streams.start(after, std::move(filter), std::move(alive));
    if (!opened)
        return http::problem(503, "too_many_streams",
                             "As many event streams are open as the configuration allows.", {}, 10);
    return http::StreamResponse{
        200, {{"Content-Type", std::string(kEventStream)}, {"Cache-Control", "no-store"}}, std::move(opened)};
}

} // namespace

Answer events(Services& services, const Call& call) {
    std::int64_t after = call.query.integer("after", 0);
    store::Filter filter;
    filter.dealer = call.query.text("dealer");
    filter.dealers = call.principal.dealers;
    filter.withTrials = true;
    if (call.accepts(kEventStream)) {
        if (const auto last = http::find(call.request.head.headers, "Last-Event-ID"); !last.empty()) {
            const auto resumed = Query::parse("after=" + percentEncode(last), call.route.query);
            if (!resumed)
                return badRequest({"bad_parameter", "Last-Event-ID", "header",
                                   "Expected the id of an event, a whole number."});
            after = resumed->integer("after", 0);
        }
        return stream(services, call, after, std::move(filter));
    }
    const int limit = static_cast<int>(call.query.integer("limit", 50));
    const std::int64_t reached = services.reader.lastEvent(); // before the page, as in EventStream::fill()
    const auto rows = services.reader.events(after, limit, filter);
    JsonWriter out;
    out.beginObject().key("items").beginArray();
    for (const store::EventRow& row : rows)
        write(out, row);
    out.endArray();
    std::int64_t next = rows.empty() ? after : rows.back().sequence;
    if (rows.size() < static_cast<std::size_t>(limit)) next = std::max(next, reached);
    // The feed has no end: there always is a next page, and it may be empty for now.
    out.member("next", std::string(call.route.path) + '?' + call.query.with("after", std::to_string(next)));
    out.endObject();
    return ok(200, out);
}

} // namespace feed

} // namespace trevo::api
