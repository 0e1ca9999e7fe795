/*
 * metrics: what the processes of a pool count, in memory that they share: requests by route and status, how long they
 * took, statements, retries, restarts, reloads.
 *
 * Each worker has a place of its own and is its only writer, so that counting is a handful of plain additions: no lock,
 * no allocation, no text (base/counter). A place keeps its counts when its worker is replaced. The parent counts
 * restarts and reloads, beside the places. The memory is made before the first worker and inherited across exec at
 * descriptor METRICS_FD. Series are named in it, so that a program of another version, taken up by SIGHUP, finds those
 * that it knows; requests of routes that the parent did not know are counted under the route "other".
 *
 * With a folder (METRICS_DIR) the memory is a file there, POOL.metrics, so that a scrape of any pool shows all of one
 * machine (http/metrics_sum reads them); the parent holds a lock on it as long as it lives, and removes it when it
 * ends. Without a folder, or when the file cannot be made, it is a memfd that only this pool sees.
 *
 * Nothing here can fail a request: when the file is cut short under a worker, it goes on counting into memory of its
 * own until it is replaced; a worker that cannot attach counts nothing, and the log says so. NULL is no metrics: every
 * function that counts takes it and does nothing.
 *
 *     struct metrics *m = metrics_create(life, &options);                  // the parent
 *     struct metrics *m = metrics_attach(life, METRICS_FD, place);         // a worker
 *     metrics_know(m, life, router);
 *     metrics_request(m, &(struct metrics_request){METHOD_GET, 3, 200, micros, true});
 */
#ifndef QUIRE_HTTP_METRICS_H
#define QUIRE_HTTP_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "http/request.h"

struct arena;
struct db_figures;
struct metrics;
struct password_meter;
struct router;

/* Where a worker finds the memory's descriptor: behind the scoreboard's. */
enum { METRICS_FD = 4 };

/* What a worker is doing. */
enum metrics_state { METRICS_NOBODY, METRICS_STARTING, METRICS_IDLE, METRICS_BUSY, METRICS_STATE__MAX };
/* Why a worker was replaced: it had served enough; a reload; it died; its request took too long; it did not get
 * ready. */
enum metrics_restart {
    METRICS_SERVED,
    METRICS_RELOAD,
    METRICS_DIED,
    METRICS_HUNG,
    METRICS_UNREADY,
    METRICS_RESTART__MAX
};
/* What became of a reload: its first worker serves; or those of before serve on. */
enum metrics_result { METRICS_WELL, METRICS_FAILED, METRICS_RESULT__MAX };
/* Why a request was run again from its start. */
enum metrics_retry { METRICS_DEADLOCK, METRICS_LOCK_TIMEOUT, METRICS_CONNECTION_LOST, METRICS_RETRY__MAX };

struct metrics_options {
    str dir;  /* a folder, made when it is missing; empty: none */
    str pool; /* its name, as conf/check has it, unique on the machine */
    unsigned seats;
    unsigned places;             /* > 0 */
    const struct router *router; /* of the requests that the pool serves; NULL: none */
};

/* A request that was answered. */
struct metrics_request {
    enum method method;
    int route; /* its number (http/route), -1: none was found */
    unsigned status;
    int64_t micros; /* from its acceptance to the last byte of the answer */
    bool sent;      /* whether the web server took it */
};

/* The parent: new memory, with all counts at zero. NULL when the system has none, with a line in the log. */
struct metrics *metrics_create(struct arena *life, const struct metrics_options *options);
/* The descriptor to hand to a worker, close-on-exec; -1 without metrics. */
int metrics_fd(const struct metrics *m);
/* The parent, at its end: takes the file away, if there is one and it is still this pool's. */
void metrics_remove(struct metrics *m);
/* A worker: takes its place. NULL when the descriptor is no such memory or of another version, with a line in the
 * log. */
struct metrics *metrics_attach(struct arena *life, int fd, unsigned place);
/* A worker that serves requests: finds the series of its routes. */
void metrics_know(struct metrics *m, struct arena *life, const struct router *router);

/* The rest counts. By the parent: */
void metrics_restart(struct metrics *m, enum metrics_restart why);
void metrics_reload(struct metrics *m, enum metrics_result result);
void metrics_set_state(struct metrics *m, unsigned place, enum metrics_state state);
/* By a worker: */
void metrics_be(struct metrics *m, enum metrics_state state);
void metrics_request(struct metrics *m, const struct metrics_request *r);
void metrics_retry(struct metrics *m, enum metrics_retry why);
/* A piece of work was done that was no request: a thread composed, a mail sent. */
void metrics_work(struct metrics *m);
/* What its one connection has sent up to now; only what is new is added. */
void metrics_database(struct metrics *m, struct db_figures figures);
/* How many workers of the pool are in each state, and how many there are to be. False without metrics. */
bool metrics_states(const struct metrics *m, unsigned counts[METRICS_STATE__MAX], unsigned *seats);
/* Where its passwords are counted, for password_measure(); NULL without metrics. */
struct password_meter *metrics_passwords(struct metrics *m);

#endif
