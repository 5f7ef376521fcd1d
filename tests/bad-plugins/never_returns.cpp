// Returns only when the host's state has a value under "release": a test must end.
#include "bad.hpp"

#include <thread>

static trevo_status create(const trevo_config*, const trevo_host* host, const trevo_report*,
                           void** instance) {
    *instance = const_cast<trevo_host*>(host);
    return TREVO_OK;
}

static trevo_status poll(void* instance, const trevo_bring*, std::int64_t*) {
    const auto* host = static_cast<const trevo_host*>(instance);
    const auto* state = static_cast<const trevo_state*>(host->get_service(host, TREVO_STATE_ID));
    bool released = false;
    while (!released) {
        std::this_thread::yield();
        state->get(host, bad::text("release"), &released,
                   [](void* ctx, trevo_text) { *static_cast<bool*>(ctx) = true; });
    }
    return TREVO_OK;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = [] {
    auto plugin = bad::polling(bad::pollOnly<poll>);
    plugin.create = create;
    return plugin;
}();
