// What the configuration says about matching, for whoever opens the lead store: the daemon, and the command
// that tries a changed model.
#pragma once

#include "config/config.hpp"
#include "store/store.hpp"

namespace trevo {

// The store of the configured data folder, with the dealers, the model file, survivorship, the policy on
// duplicates, and the group's own numbers and addresses, which never identify a customer. Errors name file,
// line and column of the model.
Result<store::Options, toml::Errors> storeOptionsOf(const config::Config& config);

} // namespace trevo
