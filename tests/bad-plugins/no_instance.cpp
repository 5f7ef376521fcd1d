#include "bad.hpp"

static trevo_status create(const trevo_config*, const trevo_host*, const trevo_report*, void**) {
    return TREVO_OK;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = [] {
    auto plugin = bad::polling();
    plugin.create = create;
    return plugin;
}();
