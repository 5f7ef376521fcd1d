// The door for mails of a mail server on this machine: LMTP on a local socket. A thread for each connection,
// of which there are few; a mail server keeps its mails while it is told to come again.
#pragma once

#include "ingest/mail/lmtp_session.hpp"
#include "integration/integration.hpp"
#include "ops/metrics.hpp"

#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace trevo::mail {

class LmtpServer {
  public:
    // Binds and starts. Throws std::runtime_error with a sentence for the operator. All references must
    // outlive it.
    LmtpServer(const config::Lmtp& settings, const IntegrationDirectory& directory, journal::Journal& journal,
               const Clock& clock, metrics::Registry& registry);
    ~LmtpServer(); // stop()

    std::uint16_t port() const { return port_; } // 0 of a local socket
    void stop();                                 // after the message in hand. Idempotent.

  private:
    struct Connection {
        std::thread thread;
        std::atomic<bool> ended{false};
    };
    void accept();
    void serve(int socket);
    bool wait(int socket, short events) const;
    std::string integrationOf(std::string_view recipient) const;
    std::vector<Kept> keep(const std::vector<std::string>& integrations, const std::string& message);

    const config::Lmtp settings_;
    const IntegrationDirectory& directory_;
    journal::Journal& journal_;
    const Clock& clock_;
    metrics::Counter kept_, repeated_, dead_, unavailable_;
    int listening_ = -1, wake_ = -1;
    std::uint16_t port_ = 0;
    std::string path_;
    std::atomic<bool> stopping_{false};
    std::list<Connection> connections_; // of the accepting thread alone, until it has ended
    std::thread acceptor_;
};

// The integration that a recipient means: "olx@…" or "…+olx@…".
std::string integrationNamed(std::string_view recipient);

} // namespace trevo::mail
