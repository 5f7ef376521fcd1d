#include "app/gateway.hpp"

#include "ingest/files/remote_source.hpp"
#include "ingest/mail/mailbox.hpp"
#include "ingest/poll/plugin_source.hpp"
#include "integration/matching.hpp"
#include "ops/log.hpp"

#include <stdexcept>
#include <thread>

namespace trevo::app {

namespace {

store::Options storeOptions(const config::Config& config, const DataFolder& folder) {
    auto options = storeOptionsOf(config);
    if (!options) throw std::runtime_error(toml::describe(options.error()));
    options->erasureKey = folder.erasureKey();
    return std::move(*options);
}

journal::Options journalOptions(const config::Config& config) {
    journal::Options options;
    options.path = config.dataDir + "/journal.db";
    options.limits.maxReadyRows = config.limits.maxReadyRows;
    options.limits.maxReadyBytes = config.limits.maxReadyMegabytes << 20;
    options.limits.minFreeDiskBytes = config.limits.minFreeDiskMegabytes << 20;
    return options;
}

http::ListenerLimits listenerLimits(const config::Limits& limits) {
    http::ListenerLimits out;
    out.maxConnections = static_cast<std::size_t>(limits.maxConnections);
    out.maxConnectionsPerAddress = static_cast<std::size_t>(limits.maxConnectionsPerAddress);
    out.capLoopback = false;
    out.maxHeaderBytes = static_cast<std::size_t>(limits.maxHeaderBytes);
    out.headerTimeoutSeconds = limits.headerTimeoutSeconds;
    out.idleTimeoutSeconds = limits.idleTimeoutSeconds;
    out.writeTimeoutSeconds = limits.writeTimeoutSeconds;
    return out;
}

std::vector<http::ListenConfig> listenOn(const config::Config& config) {
    std::vector<http::ListenConfig> all;
    for (const auto& listen : config.listen) {
        http::ListenConfig one;
        one.address = listen.address;
        one.port = static_cast<std::uint16_t>(listen.port);
        if (listen.tls) {
            one.tls = http::TlsConfig{listen.tls->certificateFile, listen.tls->keyFile,
                                      listen.tls->clientCaFile, listen.tls->requireClientCertificate};
        }
        all.push_back(std::move(one));
    }
    all.push_back({"unix:" + config.socketPath(), 0, std::nullopt});
    return all;
}

api::Api::Config apiConfig(const config::Limits& limits) {
    api::Api::Config config;
    config.maxBodyBytes = static_cast<std::size_t>(limits.maxBodyBytes);
    config.maxRecordsBytes = static_cast<std::size_t>(limits.maxRecordsBodyBytes);
    return config;
}

int httpThreads(const config::Config& config) {
    if (config.httpThreads > 0) return config.httpThreads;
    return std::thread::hardware_concurrency() >= 4 ? 2 : 1;
}

bool isDelivery(const http::Head& head) {
    return head.path.starts_with("/in/");
}

} // namespace

Gateway::Gateway(std::shared_ptr<const config::Config> config, const Clock& clock)
    : config_(std::move(config)),
      clock_(clock),
      startedAt_(clock.now()),
      folder_(config_->dataDir),
      ids_(clock),
      store_(store::openSqlite(storeOptions(*config_, folder_))),
      journal_(std::make_unique<journal::Journal>(journalOptions(*config_), clock_, ids_)),
      client_(net::ClientConfig{config_->proxy, config_->caFile}),
      quotas_(*journal_, clock_) {
    const IntegrationServices offered = services();
    auto set = IntegrationSet::build(config_, &offered, nullptr);
    if (!set) throw std::runtime_error(toml::describe(set.error()));
    directory_.replace(*set);

    intake_ = std::make_unique<ingest::Intake>(directory_, config_->limits, *journal_, clock_, metrics_);
    api_ = std::make_unique<api::Api>(
        apiConfig(config_->limits), *store_, *journal_, static_cast<api::Operations&>(*this), clock_,
        [this](const api::Principal& principal, http::Request request, http::Responder respond) {
            intake_->acceptRecords(principal.name, principal.dealers, std::move(request), std::move(respond));
        });
    store_->onEvents([this](std::int64_t last) { api_->eventsArrived(last); });
    // It goes on at once with what was left, so whoever hears of events is there before it.
    pipeline_ = std::make_unique<pipeline::Pipeline>(directory_, *journal_, *store_, clock_, metrics_,
                                                     config_->workers);
    listener_ = std::make_unique<http::Listener>(listenOn(*config_), listenerLimits(config_->limits),
                                                 httpThreads(*config_), static_cast<http::Handler&>(*this));
    describeMetrics();
}

Gateway::~Gateway() {
    stop();
}

void Gateway::start() {
    polls_ = std::make_unique<poll::Scheduler>(
        directory_, *journal_, clock_, metrics_,
        std::vector<poll::Factory>{
            poll::pluginSources(directory_, *journal_, clock_),
            mail::mailboxSources(*journal_, clock_, metrics_),
            files::remoteSources(config_->dataDir, config_->caFile, *journal_, clock_, metrics_)});
    listener_->start();
    files_ = std::make_unique<files::Door>(directory_, *journal_, store_->reader(), clock_, metrics_);
    if (!config_->lmtp.listen.empty())
        lmtp_ = std::make_unique<mail::LmtpServer>(config_->lmtp, directory_, *journal_, clock_, metrics_);
    housekeeping_ = std::make_unique<Housekeeping>(
        *journal_, journal::Retention{config_->keepDoneDays * kDay, config_->keepDeadDays * kDay, 500});
    const auto bound = ports();
    for (std::size_t i = 0; i < config_->listen.size(); ++i) {
        log::info("gateway.listening", "The gateway takes deliveries.",
                  {{"address", config_->listen[i].address}, {"port", static_cast<int>(bound[i])}});
    }
}

// In the order of the payload's way, so that nothing is taken that the next stage would not take.
void Gateway::stop() {
    if (stopped_) return;
    stopped_ = true;
    if (polls_) polls_->stop();
    if (files_) files_->stop();
    if (lmtp_) lmtp_->stop();
    api_->stop();
    listener_->stop(config_->drainSeconds);
    intake_->stop();
    pipeline_->stop();
    housekeeping_.reset();
    directory_.replace(nullptr); // plugins stop while the journal still takes their state
    journal_->stop();
}

http::Admission Gateway::admit(const http::Head& head) {
    return isDelivery(head) ? intake_->admit(head) : api_->admit(head);
}

void Gateway::handle(http::Request request, http::Responder respond) {
    if (isDelivery(request.head))
        intake_->handle(std::move(request), std::move(respond));
    else
        api_->handle(std::move(request), std::move(respond));
}

void Gateway::describeMetrics() {
    const auto stat = [this](auto member) {
        return [this, member] { return static_cast<double>(journal_->stats().*member); };
    };
    using journal::Stats;
    metrics_.gauge("trevo_journal_ready", "Envelopes that wait to be worked off.", stat(&Stats::ready));
    metrics_.gauge("trevo_journal_ready_bytes", "Their bytes.", stat(&Stats::readyBytes));
    metrics_.gauge("trevo_journal_dead", "Dead letters.", stat(&Stats::dead));
    metrics_.gauge("trevo_journal_commits", "Transactions since start.", stat(&Stats::commits));
    metrics_.gauge("trevo_journal_oldest_ready_seconds", "Age of the oldest waiting envelope.",
                   [this] { return static_cast<double>(journal_->stats().oldestReadyMicros) / 1e6; });
    metrics_.gauge("trevo_writer_queue", "Decoded envelopes that wait for the store.",
                   [this] { return static_cast<double>(pipeline_->writer().queued()); });
    metrics_.gauge("trevo_connections_open", "Open connections.",
                   [this] { return static_cast<double>(listener_->counters().open); });
    metrics_.gauge("trevo_records", "Records in the store.",
                   [this] { return static_cast<double>(store_->reader().counts().records); });
    metrics_.gauge("trevo_people", "People in the store.",
                   [this] { return static_cast<double>(store_->reader().counts().people); });
}

} // namespace trevo::app
