// Internal to the module: one [[settings]] table of a manifest.
#pragma once

#include "plugin/manifest.hpp"

namespace trevo::plugin {

// Mistakes go to the reader's errors.
Setting readSetting(toml::Reader& reader);

} // namespace trevo::plugin
