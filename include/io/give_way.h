/*
 * give_way: who computes for long leaves the processors to those who serve.
 *
 * A password's hash takes a processor for a fifth of a second, without a pause; who answers readers beside it wakes up
 * thousands of times in that time, for some microseconds each. While a process gives way it keeps off the first of the
 * processors that it may use, when there are more of them than may compute at once, so that on one nobody ever
 * computes for long; and on the others the kernel takes the processor from it after 0.1 ms when somebody else wants it,
 * not after some milliseconds (Linux 6.12 and later). A wish and not a need: where the kernel refuses, or the sandbox
 * of a service, nothing changes.
 *
 *     struct way before;
 *     give_way(&before, 1);                                   // one of us at a time
 *     …                                                       // computes
 *     give_way_no_more(&before);
 *
 * Sources: sched_setaffinity(2); sched_setattr(2), sched_runtime of SCHED_OTHER.
 */
#ifndef QUIRE_IO_GIVE_WAY_H
#define QUIRE_IO_GIVE_WAY_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

/* How the process stood before it gave way: what is to be put back, and whether. */
struct way {
    cpu_set_t processors;
    uint64_t slice;
    bool was_moved;
    bool was_shortened;
};

/* Gives way from now on, as far as it may; *before is for give_way_no_more(). at_once is how many of its kind may
 * compute at the same time: where that is as many as there are processors (1024 at most), or more, they get all. */
void give_way(struct way *before, unsigned at_once);
/* Stands as before. Who could use all processors that were there may use those, too, that come; of fewer (taskset, a
 * cpuset), these are what it may use from now on. */
void give_way_no_more(const struct way *before);

#endif
