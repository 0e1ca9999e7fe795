/*
 * cors: cross-origin requests as the Fetch standard says: who may read our answers, and how a browser is told.
 *
 * CORS_ORIGINS lists the allowed origins; `*` allows every one, without credentials. An origin that is not
 * allowed gets an answer without the headers: the browser does the rest.
 *
 *     cors_apply(&cors, request, reply);
 *     if (cors_is_preflight(request)) cors_preflight(&cors, request, reply);
 */
#ifndef QUIRE_HTTP_CORS_H
#define QUIRE_HTTP_CORS_H

#include "conf/settings.h"
#include "http/reply.h"
#include "http/request.h"

enum { CORS_MAX_ORIGINS = SETTINGS_MAX_ORIGINS };

struct cors {
    str origins[CORS_MAX_ORIGINS];
    unsigned count;
    bool any;
    bool credentials;
};

/* Reads a comma-separated list, checked by the settings. */
void cors_init(struct cors *c, str origins, bool credentials);
/* Whether pages of that origin are listed and may send cookies; `*` lists none. */
bool cors_trusts(const struct cors *c, str origin);
/* Whether answers differ by origin: then each carries `Vary: Origin`, whoever asks (http/caching). */
bool cors_varies(const struct cors *c);
/* Adds for an allowed origin Allow-Origin, -Credentials, Expose-Headers. */
void cors_apply(const struct cors *c, const struct request *q, struct reply *r);
/* An OPTIONS request with Origin and Access-Control-Request-Method. */
bool cors_is_preflight(const struct request *q);
/* 204 with what is allowed: every method of the API (Allow says which of them a path knows) and the headers
 * asked for. */
void cors_preflight(const struct cors *c, const struct request *q, struct reply *r);

#endif
