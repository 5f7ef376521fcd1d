#include "bad.hpp"

static trevo_status decode(void*, const trevo_push* push, const trevo_decode_sink* sink) {
    sink->record(sink->ctx, push->body); // the test chooses what is put out
    return TREVO_OK;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = bad::decoding(bad::decodeOnly<decode>);
