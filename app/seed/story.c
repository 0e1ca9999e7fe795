/* A community that a file tells, in JSON: the bodies that the interface takes, each with `by`, who wrote it, and `ago`,
 * when. What is wrong with one of them is said in a sentence, and then nothing of the story is there. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json_in.h"
#include "base/text.h"
#include "engine/validate.h"
#include "io/media.h"
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

enum { CONTENT_MAX = 1 << 20, PICTURE_MAX = 2 << 20, SAID_MAX = 300 };

struct story {
    struct seeding *s;
    struct arena *arena;
    const struct json *told;
    str *tags;        /* the names of those that are there already; as many as are pending */
    const char *list; /* what is being told, for what is said about it: posts, number 3 */
    int64_t number;
};

/* -- reading -- */

static err wrong(struct story *t, const char *what, str why)
{
    return error_new(t->arena, ERROR_INVALID, "%s, number %" PRId64 ": %s: %.*s", t->list, t->number + 1,
                     what, STR_ARGS(text_start(why, SAID_MAX)));
}

static const struct json *list_of(const struct json *of, str name)
{
    const struct json *list = json_member(of, name);
    return list == NULL ? NULL : list->first;
}

static str text_of(const struct json *of, str name)
{
    const struct json *text = json_member(of, name);
    return text == NULL ? (str){"", 0} : text->text;
}

/* A row as the interface would read it from the same members. */
static err read_row(struct story *t, const struct resource *r, const struct json *from, struct value *row)
{
    struct problems problems;
    problems_init(&problems, t->arena);
    validate_body(&problems, t->arena, r, VALIDATE_CREATE, from, row);
    return problems.count == 0 ? NULL : wrong(t, "not as the interface takes it", buf_view(&problems.text));
}

/* "12d 4h 30m" */
static bool read_span(str s, int64_t *out)
{
    static const struct unit {
        char letter;
        int64_t micros;
    } units[] = {{'d', INT64_C(86400000000)}, {'h', INT64_C(3600000000)}, {'m', INT64_C(60000000)}};
    size_t unit = 0;
    *out = 0;
    for (size_t from = 0; from < s.n;) {
        size_t end = str_find(s, ' ', from);
        uint64_t n = 0;
        if (end - from < 2 || end - from > 6) {
            return false;
        }
        while (unit < 3 && s.p[end - 1] != units[unit].letter) {
            unit++;
        }
        if (unit == 3 || !str_to_uint(str_slice(s, from, end - 1), &n)) {
            return false;
        }
        *out += (int64_t)n * units[unit++].micros;
        from = end + 1;
    }
    return s.n > 0;
}

/* The moment that a member tells; nothing happens before what it is about. */
static err read_moment(struct story *t, const struct json *of, int64_t earliest, int64_t *out)
{
    str ago = text_of(of, STR("ago"));
    int64_t span = 0;
    if (!read_span(ago, &span)) {
        return wrong(t, "ago must be days, hours and minutes, as 12d 4h 30m, not", ago);
    }
    *out = t->s->order->story.now - span;
    return *out >= earliest ? NULL : wrong(t, "this is before what it belongs to, or whose it is", ago);
}

/* People have the numbers that they have in the list. */
static err find_person(struct story *t, str name, int64_t *number, int64_t *joined)
{
    *number = 0;
    for (const struct json *p = list_of(t->told, STR("people")); p != NULL; p = p->next, ++*number) {
        if (str_eq(text_of(p, STR("username")), name)) {
            return read_moment(t, p, 0, joined);
        }
    }
    return wrong(t, "nobody is called", name);
}

/* Whose something is, and of when: after they came, and after what it belongs to. */
static err read_origin(struct story *t, const struct json *of, int64_t earliest, int64_t *by, int64_t *when)
{
    int64_t joined = 0;
    TRY(find_person(t, text_of(of, STR("by")), by, &joined));
    return read_moment(t, of, earliest > joined ? earliest : joined, when);
}

/* A file that a member names, in the folder of the story. */
static err read_named(struct story *t, str name, size_t limit, str *out)
{
    str path = str_format(t->arena, "%.*s/%.*s", STR_ARGS(t->s->order->story.folder), STR_ARGS(name));
    return file_read(t->arena, path.p, limit, out);
}

/* -- people -- */

