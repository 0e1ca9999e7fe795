/*
 * work: one process of `quire work`: takes jobs (compose/job), has their threads composed, writes their ends; or, on
 * the first seat of the pool, sends mails (mail/postman).
 *
 * It is a process of a pool (http/process), forked by `quire job-worker`, with a database connection of its own.
 * Between jobs it looks for one every few milliseconds while there is something to do, less often when there is not.
 * When it is told to leave it finishes the job in hand; when the whole pool stops it gives the job back, for whoever
 * comes next.
 *
 * The database may go away at any time: the process waits and tries again; the lease of the job in hand is prolonged
 * when it is back, or lost, and then its result is thrown away.
 *
 *     // what the zygote of subcommand "job-worker" has each of its workers do
 *     return work_main(&settings, slot);
 */
#ifndef QUIRE_COMPOSE_WORK_H
#define QUIRE_COMPOSE_WORK_H

#include <stdint.h>

struct settings;

/* The seat of the pool that sends mails; the others compose threads. */
enum { WORK_POSTMAN_SEAT = 0 };

/* Works until it is told to leave. `slot` is its line in the scoreboard. Returns the process's exit status: 0, or 1
 * with the reason in the log. */
int work_main(const struct settings *settings, unsigned slot);

#endif
