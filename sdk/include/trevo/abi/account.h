/* The account at the partner that a login belongs to: its lock and its durable value.
 *
 * Where a refresh token is good once, two instances that refresh at the same time lose the account. So: lock,
 * read the value, refresh only if nobody has meanwhile, store the new value, and only then use it.
 *
 * An account is named by the plugin (a user id, a login). Integrations of one plugin whose configuration has
 * the same `account` share its accounts; without that key an integration's accounts are its own. */
#ifndef TREVO_ABI_ACCOUNT_H
#define TREVO_ABI_ACCOUNT_H

#include "host.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TREVO_ACCOUNT_ID "trevo.account/1"
typedef struct trevo_account {
    /* Takes the account's lock, waiting up to `wait_seconds` (0 to 60) while another instance has it. It is
     * held until unlock or the end of the call. TREVO_OK; TREVO_RETRY_AFTER when another still has it;
     * TREVO_LIMIT when the name is over 256 bytes; TREVO_BUG when this call holds it already. */
    trevo_status (*lock)(const trevo_host* host, trevo_text name, int32_t wait_seconds);
    /* Nothing happens when it is not held. */
    void (*unlock)(const trevo_host* host, trevo_text name);
    /* As trevo_state.get; needs no lock. */
    trevo_status (*get)(const trevo_host* host, trevo_text name, void* ctx,
                        void (*take)(void* ctx, trevo_text value));
    /* As trevo_state.set, durable when TREVO_OK is returned; TREVO_BUG unless this call holds the lock. */
    trevo_status (*set)(const trevo_host* host, trevo_text name, trevo_text value);
} trevo_account;

#ifdef __cplusplus
}
#endif
#endif
