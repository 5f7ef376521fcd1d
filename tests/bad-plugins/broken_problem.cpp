#include "bad.hpp"

static trevo_status decode(void*, const trevo_push*, const trevo_decode_sink* sink) {
    const trevo_problem problem{
        bad::text("Not A Code"), bad::text("\xff"), {nullptr, 99}, bad::text("line\nbreak"), -5};
    sink->report.problem(sink->report.ctx, &problem);
    return TREVO_REJECT;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = bad::decoding(bad::decodeOnly<decode>);
