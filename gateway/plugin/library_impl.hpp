// Internal to the module: what a checked library offers.
#pragma once

#include "plugin/plugin.hpp"

#include "trevo/abi/authenticate.h"
#include "trevo/abi/decode.h"
#include "trevo/abi/examine.h"
#include "trevo/abi/fetch.h"
#include "trevo/abi/plugin.h"
#include "trevo/abi/poll.h"

namespace trevo::plugin {

struct Library::Impl {
    Manifest manifest;
    const trevo_plugin_descriptor* descriptor = nullptr;
    // Null when the plugin does not have it.
    const trevo_authenticate* authenticate = nullptr;
    const trevo_decode* decode = nullptr;
    const trevo_fetch* fetch = nullptr;
    const trevo_poll* poll = nullptr;
    const trevo_examine* examine = nullptr;
};

} // namespace trevo::plugin
