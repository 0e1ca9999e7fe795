#include "cmd/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

enum { BAR_EVERY = 100000, LINE_EVERY = 5000000, BAR_WIDTH = 30 };

static int64_t sum(const int64_t *counts)
{
    int64_t all = 0;
    for (int i = 0; i < SEED__MAX; i++) {
        all += counts[i];
    }
    return all;
}

/* What is being made: the first kind, in the order of making, that is not complete. */
static enum seed_kind current(const struct seed_watch *w, const struct seed_order *o)
{
    for (int i = 0; i < SEED__MAX; i++) {
        if (w->done[i] < o->counts[i]) {
            return (enum seed_kind)i;
        }
    }
    return SEED_MICROPOSTS;
}

static void put_bar(int64_t percent)
{
    char bar[BAR_WIDTH + 1];
    for (int i = 0; i < BAR_WIDTH; i++) {
        bar[i] = i < percent * BAR_WIDTH / 100 ? '#' : '.';
    }
    bar[BAR_WIDTH] = '\0';
    (void)fprintf(stderr, "\r[%s] ", bar);
}

static void say(struct seed_watch *w, const struct seed_order *o)
{
    struct progress *p = (struct progress *)w;
    int64_t now = clock_steady();
    int64_t passed = now - p->begun;
    if (now - p->said < (p->terminal ? BAR_EVERY : LINE_EVERY) || passed <= 0) {
        return;
    }
    p->said = now;
    int64_t done = sum(w->done);
    int64_t all = sum(o->counts);
    int64_t percent = all == 0 ? 100 : done * 100 / all;
    int64_t left = done == 0 ? 0 : (int64_t)((double)passed / (double)done * (double)(all - done) / 1e6);
    enum seed_kind kind = current(w, o);
    if (p->terminal) {
        put_bar(percent);
    }
    (void)fprintf(
        stderr,
        "%3" PRId64 " %%  %s %" PRId64 " of %" PRId64 ", %.0f rows/s, %" PRId64 ":%02" PRId64 " left%s",
        percent, seed_name(kind), w->done[kind], o->counts[kind], (double)w->rows * 1e6 / (double)passed,
        left / 60, left % 60, p->terminal ? "\033[K" : "\n");
    (void)fflush(stderr);
}

void progress_start(struct progress *p, bool (*stop)(void))
{
    *p = (struct progress){.watch = {.stop = stop, .say = say}, .terminal = isatty(STDERR_FILENO) == 1};
    p->begun = clock_steady();
    p->said = p->terminal ? 0 : p->begun;
}

void progress_end(struct progress *p)
{
    if (p->terminal && p->said != 0) {
        (void)fputs("\r\033[K", stderr);
    }
}
