// The configuration file(s), read and checked: trevo.toml and what its `include` names. Every mistake is
// reported with file, line, column and, for an unknown key, the nearest known one. Reading has no side
// effects. Keys: etc/trevo.toml.
#pragma once

#include "config/secrets.hpp"
#include "ops/log.hpp"
#include "toml/reader.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace trevo::config {

struct Tls {
    std::string certificateFile, keyFile, clientCaFile;
    bool requireClientCertificate = false;
};

struct Listen {
    std::string address = "127.0.0.1";
    int port = 8080;
    std::optional<Tls> tls;
};

struct Rate { // token bucket; 0 a minute: unlimited
    int perMinute = 0;
    int burst = 0;
};

struct Quota { // requests to a partner; 0: no limit
    int perMinute = 0, perDay = 0;
};

struct Limits {
    int maxBodyBytes = 1 << 20;
    int maxRecordsBodyBytes = 32 << 20; // POST /v1/records takes batches
    int maxDepth = 32;
    int maxHeaderBytes = 16 << 10;
    int maxConnections = 4096;
    int maxConnectionsPerAddress = 512;
    int headerTimeoutSeconds = 10;
    int bodyTimeoutSeconds = 30;
    int idleTimeoutSeconds = 75;
    int writeTimeoutSeconds = 30;
    Rate perAddress;                    // partner deliveries of one peer address
    Rate failuresPerAddress{600, 1000}; // refused authentications
    std::int64_t maxReadyRows = 5'000'000;
    std::int64_t maxReadyMegabytes = 8'192;
    std::int64_t minFreeDiskMegabytes = 256;
};

struct Dealer {
    std::string id, name, cnpj; // cnpj: 14 characters without mask, or empty
    std::string timeZone = "America/Sao_Paulo";
    std::string ddd;                         // default area code, two digits, or empty
    std::string group;                       // dealers of one group share people and negotiations
    std::vector<std::string> phones, emails; // its own: they never identify a customer
};

struct Authentication {
    enum class Type { None, PathToken, Header, Bearer, Basic, Query, Hmac, StandardWebhooks };
    Type type = Type::None;
    std::vector<std::string> secrets;   // several while one is being replaced
    std::string name;                   // header or query parameter
    std::string user;                   // basic
    std::vector<std::string> accept;    // header: "raw", "bearer", "base64", "basic-user" forms of the token
    std::string prefix;                 // hmac: "sha256="
    bool hexEncoding = true;            // hmac: hex, else base64
    int toleranceSeconds = 300;         // standard webhooks: age of the timestamp
    std::vector<std::string> addresses; // allow list of peers, as CIDR blocks; empty: any
    std::string tlsSubject;             // required subject of the client certificate, or empty

    bool isOpen() const { return type == Type::None && addresses.empty() && tlsSubject.empty(); }
};

// Platforms that ask with a GET whether an address is ours before they push to it (Meta, WhatsApp):
// hub.mode, hub.verify_token and hub.challenge in the query.
struct Handshake {
    std::vector<std::string> verifyTokens; // several while one is being replaced
};

struct Files {          // a drop folder of an integration
    std::string folder; // absolute
    std::vector<std::string> patterns;
    std::string contentType; // empty: by the file's name
    std::string sheet;       // of workbooks; empty: the first
    std::string doneMarker;
    int settleSeconds = 0;
    std::string archive = "archive"; // empty: delete
    int archiveDays = 0;             // 0: for ever
    bool acknowledge = false;
    bool acknowledgeCsv = false; // else JSON
    int sweepSeconds = 10;
    int maxMegabytes = 1024;
};

struct Mailbox {     // that is asked over IMAP or POP3
    std::string url; // imaps://, pop3s://; imap:// and pop3:// begin with STARTTLS
    std::string folder = "INBOX";
    std::string user, password, accessToken; // a password or an OAuth 2 token
    std::string after = "delete";            // "delete", "seen", "move"
    std::string moveTo;
    bool plaintext = false; // no TLS: for a server on this machine
    int intervalSeconds = 60;
    int timeoutSeconds = 60;
    int maxMessageMegabytes = 32; // a larger mail stays in the mailbox
};

struct MailReading { // which mapping reads mails of whom
    std::vector<std::string> senders;
    std::string subject; // that it has in it, in any case; empty: any
    std::string mapping;
};

struct Mail {                         // what an integration takes by mail
    std::vector<std::string> senders; // addresses, domains with all below them, or "*"
    std::string authority;            // whose Authentication-Results are believed; empty: none are asked for
    std::map<std::string, std::string> attachments; // kind ("csv", "adf" …) -> mapping
    std::vector<MailReading> readings;
    std::optional<Mailbox> mailbox;
};

struct Lmtp {           // the daemon's own door for mails of a local mail server
    std::string listen; // "unix:/run/trevo/lmtp" or "127.0.0.1:2424"; empty: none
    int maxMessageMegabytes = 32;
    int maxConnections = 20;
    int timeoutSeconds = 300;
};

