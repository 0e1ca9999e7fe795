/*
 * progress: how far a community is, on standard error: a bar where that is a terminal, else a line every few seconds.
 *
 *     struct progress p;
 *     progress_start(&p, stop);
 *     err e = seed_run(db, a, &order, &p.watch);
 *     progress_end(&p);
 */
#ifndef QUIRE_CMD_PROGRESS_H
#define QUIRE_CMD_PROGRESS_H

#include "seed/seed.h"

struct progress {
    struct seed_watch watch; /* the first member: what is said is found from it */
    int64_t begun, said;     /* by the steady clock; said 0: nothing yet */
    bool terminal;
};

/* stop as in struct seed_watch. */
void progress_start(struct progress *p, bool (*stop)(void));
/* Takes the bar away. */
void progress_end(struct progress *p);

#endif