/* The picture that `avatar` names is kept as if it had been uploaded. */
static err keep_avatar(struct story *t, const struct json *person, struct value *url)
{
    const struct seed_story *story = &t->s->order->story;
    struct media_file *file = NULL;
    str name = text_of(person, STR("avatar"));
    str bytes;
    if (name.n == 0) {
        return NULL;
    }
    TRY(read_named(t, name, PICTURE_MAX, &bytes));
    TRY(media_begin(story->media, t->arena, &file));
    TRY(media_write(file, t->arena, bytes));
    TRY(media_keep(file, t->arena, &name));
    *url = value_text(str_format(t->arena, "%.*s/%.*s", STR_ARGS(story->media_url), STR_ARGS(name)));
    return NULL;
}

static err tell_people(struct story *t)
{
    struct seeding *s = t->s;
    t->list = "people";
    t->number = 0;
    for (const struct json *p = list_of(t->told, STR("people")); p != NULL; p = p->next, t->number++) {
        struct value *user = NULL;
        struct value *profile = NULL;
        int64_t joined = 0;
        TRY(read_moment(t, p, 0, &joined));
        TRY(seeding_add(s, PILE_USERS, &user));
        TRY(read_row(t, &user_resource, p, user));
        user[USER_ID] = value_int(seeding_user_id(s, t->number));
        user[USER_UID] = seeding_user_uid(s, t->arena, t->number);
        user[USER_CREATED_AT] = user[USER_UPDATED_AT] = value_time(joined);
        user[USER_PASSWORD_HASH] = value_text(s->order->hash);
        TRY(seeding_add(s, PILE_PROFILES, &profile));
        TRY(read_row(t, &profile_resource, p, profile));
        TRY(keep_avatar(t, p, &profile[PROFILE_AVATAR_URL]));
        profile[PROFILE_USER_ID] = value_int(seeding_user_id(s, t->number));
        profile[PROFILE_CREATED_AT] = profile[PROFILE_UPDATED_AT] = value_time(joined);
    }
    s->pending[SEED_USERS] = t->number;
    TRY(seeding_flush(s, PILE_USERS));
    return seeding_flush(s, PILE_PROFILES);
}

static err tell_notes(struct story *t)
{
    struct seeding *s = t->s;
    t->list = "microposts";
    t->number = 0;
    for (const struct json *n = list_of(t->told, STR("microposts")); n != NULL; n = n->next, t->number++) {
        struct value *row = NULL;
        int64_t by = 0;
        int64_t written = 0;
        TRY(read_origin(t, n, 0, &by, &written));
        TRY(seeding_add(s, PILE_MICROPOSTS, &row));
        TRY(read_row(t, &micropost_resource, n, row));
        row[MICROPOST_ID] = value_int(s->before[SEED_MICROPOSTS] + 1 + t->number);
        row[MICROPOST_TIMESTAMP] = value_time(written);
        row[MICROPOST_USER_ID] = value_int(seeding_user_id(s, by));
    }
    s->pending[SEED_MICROPOSTS] = t->number;
    return seeding_flush(s, PILE_MICROPOSTS);
}

/* -- tags: made when they are first named -- */

static err find_tag(struct story *t, str name, int64_t when, int64_t *number)
{
    struct seeding *s = t->s;
    int64_t *n = &s->pending[SEED_TAGS];
    for (*number = 0; *number < *n; ++*number) {
        if (str_eq(t->tags[*number], name)) {
            return NULL;
        }
    }
    struct value *row = NULL;
    struct json member = {.type = JSON_STRING, .text = name, .key = STR("name")};
    struct json tag = {.type = JSON_OBJECT, .first = &member, .count = 1};
    if (*n == SEED_STEP) {
        return wrong(t, "there are too many tags already for", name);
    }
    TRY(seeding_add(s, PILE_TAGS, &row));
    TRY(read_row(t, &tag_resource, &tag, row));
    row[TAG_UID] = seeding_tag_uid(s, t->arena, *n);
    row[TAG_CREATED_AT] = value_time(when);
    t->tags[(*n)++] = name;
    return seeding_flush(s, PILE_TAGS);
}

