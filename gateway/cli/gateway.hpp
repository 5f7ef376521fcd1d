// Talks to the running daemon: over its UNIX socket, or to --url with --token.
#pragma once

#include "cli/command.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace trevo::cli {

// The configuration file that the options, $TREVO_CONFIG or the default name.
std::string configPath(const Context& context);

class Gateway {
  public:
    // Throws Failure when the configuration does not tell where the daemon is.
    explicit Gateway(Context& context);

    // The body of a 2xx answer; anything else throws Failure with the API's own sentence.
    std::string get(const std::string& target);
    std::string post(const std::string& target, const std::string& body,
                     const std::string& contentType = "application/json");
    std::string patch(const std::string& target, const std::string& body);
    std::string remove(const std::string& target);

    // Any answer that was had; throws Failure only when there was none.
    net::HttpResponse ask(const std::string& method, const std::string& target, const std::string& body = {},
                          const std::vector<std::pair<std::string, std::string>>& headers = {});
    // An event stream; the same failures as get().
    void stream(const std::string& target, const std::vector<std::pair<std::string, std::string>>& headers,
                const Surroundings::OnBody& onBody);

    const std::string& socket() const { return socket_; } // empty with --url

    Failure failureOf(const net::HttpResponse& response) const;

  private:
    net::HttpRequest request(const std::string& method, const std::string& target, const std::string& body,
                             const std::vector<std::pair<std::string, std::string>>& headers) const;
    std::string expect(const net::HttpResponse& response) const;
    Failure unreachable(const std::string& reason) const;

    Context& context_;
    std::string base_, token_, socket_, config_;
};

// "?a=1&b=2" of those values that are not empty, percent-encoded.
std::string queryOf(const std::vector<std::pair<std::string, std::string>>& parameters);

} // namespace trevo::cli
