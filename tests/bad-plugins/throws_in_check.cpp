#include "bad.hpp"

static trevo_status check(const trevo_config*, const trevo_report*) {
    throw 42;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = [] {
    auto plugin = bad::polling();
    plugin.check_config = check;
    return plugin;
}();
