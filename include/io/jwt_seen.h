/*
 * jwt_seen: the access tokens that a process has found good a moment ago. Whoever works with a token sends it with each
 * request, and checking its signature and claims takes more time than all else that a worker does for a request; so the
 * second time it is recognized by its SHA-256, which is all that is kept of it.
 *
 * Only good tokens are kept, so nobody fills the table with rubbish; it has JWT_SEEN places, and of two tokens that
 * fall on one place the later stays. What depends on the time is asked each time. Whether the session behind a token
 * lives is, as always, asked of the database. The table belongs to one ring, whose keys do not change.
 *
 *     ring.seen = jwt_seen_new(life);
 *     TRY(jwt_verify(a, &ring, token, now, &claims));      // looks there first, and keeps there what is good
 */
#ifndef QUIRE_IO_JWT_SEEN_H
#define QUIRE_IO_JWT_SEEN_H

#include <stdbool.h>

#include "io/jwt.h"

enum { JWT_SEEN = 512 };

struct jwt_seen;

/* An empty table, some 40 KiB, living as long as the arena. */
struct jwt_seen *jwt_seen_new(struct arena *life);
/* Whether the token was kept, has not expired at `now` (seconds), and the clock has not gone back since; then *claims
 * is what was kept with it. */
bool jwt_seen_find(struct jwt_seen *seen, str token, int64_t now, struct jwt_claims *claims);
/* Keeps a token that was found good at `now`. */
void jwt_seen_keep(struct jwt_seen *seen, str token, int64_t now, const struct jwt_claims *claims);

#endif
