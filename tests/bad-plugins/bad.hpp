// A plugin in the plain C ABI without a fault. Each file beside this changes one thing.
#pragma once

#include "trevo/abi/decode.h"
#include "trevo/abi/plugin.h"
#include "trevo/abi/poll.h"

#include <string_view>

namespace bad {

inline int dummyInstance = 0;

inline trevo_text text(std::string_view view) {
    return {view.data(), view.size()};
}

inline trevo_status checkConfig(const trevo_config*, const trevo_report*) {
    return TREVO_OK;
}
inline trevo_status create(const trevo_config*, const trevo_host*, const trevo_report*, void** instance) {
    *instance = &dummyInstance;
    return TREVO_OK;
}
inline void destroy(void*) {}

inline constexpr char kPollManifest[] = R"(
id = "bad"
version = "1.0.0"
title = "Bad"
description = "A plugin with one fault."
capabilities = ["poll"]
poll_interval_seconds = 60
mappings = { inbound = "bad/lead" }
)";
inline constexpr char kDecodeManifest[] = R"(
id = "bad"
version = "1.0.0"
title = "Bad"
description = "A plugin with one fault."
capabilities = ["decode"]
)";

template <trevo_status (*Function)(void*, const trevo_bring*, std::int64_t*)>
const void* pollOnly(const char* id) {
    static constexpr trevo_poll kTable{Function};
    return std::string_view(id) == TREVO_POLL_ID ? &kTable : nullptr;
}
template <trevo_status (*Function)(void*, const trevo_push*, const trevo_decode_sink*)>
const void* decodeOnly(const char* id) {
    static constexpr trevo_decode kTable{Function};
    return std::string_view(id) == TREVO_DECODE_ID ? &kTable : nullptr;
}

inline trevo_status pollNothing(void*, const trevo_bring*, std::int64_t*) {
    return TREVO_OK;
}

constexpr trevo_plugin_descriptor polling(const void* (*capability)(const char*) = pollOnly<pollNothing>) {
    return {TREVO_ABI,     sizeof(trevo_plugin_descriptor),
            "bad",         "1.0.0",
            kPollManifest, checkConfig,
            create,        destroy,
            capability};
}
constexpr trevo_plugin_descriptor decoding(const void* (*capability)(const char*)) {
    auto plugin = polling(capability);
    plugin.manifest = kDecodeManifest;
    return plugin;
}

} // namespace bad
