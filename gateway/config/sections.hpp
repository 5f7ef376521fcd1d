// The larger tables of an integration, and secrets by reference. Private to this module.
#pragma once

#include "config/config.hpp"

namespace trevo::config {

Files readFiles(toml::Reader& reader);                           // [integrations.NAME.files]
Remote readRemote(toml::Reader& reader, const Secrets& secrets); // [integrations.NAME.remote]
Mail readMail(toml::Reader& reader, const Secrets& secrets);     // [integrations.NAME.mail]

// A reference to a credential, or a list of them, resolved. One written in clear or one that leads nowhere is
// a mistake of the reader's, and left out.
std::vector<std::string> readSecrets(toml::Reader& reader, const std::string& key, const Secrets& secrets);
std::string readSecret(toml::Reader& reader, const std::string& key, const Secrets& secrets);

} // namespace trevo::config
