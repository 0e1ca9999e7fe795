#include "seed/seeding.h"

#include "base/arena.h"
#include "base/uuid.h"

#define DAY INT64_C(86400000000)

/* 2025-01-01 to 2026-01-01. */
const int64_t seed_year_start = 20089 * DAY;
const int64_t seed_writing_start = (20089 + 31) * DAY;
const int64_t seed_year_end = (20089 + 365) * DAY;

err seeding_add(struct seeding *s, enum seed_pile pile, struct value **row)
{
    if (s->watch->stop != NULL && s->watch->stop()) {
        return error_new(s->arena, ERROR_UNAVAILABLE, "interrupted");
    }
    return pile_add(&s->piles[pile], row);
}

err seeding_flush(struct seeding *s, enum seed_pile pile)
{
    return pile_flush(&s->piles[pile]);
}

struct arena *seeding_arena(struct seeding *s, enum seed_pile pile)
{
    return &s->piles[pile].arena;
}

int64_t seeding_moment(struct dice *d, int64_t i, int64_t n)
{
    int64_t slot = (seed_year_end - seed_writing_start) / n;
    return seed_writing_start + i * slot + (int64_t)dice_below(d, (uint64_t)slot);
}

int64_t seeding_later(struct dice *d, int64_t then)
{
    return then + (int64_t)dice_below(d, (uint64_t)(seed_year_end - then));
}

uint64_t seeding_weight(const struct seeding *s, enum seed_stream fame, int64_t number)
{
    struct dice d;
    dice_start(&d, s->salt, fame, (uint64_t)number);
    return (1 << 16) / (16 + dice_below(&d, 1 << 12));
}

int64_t seeding_user_id(const struct seeding *s, int64_t number)
{
    return s->before[SEED_USERS] + 1 + number;
}

struct value seeding_uid(const struct seeding *s, struct arena *a, enum seed_stream stream, int64_t number,
                         int64_t when)
{
    struct dice d;
    unsigned char *id = arena_alloc(a, UUID_BYTES);
    dice_start(&d, s->salt, stream, (uint64_t)number);
    dice_uuid(&d, when, id);
    return value_bytes(id, UUID_BYTES);
}

struct value seeding_user_uid(const struct seeding *s, struct arena *a, int64_t number)
{
    return seeding_uid(s, a, STREAM_USER_UID, number, seed_year_start + number * 1000);
}

struct value seeding_tag_uid(const struct seeding *s, struct arena *a, int64_t number)
{
    return seeding_uid(s, a, STREAM_TAG, number, seed_year_start + number * 1000);
}

unsigned seeding_tags(const struct seeding *s, struct dice *d, unsigned most, int64_t *out)
{
    uint64_t tags = (uint64_t)s->order->counts[SEED_TAGS];
    unsigned n = 0;
    if (tags == 0) {
        return 0;
    }
    for (unsigned i = (unsigned)dice_below(d, most + 1); i > 0; i--) {
        int64_t tag = (int64_t)dice_low(d, tags);
        unsigned j = 0;
        while (j < n && out[j] != tag) {
            j++;
        }
        if (j == n) {
            out[n++] = tag;
        }
    }
    return n;
}
