// The JSON Schema of the configuration (draft 2020-12), for editors: completion and marks while typing. The
// gateway itself does not read it; its own reader says more, with file, line and column.
#pragma once

#include "toml/outline.hpp"

#include <string>

namespace trevo::config {

toml::Outline outline(); // every key that load() knows

std::string jsonSchema(const toml::Outline& root);

} // namespace trevo::config
