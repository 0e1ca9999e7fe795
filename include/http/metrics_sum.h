/*
 * metrics_sum: what the pools of this machine have counted, added up for whoever asks: the answering worker's own pool,
 * and those whose files lie in METRICS_DIR.
 *
 * Files are read, not mapped, so that one that is cut short meanwhile harms nobody. What is no file, is of another
 * version, or is broken, is passed over and counted; a pool that has died is named, and its counts are not shown.
 *
 *     struct metrics_pool pools[METRICS_MOST_POOLS];
 *     unsigned skipped;
 *     size_t n = metrics_sum(a, own, STR("web"), settings.metrics_dir, pools, &skipped);
 *     metrics_text(&reply->body, pools, n);
 */
#ifndef QUIRE_HTTP_METRICS_SUM_H
#define QUIRE_HTTP_METRICS_SUM_H

#include "http/metrics_part.h"

struct arena;
struct buf;

enum { METRICS_MOST_POOLS = 32 };

struct metrics_pool {
    str name;
    bool up;
    /* of a pool that is up: */
    const struct metrics_head *head;
    const struct meter *total;           /* all places together */
    uint64_t states[METRICS_STATE__MAX]; /* how many workers are in each */
};

/* All pools: the own one, called `name`, first (own may be NULL: then it is not up), then those of the folder, if there
 * is one. Returns how many; *skipped is how many files were passed over. */
size_t metrics_sum(struct arena *a, const struct metrics *own, str name, str dir,
                   struct metrics_pool out[METRICS_MOST_POOLS], unsigned *skipped);
/* Puts them in Prometheus's text format 0.0.4. Series without an event are left out. */
void metrics_text(struct buf *b, const struct metrics_pool *pools, size_t n);
/* Begins a metric: its help and its type. */
void metrics_put_family(struct buf *b, const char *name, const char *type, const char *help);

#endif
