/*
 * caching: who may keep an answer, and for how long (RFC 9111; stale-while-revalidate and stale-if-error: RFC 5861).
 *
 * It follows from the route, from who asks and from how it went; a handler has no part in it:
 *
 *     what anybody may read, asked for without Authorization and without Cookie   everybody, for a moment
 *     the same with one of them, and what only who is signed in may read          the client alone, who asks each time
 *     secrets, health, whatever is no GET, and every error                        nobody
 *
 * So "public" never stands on an answer to a request that said who is asking, not even on one that would be the same
 * for everybody: a web server in front needs no other rule (nginx.conf.example has that one besides).
 *
 * A moment is a second, one more while somebody fetches the next answer, and ten while nobody can be asked. That is for
 * caches that many share; a browser asks each time (its ETag makes that cheap), so that who has just logged in sees
 * nothing of before.
 *
 *     caching_put(&c, e, cors_varies(&d->cors));      // Cache-Control: no-store, Vary: Origin
 */
#ifndef QUIRE_HTTP_CACHING_H
#define QUIRE_HTTP_CACHING_H

#include "base/err.h"
#include "http/call.h"

/* Adds Cache-Control and Vary to the answer, once it is made; e is the error that it is, or NULL. An answer to OPTIONS
 * gets no Cache-Control. */
void caching_put(struct call *c, err e, bool varies_by_origin);
/* For `quire routes`: "public", "minutes", "private" or "never": who may keep the answer to somebody who does not say
 * who they are, while PUBLIC_READ is on. */
const char *caching_name(const struct route *route);

#endif
