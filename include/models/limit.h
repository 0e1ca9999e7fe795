/*
 * limit: how far a limit is used up: a row for each limit and whom it counts, kept by http/limit.
 *
 * No row tells whom it counts: its key is a keyed hash. A row whose free_at is past means nothing and is dropped.
 */
#ifndef QUIRE_MODELS_LIMIT_H
#define QUIRE_MODELS_LIMIT_H

#include "schema/registry.h"

enum limit_field { LIMIT_ID, LIMIT_FREE_AT, LIMIT__MAX };
extern const struct resource limit_resource;

/* Takes one of N per period, if there is one left (GCRA: N at once, then one every period / N). free_at is when all N
 * will be free again. Binds id, step, step, period, step: all in microseconds, step = period / N. The insert id tells
 * how long that is from now on, were one more taken: more than the period: none was left, and nothing has been taken;
 * 0: the row is new, and it is one step. Outside of any transaction: a row is locked for one statement only; or as the
 * last statement before COMMIT. */
extern const struct statement limit_take;
/* Drops some rows that mean nothing any more. */
extern const struct statement limit_purge;

/* A place: an account's name together with an address from which somebody tried to log in. */
enum place_field { PLACE_ID, PLACE_FAILURES, PLACE_FREE_AT, PLACE_KNOWN_UNTIL, PLACE_KEPT_UNTIL, PLACE__MAX };
extern const struct resource place_resource;

/* Notes one try to log in, as a failed one, unless the place must still wait. Binds id, memory, memory, patience,
 * longest, patience, memory: memory is in seconds (failures are forgotten so long after the last), patience the
 * failures after which the next must wait, longest the longest wait in seconds. The insert id is twice the microseconds
 * that it must wait, and one more when the place is known. Outside of any transaction, too. */
extern const struct statement place_try;
/* Somebody has shown there who they are: failures are forgotten, and the place is known. Binds id, seconds, seconds:
 * how long it stays so. */
extern const struct statement place_welcome;
extern const struct statement place_purge;

#endif
