/* Gets the details that a thin push only announces. */
#ifndef TREVO_ABI_FETCH_H
#define TREVO_ABI_FETCH_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TREVO_FETCH_ID "trevo.fetch/1"
typedef struct trevo_fetch {
    /* Called by the host after the push was journalled and answered, by one thread at a time per instance,
     * and again for the same push after any status that means later. `push` has role, content_type and body.
     * The push may be unsigned: it is a hint, and only what is fetched is believed. */
    trevo_status (*fetch)(void* instance, const trevo_push* push, const trevo_bring* bring);
} trevo_fetch;

#ifdef __cplusplus
}
#endif
#endif
