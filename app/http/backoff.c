#include "http/backoff.h"

enum {
    MILLISECOND = 1000,
    SECOND = 1000 * MILLISECOND,
    QUICK_DEATH = SECOND,
    FIRST_DELAY = 100 * MILLISECOND,
    LAST_DELAY = 5 * SECOND
};

void backoff_delay(struct backoff *b, int64_t now)
{
    b->delay = b->delay == 0 ? FIRST_DELAY : b->delay * 2;
    if (b->delay > LAST_DELAY) {
        b->delay = LAST_DELAY;
    }
    b->start_at = now + b->delay;
}

void backoff_death(struct backoff *b, int64_t lived, int64_t now)
{
    if (lived < QUICK_DEATH) {
        backoff_delay(b, now);
    } else {
        *b = (struct backoff){.start_at = now};
    }
}

int backoff_left(const struct backoff *b, int64_t now)
{
    return b->start_at <= now ? 0 : (int)((b->start_at - now + MILLISECOND - 1) / MILLISECOND);
}
