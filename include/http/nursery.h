/*
 * nursery: the zygotes of a pool (http/zygote), as its parent sees them: at any time one from which workers are forked.
 *
 * There is a new one when a reload wants the program and the settings that are there now, and when a worker has died of
 * a fault: then those who come have other addresses and another stack protector than the dead one, so that nobody can
 * learn them crash by crash (Bittau et al., "Hacking Blind", 2014). A new zygote is on trial until one of its workers
 * serves; until then the one before it is kept, and nursery_revert() goes back to it. After a fault that is tried again
 * and again, with growing delays, until a new one has proved itself; meanwhile, once the first try has failed, the one
 * before serves on.
 *
 * Only a reload takes up what is new: a zygote that comes after a fault, or in a dead one's place, is of the kit
 * (http/spawn) of those who have served, as workers that nginx or Apache replace are of the program that their master
 * is.
 *
 * Nothing here waits, but for the answer of a zygote that forks, which has nothing else to do; one that does not
 * answer within five seconds is killed.
 *
 *     nursery_tick(n, now);
 *     if (nursery_can_fork(n)) pid = nursery_fork(n, listener, slot, &brood);
 *     …                                   // the worker is ready
 *     nursery_prove(n, brood);
 */
#ifndef QUIRE_HTTP_NURSERY_H
#define QUIRE_HTTP_NURSERY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "http/spawn.h"

struct arena;
struct nursery;

/* What became of the zygote that was wanted last. */
enum nursery_trial { NURSERY_COMING, NURSERY_READY, NURSERY_LOST };

/* A nursery without a zygote: the first tick starts one. This process adopts orphans from now on. */
struct nursery *nursery_open(struct arena *a, const struct spawn *spawn);
/* Hears whether a zygote has become ready, kills one that does not within thirty seconds, starts one where none is,
 * after a quick death not before a delay that doubles from 100 ms to 5 s. Returns milliseconds until it must be called
 * again. */
int nursery_tick(struct nursery *n, int64_t now);
/* Takes note of a dead child; false when it was none of its own. */
bool nursery_bury(struct nursery *n, pid_t pid, int status, int64_t now);
/* Wants a new zygote, at once; one on trial is given up. */
void nursery_renew(struct nursery *n);
/* A worker of this brood, which has served, died of a fault: wants a zygote that was executed since. */
void nursery_fault(struct nursery *n, unsigned brood);
enum nursery_trial nursery_trial(const struct nursery *n);
/* Whether the zygote of this brood is on trial. */
bool nursery_on_trial(const struct nursery *n, unsigned brood);
/* The number of the newest brood; those of older ones were forked by older zygotes. */
unsigned nursery_newest(const struct nursery *n);
/* Whether a worker can be forked now: not, after a fault, while the first zygote since is coming. */
bool nursery_can_fork(const struct nursery *n);
/* Forks a worker; listener becomes its socket, -1: none. Its process id, a child of this process, and in *brood
 * whose it is; or -1 with errno. It waits until it is admitted (http/scoreboard). */
pid_t nursery_fork(struct nursery *n, int listener, unsigned slot, unsigned *brood);
/* A worker of this brood serves: its zygote is no longer on trial, the one before it ends. */
void nursery_prove(struct nursery *n, unsigned brood);
/* The zygote on trial is no good: back to the one before it, when there is one. */
void nursery_revert(struct nursery *n, int64_t now);
/* Has the zygotes open their log file again. */
void nursery_reopen_log(const struct nursery *n);
/* Has all zygotes end, and starts none any more. */
void nursery_close(struct nursery *n);
/* Kills those who have not ended by themselves. */
void nursery_kill(const struct nursery *n);
/* How many are not buried yet. */
unsigned nursery_alive(const struct nursery *n);

#endif
