#include "io/give_way.h"

#include <sys/syscall.h>
#include <unistd.h>

enum { SLICE_NANOSECONDS = 100000 };

/* The kernel's struct sched_attr, in its first size: the C library has none yet, and <linux/sched/types.h> cannot
 * stand beside <sched.h>. */
struct attributes {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
};

/* Asks for slices of that length; *before is what they were. False when that is refused. */
static bool set_slice(uint64_t nanoseconds, uint64_t *before)
{
    struct attributes now = {.size = sizeof now};
    if (syscall(SYS_sched_getattr, 0, &now, (unsigned)sizeof now, 0U) != 0) {
        return false;
    }
    *before = now.runtime;
    now.runtime = nanoseconds;
    return syscall(SYS_sched_setattr, 0, &now, 0U) == 0;
}

/* Keeps off the first of these processors. False when there is no other one, or that is refused. */
static bool leave_first(const cpu_set_t *processors)
{
    if (CPU_COUNT(processors) < 2) {
        return false;
    }
    cpu_set_t others = *processors;
    size_t first = 0;
    while (!CPU_ISSET(first, &others)) {
        first++;
    }
    CPU_CLR(first, &others);
    return sched_setaffinity(0, sizeof others, &others) == 0;
}

void give_way(struct way *before)
{
    before->was_moved = sched_getaffinity(0, sizeof before->processors, &before->processors) == 0 &&
                        leave_first(&before->processors);
    before->was_shortened = set_slice(SLICE_NANOSECONDS, &before->slice);
}

void give_way_no_more(const struct way *before)
{
    uint64_t short_one;
    if (before->was_moved) {
        (void)sched_setaffinity(0, sizeof before->processors, &before->processors);
    }
    if (before->was_shortened) {
        (void)set_slice(before->slice, &short_one);
    }
}
