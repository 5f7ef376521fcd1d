#include "bad.hpp"

constinit const trevo_plugin_descriptor trevo_plugin_v1 = [] {
    auto plugin = bad::polling();
    plugin.struct_size -= 8;
    return plugin;
}();
