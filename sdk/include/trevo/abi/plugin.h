/* The one symbol that a plugin exports, and the life of an instance. */
#ifndef TREVO_ABI_PLUGIN_H
#define TREVO_ABI_PLUGIN_H

#include "host.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Raised only when an old host could not load a new plugin safely at all. New capabilities and services do
 * not. */
#define TREVO_ABI 1u

/* Settings in their text form, checked against the manifest by the host, defaults filled in, secrets
 * resolved. Whole numbers are decimal, booleans "true" or "false", lists joined by '\n'. */
typedef struct trevo_dealer {
    trevo_text id;
    const trevo_pair* settings; /* those of dealer scope, and "cnpj" */
    size_t setting_count;
} trevo_dealer;

typedef struct trevo_config {
    trevo_text integration;
    const trevo_pair* settings;
    size_t setting_count;
    const trevo_dealer* dealers;
    size_t dealer_count;
} trevo_config;

typedef struct trevo_plugin_descriptor {
    uint32_t abi;         /* TREVO_ABI */
    uint32_t struct_size; /* sizeof(trevo_plugin_descriptor) */

    /* NUL-terminated UTF-8, valid for the life of the process. `id` and `version` repeat those of the
     * manifest. */
    const char* id;
    const char* version;
    const char* manifest; /* plugin.toml, whole */

    /* Says whether the configuration can work. No side effects: no network, no file, no service. May be
     * called from any thread, also while instances run. `config` and `report` are borrowed until return.
     * Returns TREVO_OK, or TREVO_CONFIG with a problem whose `field` names the setting. */
    trevo_status (*check_config)(const trevo_config* config, const trevo_report* report);

    /* Makes an instance and stores it in `*instance`. `config` and `report` are borrowed until return; `host`
     * stays valid until destroy() has returned and is used only during calls into this instance. Called from
     * one thread at a time for one instance, but for several instances at once. Anything but TREVO_OK leaves
     * nothing to destroy. */
    trevo_status (*create)(const trevo_config* config, const trevo_host* host, const trevo_report* report,
                           void** instance);

    /* Ends an instance, once, when no call into it runs. The library itself stays loaded until the process
     * ends. */
    void (*destroy)(void* instance);

    /* The interface of that id (NUL-terminated, "trevo.fetch/1"), valid for the life of the process, or null
     * when the plugin does not have it. Callable from any thread. */
    const void* (*get_capability)(const char* id);
} trevo_plugin_descriptor;

#if defined(__GNUC__)
#define TREVO_EXPORT __attribute__((visibility("default")))
#else
#define TREVO_EXPORT
#endif

/* What the host looks up. */
#define TREVO_PLUGIN_SYMBOL "trevo_plugin_v1"
TREVO_EXPORT extern const trevo_plugin_descriptor trevo_plugin_v1;

#ifdef __cplusplus
}
#endif
#endif