struct Remote {         // a folder of somebody's FTP or SFTP server, asked in intervals
    std::string url;    // "ftp://", "ftps://" or "sftp://", host and port, nothing more
    std::string folder; // from the root when it begins with '/', else from where the login leads
    std::string user, password, privateKey, passphrase;
    std::vector<std::string> hostKeys; // "SHA256:…"
    bool acceptAnyHostKey = false;
    bool requireTls = true;
    bool active = false;
    std::string caFile; // empty: the gateway's
    std::vector<std::string> patterns;
    std::string contentType; // empty: by the file's name
    std::string sheet;       // of workbooks; empty: the first
    std::string doneMarker;
    int settleSeconds = 2;
    std::string after;            // "delete", "move", "keep"
    std::string moveTo = "taken"; // for "move"
    int intervalSeconds = 60;
    int stallSeconds = 30;
    int maxMegabytes = 1024;
};

struct Integration {
    std::string id;
    std::string plugin;  // or
    std::string mapping; // a mapping alone, for a full-push partner
    std::string format;  // content type that is assumed when the sender declares none
    bool enabled = true;
    std::vector<std::string> dealers;               // ids; one: the default of its records
    std::map<std::string, std::string> dealerCodes; // the partner's code -> dealer id
    Authentication authentication;
    std::optional<Handshake> handshake;
    std::vector<std::string> contentTypes; // allow list; empty: the manifest's or the mapping's
    Rate rate;
    int maxBodyBytes = 0;                 // 0: limits.max_body_bytes
    std::int64_t keyWindowHours = 24;     // repeats recognised by their bytes
    int successStatus = 0;                // 0: the manifest's
    std::string answerBody;               // "{receipt}" is replaced; empty: {"receipt":"…"}
    std::int64_t pollIntervalSeconds = 0; // 0: the manifest's
    std::string account; // integrations of one plugin with the same share login and quota; empty: its own
    Quota quota;
    std::optional<Files> files;
    std::optional<Mail> mail;
    std::optional<Remote> remote;
    int callTimeoutSeconds = 60;
    std::optional<toml::Value> settings;               // checked against the manifest later
    std::map<std::string, toml::Value> dealerSettings; // dealer id -> settings of dealer scope
    std::string fingerprint; // changes when anything of its table or a secret it refers to does
    toml::Place place;
};

// What is to be done about a lead that repeats another of the same person.
struct Duplicates {
    std::string group;                // or:
    std::vector<std::string> dealers; // whose leads are judged
    std::string policy = "merge";     // "merge", "flag", "refuse"
    std::string same = "vehicle";     // "vehicle": the same person and vehicle; "person"
    std::string within = "dealer";    // where the other lead was made: "dealer", "group", "other_dealer"
    std::int64_t windowDays = 30;
};

// What a golden record shows where a person's records differ: "fiscal", "trusted", "frequent", "latest" or
// "fullest" for each field, "contact", "latest" or "trusted" for what comes first of phones and emails.
struct Survivorship {
    std::string name = "fiscal", document = "trusted", birthDate = "trusted", address = "fullest",
                phones = "contact", emails = "contact";
    std::vector<std::string> trust; // kinds of record, most trusted first; empty: as usual
};

struct Config {
    std::string path;
    std::string dataDir = "/var/lib/trevo";
    std::vector<Listen> listen;
    int httpThreads = 0; // 0: one, and two from four cores on
    int workers = 0;     // decoding threads; 0: one per core, at most 4
    std::string credentialsDir;
    std::vector<std::string> pluginDirs, mappingDirs; // searched in order
    Limits limits;
    std::vector<Dealer> dealers;
    std::vector<Integration> integrations;
    std::vector<Duplicates> duplicates; // in the order in which they are tried
    Lmtp lmtp;
    std::string storeEngine = "sqlite";
    std::int64_t keepDoneDays = 90, keepDeadDays = 365;
    std::int64_t negotiationWindowDays = 30;
    std::int64_t genericPersons = 5;
    std::string matchingModel; // file; empty: the compiled-in model
    Survivorship survivorship;
    std::string proxy, caFile; // outbound
    int drainSeconds = 10;
    log::Level logLevel = log::Level::Info;
    log::Format logFormat = log::Format::KeyValue;

    const Dealer* findDealer(std::string_view id) const;
    const Dealer* dealerOf(std::string_view reference) const; // by id, or by CNPJ in any mask
    std::string socketPath() const { return dataDir + "/trevo.sock"; }
};

Result<Config, toml::Errors> load(const std::string& path);

// [integrations.ID]; shared by load() and the tests.
Integration readIntegration(const std::string& id, toml::Reader& reader, const Secrets& secrets);

// Of a table with its references resolved; where it stands in the file does not matter.
std::string fingerprintOf(const toml::Value& value, const Secrets& secrets);

} // namespace trevo::config
