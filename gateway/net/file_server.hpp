// A folder of somebody's FTP, FTPS or SFTP server: one place for TLS, host keys, limits and time-outs of file
// transfer.
//
// Names are such as isPlainName() takes; nothing else becomes part of a path or command.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "net/listing.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trevo::net {

struct FileServerConfig {
    std::string
        url; // "ftp://host", "ftps://host:990" (TLS from the start) or "sftp://host:22"; nothing else in it
    std::string folder; // from the root when it begins with '/', else from where the login leads
    std::string user, password;
    std::string privateKey, passphrase; // SFTP: the key's text (OpenSSH or PEM), instead of a password
    std::vector<std::string>
        hostKeys; // SFTP: "SHA256:…" as ssh-keygen -l prints it; one of them must be shown
    bool acceptAnyHostKey = false;
    bool requireTls = true; // ftp: explicit TLS or nothing
    bool active = false;    // ftp: the server connects back (PORT), for servers that can do no other
    std::string caFile;     // PEM of further trusted authorities
    int connectTimeoutSeconds = 10;
    int stallSeconds = 30; // without a byte
    std::size_t maxListingBytes = std::size_t{16} << 20;
};

struct FileState {
    std::int64_t size = -1;          // -1: the server does not say
    std::optional<UtcTime> modified; // whole seconds

    bool operator==(const FileState&) const = default;
};

// Problems have one of these codes: unreachable, cut (what came so far is good), login_refused, host_key,
// tls, no_folder, no_file, permission, listing_too_large, bad_listing, too_large, stopped, transfer.
class FileServer {
  public:
    virtual ~FileServer() = default;
    virtual Result<Listing> list() = 0;
    virtual Result<FileState> state(const std::string& name) = 0;
    // Gives the bytes from `offset` on to `sink`, which returns false to end the transfer ("stopped").
    virtual Result<Done> fetch(const std::string& name, std::int64_t offset,
                               const std::function<bool(std::string_view)>& sink) = 0;
    virtual Result<Done> remove(const std::string& name) = 0;
    // Into `folder`, below the folder unless it begins with '/'; made when it is missing. When the name is
    // taken there, a number is appended.
    virtual Result<Done> move(const std::string& name, const std::string& folder) = 0;
};

// With libcurl. One session, kept for all calls; of one thread. `stopping` ends a transfer in progress.
// Throws std::runtime_error when libcurl can not start.
std::unique_ptr<FileServer> openFileServer(FileServerConfig config, const Clock& clock,
                                           std::function<bool()> stopping = {});

} // namespace trevo::net
