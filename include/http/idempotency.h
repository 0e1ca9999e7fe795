/*
 * idempotency: a POST with an Idempotency-Key is done once: its answer is stored in the transaction that did the work,
 * and given again for a day to whoever sends the same key, by every worker (the header of
 * draft-ietf-httpapi-idempotency-key-header).
 *
 * The key is bound to the user; an anonymous one to what was sent with it. Nothing of key or body is stored, only what a
 * keyed hash makes of them. Answers that were stored under an older secret (SECRET_KEYS) are found as well; only while a
 * reload replaces the workers could one key be taken twice, by a worker of either generation. Who comes while the first is running waits for it as long as for any lock, and is then told
 * to try again; a wait for any other lock is no reason for that. Refusals of the handler (4xx) are answers like any other; faults (5xx) are not stored.
 *
 *     idempotency_check(c, &problems);
 *     TRY(idempotency_begin(c, &replayed));
 *     if (!replayed) { TRY(route->run(c)); TRY(idempotency_keep(c)); }
 */
#ifndef QUIRE_HTTP_IDEMPOTENCY_H
#define QUIRE_HTTP_IDEMPOTENCY_H

#include "engine/problem.h"
#include "http/call.h"

enum { IDEMPOTENCY_KEY_MAX = 255 };

/* Adds what is wrong with the form of the key. */
void idempotency_check(const struct call *c, struct problems *problems);
/* Where the request has been answered already, makes c->reply that answer: *replayed. A reading, for before limits are
 * taken: what is only given again counts no more. Another request under the key is for idempotency_begin() to refuse, and
 * counts: else a key would be a way to find out without limit what was sent under it. */
MUST_USE err idempotency_look(struct call *c, bool *replayed);
/* Takes the key, in the wanted transaction; or, where it was taken, makes c->reply the stored answer: *replayed.
 * ERROR_KEY_REUSED for another request under it, ERROR_CONFLICT while the first is running. */
MUST_USE err idempotency_begin(struct call *c, bool *replayed);
/* Stores the answer under the key that was taken; nothing when there is none. ERROR_TOO_MANY when it is much larger than
 * what was sent, and too many such are stored for whoever asks. The last step before COMMIT. */
MUST_USE err idempotency_keep(struct call *c);
/* Stores another answer in its place: that of the route's after(). It is not counted again. */
MUST_USE err idempotency_keep_after(struct call *c);
/* The handler refused and its transaction is undone: stores the refusal, as far as that is possible. */
void idempotency_keep_refusal(struct call *c);
/* Drops some of the answers that have expired; *dropped: how many. */
MUST_USE err idempotency_drop(struct db *db, struct arena *a, uint64_t *dropped);

#endif
