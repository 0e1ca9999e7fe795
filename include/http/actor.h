/*
 * actor: who asks: the bearer token checked (that of the header goes before that of a cookie), and the session and the
 * account behind it looked up in one indexed statement, for each request: what is revoked is dead on every worker at
 * once. What roles give is asked for in a second one, of who has any; not by a route that only makes a row of theirs
 * (crud_create).
 *
 *     TRY(actor_identify(c, ACCESS_USER));
 *     if (c->actor.admin) ...
 */
#ifndef QUIRE_HTTP_ACTOR_H
#define QUIRE_HTTP_ACTOR_H

#include "http/call.h"
#include "http/route.h"

/* Fills c->actor as the access asks, and as the route does: with .by_refresh, whoever has no good access token is known
 * by the cookie of a refresh token. ERROR_UNAUTHENTICATED without a token where one is needed, ERROR_INVALID_TOKEN for
 * one that does not hold or an account that is switched off, ERROR_FORBIDDEN for a person without the role that the
 * access asks for, ERROR_FOREIGN_ORIGIN for a write with a cookie from a foreign page; and the errors of the
 * database. */
MUST_USE err actor_identify(struct call *c, enum access access);

#endif
