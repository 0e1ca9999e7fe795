/*
 * process: one process of a pool as it begins: its line of the scoreboard, its signals, its parent's death.
 *
 * Such a process is forked by a zygote (http/zygote) when http/crew wants one, with the scoreboard as SCOREBOARD_FD and
 * settings that are shared with all who come of that zygote.
 *
 * Signals: SIGTERM and SIGQUIT ask it to leave when what it does is done; SIGUSR1 to open the log file again; SIGINT
 * and SIGHUP are the parent's business. They are taken only while it waits, with the mask `waiting`. When the parent
 * dies the process gets SIGTERM (PR_SET_PDEATHSIG).
 *
 *     struct process p;
 *     TRY(process_open(&life, &settings, slot, 60, &p));
 *     process_ready(&p);
 *     while (!process_must_leave()) { if (!work()) process_sleep(&p, 50); process_hear(&p); }
 */
#ifndef QUIRE_HTTP_PROCESS_H
#define QUIRE_HTTP_PROCESS_H

#include <signal.h>
#include <stdbool.h>

#include "base/err.h"

struct arena;
struct metrics;
struct scoreboard;
struct settings;
struct worker_slot;

struct process {
    struct scoreboard *board;
    struct worker_slot *slot;
    struct metrics *metrics; /* what it counts; may be NULL */
    unsigned seat;           /* which of the pool's, from 0: its successors have the same */
    const char *log_file;
    sigset_t waiting; /* the signal mask while it waits */
};

/* Blocks everything that may come at any time, for good: for a process that waits for its parent alone. */
void process_be_quiet(void);
/* Makes this process one of the pool; `slot` is its line in the scoreboard, `limit` the seconds that one piece of its
 * work may take before it is killed (0: no limit). Call once, first of all, and after the fork. ERROR_INTERNAL with a
 * cause when it was not started by a pool, or its parent has not heard of it. */
MUST_USE err process_open(struct arena *life, const struct settings *settings, unsigned slot, int64_t limit,
                          struct process *out);
/* Tells the parent that it waits for work now. */
void process_ready(const struct process *p);
/* Tells the parent that it has served as many as it should: it goes on until a successor is there, and is then told to
 * go. */
void process_tired(const struct process *p);
/* A piece of work begins, and ends; served: there was one. False when the parent has condemned this process meanwhile:
 * it must leave. */
void process_begin(const struct process *p);
MUST_USE bool process_end(const struct process *p, bool served);
/* Call it after each waiting: opens the log file again when it was told to. */
void process_hear(const struct process *p);
/* Whether it was told to leave. */
bool process_must_leave(void);
/* Whether a worker that serves a request was asked to leave when that is done: then it should not wait for long. */
bool process_asked_to_leave(void);
/* Waits so many milliseconds, or until a signal comes. */
void process_sleep(const struct process *p, int milliseconds);

#endif
