// [integrations.NAME.mail]. Private to this module.
#pragma once

#include "config/config.hpp"

namespace trevo::config {

Mail readMail(toml::Reader& reader, const Secrets& secrets);

} // namespace trevo::config
