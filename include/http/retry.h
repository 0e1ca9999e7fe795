/*
 * retry: whether a request whose attempt has failed is tried again, from its start: by dispatch, when the attempt is
 * rolled back, so that it has left nothing behind.
 *
 * Others were in the way (db_contended): up to RETRY_CONTENDED times, each after a pause by chance that grows, so that
 * those who collided do not collide again. The connection was lost before COMMIT: once. Not when RETRY_SECONDS have
 * passed: the client has waited enough, and the web server will soon give up. What a replica could not answer, or has
 * not heard of yet, is asked of the primary; on a node of a cluster, what is not there is looked for once more. Those
 * two count for none of that.
 *
 *     struct retry retry = retry_begin(c);
 *     while ((e = attempt(c)) != NULL) {
 *         db_rollback(c->db);
 *         if (!retry_again(&retry, c, e)) return e;
 *     }
 *     c->db = retry.primary;
 */
#ifndef QUIRE_HTTP_RETRY_H
#define QUIRE_HTTP_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct call;
struct db;

enum { RETRY_CONTENDED = 8, RETRY_LOST = 1, RETRY_SECONDS = 10 };

struct retry {
    struct db *primary; /* of the call, which may be at a replica meanwhile */
    int64_t begun;
    unsigned contended; /* so often were others in the way */
    unsigned lost;      /* so often was the connection */
    bool looked_again;
};

/* The call's first attempt begins. */
struct retry retry_begin(const struct call *c);
/* An attempt has failed with e: whether there is to be another one. Counts those that the metrics count, and waits some
 * milliseconds where others were in the way. The call is at the primary from now on. */
bool retry_again(struct retry *r, struct call *c, err e);

#endif
