#include "bad.hpp"

#include <stdexcept>

static trevo_status create(const trevo_config*, const trevo_host*, const trevo_report*, void**) {
    throw std::runtime_error("Maria de Souza");
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = [] {
    auto plugin = bad::polling();
    plugin.create = create;
    return plugin;
}();
