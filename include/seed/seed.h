/*
 * seed: a made-up community of any size: the same order gives the same rows, on every machine.
 *
 * Every row is made from its number alone (seed/dice), and goes into the database in bulk, a transaction for some
 * hundred rows. A post comes together with its tags, comments and votes, a book with its tags and reviews: so their
 * stored counters are right whenever the work stops, and nothing is ever half there. Times lie in the year 2025.
 *
 * It counts on being alone: rows are numbered behind what is there when it begins. Who writes meanwhile may take a
 * number, and then it stops with ERROR_DUPLICATE, having undone the transaction that it was in.
 *
 * Or else a community that a file tells (seed/story.c): people by name and what they wrote, so long ago; in one
 * transaction.
 *
 *     struct seed_order order = {.counts = {[SEED_USERS] = 100, [SEED_POSTS] = 1000}, .seed = 1, .hash = hash};
 *     err e = seed_run(db, a, &order, &watch);     // watch.done says what is there, also after a failure
 */
#ifndef QUIRE_SEED_SEED_H
#define QUIRE_SEED_SEED_H

#include <stdbool.h>

#include "base/err.h"

struct arena;
struct db;
struct json;
struct media;

/* What is counted, in the order it is made in. */
enum seed_kind {
    SEED_USERS,
    SEED_TAGS,
    SEED_POSTS,
    SEED_COMMENTS,
    SEED_VOTES,
    SEED_BOOKS,
    SEED_REVIEWS,
    SEED_MICROPOSTS,
    SEED__MAX
};

/* Of each kind. */
enum { SEED_MAX_ROWS = 100000000 };

struct seed_order {
    int64_t counts[SEED__MAX];
    uint64_t seed;
    str hash; /* of everybody's password */
    struct seed_story {
        const struct json *told; /* NULL: made up, by the counts */
        str folder;              /* where the texts and pictures are that it names */
        struct media *media;     /* where pictures go, */
        str media_url;           /* and where they are then */
        int64_t now;             /* which "ago" is counted from */
    } story;
};

/* Who looks on. stop() is asked often: true ends the work with ERROR_UNAVAILABLE. say() hears of each commit. */
struct seed_watch {
    int64_t done[SEED__MAX]; /* committed */
    int64_t rows;            /* of all tables together */
    bool (*stop)(void);
    void (*say)(struct seed_watch *w, const struct seed_order *o);
};

/* "users", as the arguments of `quire seed` are called. */
const char *seed_name(enum seed_kind kind);
/* What is wrong with an order, a sentence made in the arena; else empty: posts without users, more votes than there
 * are users to give them. */
str seed_mistake(struct arena *a, const struct seed_order *o);
/* Whether the database holds users. */
MUST_USE err seed_find_users(struct db *db, struct arena *a, bool *found);
/* Makes it, behind what is there. Errors as those of io/db; all but the last transaction is committed. */
MUST_USE err seed_run(struct db *db, struct arena *a, const struct seed_order *o, struct seed_watch *w);

#endif
