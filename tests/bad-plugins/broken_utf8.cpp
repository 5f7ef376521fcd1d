#include "bad.hpp"

static trevo_status decode(void*, const trevo_push*, const trevo_decode_sink* sink) {
    const trevo_problem problem{bad::text("Not A Code"), bad::text("\xff"), {}, bad::text("line\nbreak"), -5};
    sink->report.problem(sink->report.ctx, &problem);
    sink->record(sink->ctx, bad::text("{\"kind\":\"\xff\"}"));
    return TREVO_OK;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = bad::decoding(bad::decodeOnly<decode>);
