/*
 * access_log: one JSON line a request: time, request id, trace (base/trace_context), method, route, status,
 * milliseconds, statements, who. Never a path, a query, a header or a body: what people send may be secret.
 *
 *     access_log(&call, &entry, failure);
 */
#ifndef QUIRE_HTTP_ACCESS_LOG_H
#define QUIRE_HTTP_ACCESS_LOG_H

#include "base/err.h"
#include "http/call.h"

struct access_entry {
    int64_t micros;      /* that it took */
    uint64_t statements; /* sent to the database for it */
    bool sent;           /* the answer was taken by the web server */
};

/* Writes the line. e is why the request failed, with the cause for the log, or NULL. */
void access_log(const struct call *c, const struct access_entry *entry, err e);
/* What other lines about a request begin with, too: its ids, method, route and status, as members of an object that has
 * others before. */
void access_log_request(struct buf *line, const struct call *c);
/* Microseconds as milliseconds with three decimals. */
void access_log_millis(struct buf *line, int64_t micros);

#endif
