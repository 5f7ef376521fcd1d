// Brings one document; state "fault" of the host says what is wrong with it.
#include "bad.hpp"

#include <string>

static trevo_status create(const trevo_config*, const trevo_host* host, const trevo_report*,
                           void** instance) {
    *instance = const_cast<trevo_host*>(host);
    return TREVO_OK;
}

static trevo_status poll(void* instance, const trevo_bring* bring, std::int64_t*) {
    const auto* host = static_cast<const trevo_host*>(instance);
    const auto* state = static_cast<const trevo_state*>(host->get_service(host, TREVO_STATE_ID));
    std::string fault;
    state->get(host, bad::text("fault"), &fault, [](void* ctx, trevo_text value) {
        static_cast<std::string*>(ctx)->assign(value.data, value.size);
    });
    const std::string large(2000, 'x');
    trevo_document document{{}, bad::text("application/json"), bad::text("{}"), {}, {}};
    if (fault == "role") document.role = bad::text("nonsense");
    if (fault == "content_type") document.content_type = bad::text("text/plain\r\nX: y");
    if (fault == "key") document.key = bad::text(large);
    if (fault == "dealer") document.dealer = bad::text("nobody");
    if (fault == "body") document.body = bad::text(large);
    bring->document(bring->ctx, &document);
    if (fault == "state") bring->state(bring->ctx, bad::text(""), bad::text("1"));
    return TREVO_OK;
}

constinit const trevo_plugin_descriptor trevo_plugin_v1 = [] {
    auto plugin = bad::polling(bad::pollOnly<poll>);
    plugin.create = create;
    return plugin;
}();
