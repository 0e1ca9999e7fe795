/*
 * scoreboard: the memory that the parent and the workers share: what each worker is doing, and who is hashing
 * a password.
 *
 * It is a memfd of fixed size: made by the parent, inherited by the zygotes across exec at descriptor SCOREBOARD_FD
 * and by the workers that they fork, gone with the last process that has it. It begins with the shape it was made in: a
 * program that has another shape, taken up by SIGHUP, does not attach (then a restart is needed). Everything in it is
 * atomic and none of it is trusted with more than a worker's life: a worker that scribbles in it can get itself and its
 * like replaced.
 *
 *     TRY(scoreboard_create(a, 8, 2, &board));                       // the parent
 *     TRY(scoreboard_attach(a, SCOREBOARD_FD, &board));              // a worker
 *     struct worker_slot *slot = scoreboard_slot(board, 3);
 *     scoreboard_begin(slot);                                        // … a request …
 *     if (!scoreboard_end(slot, true)) leave();
 */
#ifndef QUIRE_HTTP_SCOREBOARD_H
#define QUIRE_HTTP_SCOREBOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct arena;
struct scoreboard;

/* Where a worker finds the scoreboard's descriptor. */
enum { SCOREBOARD_FD = 3 };

/* One worker's line, on a cache line of its own. */
struct worker_slot {
    /* clock_steady() when it began a request; 0: idle; < 0: condemned. */
    _Alignas(64) _Atomic int64_t busy_since;
    /* Microseconds that a request of it may take before it is killed; 0: no limit. Its own settings say how many. */
    _Atomic int64_t limit;
    _Atomic uint64_t served; /* requests since the worker began */
    _Atomic int ready;       /* enum worker_state */
    _Atomic int admitted;    /* the process that may have this line; 0: nobody yet */
};

enum worker_state {
    WORKER_STARTING,
    WORKER_READY, /* it waits for requests, or serves them */
    WORKER_TIRED  /* … and has served as many as it should: somebody else is to take its place */
};

/* A new scoreboard for `slots` workers of which `holders` may hash a password at once (both > 0), with this
 * process as the parent. It lives until the process ends. ERROR_INTERNAL when the system has no memory for
 * it. */
MUST_USE err scoreboard_create(struct arena *a, unsigned slots, unsigned holders, struct scoreboard **out);
/* The scoreboard behind an inherited descriptor. ERROR_INTERNAL when it is none, or of another version. */
MUST_USE err scoreboard_attach(struct arena *a, int fd, struct scoreboard **out);
/* The descriptor to hand to a worker; close-on-exec. */
int scoreboard_fd(const struct scoreboard *board);
/* The process that made it. */
pid_t scoreboard_parent(const struct scoreboard *board);
/* A worker's line; NULL when there are not so many. */
struct worker_slot *scoreboard_slot(struct scoreboard *board, unsigned slot);
/* For password_limit(): the holders of the hashing slots, and how many there are. */
_Atomic int *scoreboard_holders(struct scoreboard *board, unsigned *count);

/* The whole pool stops. Workers of a socket, which has no name any more, empty the queue before they leave; those of a
 * table of jobs give back what they have begun. */
void scoreboard_drain(struct scoreboard *board);
bool scoreboard_draining(const struct scoreboard *board);

/* The parent: the line is this process's. */
void scoreboard_admit(struct worker_slot *slot, pid_t worker);
/* A new worker: waits until the line is given away, some seconds at most. Whether it is this process's: who is forked
 * by a zygote that dies before its parent has heard of it must not serve. */
MUST_USE bool scoreboard_admitted(struct worker_slot *slot);
/* A worker: a request may come now. */
void scoreboard_begin(struct worker_slot *slot);
/* A worker: it has ended. `served` is whether there was one. False when the parent has condemned this worker
 * meanwhile: it may not begin another. */
MUST_USE bool scoreboard_end(struct worker_slot *slot, bool served);
/* The parent: condemns a worker whose request has taken longer than its limit at `now` (clock_steady()); true when it
 * did so now. Such a worker can be killed without harm to a later request. */
bool scoreboard_condemn(struct worker_slot *slot, int64_t now);
/* The parent: a line for a new worker. */
void scoreboard_clear(struct worker_slot *slot);
/* The parent: gives back what a dead worker held; returns how many hashing slots that were. */
unsigned scoreboard_release(struct scoreboard *board, pid_t dead);

#endif
