/*
 * reply: the answer being made: status, headers, body; and the wire form of errors, known only here.
 *
 *     struct reply r;
 *     reply_init(&r, a);
 *     r.status = 201;
 *     reply_header(&r, "Location", "%s/posts/%" PRId64, base, id);
 *     render_cells(&r.body, shape, cells);
 *     sent = fcgi_send(f, reply_head(&r, a), reply_body(&r, head_only));
 */
#ifndef QUIRE_HTTP_REPLY_H
#define QUIRE_HTTP_REPLY_H

#include "base/buf.h"
#include "base/err.h"

struct arena;

enum { REPLY_MAX_BYTES = 48 << 20, REPLY_HEADER_BYTES = 64 << 10 };

/* How many statuses an answer can have. */
enum { REPLY_STATUSES = 21 };

struct reply {
    unsigned status;    /* 200 */
    struct buf headers; /* whole lines, CRLF-ended */
    struct buf body;
    const char *content_type;
};

/* The statuses in their order, i < REPLY_STATUSES; and which of them one is, REPLY_STATUSES for any other. */
unsigned reply_status(unsigned i);
unsigned reply_status_index(unsigned status);
/* An empty 200. */
void reply_init(struct reply *r, struct arena *a);
/* Adds a header. Control characters in the value (a header must not be split) become blanks. One that does not fit into
 * REPLY_HEADER_BYTES is left out whole. */
void reply_header_str(struct reply *r, const char *name, str value);
/* The same; the value is formatted as printf does. */
void reply_header(struct reply *r, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* 204, no body. */
void reply_empty(struct reply *r);
/* Makes the reply the error's: {"detail": …}; X-Error-Code, WWW-Authenticate and Retry-After where due. Headers added
 * before stay. */
void reply_error(struct reply *r, err e);
/* Gives an error that reply_error() has made, now or for a first request with the same Idempotency-Key, the form of RFC
 * 9457; instance: the path that was asked for. */
void reply_as_problem(struct reply *r, str instance);
/* The head of the answer in CGI form, with the length of its body, and the blank line. */
str reply_head(const struct reply *r, struct arena *a);
/* What follows it: the reply's own bytes, nothing for a status without a body and when head_only. */
str reply_body(const struct reply *r, bool head_only);

#endif
