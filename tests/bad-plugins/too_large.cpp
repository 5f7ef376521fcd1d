#include "bad.hpp"

#include <string>

static trevo_status decode(void*, const trevo_push*, const trevo_decode_sink* sink) {
    const std::string record = "{\"kind\":\"" + std::string(1000, 'x') + "\"}";
    for (int i = 0; i < 100; ++i)
        sink->record(sink->ctx, bad::text(record)); // deaf to TREVO_LIMIT
    return TREVO_OK;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = bad::decoding(bad::decodeOnly<decode>);
