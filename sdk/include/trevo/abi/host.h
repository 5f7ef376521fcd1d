/* What the host does for an instance. Services are asked for by id, so that old plugins meet new hosts and
 * the other way round: an unknown id gives null and both sides cope.
 *
 * All functions here: called by the plugin, on the thread of a call into the instance that got this host,
 * during that call. They do not keep what they are given. */
#ifndef TREVO_ABI_HOST_H
#define TREVO_ABI_HOST_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct trevo_host {
    void* ctx;
    /* The service of that id (NUL-terminated) or null. The service is valid as long as the host is. Callable
     * from create() on. */
    const void* (*get_service)(const struct trevo_host* host, const char* id);
} trevo_host;

#define TREVO_LOG_ID "trevo.log/1"
enum { TREVO_LOG_DEBUG = 0, TREVO_LOG_INFO = 1, TREVO_LOG_WARNING = 2, TREVO_LOG_ERROR = 3 };
typedef struct trevo_log {
    /* One line, cut at 1 KiB, control characters escaped. Never personal data. */
    void (*write)(const trevo_host* host, int32_t level, trevo_text message);
} trevo_log;

#define TREVO_CLOCK_ID "trevo.clock/1"
typedef struct trevo_clock {
    /* Microseconds since 1970-01-01T00:00:00Z. The only clock a plugin should read: tests set it. */
    int64_t (*now_micros)(const trevo_host* host);
} trevo_clock;

#define TREVO_STATE_ID "trevo.state/1"
typedef struct trevo_state {
    /* Calls `take` once when there is a value and not at all when there is none. The value is borrowed until
     * `take` returns. Returns TREVO_OK in both cases, TREVO_RETRY_AFTER when the state can not be read now.
     */
    trevo_status (*get)(const trevo_host* host, trevo_text key, void* ctx,
                        void (*take)(void* ctx, trevo_text value));
    /* Durable when TREVO_OK is returned; TREVO_RETRY_AFTER when it could not be stored; TREVO_LIMIT when the
     * key is over 256 bytes or the value over 64 KiB. For tokens and the like; a cursor belongs to
     * trevo_bring.state, which commits it together with the documents it stands for. */
    trevo_status (*set)(const trevo_host* host, trevo_text key, trevo_text value);
} trevo_state;

typedef struct trevo_http_request {
    trevo_text method;
    trevo_text url; /* absolute http or https */
    const trevo_pair* headers;
    size_t header_count;
    trevo_text body;
    int32_t timeout_seconds; /* 1 to 300; 0 means 30 */
} trevo_http_request;

typedef struct trevo_http_response {
    int32_t status; /* 0: no answer, and `error` says why */
    const trevo_pair* headers;
    size_t header_count;
    trevo_text body; /* at most 8 MiB; a longer answer is status 0 */
    trevo_text error;
} trevo_http_response;

#define TREVO_HTTP_ID "trevo.http/1"
typedef struct trevo_http {
    /* Performs the request and calls `take` exactly once; the response is borrowed until `take` returns.
     * Redirects are not followed. TLS, proxy, limits and recording are the host's. Returns TREVO_OK also when
     * there was no answer, and TREVO_BUG, without calling `take`, for a request that is not one. */
    trevo_status (*exchange)(const trevo_host* host, const trevo_http_request* request, void* ctx,
                             void (*take)(void* ctx, const trevo_http_response* response));
} trevo_http;

#ifdef __cplusplus
}
#endif
#endif
