// Secrets are referred to, never written: ${cred:NAME} is a file in the credentials directory (systemd's, or
// one of mode 0600 beside the configuration), ${env:NAME} an environment variable.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace trevo::config {

bool isReference(std::string_view text);

class Secrets {
  public:
    // `directory` is used when $CREDENTIALS_DIRECTORY does not hold the name.
    explicit Secrets(std::string directory);

    // Checks references but reads nothing: for integrations that are switched off and have no credentials
    // yet.
    Secrets unread() const;

    // A text that is a reference is resolved; any other comes back as it is. The Problem names the reference
    // and the next step, never a value.
    Result<std::string> resolve(std::string_view text) const;

  private:
    std::string directory_;
    bool read_ = true;
};

} // namespace trevo::config
