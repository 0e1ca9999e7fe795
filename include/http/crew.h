/*
 * crew: the workers as their parent sees them: who serves, who is being started, who was told to go.
 *
 * The crew has a fixed number of seats. A seat has two places, each with a line in the scoreboard: the worker
 * that serves sits in one; when it is to be replaced its successor starts in the other, and only when that
 * one is ready is the first told to go. They are forked by a zygote (http/nursery). Nothing here waits: crew_tick()
 * looks at what has happened, does what is due, and says how long nothing will be due.
 *
 *     struct crew *crew = crew_open(a, &options);
 *     for (;;) { wait_for_a_signal(crew_tick(crew)); … crew_reload(crew); … }
 */
#ifndef QUIRE_HTTP_CREW_H
#define QUIRE_HTTP_CREW_H

#include <stdbool.h>
#include <stdint.h>

#include "http/spawn.h"

struct arena;
struct crew;
struct metrics;
struct scoreboard;

/* Lines of the scoreboard that a seat needs. */
enum { CREW_PLACES = 2 };

struct crew_options {
    struct spawn spawn;
    struct scoreboard *board; /* with seats x CREW_PLACES slots */
    struct metrics *metrics;  /* with as many places; may be NULL */
    unsigned seats;
    /* Of each seat: its worker's socket, -1: none; they may all be the same. It lives as long as the crew. */
    const int *listeners;
};

/* A crew without workers: the first tick starts them. It lives in the arena. */
struct crew *crew_open(struct arena *a, const struct crew_options *options);
/* Takes note of the dead, starts those who are due, tells those to go who are replaced, kills those who hang.
 * A worker that dies is replaced at once; one that dies within a second of its start after a while (http/backoff),
 * without an end; one that has served and dies of a fault of its own by one that comes of a new zygote. Returns the
 * milliseconds until it must be called again; SIGCHLD is a reason to call it earlier. */
int crew_tick(struct crew *crew);
/* Has every worker replaced, one after another, by those of a new zygote. When that, or the first of them, does not get
 * ready, all stays as it is and the log says why; a later one is tried again with growing delays. Asked for again
 * meanwhile, it begins anew. */
void crew_reload(struct crew *crew);
/* Whether every seat has a worker that is ready, and nobody is still to be replaced. */
bool crew_settled(const struct crew *crew);
/* Has all workers, and who forks them, open their log file again. */
void crew_reopen_log(struct crew *crew);
/* Tells all workers to finish their request and go; nobody is started any more, and the zygote ends. */
void crew_stop(struct crew *crew);
/* Kills those who are left; `why` is for the log. */
void crew_kill(struct crew *crew, const char *why);
/* The number of living processes, of whatever state. */
unsigned crew_alive(const struct crew *crew);

#endif
