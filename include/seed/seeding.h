/*
 * seeding: what the makers of rows share while a community is made: where numbers begin, what is still to be dealt
 * out, the piles. A maker makes the rows of numbers [from, to) of its kind, with all that belongs to them, inside a
 * transaction that seed.c begins and ends; it may be asked for the same numbers again.
 */
#ifndef QUIRE_SEED_SEEDING_H
#define QUIRE_SEED_SEEDING_H

#include "seed/dice.h"
#include "seed/pile.h"
#include "seed/seed.h"
#include "seed/share.h"

/* Each kind of throw has a stream of dice of its own. */
enum seed_stream {
    STREAM_USER,
    STREAM_USER_UID,
    STREAM_TAG,
    STREAM_POST,
    STREAM_POST_FAME,
    STREAM_POST_TAGS,
    STREAM_COMMENT,
    STREAM_VOTES,
    STREAM_BOOK,
    STREAM_BOOK_UID,
    STREAM_BOOK_FAME,
    STREAM_REVIEWS,
    STREAM_MICROPOST,
    STREAM_SALT
};

enum seed_pile {
    PILE_USERS,
    PILE_PROFILES,
    PILE_TAGS,
    PILE_POSTS,
    PILE_POST_TAGS,
    PILE_COMMENTS,
    PILE_VOTES,
    PILE_BOOKS,
    PILE_BOOK_TAGS,
    PILE_REVIEWS,
    PILE_MICROPOSTS,
    PILE__MAX
};

/* Posts or books of one transaction: there is room for so many. */
enum { SEED_STEP = 512 };

/* What is dealt out to one post or book after another. */
struct seed_deal {
    struct share votes, comments, reviews;
    int64_t tag_name; /* the number of the next name */
};

struct seeding {
    struct db *db;
    struct arena *arena; /* for what outlives a pile */
    const struct seed_order *order;
    struct seed_watch *watch;
    uint64_t salt;              /* the seed, and where the numbers begin */
    int64_t before[SEED__MAX];  /* the highest id that is there; of kinds without one: how many there are */
    int64_t pending[SEED__MAX]; /* made in this transaction */
    struct seed_deal deal;
    struct pile piles[PILE__MAX];
};

typedef err seed_maker(struct seeding *s, int64_t from, int64_t to);

/* The year. People come in its first month, and write after that. */
extern const int64_t seed_year_start, seed_writing_start, seed_year_end;

/* A row in a pile, unless it is time to stop. */
MUST_USE err seeding_add(struct seeding *s, enum seed_pile pile, struct value **row);
MUST_USE err seeding_flush(struct seeding *s, enum seed_pile pile);
/* Where text and identifiers of a pile's rows are made. */
struct arena *seeding_arena(struct seeding *s, enum seed_pile pile);
/* When number i of n is made, if they are made evenly through the months of writing: later than the one before. */
int64_t seeding_moment(struct dice *d, int64_t i, int64_t n);
/* Some time between then and the end of the year. */
int64_t seeding_later(struct dice *d, int64_t then);
/* Popularity, from 15 to 4,096: some in a thousand are fifty times as popular as most. */
uint64_t seeding_weight(const struct seeding *s, enum seed_stream fame, int64_t number);

/* Identifiers, by number. */
int64_t seeding_user_id(const struct seeding *s, int64_t number);
struct value seeding_uid(const struct seeding *s, struct arena *a, enum seed_stream stream, int64_t number,
                         int64_t when);
struct value seeding_user_uid(const struct seeding *s, struct arena *a, int64_t number);
struct value seeding_tag_uid(const struct seeding *s, struct arena *a, int64_t number);
/* Some tags in `out`, different ones, at most `most`; how many. */
unsigned seeding_tags(const struct seeding *s, struct dice *d, unsigned most, int64_t *out);

seed_maker seed_make_users, seed_make_tags, seed_make_microposts; /* people.c */
seed_maker seed_make_posts;                                       /* posts.c */
seed_maker seed_make_books;                                       /* books.c */
seed_maker seed_make_story; /* story.c: all of it, whatever the numbers */
/* Get ready to deal votes and comments, or reviews. */
void seed_deal_posts(struct seeding *s);
void seed_deal_books(struct seeding *s);

#endif
