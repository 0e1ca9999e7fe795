/*
 * fetch: the door to libcurl: one JSON text sent to an http or https address by POST, and what came back.
 *
 * It is asked for once and no more: no redirect is followed (the answer is then a 3xx), no cookie kept, no proxy of the
 * environment used, no compression offered. Certificates are verified against the system's store. What the network does
 * is told in the answer's result, never as an err; an err is only what `beat` failed with.
 *
 * The bearer token stands in the request alone: in no result and no reason. The answer's texts live in the arena; the
 * library's handles are freed before the call returns, whatever happened.
 *
 *     struct fetch_request r = {.url = url, .bearer = key, .body = json, .connect_ms = 5000, .total_ms = 30000,
 *                               .most = 1 << 20};
 *     struct fetch_answer got;
 *     TRY(fetch_post(a, &r, &got));
 *     if (got.result == FETCH_ANSWERED && got.status == 200) ...
 */
#ifndef QUIRE_IO_FETCH_H
#define QUIRE_IO_FETCH_H

#include "base/err.h"

struct arena;

struct fetch_request {
    str url;
    str bearer;                              /* visible ASCII; empty: no Authorization is sent */
    str body;                                /* JSON */
    int64_t connect_ms;                      /* for name, connection and TLS; at least 1 */
    int64_t total_ms;                        /* for everything; at least 1 */
    size_t most;                             /* bytes of the answer's body that are taken */
    err (*beat)(void *ctx, struct arena *a); /* called about once a second while it lasts; may be NULL */
    void *ctx;
};

enum fetch_result {
    FETCH_ANSWERED, /* whole; status says what */
    FETCH_TIMEOUT,  /* connect_ms or total_ms were not enough */
    FETCH_BROKEN,   /* nobody there, or the connection broke: another time it may succeed */
    FETCH_REFUSED, /* the certificate, the address or the protocol is not good: it will not be better another time */
    FETCH_TOO_LARGE /* more than `most` bytes */
};

struct fetch_answer {
    enum fetch_result result;
    str why;         /* unless answered: for the log, at most a few hundred bytes */
    unsigned status; /* these only when answered */
    str type;        /* Content-Type; empty when there was none */
    str body;
    int64_t retry_after; /* seconds, of Retry-After in both of its forms; 0: not said */
};

MUST_USE err fetch_post(struct arena *a, const struct fetch_request *r, struct fetch_answer *out);

#endif
