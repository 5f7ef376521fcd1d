// The gateway's own HTTP interface under /v1, /openapi.json and the operator's actions behind the `trevo`
// command.
//
// One table (routes.cpp) holds every route with its method, path, scope, parameters and answer; the
// dispatcher and the OpenAPI document are made from it, so that the document can not lie. Requests run on a
// small pool of the API's own threads.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "ingest/http/message.hpp"
#include "journal/journal.hpp"
#include "store/store.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace trevo::api {

// Who asks, after the bearer token or the local socket was checked.
struct Principal {
    std::string name;
    std::vector<std::string>
        scopes; // "records:write", "read", "operate", "admin"; the local socket holds all
    std::optional<std::vector<std::string>> dealers; // empty: all

    bool may(std::string_view scope) const; // "admin" implies all, "operate" implies "read"
};

struct IntegrationStatus {
    std::string id, plugin, state; // "running" | "paused" | "suspended"
    std::vector<std::string> dealers;
    std::string lastProblem;
    std::optional<UtcTime> lastDelivery, nextPoll;
};

struct IntegrationCheck {    // what was seen when an integration was looked at
    std::string name, state; // "good" | "failed" | "unknown"
    std::string dealer;      // empty: not about one
    std::string detail, advice;
};

struct ErasedPerson {
    store::Erasure what;
    std::int64_t emptied = 0, overwritten = 0; // deliveries
    std::int64_t archived = 0;                 // files of drop folders' archives, deleted
    std::vector<std::string>
        files; // of the data folder, that hold one of the values still: others have it too
};

// What the rest of the daemon does for the API. Calls may block; they come from API threads.
class Operations {
  public:
    virtual ~Operations() = default;
    virtual Result<std::string> merge(const std::string& keep, const std::string& lose,
                                      const store::Actor& actor) = 0;
    virtual Result<std::vector<std::string>> unmerge(const std::string& person,
                                                     const store::Actor& actor) = 0;
    virtual Result<std::string> acceptMatch(const std::string& match, const std::string& with,
                                            const store::Actor& actor) = 0;
    virtual Result<Done> rejectMatch(const std::string& match, const std::string& with,
                                     const store::Actor& actor) = 0;
    virtual Result<std::string> edit(const std::string& person, const store::Edit& edit,
                                     const store::Actor& actor) = 0;
    // Forgets a person in every file of the data folder. Of an id that was erased before, only the files are
    // cleaned again.
    virtual Result<ErasedPerson> erase(const std::string& person) = 0;
    virtual void addToken(const store::Token& token, std::string_view sha256) = 0;
    virtual bool revokeToken(const std::string& id) = 0;
    virtual void audit(const store::Actor& actor, std::string_view action, std::string_view subject) = 0;
    virtual std::vector<IntegrationStatus> integrations() = 0;
    virtual Result<Done> pollNow(const std::string& integration) = 0;
    // Asking only: deliveries are taken all the same. Durable.
    virtual Result<Done> pause(const std::string& integration) = 0;
    virtual Result<Done> resume(const std::string& integration) = 0;
    // Tries the integration for real, without an effect. Takes as long as the partner does, within the limits
    // of its calls; one at a time.
    virtual Result<std::vector<IntegrationCheck>> examine(const std::string& integration) = 0;
    virtual Result<std::string> tryIntegration(const std::string& integration) = 0; // receipt id
    virtual std::string versionJson() = 0; // {"version":…,"started_at":…,"pid":…,"config":…}
    virtual std::string metricsText() = 0; // Prometheus text format
    virtual std::vector<std::string> unreadyReasons() = 0; // empty: ready
    // A request failed for a reason of ours (storage, a bug). For the log; `what` never leaves the machine.
    virtual void failed(std::string_view operation, std::string_view what) = 0;
};

class Api {
  public:
    struct Config {
        int threads = 2;
        std::size_t maxQueued = 256; // more waiting requests are answered 503
        std::size_t maxStreams = 64; // open event streams; one more is answered 503
        std::size_t maxBodyBytes = std::size_t{1} << 20;
        std::size_t maxRecordsBytes = std::size_t{16} << 20; // of POST /v1/records
    };
    // All references must outlive the Api. The listener that hands it requests must be stopped before the Api
    // is destroyed: its connections hold responders and event streams that answer from here. `acceptRecords`
    // takes POST /v1/records (body already read) and answers it. It is called on the listener's thread when
    // the token is remembered, else on an API thread, and must not block.
    using AcceptRecords = std::function<void(const Principal&, http::Request, http::Responder)>;
    Api(const Config& config, store::Store& store, journal::Journal& journal, Operations& operations,
        const Clock& clock, AcceptRecords acceptRecords);
    ~Api(); // stop()

    // Routes that belong here: everything but /in/. Never blocks.
    http::Admission admit(const http::Head& head);
    void handle(http::Request request, http::Responder respond);

    void eventsArrived(std::int64_t lastSequence); // wakes the event streams; any thread
    void stop();                                   // ends streams, finishes what runs

    static std::string openApiDocument();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace trevo::api
