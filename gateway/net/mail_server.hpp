// A mailbox of somebody's mail server, over IMAP or POP3: one place for TLS, log-in, limits and time-outs.
//
// Reading changes nothing there: over IMAP the folder is opened read-only while mails are fetched, so that
// none is marked as seen before finish().
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace trevo::net {

struct MailServerConfig {
    std::string url; // "imaps://host", "imap://host:143" (STARTTLS), "pop3s://host", "pop3://host"
    std::string folder = "INBOX"; // IMAP; UTF-8
    std::string user, password;
    std::string accessToken; // OAuth 2, instead of a password
    bool requireTls = true;
    std::string caFile; // PEM of further trusted authorities
    int connectTimeoutSeconds = 10;
    int stallSeconds = 60; // without a byte
};

struct MailEntry {
    std::string id; // IMAP: the UID; POP3: the UIDL, which is never used in a command
    std::int64_t size = -1;
    bool seen = false;
};

struct MailList {
    std::string validity;         // of the ids; another one: they name other mails. Empty over POP3
    std::vector<MailEntry> mails; // in the order of their ids or, over POP3, of the mailbox
    bool more = false;            // there are more than were listed
    std::string newest;           // IMAP: the id of the last of all, listed here or not
};

struct FinishMails {
    enum class How { Delete, Seen, Move };
    How how = How::Delete;
    std::string folder; // Move
};

// Problems have one of these codes: unreachable, cut, login_refused, tls, no_folder, no_mail, too_large,
// permission, stopped, transfer.
class MailServer {
  public:
    virtual ~MailServer() = default;

    // Opens the folder and lists the mails behind the id `after` (IMAP; empty: all of them), at most `most`.
    virtual Result<MailList> list(const std::string& after, std::size_t most) = 0;

    // Of a listed mail; the whole, or of one that is too large the head.
    virtual Result<std::string> fetch(const MailEntry& mail, std::size_t maxBytes) = 0;
    virtual Result<std::string> head(const MailEntry& mail, std::size_t maxBytes) = 0;

    // What is not there any more is no mistake. Over POP3 this ends the session: list() begins another.
    virtual Result<Done> finish(const std::vector<MailEntry>& mails, const FinishMails& how) = 0;

    // Whether finish() would be allowed, as far as the server tells. Changes nothing.
    virtual Result<Done> mayFinish(const FinishMails& how) = 0;
};

// With libcurl. One session, of one thread. `stopping` ends what is in progress. Throws std::runtime_error
// when libcurl can not start.
std::unique_ptr<MailServer> openMailServer(MailServerConfig config, std::function<bool()> stopping = {});

} // namespace trevo::net