/* Those of one thing: the row that links them has its key in one column and the tag in the other. */
static err tell_tags(struct story *t, const struct json *of, int64_t when, enum seed_pile links,
                     struct value key)
{
    _Static_assert((int)POST_TAG_TAG_UID == (int)BOOK_TAG_TAG_UID && POST_TAG_POST_ID == 0 &&
                       BOOK_TAG_BOOK_UID == 0,
                   "both links are alike");
    for (const struct json *name = list_of(of, STR("tags")); name != NULL; name = name->next) {
        struct value *row = NULL;
        int64_t number = 0;
        TRY(find_tag(t, name->text, when, &number));
        TRY(seeding_add(t->s, links, &row));
        row[POST_TAG_POST_ID] = key;
        row[POST_TAG_TAG_UID] = seeding_tag_uid(t->s, t->arena, number);
    }
    return NULL;
}

/* -- posts -- */

static int64_t count_comments(const struct json *list)
{
    int64_t n = 0;
    for (; list != NULL; list = list->next) {
        n += 1 + count_comments(list_of(list, STR("replies")));
    }
    return n;
}

static int64_t count(const struct json *list)
{
    int64_t n = 0;
    for (; list != NULL; list = list->next) {
        n++;
    }
    return n;
}

/* A post's text stands in a file of its own, which `text` names. */
static err read_post(struct story *t, const struct json *post, struct value *row)
{
    struct json content = {.type = JSON_STRING, .key = STR("content"), .next = post->first};
    struct json whole = *post;
    str name = text_of(post, STR("text"));
    TRY(read_named(t, name, CONTENT_MAX, &content.text));
    if (!text_is_utf8(content.text)) {
        return wrong(t, "not UTF-8", name);
    }
    whole.first = &content;
    whole.count++;
    return read_row(t, &post_resource, &whole, row);
}

static err tell_post(struct story *t, const struct json *post)
{
    struct seeding *s = t->s;
    struct value *row = NULL;
    int64_t by = 0;
    int64_t written = 0;
    int64_t up = count(list_of(post, STR("up")));
    int64_t down = count(list_of(post, STR("down")));
    TRY(read_origin(t, post, 0, &by, &written));
    TRY(seeding_add(s, PILE_POSTS, &row));
    TRY(read_post(t, post, row));
    row[POST_ID] = value_int(s->before[SEED_POSTS] + 1 + t->number);
    row[POST_OWNER_ID] = value_int(seeding_user_id(s, by));
    row[POST_VOTES] = value_int(up + down);
    row[POST_SCORE] = value_int(VOTE_UP * up + VOTE_DOWN * down);
    row[POST_COMMENT_COUNT] = value_int(count_comments(list_of(post, STR("comments"))));
    row[POST_CREATED_AT] = row[POST_UPDATED_AT] = value_time(written);
    s->pending[SEED_VOTES] += up + down;
    return NULL;
}

/* Evenly from then until now; but nobody voted before they came. */
static err tell_votes(struct story *t, const struct json *names, int64_t post, int64_t type, int64_t written)
{
    int64_t apart = (t->s->order->story.now - written) / (1 + count(names));
    for (int64_t when = written + apart; names != NULL; names = names->next, when += apart) {
        struct value *row = NULL;
        int64_t by = 0;
        int64_t joined = 0;
        TRY(find_person(t, names->text, &by, &joined));
        TRY(seeding_add(t->s, PILE_VOTES, &row));
        row[VOTE_USER_ID] = value_int(seeding_user_id(t->s, by));
        row[VOTE_POST_ID] = value_int(post);
        row[VOTE_TYPE] = value_int(type);
        row[VOTE_VOTED_AT] = value_time(when > joined ? when : joined);
    }
    return NULL;
}

/* Each before those that answer it. */
static err tell_comments(struct story *t, const struct json *list, int64_t post, struct value parent,
                         int64_t earliest)
{
    struct seeding *s = t->s;
    for (; list != NULL; list = list->next) {
        struct value *row = NULL;
        int64_t by = 0;
        int64_t written = 0;
        TRY(read_origin(t, list, earliest, &by, &written));
        TRY(seeding_add(s, PILE_COMMENTS, &row));
        TRY(read_row(t, &comment_resource, list, row));
        struct value id = value_int(s->before[SEED_COMMENTS] + ++s->pending[SEED_COMMENTS]);
        row[COMMENT_ID] = id;
        row[COMMENT_POST_ID] = value_int(post);
        row[COMMENT_PARENT_ID] = parent;
        row[COMMENT_USER_ID] = value_int(seeding_user_id(s, by));
        row[COMMENT_CREATED_AT] = row[COMMENT_UPDATED_AT] = value_time(written);
        TRY(tell_comments(t, list_of(list, STR("replies")), post, id, written));
    }
    return NULL;
}

