/*
 * dispatch: one request from its parameters to its last byte: the stages of ARCHITECTURE.md in their order.
 *
 * A dispatch belongs to one worker: it holds the connection, the arena, the key. Handlers never begin or
 * commit: dispatch opens the transaction of a writing route, commits on success, rolls back otherwise, and
 * runs the handler again (arena rewound) where http/retry says so.
 *
 *     struct dispatch *d;
 *     TRY(dispatch_open(&life, settings, routes, &openapi, &d));
 *     if (fcgi_accept(f)) dispatch_serve(d, f);
 */
#ifndef QUIRE_HTTP_DISPATCH_H
#define QUIRE_HTTP_DISPATCH_H

#include "base/err.h"

struct arena;
struct dispatch;
struct document;
struct fcgi;
struct router;
struct settings;
struct station;

/* Everything a worker needs, in the arena of its life; settings, router and document must outlive it.
 * Connects; when the database is away the log says so, and the first request tries again. */
MUST_USE err dispatch_open(struct arena *life, const struct settings *settings, const struct router *router,
                           const struct document *openapi, struct dispatch **out);
/* Says which pool it serves in, and so where it counts; until then in none. The station must outlive it. */
void dispatch_station(struct dispatch *d, const struct station *station);
/* Answers the accepted request, whatever happens, and logs one line. */
void dispatch_serve(struct dispatch *d, struct fcgi *f);
/* Closes the connection. */
void dispatch_close(struct dispatch *d);

#endif
