/*
 * fcgi_client: asks a pool something as the web server would: one GET over its socket. For looking whether it answers;
 * requests are nginx's business.
 *
 *     unsigned status;
 *     TRY(fcgi_client_get(a, STR("unix:/run/quire/web.sock"), STR("/health/live"), 2000, &status));
 *
 * Source: FastCGI Specification 1.0 (M. R. Brown, 1996), sections 3 and 5.
 */
#ifndef QUIRE_IO_FCGI_CLIENT_H
#define QUIRE_IO_FCGI_CLIENT_H

#include "base/err.h"

struct arena;

/* Sends a GET of that path and reads the answer's status. address as listener_open() takes it; millis bounds the whole
 * exchange. Fails, with a cause in plain words: ERROR_NOT_FOUND when there is no such socket, ERROR_UNAVAILABLE when
 * nobody listens, or no answer comes in time or none that is FastCGI, ERROR_FORBIDDEN when we may not connect. */
MUST_USE err fcgi_client_get(struct arena *a, str address, str path, int millis, unsigned *status);

#endif
