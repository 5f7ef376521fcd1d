#include "bad.hpp"

extern "C" void nobody_defines_this();

static trevo_status poll(void*, const trevo_bring*, std::int64_t*) {
    nobody_defines_this();
    return TREVO_OK;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = bad::polling(bad::pollOnly<poll>);
