#include "bad.hpp"

constinit const trevo_plugin_descriptor trevo_plugin_v1 = [] {
    auto plugin = bad::polling();
    plugin.id = "other";
    return plugin;
}();
