#include "models/comment.h"
#include "models/post.h"
#include "models/tag.h"
#include "models/vote.h"
#include "seed/seeding.h"
#include "seed/words.h"

enum {
    TEXT_MAX = 16384,
    UNPUBLISHED_ONE_IN = 14,
    EDITED_ONE_IN = 8,
    REPLIES_PERCENT = 55,
    DOWN_PERCENT_MAX = 40,
    TAGS_MAX = 4
};

/* A post of the transaction, as far as what belongs to it must know. */
struct made {
    int64_t number, created;
    int64_t votes, down, comments;
    int64_t first_comment; /* its number */
};

/* The first is there for everybody. */
static bool is_published(const struct seeding *s, int64_t number)
{
    struct dice d;
    dice_start(&d, s->salt, STREAM_POST, (uint64_t)number);
    return number == 0 || dice_below(&d, UNPUBLISHED_ONE_IN) != 0;
}

/* What is not published nobody sees, so nobody votes for it or comments on it. */
static uint64_t weight_of(const struct seeding *s, int64_t number)
{
    return is_published(s, number) ? seeding_weight(s, STREAM_POST_FAME, number) : 0;
}

void seed_deal_posts(struct seeding *s)
{
    const int64_t *counts = s->order->counts;
    uint64_t all = 0;
    for (int64_t i = 0; i < counts[SEED_POSTS]; i++) {
        all += weight_of(s, i);
    }
    share_init(&s->deal.votes, counts[SEED_VOTES], counts[SEED_POSTS], all, counts[SEED_USERS]);
    share_init(&s->deal.comments, counts[SEED_COMMENTS], counts[SEED_POSTS], all, SEED_MAX_ROWS);
}

static int64_t some_user(const struct seeding *s, struct dice *d)
{
    return seeding_user_id(s, (int64_t)dice_low(d, (uint64_t)s->order->counts[SEED_USERS]));
}

static int64_t post_id(const struct seeding *s, int64_t number)
{
    return s->before[SEED_POSTS] + 1 + number;
}

static err make_post(struct seeding *s, int64_t number, struct made *m)
{
    struct arena *a = seeding_arena(s, PILE_POSTS);
    struct value *row = NULL;
    struct dice d;
    struct buf title;
    struct buf content;
    uint64_t weight = weight_of(s, number);
    TRY(seeding_add(s, PILE_POSTS, &row));
    dice_start(&d, s->salt, STREAM_POST, (uint64_t)number);
    (void)dice_next(&d); /* whether it is published */
    m->number = number;
    m->created = seeding_moment(&d, number, s->order->counts[SEED_POSTS]);
    m->votes = share_next(&s->deal.votes, weight);
    m->down = m->votes * (int64_t)dice_below(&d, DOWN_PERCENT_MAX + 1) / 100;
    m->first_comment = s->deal.comments.given;
    m->comments = share_next(&s->deal.comments, weight);
    buf_init(&title, a, 96, TEXT_MAX);
    words_title(&title, &d);
    buf_init(&content, a, 512, TEXT_MAX);
    words_paragraphs(&content, &d, 1 + (unsigned)dice_below(&d, 3));
    row[POST_ID] = value_int(post_id(s, number));
    row[POST_TITLE] = value_text(buf_view(&title));
    row[POST_CONTENT] = value_text(buf_view(&content));
    row[POST_PUBLISHED] = value_bool(is_published(s, number));
    row[POST_OWNER_ID] = value_int(some_user(s, &d));
    row[POST_VOTES] = value_int(m->votes);
    row[POST_SCORE] = value_int(VOTE_UP * (m->votes - m->down) + VOTE_DOWN * m->down);
    row[POST_COMMENT_COUNT] = value_int(m->comments);
    row[POST_CREATED_AT] = value_time(m->created);
    row[POST_UPDATED_AT] =
        value_time(dice_below(&d, EDITED_ONE_IN) == 0 ? seeding_later(&d, m->created) : m->created);
    return NULL;
}

