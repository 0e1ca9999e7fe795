/*
 * accept: which form of an error the client wants (RFC 9110, section 12.5.1): plain JSON, unless it asks for that of
 * RFC 9457.
 *
 *     if (accept_problem(q.accept)) { reply_as_problem(&reply, q.path); }
 */
#ifndef QUIRE_HTTP_ACCEPT_H
#define QUIRE_HTTP_ACCEPT_H

#include <stdbool.h>

#include "base/str.h"

/* Whether an Accept names application/problem+json, and not with q=0. Other weights do not count: who names it knows
 * it. */
bool accept_problem(str accept);

#endif
