/*
 * fcgi: the door to libfcgi: one request at a time, safe against signals. The socket itself is io/listener's.
 *
 * The listening socket is non-blocking. All asynchronous signals are blocked in a worker except while it
 * waits in fcgi_wait(), so that a signal can neither cut a request nor be lost. fcgi_accept() then takes a
 * request, or says that another worker was faster. Everything a request hands out (parameters) points into
 * libfcgi's memory and dies with fcgi_send() or fcgi_abandon(): whoever needs it longer copies it.
 *
 * A connection carries one request, unless the worker may keep some: then it watches all of them and the listening
 * socket, and answers whichever speaks first, each in its turn. A request on a kept connection waits for this worker
 * even when others are idle; and what is on its way to a worker that leaves or dies is lost. So keep connections only
 * where requests are short and may be asked again: of a web server that sends nothing but GET and HEAD. A peer that
 * sends half a request blocks its worker until it sends the rest or leaves; the pool ends such a worker after
 * WORKER_TIMEOUT. Who may connect is a matter of the socket's mode.
 *
 *     struct fcgi *f;
 *     TRY(fcgi_open(a, listening_fd, 0, &f));
 *     while (fcgi_wait(f, &waiting_mask, timeout_ms) == FCGI_READY) {
 *         if (fcgi_accept(f)) {
 *             TRY(fcgi_read_body(f, a, 1 << 20, content_length, &body));
 *             fcgi_send(f, head, body);      // ends the request
 *         }
 *     }
 *
 * Source: FastCGI Specification 1.0 (M. R. Brown, 1996), sections 2 to 6.
 */
#ifndef QUIRE_IO_FCGI_H
#define QUIRE_IO_FCGI_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct arena;
struct fcgi;

enum fcgi_event { FCGI_READY, FCGI_SIGNAL, FCGI_NOTHING };

/* A responder on a listening socket, which becomes non-blocking for all who share it; it lives until the
 * process ends, so call it once. At most `keep` connections stay open after a request, where the web server wishes it;
 * 0: none. SIGPIPE is ignored from now on; no other signal is touched. */
MUST_USE err fcgi_open(struct arena *a, int listener, size_t keep, struct fcgi **out);
/* Waits for a request with the signal mask `waiting`; timeout in milliseconds, -1 for none. A signal that
 * was pending is handled first, even when connections wait: under load they always do. FCGI_NOTHING: the time is
 * up, or the web server has closed a kept connection. */
enum fcgi_event fcgi_wait(struct fcgi *f, const sigset_t *waiting, int timeout_ms);
/* Takes the next request, without waiting for a connection. False when there was none after all: another worker was
 * faster, or a kept connection has broken. */
bool fcgi_accept(struct fcgi *f);
/* From now on only what comes on kept connections is waited for: for a worker that leaves. fcgi_accept() still takes
 * what waits at the socket, after an fcgi_wait() that saw no kept connection. */
void fcgi_refuse(struct fcgi *f);
/* How many connections are kept. The web server closes them: what is on its way on one that is closed here is lost. */
size_t fcgi_kept(const struct fcgi *f);
/* The parameters as "NAME=value" C strings, NULL-terminated. */
char *const *fcgi_params(const struct fcgi *f);
/* Reads the body to its end. ERROR_TOO_LARGE as soon as it exceeds limit bytes (at most 1 GiB), or, before
 * anything is read, when the announced content_length does; ERROR_BAD_REQUEST when it was cut short or its
 * length differs from content_length (-1 when not announced). Call it for a request without a body, too: it
 * makes ending the connection cheaper. */
MUST_USE err fcgi_read_body(struct fcgi *f, struct arena *a, size_t limit, int64_t content_length, str *body);
/* Reads the next bytes of the body, at most `room`, for whoever does not want it whole; *n is 0 at its end.
 * ERROR_BAD_REQUEST when it was cut short. */
MUST_USE err fcgi_read_some(struct fcgi *f, struct arena *a, char *p, size_t room, size_t *n);
/* Whether the web server has given up on this request. */
bool fcgi_client_gone(const struct fcgi *f);
/* Sends the whole answer (CGI head with its blank line, body) and ends the request. False when it could not be
 * sent. */
bool fcgi_send(struct fcgi *f, str head, str body);
/* Ends the request without an answer, when fcgi_send was not called; else does nothing. */
void fcgi_abandon(struct fcgi *f);

#endif
