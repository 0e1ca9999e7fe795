#include "base/uuid.h"
#include "models/book.h"
#include "models/review.h"
#include "models/tag.h"
#include "seed/seeding.h"
#include "seed/words.h"

enum { TEXT_MAX = 16384, TAGS_MAX = 3, PAGES_MIN = 60, PAGES_SPREAD = 840 };

/* When books were published: 1950 to 2024, in days since 1970. */
enum { PUBLISHED_FIRST = -7305, PUBLISHED_SPREAD = 27394 };

struct made {
    int64_t number, created;
    int64_t reviews;
};

void seed_deal_books(struct seeding *s)
{
    const int64_t *counts = s->order->counts;
    uint64_t all = 0;
    for (int64_t i = 0; i < counts[SEED_BOOKS]; i++) {
        all += seeding_weight(s, STREAM_BOOK_FAME, i);
    }
    share_init(&s->deal.reviews, counts[SEED_REVIEWS], counts[SEED_BOOKS], all, counts[SEED_USERS]);
}

/* Its own die, so that it can be thrown again: what refers to a book knows its number. */
static struct value book_uid(const struct seeding *s, struct arena *a, int64_t number, int64_t *created)
{
    struct dice d;
    unsigned char *id = arena_alloc(a, UUID_BYTES);
    dice_start(&d, s->salt, STREAM_BOOK_UID, (uint64_t)number);
    *created = seeding_moment(&d, number, s->order->counts[SEED_BOOKS]);
    dice_uuid(&d, *created, id);
    return value_bytes(id, UUID_BYTES);
}

/* How many stars: good ones more often. */
static int64_t throw_rating(struct dice *d)
{
    return 5 - (int64_t)dice_low(d, 5);
}

/* The stars of a book's reviews are thrown first, by the die that throws them again with the rest of each. */
static void start_reviews(const struct seeding *s, int64_t number, struct dice *d)
{
    dice_start(d, s->salt, STREAM_REVIEWS, (uint64_t)number);
}

static int64_t sum_of_ratings(const struct seeding *s, const struct made *m)
{
    struct dice d;
    int64_t sum = 0;
    start_reviews(s, m->number, &d);
    for (int64_t i = 0; i < m->reviews; i++) {
        sum += throw_rating(&d);
    }
    return sum;
}

static err make_book(struct seeding *s, int64_t number, struct made *m)
{
    static const char *const languages[] = {"en", "en", "en", "de", "fr", "es", "it", "pt", "nl", "sv"};
    struct arena *a = seeding_arena(s, PILE_BOOKS);
    struct value *row = NULL;
    struct dice d;
    struct buf text[3];
    TRY(seeding_add(s, PILE_BOOKS, &row));
    dice_start(&d, s->salt, STREAM_BOOK, (uint64_t)number);
    m->number = number;
    m->reviews = share_next(&s->deal.reviews, seeding_weight(s, STREAM_BOOK_FAME, number));
    for (int i = 0; i < 3; i++) {
        buf_init(&text[i], a, 96, TEXT_MAX);
    }
    words_title(&text[0], &d);
    words_author(&text[1], &d);
    words_publisher(&text[2], &d);
    row[BOOK_UID] = book_uid(s, a, number, &m->created);
    row[BOOK_TITLE] = value_text(buf_view(&text[0]));
    row[BOOK_AUTHOR] = value_text(buf_view(&text[1]));
    row[BOOK_PUBLISHER] = value_text(buf_view(&text[2]));
    row[BOOK_PUBLISHED_DATE] = value_date(PUBLISHED_FIRST + (int64_t)dice_below(&d, PUBLISHED_SPREAD));
    row[BOOK_PAGE_COUNT] = value_int(PAGES_MIN + (int64_t)dice_below(&d, PAGES_SPREAD));
    row[BOOK_LANGUAGE] = value_text(str_of(languages[dice_below(&d, sizeof languages / sizeof *languages)]));
    row[BOOK_USER_UID] =
        seeding_user_uid(s, a, (int64_t)dice_low(&d, (uint64_t)s->order->counts[SEED_USERS]));
    row[BOOK_REVIEW_COUNT] = value_int(m->reviews);
    row[BOOK_RATING_SUM] = value_int(sum_of_ratings(s, m));
    row[BOOK_CREATED_AT] = value_time(m->created);
    row[BOOK_UPDATED_AT] = value_time(m->created);
    return NULL;
}

static err make_tags(struct seeding *s, const struct made *m)
{
    int64_t tags[TAGS_MAX];
    int64_t created = 0;
    struct dice d;
    dice_start(&d, s->salt, STREAM_POST_TAGS, UINT64_MAX - (uint64_t)m->number);
    unsigned n = seeding_tags(s, &d, TAGS_MAX, tags);
    for (unsigned i = 0; i < n; i++) {
        struct value *row = NULL;
        TRY(seeding_add(s, PILE_BOOK_TAGS, &row));
        row[BOOK_TAG_BOOK_UID] = book_uid(s, seeding_arena(s, PILE_BOOK_TAGS), m->number, &created);
        row[BOOK_TAG_TAG_UID] = seeding_tag_uid(s, seeding_arena(s, PILE_BOOK_TAGS), tags[i]);
    }
    return NULL;
}

static err make_reviews(struct seeding *s, const struct made *m)
{
    struct dice stars;
    struct dice d;
    struct picks readers;
    start_reviews(s, m->number, &stars);
    dice_start(&d, s->salt, STREAM_REVIEWS, UINT64_MAX - (uint64_t)m->number);
    picks_start(&readers, &d, (uint64_t)s->order->counts[SEED_USERS]);
    for (int64_t i = 0; i < m->reviews; i++) {
        struct arena *a = seeding_arena(s, PILE_REVIEWS);
        struct value *row = NULL;
        struct buf text;
        int64_t created = 0;
        int64_t rating = throw_rating(&stars);
        TRY(seeding_add(s, PILE_REVIEWS, &row));
        buf_init(&text, a, 256, TEXT_MAX);
        words_verdict(&text, &d, rating);
        unsigned char *uid = arena_alloc(a, UUID_BYTES);
        row[REVIEW_BOOK_UID] = book_uid(s, a, m->number, &created);
        int64_t written = seeding_later(&d, created);
        dice_uuid(&d, written, uid);
        row[REVIEW_UID] = value_bytes(uid, UUID_BYTES);
        row[REVIEW_RATING] = value_int(rating);
        row[REVIEW_TEXT] = value_text(buf_view(&text));
        row[REVIEW_USER_UID] = seeding_user_uid(s, a, (int64_t)picks_next(&readers));
        row[REVIEW_CREATED_AT] = value_time(written);
        row[REVIEW_UPDATED_AT] = value_time(written);
    }
    return NULL;
}

err seed_make_books(struct seeding *s, int64_t from, int64_t to)
{
    struct made made[SEED_STEP];
    size_t n = (size_t)(to - from);
    for (size_t i = 0; i < n; i++) {
        TRY(make_book(s, from + (int64_t)i, &made[i]));
        s->pending[SEED_REVIEWS] += made[i].reviews;
    }
    s->pending[SEED_BOOKS] = to - from;
    TRY(seeding_flush(s, PILE_BOOKS));
    for (size_t i = 0; i < n; i++) {
        TRY(make_tags(s, &made[i]));
        TRY(make_reviews(s, &made[i]));
    }
    TRY(seeding_flush(s, PILE_BOOK_TAGS));
    return seeding_flush(s, PILE_REVIEWS);
}
