/*
 * metrics_file: where the memory of http/metrics lives: a file in a folder that all pools of a machine share, or a
 * memfd.
 *
 * The file is POOL.metrics. It is made whole under another name, locked (flock) by the parent, and only then shown
 * under its own in one step, so that whoever finds it finds all of it; as long as somebody holds the lock its pool
 * lives. Its room is taken at once: a full disk shows at the start and not at the first count.
 *
 *     if (!metrics_file_make(life, dir, pool, bytes, &file)) ...
 *     // … fill it …
 *     metrics_file_show(&file);
 *     metrics_file_remove(&file);
 */
#ifndef QUIRE_HTTP_METRICS_FILE_H
#define QUIRE_HTTP_METRICS_FILE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

#define METRICS_SUFFIX ".metrics"

struct metrics_file {
    int fd;
    const char *path;  /* NULL: a memfd */
    const char *draft; /* the name that it has before it is shown */
};

/* Makes it, filled with zeros; close-on-exec. A folder that cannot be used leads to a memfd, with a line in the log.
 * False, with a line in the log, when there is no memory at all. */
bool metrics_file_make(struct arena *life, str dir, str pool, size_t bytes, struct metrics_file *out);
/* Gives it its name. */
void metrics_file_show(struct metrics_file *file);
/* Takes it away, unless another process has put its own in its place. */
void metrics_file_remove(struct metrics_file *file);
/* Whether a pool lives that made the open file fd. */
bool metrics_file_lives(int fd);

#endif