static err tell_posts(struct story *t)
{
    struct seeding *s = t->s;
    t->list = "posts";
    t->number = 0;
    for (const struct json *p = list_of(t->told, STR("posts")); p != NULL; p = p->next, t->number++) {
        TRY(tell_post(t, p));
    }
    s->pending[SEED_POSTS] = t->number;
    TRY(seeding_flush(s, PILE_POSTS));
    t->number = 0;
    for (const struct json *p = list_of(t->told, STR("posts")); p != NULL; p = p->next, t->number++) {
        int64_t id = s->before[SEED_POSTS] + 1 + t->number;
        int64_t written = 0;
        TRY(read_moment(t, p, 0, &written));
        TRY(tell_tags(t, p, written, PILE_POST_TAGS, value_int(id)));
        TRY(tell_votes(t, list_of(p, STR("up")), id, VOTE_UP, written));
        TRY(tell_votes(t, list_of(p, STR("down")), id, VOTE_DOWN, written));
        TRY(tell_comments(t, list_of(p, STR("comments")), id, value_null(), written));
    }
    TRY(seeding_flush(s, PILE_POST_TAGS));
    TRY(seeding_flush(s, PILE_VOTES));
    return seeding_flush(s, PILE_COMMENTS);
}

/* -- books -- */

static err tell_reviews(struct story *t, const struct json *list, struct value book, int64_t earliest,
                        int64_t *stars)
{
    struct seeding *s = t->s;
    for (; list != NULL; list = list->next) {
        struct value *row = NULL;
        int64_t by = 0;
        int64_t written = 0;
        TRY(read_origin(t, list, earliest, &by, &written));
        TRY(seeding_add(s, PILE_REVIEWS, &row));
        TRY(read_row(t, &review_resource, list, row));
        row[REVIEW_UID] = seeding_uid(s, t->arena, STREAM_REVIEWS, s->pending[SEED_REVIEWS]++, written);
        row[REVIEW_USER_UID] = seeding_user_uid(s, t->arena, by);
        row[REVIEW_BOOK_UID] = book;
        row[REVIEW_CREATED_AT] = row[REVIEW_UPDATED_AT] = value_time(written);
        *stars += row[REVIEW_RATING].i;
    }
    return NULL;
}

static err tell_book(struct story *t, const struct json *book)
{
    struct seeding *s = t->s;
    struct value *row = NULL;
    int64_t by = 0;
    int64_t shelved = 0;
    int64_t stars = 0;
    const struct json *reviews = list_of(book, STR("reviews"));
    TRY(read_origin(t, book, 0, &by, &shelved));
    struct value uid = seeding_uid(s, t->arena, STREAM_BOOK_UID, t->number, shelved);
    TRY(tell_reviews(t, reviews, uid, shelved, &stars));
    TRY(tell_tags(t, book, shelved, PILE_BOOK_TAGS, uid));
    TRY(seeding_add(s, PILE_BOOKS, &row));
    TRY(read_row(t, &book_resource, book, row));
    row[BOOK_UID] = uid;
    row[BOOK_USER_UID] = seeding_user_uid(s, t->arena, by);
    row[BOOK_REVIEW_COUNT] = value_int(count(reviews));
    row[BOOK_RATING_SUM] = value_int(stars);
    row[BOOK_CREATED_AT] = row[BOOK_UPDATED_AT] = value_time(shelved);
    TRY(seeding_flush(s, PILE_BOOKS));
    TRY(seeding_flush(s, PILE_BOOK_TAGS));
    return seeding_flush(s, PILE_REVIEWS);
}

static err tell_books(struct story *t)
{
    t->list = "books";
    t->number = 0;
    for (const struct json *b = list_of(t->told, STR("books")); b != NULL; b = b->next, t->number++) {
        TRY(tell_book(t, b));
    }
    t->s->pending[SEED_BOOKS] = t->number;
    return NULL;
}

err seed_make_story(struct seeding *s, int64_t from, int64_t to)
{
    struct story t = {.s = s, .arena = s->arena, .told = s->order->story.told};
    (void)from;
    (void)to;
    t.tags = ARENA_ARRAY(s->arena, str, SEED_STEP);
    TRY(tell_people(&t));
    TRY(tell_posts(&t));
    TRY(tell_books(&t));
    return tell_notes(&t);
}
