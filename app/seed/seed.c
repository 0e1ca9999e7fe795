#include "seed/seed.h"

#include <string.h>

#include "base/arena.h"
#include "engine/load.h"
#include "io/db.h"
#include "models/book.h"
#include "models/comment.h"
#include "models/micropost.h"
#include "models/post.h"
#include "models/profile.h"
#include "models/review.h"
#include "models/tag.h"
#include "models/user.h"
#include "models/vote.h"
#include "seed/seeding.h"

/* Rows of one statement, a power of two; and how often a transaction that met a deadlock is tried. */
enum { ROWS = SEED_STEP, TRIES = 5 };

static const struct resource *const resources[PILE__MAX] = {
    [PILE_USERS] = &user_resource,
    [PILE_PROFILES] = &profile_resource,
    [PILE_TAGS] = &tag_resource,
    [PILE_POSTS] = &post_resource,
    [PILE_POST_TAGS] = &post_tag_resource,
    [PILE_COMMENTS] = &comment_resource,
    [PILE_VOTES] = &vote_resource,
    [PILE_BOOKS] = &book_resource,
    [PILE_BOOK_TAGS] = &book_tag_resource,
    [PILE_REVIEWS] = &review_resource,
    [PILE_MICROPOSTS] = &micropost_resource,
};

static const char *const names[SEED__MAX] = {
    [SEED_USERS] = "users",     [SEED_TAGS] = "tags",
    [SEED_POSTS] = "posts",     [SEED_COMMENTS] = "comments",
    [SEED_VOTES] = "votes",     [SEED_BOOKS] = "books",
    [SEED_REVIEWS] = "reviews", [SEED_MICROPOSTS] = "microposts",
};

const char *seed_name(enum seed_kind kind)
{
    return names[kind];
}

/* What one kind needs of another; `most` of the first kind for each pair of user and the second. */
static const struct need {
    enum seed_kind kind, of;
    bool once_a_user;
} needs[] = {
    {SEED_POSTS, SEED_USERS, false},    {SEED_BOOKS, SEED_USERS, false}, {SEED_MICROPOSTS, SEED_USERS, false},
    {SEED_COMMENTS, SEED_POSTS, false}, {SEED_VOTES, SEED_POSTS, true},  {SEED_REVIEWS, SEED_BOOKS, true},
};

str seed_mistake(struct arena *a, const struct seed_order *o)
{
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        const struct need *n = &needs[i];
        int64_t wanted = o->counts[n->kind];
        if (wanted > 0 && o->counts[n->of] == 0) {
            return str_format(a, "%s are wanted, but no %s that they could belong to", names[n->kind],
                              names[n->of]);
        }
        int64_t most = o->counts[SEED_USERS] * o->counts[n->of];
        if (n->once_a_user && wanted > most) {
            return str_format(a, "%lld %s are more than the %lld that these %s can have: one by each user",
                              (long long)wanted, names[n->kind], (long long)most, names[n->of]);
        }
    }
    return (str){"", 0};
}

/* -- what is there -- */

static err find_any(struct db *db, struct arena *a, const struct resource *r, int key, bool *found)
{
    struct plan p;
    struct rows rows;
    plan_start(&p, r);
    (void)plan_column(&p, &r->fields[key]);
    p.limit = 1;
    TRY(load_rows(db, a, &p, &rows));
    *found = *found || rows.n > 0;
    return NULL;
}

err seed_find_users(struct db *db, struct arena *a, bool *found)
{
    *found = false;
    return find_any(db, a, &user_resource, USER_ID, found);
}

static err find_highest(struct db *db, struct arena *a, const struct resource *r, int id, int64_t *out)
{
    struct plan p;
    struct rows rows;
    plan_start(&p, r);
    (void)plan_column(&p, &r->fields[id]);
    plan_order(&p, &r->fields[id], true);
    p.limit = 1;
    TRY(load_rows(db, a, &p, &rows));
    *out = rows.n == 0 ? 0 : rows.cells[0].i;
    return NULL;
}

static err count(struct db *db, struct arena *a, const struct resource *r, int64_t *out)
{
    struct plan p;
    plan_start(&p, r);
    return load_count(db, a, &p, out);
}

