// The gateway's HTTP/1.1 server: one or more addresses, plain or TLS, and the daemon's UNIX socket.
//
// Invariants: malformed HTTP is answered 4xx/5xx or closed, never 2xx; a peer that is slow, silent or half
// gone holds one socket and its buffer, never a thread; every limit below is enforced before the handler sees
// the request.
#pragma once

#include "ingest/http/message.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace trevo::http {

struct TlsConfig {
    std::string certificateFile; // PEM chain
    std::string keyFile;         // PEM
    std::string clientCaFile;    // set: clients may present a certificate of this CA
    bool requireClientCertificate = false;
};

struct ListenConfig {
    std::string address = "127.0.0.1"; // IP address, or "unix:/path" for a local socket (mode 0600)
    std::uint16_t port = 8080;         // 0 takes a free one
    std::optional<TlsConfig> tls;
};

struct ListenerLimits {
    std::size_t maxConnections = 4096;          // above it a new connection is answered 503 and closed
    std::size_t maxConnectionsPerAddress = 512; // 0 switches the cap off
    bool capLoopback = true; // false: not for this machine's own addresses, where a proxy speaks for many
    std::size_t maxHeaderBytes = 16 * 1024; // 431 above it
    std::size_t maxHeaders = 100;           // 431 above it
    std::size_t maxTargetBytes = 4 * 1024;  // 414 above it
    int headerTimeoutSeconds = 10;          // from the first byte of a request to the end of its head
    int idleTimeoutSeconds = 75;            // between requests of one connection
    int writeTimeoutSeconds = 30;           // a peer that takes nothing for so long is closed
};

class Listener {
  public:
    // Binds and listens on every address, or throws std::runtime_error naming the address and the reason.
    // `handler` must outlive the listener.
    Listener(const std::vector<ListenConfig>& listen, const ListenerLimits& limits, int threads,
             Handler& handler);
    ~Listener(); // stop(0)

    void start(); // returns at once; serves on its own threads

    // Reads the certificates, keys and CAs of every TLS address anew. Throws std::runtime_error naming the
    // file, and then the old ones stay in force for all. Open connections keep what they began with.
    // Thread-safe.
    void reloadCertificates();

    // Stops accepting, lets requests in progress finish for at most `drainSeconds`, then closes everything. A
    // stream that has nothing to say is ended at once. Idempotent; not to be called from a handler.
    void stop(int drainSeconds);

    // Ports in the order of `listen` (0 for a UNIX socket).
    std::vector<std::uint16_t> ports() const;

    struct Counters {
        std::uint64_t accepted = 0, refused = 0, open = 0, requests = 0, malformed = 0, timedOut = 0;
    };
    Counters counters() const; // thread-safe

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace trevo::http
