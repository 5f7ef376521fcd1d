/* Is this delivery from whom it claims to be from? */
#ifndef TREVO_ABI_AUTHENTICATE_H
#define TREVO_ABI_AUTHENTICATE_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TREVO_AUTHENTICATE_ID "trevo.authenticate/1"
typedef struct trevo_authenticate {
    /* Called by the host on the answer path, before anything reads the body, by one thread at a time per
     * instance. The sender waits: no network here. Returns TREVO_OK to accept, TREVO_AUTH to refuse; anything
     * else refuses too and is told to the operator. */
    trevo_status (*authenticate)(void* instance, const trevo_push* push, const trevo_report* report);
} trevo_authenticate;

#ifdef __cplusplus
}
#endif
#endif
