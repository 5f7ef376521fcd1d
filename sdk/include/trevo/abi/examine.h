/* Looks whether a partner can be worked with, for `trevo doctor`. */
#ifndef TREVO_ABI_EXAMINE_H
#define TREVO_ABI_EXAMINE_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TREVO_CHECK_GOOD = 0, TREVO_CHECK_FAILED = 1, TREVO_CHECK_UNKNOWN = 2 };

/* One thing that was looked at. Never personal data. */
typedef struct trevo_check {
    trevo_text name;   /* stable, snake_case: "log_in", "list", "permission", "clock" */
    int32_t state;     /* TREVO_CHECK_…; UNKNOWN: it could not be seen, or it is no mistake that it is so */
    trevo_text detail; /* one sentence: what was seen */
    trevo_text advice; /* one sentence: what to do about it; empty when good */
    trevo_text dealer; /* dealer id, when it is about one; else empty */
} trevo_check;

typedef struct trevo_examine_sink {
    void* ctx;
    /* Returns TREVO_OK, TREVO_LIMIT when there are too many, TREVO_BUG for a check that is none; the call
     * then counts as a bug. */
    trevo_status (*check)(void* ctx, const trevo_check* check);
    trevo_report report;
} trevo_examine_sink;

#define TREVO_EXAMINE_ID "trevo.examine/1"
typedef struct trevo_examine {
    /* Called by the host when an operator asks, by one thread at a time per instance. Tries what poll and
     * fetch need, step by step: log in, list, permission, clock. Changes nothing at the partner and moves no
     * cursor; a token may be renewed. Returns TREVO_OK when all was looked at, whatever was seen. */
    trevo_status (*examine)(void* instance, const trevo_examine_sink* sink);
} trevo_examine;

#ifdef __cplusplus
}
#endif
#endif
