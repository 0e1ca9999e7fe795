/* idempotency: POSTs that were answered under an Idempotency-Key, for as long as the answer is given again. */
#ifndef QUIRE_MODELS_IDEMPOTENCY_H
#define QUIRE_MODELS_IDEMPOTENCY_H

#include "schema/registry.h"

enum idempotency_field {
    IDEMPOTENCY_ID,
    IDEMPOTENCY_USER_ID,
    IDEMPOTENCY_FINGERPRINT,
    IDEMPOTENCY_CREATED_AT,
    IDEMPOTENCY_STATUS,
    IDEMPOTENCY_HEADERS,
    IDEMPOTENCY_BODY,
    IDEMPOTENCY_WAITS_UNTIL,
    IDEMPOTENCY__MAX
};

extern const struct resource idempotency_resource;

/* Locks the row of a key, or fails at once with ERROR_LOCK_TIMEOUT where somebody else holds it: binds its id. */
extern const struct statement idempotency_held;
enum { IDEMPOTENCY_AT_ONCE = 100 };

/* Drops up to IDEMPOTENCY_AT_ONCE of those that are older than a time: binds it. */
extern const struct statement idempotency_purge;

#endif
