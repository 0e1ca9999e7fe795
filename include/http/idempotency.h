/*
 * idempotency: a POST with an Idempotency-Key is done once: its answer is stored in the transaction that did the work,
 * and given again for a day to whoever sends the same key, by every worker (the header of
 * draft-ietf-httpapi-idempotency-key-header).
 *
 * The key is bound to the user; an anonymous one to what was sent with it. Nothing of key or body is stored, only what
 * a keyed hash makes of them. Answers that were stored under an older secret (SECRET_KEYS) are found as well; only
 * while a reload replaces the workers could one key be taken twice, by a worker of either generation. Who comes while
 * the first is running waits for it as long as for any lock, and is then told to try again; a wait for any other lock
 * is no reason for that. Refusals of the handler (4xx) are answers like any other; those of a limit (429) and faults
 * (5xx) are not stored.
 *
 * Where the route's after() waits for work behind the commit, the first is running until that is over, and who comes is
 * told at once. What is stored meanwhile is the answer that was committed: it is given when whoever waited has died.
 *
 *     idempotency_check(c, &problems);
 *     TRY(idempotency_begin(c, &replayed));
 *     if (!replayed) { TRY(route->run(c)); TRY(idempotency_keep(c)); }
 *     TRY(db_commit(c->db, c->arena));
 *     idempotency_settle(c, route->after(c));
 */
#ifndef QUIRE_HTTP_IDEMPOTENCY_H
#define QUIRE_HTTP_IDEMPOTENCY_H

#include "engine/problem.h"
#include "http/call.h"

enum { IDEMPOTENCY_KEY_MAX = 255 };

/* Adds what is wrong with the form of the key. */
void idempotency_check(const struct call *c, struct problems *problems);
/* Where the request has been answered already, makes c->reply that answer: *replayed. A reading, for before limits are
 * taken: what is only given again counts no more. Another request under the key is for idempotency_begin() to refuse,
 * and counts: else a key would be a way to find out without limit what was sent under it. ERROR_CONFLICT while the
 * first waits in its after(). */
MUST_USE err idempotency_look(struct call *c, bool *replayed);
/* What to say when a limit has refused: ERROR_CONFLICT while the first request is running, which may have taken the
 * last there was, so that who sends it again is told so; else the refusal. Outside of any transaction. */
MUST_USE err idempotency_limited(struct call *c, err refusal);
/* Takes the key, in the wanted transaction; or, where it was taken, makes c->reply the stored answer: *replayed.
 * ERROR_KEY_REUSED for another request under it, ERROR_CONFLICT while the first is running. */
MUST_USE err idempotency_begin(struct call *c, bool *replayed);
/* Stores the answer under the key that was taken; nothing when there is none. ERROR_TOO_MANY when it is much larger
 * than what was sent, and too many such are stored for whoever asks. The last step before COMMIT. */
MUST_USE err idempotency_keep(struct call *c);
/* The route's after() is over, with e: its answer is stored in the first one's place (it is not counted again); where
 * it has failed, the first one stands; where the work was in vain, nothing is stored, and the key is free. As far as
 * that is possible: else the first one stands, too, when the wait would have been over. Ends what idempotency_begin()
 * has begun. */
void idempotency_settle(struct call *c, err e);
/* The handler refused and its transaction is undone: stores the refusal in its plain form, as far as that is possible;
 * who sends it again may want the other form. Nothing where the work was in vain. */
void idempotency_keep_refusal(struct call *c);
/* Drops some of the answers that have expired; *dropped: how many. */
MUST_USE err idempotency_drop(struct db *db, struct arena *a, uint64_t *dropped);

#endif
