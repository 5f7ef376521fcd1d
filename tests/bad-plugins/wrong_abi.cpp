#include "bad.hpp"

constinit const trevo_plugin_descriptor trevo_plugin_v1 = [] {
    auto plugin = bad::polling();
    plugin.abi = 2;
    plugin.get_capability = nullptr; // nothing behind the number may be looked at
    return plugin;
}();
