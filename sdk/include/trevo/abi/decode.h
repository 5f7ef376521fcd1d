/* Makes canonical records of what a mapping can not read. */
#ifndef TREVO_ABI_DECODE_H
#define TREVO_ABI_DECODE_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct trevo_decode_sink {
    void* ctx;
    /* Takes one record: a JSON object of the canonical schema, UTF-8. Returns TREVO_OK, TREVO_LIMIT when the
     * call has made too much, TREVO_BUG when the text is not such an object; the call then fails whatever it
     * returns. */
    trevo_status (*record)(void* ctx, trevo_text json);
    trevo_report report;
} trevo_decode_sink;

#define TREVO_DECODE_ID "trevo.decode/1"
typedef struct trevo_decode {
    /* Called by the host after the delivery was journalled, by one thread at a time per instance. Pure: the
     * same push gives the same records, today and in a replay next year; no service but the log is of use
     * here. Returns TREVO_OK (also with no record at all), or TREVO_REJECT with the field and place that can
     * not be read. Records count only with TREVO_OK. */
    trevo_status (*decode)(void* instance, const trevo_push* push, const trevo_decode_sink* sink);
} trevo_decode;

#ifdef __cplusplus
}
#endif
#endif
