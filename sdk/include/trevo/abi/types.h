/* The words of the Trevo plugin ABI. C99; the same on both sides of the boundary.
 *
 * Rules that hold for every function of the ABI, unless its own comment says otherwise:
 *  - Text is UTF-8, a pointer and a length, not NUL-terminated. A length of 0 may come with a null pointer.
 *  - Whatever a function is given is borrowed until it returns. Whatever it has to tell goes to a callback it
 * was given, and is borrowed by that callback in turn. Nobody frees what the other side allocated.
 *  - Callbacks and services may be used only during the call they came with, and only on the thread of that
 * call.
 *  - No exception and no longjmp crosses in either direction.
 *  - A published struct never changes. A change is a new id, and the host keeps serving the old one. */
#ifndef TREVO_ABI_TYPES_H
#define TREVO_ABI_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct trevo_text {
    const char* data;
    size_t size;
} trevo_text;

/* What to do next. A value that the host does not know counts as TREVO_BUG. */
typedef int32_t trevo_status;
enum {
    TREVO_OK = 0,          /* done */
    TREVO_RETRY_AFTER = 1, /* the partner or the network is in trouble: try the same again later */
    TREVO_REJECT = 2,      /* the input will never do; it becomes a dead letter */
    TREVO_CONFIG = 3,      /* a setting must be changed first */
    TREVO_AUTH = 4,        /* who called, or the credential we called with, was refused */
    TREVO_LIMIT = 5,       /* a rate or size limit was met: try later, more slowly */
    TREVO_BUG = 6          /* the plugin itself is wrong */
};

/* Why a call did not end in TREVO_OK. Never holds personal data: no name, phone, e-mail, document or message.
 */
typedef struct trevo_problem {
    trevo_text code;   /* stable, snake_case: "missing_field" */
    trevo_text field;  /* JSON Pointer, XPath, column or setting; empty when the whole input is meant */
    trevo_text place;  /* "line 3, column 14"; empty when unknown */
    trevo_text detail; /* one sentence: what came, what was expected */
    int64_t retry_after_seconds; /* with RETRY_AFTER and LIMIT; 0 leaves it to the host's schedule */
} trevo_problem;

/* Where a call tells its problem. The last one told counts. */
typedef struct trevo_report {
    void* ctx;
    void (*problem)(void* ctx, const trevo_problem* problem);
} trevo_report;

typedef struct trevo_pair {
    trevo_text name;
    trevo_text value;
} trevo_pair;

/* What a partner sent. Members that are not known are empty. */
typedef struct trevo_push {
    trevo_text role;           /* "inbound", or the role under which a fetch or poll brought the document */
    trevo_text content_type;   /* as declared */
    trevo_text method;         /* "POST" */
    trevo_text path;           /* below the integration's own address, "" or "/status" */
    trevo_text query;          /* raw, without '?' */
    trevo_text remote_address; /* textual IP */
    const trevo_pair* headers; /* as sent; secrets redacted except in authenticate */
    size_t header_count;
    trevo_text meta; /* all of the above and what later versions add, as a JSON object */
    trevo_text body; /* the bytes as they came: any bytes, not checked to be text */
} trevo_push;

/* A document that was fetched or polled. It is journalled before anything reads it. */
typedef struct trevo_document {
    trevo_text role;         /* which of the manifest's mappings reads it; empty means "inbound" */
    trevo_text content_type; /* with charset where the partner declares one */
    trevo_text body;
    trevo_text key; /* the partner's id of this fact in this state; empty: the bytes themselves are the key */
    trevo_text dealer; /* dealer id, when the credential used says which; else empty */
} trevo_document;

/* Where a fetch or poll puts what it brought. Documents and states of one call are committed together,
 * whatever its status, so that trouble with one dealer does not hold back another's leads; only TREVO_BUG
 * drops them. So a cursor is moved only past what was brought. Each function returns TREVO_OK, or TREVO_LIMIT
 * when the call has brought too much (the plugin then returns; what did not fit was not taken), or TREVO_BUG
 * for an argument that is not allowed, and then the whole call counts as a bug. */
typedef struct trevo_bring {
    void* ctx;
    trevo_status (*document)(void* ctx, const trevo_document* document);
    trevo_status (*state)(void* ctx, trevo_text key, trevo_text value); /* read back by trevo.state/1 */
    trevo_report report;
} trevo_bring;

#ifdef __cplusplus
}
#endif
#endif
