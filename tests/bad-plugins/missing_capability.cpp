#include "bad.hpp"

static const void* none(const char*) {
    return nullptr;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = bad::polling(none);
