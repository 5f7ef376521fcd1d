// A real trevod with a configuration and data folder of its own, and the calls that tests make to it.
#pragma once

#include "net/http_client.hpp"
#include "support/folder.hpp"
#include "support/process.hpp"

#include <memory>
#include <string>
#include <vector>

namespace trevo::test {

// Two dealers, an OLX integration by mapping alone (token "olx-secret"), ADF and the site by path token and
// bearer token
// ("adf-secret", "site-secret").
std::string standardConfig();

struct Answer {
    int status = 0;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string header(std::string_view name) const;
};

class Daemon {
  public:
    // Writes the configuration and the credentials, starts the daemon and waits until it is ready.
    explicit Daemon(const std::string& config = standardConfig(), std::vector<std::string> arguments = {});

    void start();
    int stop();  // SIGTERM; the exit code
    void kill(); // SIGKILL, waited for
    Process& process() { return *process_; }
    const Process& process() const { return *process_; }

    const Folder& folder() const { return folder_; }
    std::string configFile() const { return (folder_.path() / "trevo.toml").string(); }
    std::string log() const { return folder_.read("trevod.log"); }
    int port() const { return port_; }

    Answer request(const std::string& method, const std::string& path, const std::string& body = "",
                   std::vector<std::pair<std::string, std::string>> headers = {}) const;
    Answer get(const std::string& path) const; // with a token of scope admin
    Answer post(const std::string& path, const std::string& body,
                const std::string& contentType = "application/json") const;
    Answer pushOlx(const std::string& body) const;
    Ran cli(std::vector<std::string> arguments) const;
    const std::string& token() const { return token_; }
    std::string newToken(const std::vector<std::string>& arguments) const; // of `trevo token create`

    bool settled() const; // nothing waits to be worked off

  private:
    Folder folder_;
    std::vector<std::string> arguments_;
    std::unique_ptr<Process> process_;
    net::HttpClient client_;
    int port_ = 0;
    std::string token_;
};

std::string binary(const std::string& name); // build/bin/NAME

} // namespace trevo::test
