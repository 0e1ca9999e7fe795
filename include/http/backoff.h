/*
 * backoff: how long to wait before a process is started again whose predecessor died at once.
 *
 * After a life of less than a second the next has to wait 100 ms, then twice as long each time, up to 5 s.
 *
 *     backoff_death(&b, lived, now);
 *     …
 *     if (backoff_left(&b, now) == 0) start();
 */
#ifndef QUIRE_HTTP_BACKOFF_H
#define QUIRE_HTTP_BACKOFF_H

#include <stdint.h>

/* All zero: nothing has died. Microseconds, as clock_steady() counts. */
struct backoff {
    int64_t delay;    /* what the last quick death cost; 0: there was none lately */
    int64_t start_at; /* when the next one may be started */
};

/* A process is dead that lived so long. */
void backoff_death(struct backoff *b, int64_t lived, int64_t now);
/* Delays the next start, whatever the reason. */
void backoff_delay(struct backoff *b, int64_t now);
/* Milliseconds, rounded up, until it may be started. */
int backoff_left(const struct backoff *b, int64_t now);

#endif
