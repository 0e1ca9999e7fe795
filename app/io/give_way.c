#include "io/give_way.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SLICE_NANOSECONDS = 100000 };

/* The kernel's struct sched_attr, in its first size: glibc has none before 2.41, and <linux/sched/types.h> cannot stand
 * beside <sched.h>. */
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

/* Keeps off the first of these processors. False when that is refused. */
static bool leave_first(const cpu_set_t *processors)
{
    cpu_set_t others = *processors;
    size_t first = 0;
    while (!CPU_ISSET(first, &others)) {
        first++;
    }
    CPU_CLR(first, &others);
    return sched_setaffinity(0, sizeof others, &others) == 0;
}

/* The kernel tells which of the processors that a process may use are there now. Who may use every one of those was
 * most likely never told to keep off any. */
static void widen(cpu_set_t *processors)
{
    if (CPU_COUNT(processors) == sysconf(_SC_NPROCESSORS_ONLN)) {
        memset(processors, 0xFF, sizeof *processors);
    }
}

void give_way(struct way *before, unsigned at_once)
{
    before->was_moved = sched_getaffinity(0, sizeof before->processors, &before->processors) == 0 &&
                        CPU_COUNT(&before->processors) > 1 &&
                        (unsigned)CPU_COUNT(&before->processors) > at_once &&
                        leave_first(&before->processors);
    before->was_shortened = set_slice(SLICE_NANOSECONDS, &before->slice);
}

void give_way_no_more(const struct way *before)
{
    if (before->was_moved) {
        cpu_set_t processors = before->processors;
        widen(&processors);
        (void)sched_setaffinity(0, sizeof processors, &processors);
    }
    if (before->was_shortened) {
        uint64_t shorter;
        (void)set_slice(before->slice, &shorter);
    }
}
