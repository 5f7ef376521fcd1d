// The HTTP door: from a request to a committed envelope and its answer.
//
//   head    -> known integration, rate, content type, sender        (nothing read, nothing parsed)
//   body    -> signature over the bytes, well-formed, required fields
//   commit  -> journal; only its callback answers 2xx
//
// What fails after the sender is known is committed too, as a dead letter, and answered 4xx with field and
// place.
#pragma once

#include "ingest/http/message.hpp"
#include "integration/integration.hpp"
#include "ops/metrics.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace trevo::ingest {

struct IntakeMetrics {
    explicit IntakeMetrics(metrics::Registry& registry);
    metrics::Counter accepted, repeated, refused, dead, unavailable;
    metrics::Histogram answer; // from the complete request to its answer
};

class Intake {
  public:
    // All references must outlive the Intake.
    Intake(const IntegrationDirectory& directory, const config::Limits& limits, journal::Journal& journal,
           const Clock& clock, metrics::Registry& registry);
    ~Intake(); // stop()

    // POST /in/{integration}[/…]; listener threads.
    http::Admission admit(const http::Head& head);
    void handle(http::Request request, http::Responder respond);

    // POST /v1/records from a caller that the API let in. `source` names the records that do not say where
    // they come from; `dealers` limits what the caller may write for (empty: all). Large batches are read on
    // a thread of the intake's own.
    void acceptRecords(const std::string& source, const std::optional<std::vector<std::string>>& dealers,
                       http::Request request, http::Responder respond);

    void stop();

  private:
    struct Route {
        std::shared_ptr<const IntegrationSet> set;
        std::shared_ptr<const Integration> integration;
        std::string_view subPath;
    };
    Route route(const http::Head& head) const;
    std::optional<http::Response> refuse(const http::Head& head, const Route& route);
    http::Response refuseSender(const http::Head& head, const Problem& problem, int status);
    http::Response handshake(const http::Head& head, const Integration& integration);
    void authenticateByPlugin(plugin::Runner& runner, const std::shared_ptr<const Integration>& integration,
                              const std::string& subPath, http::Request request,
                              const http::Responder& respond);
    void commit(std::shared_ptr<const Integration> integration, std::string_view subPath,
                http::Request request, http::Responder respond);
    void readRecords(const std::string& source, const std::optional<std::vector<std::string>>& dealers,
                     const http::Request& request, const http::Responder& respond);
    void keepUnreadable(const std::string& source, const std::string& meta, const http::Request& request,
                        const Problem& problem, const http::Responder& respond);
    void runLargeBatches();

    const IntegrationDirectory& directory_;
    journal::Journal& journal_;
    const Clock& clock_;
    IntakeMetrics metrics_;
    const config::Limits limits_;
    std::unique_ptr<http::RateLimiter> perAddress_, failures_; // null: unlimited

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::function<void()>> large_;
    bool stopping_ = false;
    std::thread worker_;
};

// Answers shared by both doors.
http::Response withReceipt(http::Response problem, const std::string& receipt); // adds the member "receipt"
http::Response unavailable(journal::AppendError error);
bool isUnreadable(std::string_view problemCode); // of mappings and of canonical records: no document at all

} // namespace trevo::ingest
