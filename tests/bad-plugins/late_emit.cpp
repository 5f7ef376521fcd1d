// Keeps the sink of a poll and uses it in check_config, when that poll is long over.
#include "bad.hpp"

static const trevo_bring* kept = nullptr;

static trevo_status poll(void*, const trevo_bring* bring, std::int64_t*) {
    kept = bring;
    return TREVO_OK;
}

static trevo_status check(const trevo_config*, const trevo_report*) {
    const trevo_document document{{}, {}, bad::text("late"), {}, {}};
    return kept && kept->document(kept->ctx, &document) == TREVO_OK ? TREVO_CONFIG : TREVO_OK;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = [] {
    auto plugin = bad::polling(bad::pollOnly<poll>);
    plugin.check_config = check;
    return plugin;
}();
