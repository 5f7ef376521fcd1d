#include "bad.hpp"

static trevo_status poll(void*, const trevo_bring* bring, std::int64_t*) {
    const trevo_document document{{}, {}, bad::text("{}"), {}, {}};
    bring->document(bring->ctx, &document);
    return 77;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = bad::polling(bad::pollOnly<poll>);
