/*
 * watch: says how far a statement is that takes long: a process beside the runner, which is waiting for the server's
 * answer meanwhile. After WATCH_QUIET seconds comes a line with the migration, the statement, the seconds, and the
 * server's own progress where it reports any (MariaDB does for ALTER TABLE and a few others); on a terminal the line is
 * written again every second, elsewhere there is another every WATCH_EVERY seconds.
 *
 * The process has a connection of its own and none of the runner's; it ends with the runner, also when that is killed.
 * It is a comfort: where it cannot start or cannot connect, nothing is said, and nothing fails.
 *
 *     struct watch w;
 *     watch_start(&w, db_target_of(db), connection, stderr);
 *     watch_begin(&w, STR("0002_summary: statement 1 of 3"));
 *     ... the statement ...
 *     watch_end(&w);
 *     watch_stop(&w);
 */
#ifndef QUIRE_MIGRATE_WATCH_H
#define QUIRE_MIGRATE_WATCH_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/str.h"

struct db_target;

enum { WATCH_QUIET = 2, WATCH_EVERY = 5 };

struct watch {
    int channel; /* -1: nobody is watching */
    pid_t pid;
};

/* Starts to watch the connection of that id. progress NULL: nobody watches. */
void watch_start(struct watch *w, const struct db_target *target, int64_t connection, FILE *progress);
/* A statement is sent; what: as the line begins. */
void watch_begin(struct watch *w, str what);
/* It is answered. Whatever is said afterwards stands in a line of its own. */
void watch_end(struct watch *w);
/* Ends the process. */
void watch_stop(struct watch *w);

#endif
