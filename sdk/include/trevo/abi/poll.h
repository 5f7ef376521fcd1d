/* Asks a partner that does not push. */
#ifndef TREVO_ABI_POLL_H
#define TREVO_ABI_POLL_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TREVO_POLL_ID "trevo.poll/1"
typedef struct trevo_poll {
    /* Called by the host on its schedule, by one thread at a time per instance. The plugin brings documents
     * and moves its cursor with bring->state. `*next_poll_seconds` is 0 on entry and means the configured
     * interval; a plugin that knows there is more writes a smaller number, at least 1. Bring overlaps freely:
     * what was seen before has no second effect. */
    trevo_status (*poll)(void* instance, const trevo_bring* bring, int64_t* next_poll_seconds);
} trevo_poll;

#ifdef __cplusplus
}
#endif
#endif
