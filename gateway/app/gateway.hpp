// The running gateway: everything wired together, in the order of a payload's way.
//
//   listener -> intake -> journal -> pipeline (decode, match) -> store -> change feed
//
// Built, started, reloaded and stopped by one thread; the parts bring their own.
#pragma once

#include "api/api.hpp"
#include "app/data_folder.hpp"
#include "app/housekeeping.hpp"
#include "config/config.hpp"
#include "ingest/files/door.hpp"
#include "ingest/http/listener.hpp"
#include "ingest/intake.hpp"
#include "ingest/mail/lmtp_server.hpp"
#include "ingest/poll/scheduler.hpp"
#include "integration/integration.hpp"
#include "net/http_client.hpp"
#include "ops/metrics.hpp"
#include "pipeline/pipeline.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace trevo::app {

class Gateway final : private http::Handler, private api::Operations {
  public:
    // Opens the data folder, loads every integration and binds, but serves nothing yet. Throws
    // std::runtime_error with a sentence for the operator; mistakes in integrations come as one text, a line
    // each.
    Gateway(std::shared_ptr<const config::Config> config, const Clock& clock);
    ~Gateway() override; // stop()

    void start();
    void stop(); // drains: no new connection, requests in progress are answered, what is committed is worked
                 // off or left ready

    // Builds and checks the new configuration beside the running one and swaps it in; on any mistake the old
    // one stays. False when it stays. What needs a restart (listen, data_dir) is said in the log.
    bool reload();

    std::vector<std::uint16_t> ports() const { return listener_->ports(); }

  private:
    http::Admission admit(const http::Head& head) override;
    void handle(http::Request request, http::Responder respond) override;

    Result<std::string> merge(const std::string& keep, const std::string& lose,
                              const store::Actor& actor) override;
    Result<std::vector<std::string>> unmerge(const std::string& person, const store::Actor& actor) override;
    Result<std::string> acceptMatch(const std::string& match, const std::string& with,
                                    const store::Actor& actor) override;
    Result<Done> rejectMatch(const std::string& match, const std::string& with,
                             const store::Actor& actor) override;
    Result<std::string> edit(const std::string& person, const store::Edit& edit,
                             const store::Actor& actor) override;
    Result<api::ErasedPerson> erase(const std::string& person) override;
    void addToken(const store::Token& token, std::string_view sha256) override;
    bool revokeToken(const std::string& id) override;
    void audit(const store::Actor& actor, std::string_view action, std::string_view subject) override;
    std::vector<api::IntegrationStatus> integrations() override;
    Result<Done> pollNow(const std::string& integration) override;
    Result<Done> pause(const std::string& integration) override;
    Result<Done> resume(const std::string& integration) override;
    Result<std::vector<api::IntegrationCheck>> examine(const std::string& integration) override;
    Result<std::string> tryIntegration(const std::string& integration) override;
    std::string versionJson() override;
    std::string metricsText() override;
    std::vector<std::string> unreadyReasons() override;
    void failed(std::string_view operation, std::string_view what) override;

    IntegrationServices services() { return {*journal_, client_, clock_, accounts_, quotas_}; }
    void describeMetrics();
    std::vector<std::string> cleanUp(const privacy::Values& values);

    std::shared_ptr<const config::Config> config_;
    const Clock& clock_;
    const UtcTime startedAt_;
    DataFolder folder_;
    metrics::Registry metrics_;
    UuidSource ids_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<journal::Journal> journal_;
    net::HttpClient client_;
    AccountLocks accounts_;
    Quotas quotas_;
    IntegrationDirectory directory_;
    std::unique_ptr<poll::Scheduler> polls_;
    std::unique_ptr<ingest::Intake> intake_;
    std::unique_ptr<files::Door> files_;
    std::unique_ptr<mail::LmtpServer> lmtp_;
    std::unique_ptr<api::Api> api_;
    std::unique_ptr<pipeline::Pipeline> pipeline_; // tells the API of events: ends before it
    std::unique_ptr<http::Listener> listener_;
    std::unique_ptr<Housekeeping> housekeeping_;
    std::mutex examining_;
    bool stopped_ = false;
};

} // namespace trevo::app