static err make_tags(struct seeding *s, const struct made *m)
{
    int64_t tags[TAGS_MAX];
    struct dice d;
    dice_start(&d, s->salt, STREAM_POST_TAGS, (uint64_t)m->number);
    unsigned n = seeding_tags(s, &d, TAGS_MAX, tags);
    for (unsigned i = 0; i < n; i++) {
        struct value *row = NULL;
        TRY(seeding_add(s, PILE_POST_TAGS, &row));
        row[POST_TAG_POST_ID] = value_int(post_id(s, m->number));
        row[POST_TAG_TAG_UID] = seeding_tag_uid(s, seeding_arena(s, PILE_POST_TAGS), tags[i]);
    }
    return NULL;
}

/* One after another, most of them answers to one that is not long ago. */
static err make_comments(struct seeding *s, const struct made *m)
{
    int64_t first_id = s->before[SEED_COMMENTS] + 1 + m->first_comment;
    int64_t apart = (seed_year_end - m->created) / (m->comments + 1);
    for (int64_t i = 0; i < m->comments; i++) {
        struct arena *a = seeding_arena(s, PILE_COMMENTS);
        struct value *row = NULL;
        struct dice d;
        struct buf text;
        TRY(seeding_add(s, PILE_COMMENTS, &row));
        dice_start(&d, s->salt, STREAM_COMMENT, (uint64_t)(m->first_comment + i));
        bool answer = i > 0 && dice_below(&d, 100) < REPLIES_PERCENT;
        struct value parent =
            answer ? value_int(first_id + i - 1 - (int64_t)dice_low(&d, (uint64_t)i)) : value_null();
        struct value written =
            value_time(m->created + i * apart + (int64_t)dice_below(&d, (uint64_t)apart + 1));
        buf_init(&text, a, 256, TEXT_MAX);
        words_sentences(&text, &d, 1 + (unsigned)dice_below(&d, 3));
        row[COMMENT_ID] = value_int(first_id + i);
        row[COMMENT_POST_ID] = value_int(post_id(s, m->number));
        row[COMMENT_PARENT_ID] = parent;
        row[COMMENT_TEXT] = value_text(buf_view(&text));
        row[COMMENT_USER_ID] = value_int(some_user(s, &d));
        row[COMMENT_CREATED_AT] = written;
        row[COMMENT_UPDATED_AT] = written;
    }
    return NULL;
}

/* Each by another person; those against it are spread evenly among them. */
static err make_votes(struct seeding *s, const struct made *m)
{
    struct dice d;
    struct picks voters;
    dice_start(&d, s->salt, STREAM_VOTES, (uint64_t)m->number);
    picks_start(&voters, &d, (uint64_t)s->order->counts[SEED_USERS]);
    for (int64_t i = 0; i < m->votes; i++) {
        struct value *row = NULL;
        bool down = (i + 1) * m->down / m->votes != i * m->down / m->votes;
        TRY(seeding_add(s, PILE_VOTES, &row));
        row[VOTE_USER_ID] = value_int(seeding_user_id(s, (int64_t)picks_next(&voters)));
        row[VOTE_POST_ID] = value_int(post_id(s, m->number));
        row[VOTE_TYPE] = value_int(down ? VOTE_DOWN : VOTE_UP);
        row[VOTE_VOTED_AT] = value_time(seeding_later(&d, m->created));
    }
    return NULL;
}

err seed_make_posts(struct seeding *s, int64_t from, int64_t to)
{
    struct made made[SEED_STEP];
    size_t n = (size_t)(to - from);
    for (size_t i = 0; i < n; i++) {
        TRY(make_post(s, from + (int64_t)i, &made[i]));
        s->pending[SEED_VOTES] += made[i].votes;
        s->pending[SEED_COMMENTS] += made[i].comments;
    }
    s->pending[SEED_POSTS] = to - from;
    TRY(seeding_flush(s, PILE_POSTS));
    for (size_t i = 0; i < n; i++) {
        TRY(make_tags(s, &made[i]));
        TRY(make_comments(s, &made[i]));
        TRY(make_votes(s, &made[i]));
    }
    TRY(seeding_flush(s, PILE_POST_TAGS));
    TRY(seeding_flush(s, PILE_COMMENTS));
    return seeding_flush(s, PILE_VOTES);
}
