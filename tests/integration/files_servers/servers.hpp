// Real file servers on loopback, started by the tests and ended with them: vsftpd and OpenSSH's sshd with
// its internal SFTP server. A missing server fails the test with the package's name.
#pragma once

#include "net/file_server.hpp"
#include "support/folder.hpp"
#include "support/process.hpp"

#include <memory>
#include <string>

namespace trevo::test {

class FtpServer {
  public:
    enum class Tls { None, Explicit, Implicit };
    explicit FtpServer(Tls tls = Tls::None);

    std::filesystem::path root() const { return folder_.path() / "root"; } // where a login leads
    int port() const { return port_; }
    int dataPort() const { return dataPort_; } // of passive transfers
    std::string authority() const { return (folder_.path() / "cert.pem").string(); }
    // The login folder's `folder`, at this server.
    net::FileServerConfig config(const std::string& folder) const;

  private:
    Folder folder_;
    Tls tls_;
    int port_ = 0, dataPort_ = 0;
    std::unique_ptr<Process> process_;
};

class SftpServer {
  public:
    SftpServer();

    std::filesystem::path root() const { return folder_.path() / "root"; }
    int port() const { return port_; }
    std::string hostKey() const { return hostKey_; } // "SHA256:…"
    std::string privateKey() const { return folder_.read("user"); }
    std::string user() const;
    net::FileServerConfig config(const std::string& folder) const;

  private:
    Folder folder_;
    int port_ = 0;
    std::string hostKey_;
    std::unique_ptr<Process> process_;
};

// "/usr/sbin/vsftpd"; throws std::runtime_error that names the package when it is not there.
std::string serverProgram(const std::string& path, const std::string& package);

} // namespace trevo::test
