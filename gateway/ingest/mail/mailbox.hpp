// A mailbox that is asked for new mails.
//
// Invariants
//  - What becomes of a mail in the mailbox (deleted, seen, moved) becomes of it after its bytes are
//  committed.
//  - The cursor is committed in the transaction of the mails that it stands for, and with it which of them
//    are still to be finished there. After a crash these are finished and not read again.
//  - A mail that is too large stays where it is; its head is a dead letter that says so.
#pragma once

#include "ingest/poll/source.hpp"
#include "net/mail_server.hpp"
#include "ops/metrics.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace trevo::mail {

struct MailboxLimits { // of one round and of what is committed at once
    std::size_t mailsOfRound = 1'000;
    std::size_t mailsOfBatch = 100;
    std::size_t bytesOfBatch = std::size_t{16} << 20;
};

class MailboxSource final : public poll::Source {
  public:
    using Open = std::function<std::unique_ptr<net::MailServer>(net::MailServerConfig,
                                                                std::function<bool()> stopping)>;

    // The integration has a mailbox. All references must outlive it.
    MailboxSource(std::shared_ptr<const Integration> integration, journal::Journal& journal,
                  const Clock& clock, metrics::Registry& registry, Open open, MailboxLimits limits = {});

    std::string_view kind() const override { return "mailbox"; }
    std::string partner() const override { return settings().url; }
    std::int64_t intervalSeconds() const override { return settings().intervalSeconds; }
    poll::Round round() override;
    std::vector<poll::Check> examine() override;
    void interrupt() override { interrupted_ = true; }

  private:
    struct Kept { // in the journal's state
        std::string validity, last;
        std::string begun; // the newest mail when the first round began: what was seen up to it is not ours
        std::vector<net::MailEntry> unfinished;
    };
    const config::Mailbox& settings() const { return *integration().settings().mail->mailbox; }
    net::FinishMails finishing() const;
    net::MailServerConfig serverConfig() const;
    std::size_t maxBytes() const { return static_cast<std::size_t>(settings().maxMessageMegabytes) << 20; }

    Kept readState() const;
    journal::StateChange stateOf(const Kept& kept) const;
    poll::Round drain(net::MailServer& server);
    // Mails from `at` on, as many as go into one batch. A Problem when the server fails; what was had before
    // it is good.
    std::optional<Problem> bring(net::MailServer& server, const std::vector<net::MailEntry>& mails,
                                 std::size_t& at, std::vector<journal::Delivery>& deliveries,
                                 std::vector<net::MailEntry>& brought);
    journal::Delivery headOf(std::string head) const; // of a mail that is too large
    bool commit(std::vector<journal::Delivery> deliveries, const Kept& kept, bool& fresh);

    journal::Journal& journal_;
    const Clock& clock_;
    const Open open_;
    const MailboxLimits limits_;
    metrics::Counter taken_, repeated_;
    std::atomic<bool> interrupted_{false};
    std::set<std::string> tooLarge_;          // ids of mails that were larger than the server had said
    std::unique_ptr<net::MailServer> server_; // kept while there is more to take
};

// For every integration with a mailbox.
poll::Factory mailboxSources(journal::Journal& journal, const Clock& clock, metrics::Registry& registry);

} // namespace trevo::mail
