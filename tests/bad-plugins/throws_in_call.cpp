#include "bad.hpp"

#include <stdexcept>

static trevo_status poll(void*, const trevo_bring* bring, std::int64_t*) {
    const trevo_document document{{}, {}, bad::text("half"), {}, {}};
    bring->document(bring->ctx, &document);
    throw std::runtime_error("Maria de Souza");
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = bad::polling(bad::pollOnly<poll>);
