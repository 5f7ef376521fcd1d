#include "bad.hpp"

#include <thread>

static trevo_status poll(void*, const trevo_bring* bring, std::int64_t*) {
    std::thread([bring] {
        const trevo_document document{{}, {}, bad::text("{}"), {}, {}};
        bring->document(bring->ctx, &document);
    }).join();
    return TREVO_OK;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = bad::polling(bad::pollOnly<poll>);