static err look_around(struct seeding *s)
{
    int64_t *before = s->before;
    TRY(find_highest(s->db, s->arena, &user_resource, USER_ID, &before[SEED_USERS]));
    TRY(find_highest(s->db, s->arena, &post_resource, POST_ID, &before[SEED_POSTS]));
    TRY(find_highest(s->db, s->arena, &comment_resource, COMMENT_ID, &before[SEED_COMMENTS]));
    TRY(find_highest(s->db, s->arena, &micropost_resource, MICROPOST_ID, &before[SEED_MICROPOSTS]));
    TRY(count(s->db, s->arena, &tag_resource, &before[SEED_TAGS]));
    TRY(count(s->db, s->arena, &book_resource, &before[SEED_BOOKS]));
    s->salt = s->order->seed;
    for (int i = 0; i < SEED__MAX; i++) {
        struct dice d;
        dice_start(&d, s->salt, STREAM_SALT, (uint64_t)before[i]);
        s->salt = dice_next(&d);
    }
    return NULL;
}

/* -- making -- */

static err commit(struct seeding *s)
{
    TRY(db_commit(s->db, s->arena));
    for (int i = 0; i < SEED__MAX; i++) {
        s->watch->done[i] += s->pending[i];
    }
    for (int i = 0; i < PILE__MAX; i++) {
        s->watch->rows += s->piles[i].inserted;
        s->piles[i].inserted = 0;
    }
    if (s->watch->say != NULL) {
        s->watch->say(s->watch, s->order);
    }
    return NULL;
}

static void undo(struct seeding *s)
{
    db_rollback(s->db);
    for (int i = 0; i < PILE__MAX; i++) {
        pile_drop(&s->piles[i]);
        s->piles[i].inserted = 0;
    }
}

/* The rows come from their numbers alone, so what a deadlock has undone is simply made again. */
static err make_some(struct seeding *s, seed_maker *make, int64_t from, int64_t to)
{
    const struct seed_deal deal = s->deal;
    for (int tries = 1;; tries++) {
        s->deal = deal;
        memset(s->pending, 0, sizeof s->pending);
        db_want_transaction(s->db);
        err e = make(s, from, to);
        e = e == NULL ? commit(s) : e;
        if (!db_contended(e) || tries == TRIES) {
            return e;
        }
        undo(s);
    }
}

static err make_all(struct seeding *s, enum seed_kind kind, seed_maker *make)
{
    int64_t total = s->order->counts[kind];
    for (int64_t from = 0; from < total; from += SEED_STEP) {
        TRY(make_some(s, make, from, from + SEED_STEP < total ? from + SEED_STEP : total));
    }
    return NULL;
}

static err make_community(struct seeding *s)
{
    TRY(look_around(s));
    TRY(make_all(s, SEED_USERS, seed_make_users));
    TRY(make_all(s, SEED_TAGS, seed_make_tags));
    seed_deal_posts(s);
    TRY(make_all(s, SEED_POSTS, seed_make_posts));
    seed_deal_books(s);
    TRY(make_all(s, SEED_BOOKS, seed_make_books));
    return make_all(s, SEED_MICROPOSTS, seed_make_microposts);
}

static err tell_community(struct seeding *s)
{
    TRY(look_around(s));
    return make_some(s, seed_make_story, 0, 0);
}

static void free_pile(void *pile)
{
    pile_free(pile);
}

err seed_run(struct db *db, struct arena *a, const struct seed_order *o, struct seed_watch *w)
{
    struct seeding *s = ARENA_NEW(a, struct seeding);
    *s = (struct seeding){.db = db, .arena = a, .order = o, .watch = w};
    for (int i = 0; i < PILE__MAX; i++) {
        pile_init(&s->piles[i], db, resources[i], ROWS);
        arena_defer(a, free_pile, &s->piles[i]); /* an error may lie in it */
    }
    err e = o->story.told == NULL ? make_community(s) : tell_community(s);
    if (e != NULL) {
        db_rollback(db);
    }
    return e;
}
