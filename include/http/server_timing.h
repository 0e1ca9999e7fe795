/*
 * server_timing: where the time of a request went, in its answer: the header Server-Timing (W3C), for whoever asks with
 * X-Server-Timing: 1 and may know.
 *
 *     Server-Timing: total;dur=3.204, db;dur=1.870;desc="4 statements", hash;dur=0.000
 *
 * Only an admin may, and only where SERVER_TIMING is on: times, and how many statements there were, tell whether an
 * account exists and what is stored of it, and so a stranger who logs in must never see them. Nobody is signed in in a
 * log-in.
 *
 *     struct server_timing t = server_timing_begin(metrics, clock_steady());
 *     // … the request …
 *     server_timing_show(&t, &call, trace);
 */
#ifndef QUIRE_HTTP_SERVER_TIMING_H
#define QUIRE_HTTP_SERVER_TIMING_H

#include "http/call.h"
#include "io/trace.h"

struct metrics;

struct server_timing {
    int64_t start; /* clock_steady() */
    const struct password_meter *passwords;
    uint64_t hashing; /* what hashing had taken before */
};

struct server_timing server_timing_begin(struct metrics *m, int64_t start);
/* Adds the header to the reply, when it is asked for. trace may be NULL, and then nothing is told. */
void server_timing_show(const struct server_timing *t, const struct call *c, const struct trace *trace);

#endif
