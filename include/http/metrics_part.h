/* metrics_part: what the writers (http/metrics) and the readers (http/metrics_sum) of the shared memory have in common:
 * its layout. Count METRICS_VERSION up when a part comes, goes or changes its meaning: the sizes in the head are
 * rounded up, and do not always show it. */
#ifndef QUIRE_HTTP_METRICS_PART_H
#define QUIRE_HTTP_METRICS_PART_H

#include <stddef.h>

#include "base/counter.h"
#include "http/metrics.h"
#include "http/reply.h"
#include "io/password.h"

enum { METRICS_VERSION = 2, METRICS_STATUSES = REPLY_STATUSES + 1 }; /* the last: any other status */
/* More than settings allow; keeps sizes from overflowing when foreign memory is looked at. */
enum { METRICS_MOST_PLACES = 4096, METRICS_MOST_SERIES = 4096, METRICS_LINE = 64 };

/* Routes of what none was found for, and of what the parent did not know. */
#define METRICS_UNMATCHED "unmatched"
#define METRICS_OTHER     "other"

/* A series: a method and a route, both ended by a NUL. */
struct metrics_name {
    char method[8];
    char route[120];
};

struct metrics_series {
    _Atomic uint64_t statuses[METRICS_STATUSES];
    struct histogram seconds;
};

/* What one worker counts. */
struct meter {
    _Atomic uint64_t state; /* enum metrics_state; written by the parent, too */
    _Atomic uint64_t statements;
    _Atomic uint64_t reconnects;
    _Atomic uint64_t retries[METRICS_RETRY__MAX];
    _Atomic uint64_t unsent;
    _Atomic uint64_t work;
    struct password_meter passwords;
    struct metrics_series series[];
};

/* The memory: this, the names, and `places` meters, each on cache lines of its own. */
struct metrics_head {
    char magic[8];
    uint32_t head_bytes; /* up to the first meter */
    uint32_t meter_bytes;
    uint32_t series;
    uint32_t places;
    uint32_t seats;
    int32_t parent;
    int64_t started; /* microseconds since the epoch */
    _Atomic uint64_t restarts[METRICS_RESTART__MAX];
    _Atomic uint64_t reloads[METRICS_RESULT__MAX];
    struct metrics_name names[];
};

_Static_assert(METRICS_VERSION == 2 && sizeof(struct metrics_head) == 96 && sizeof(struct meter) == 224 &&
                   sizeof(struct metrics_series) == 320,
               "the layout has changed: count METRICS_VERSION up, and write the new sizes here");

/* Whether memory of so many bytes begins with a head of this program's layout, with names that are fit to be shown. The
 * names are looked at only with `whole`, when all of the head is there. */
bool metrics_fits(const struct metrics_head *head, size_t bytes, bool whole);
/* The bytes of a head for so many series. */
size_t metrics_head_bytes(size_t series);
/* The memory's mapping: an access behind the end of a file that was cut short is answered by fresh memory from here on,
 * by a handler for SIGBUS. Once a process. */
void metrics_guard(void *memory, size_t bytes);

#endif
