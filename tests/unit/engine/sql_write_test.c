/* engine/sql: rows written, changed, deleted and counted, as text and values. */
#include "engine/sql.h"

#include "models/post.h"
#include "models/user.h"
#include "models/vote.h"
#include "support/sql_check.h"

#define POST(f) (&post_resource.fields[f])
#define VOTE(f) (&vote_resource.fields[f])

static void insert(void **state)
{
    (void)state;
    const struct value row[POST__MAX] = {
        [POST_TITLE] = value_text(STR("t")),  [POST_CONTENT] = value_null(),
        [POST_PUBLISHED] = value_bool(false), [POST_OWNER] = value_int(99), /* has no column */
        [POST_OWNER_ID] = value_int(7),
    };
    sql_insert(&s, &arena, &post_resource, row);
    check_sql("INSERT INTO posts (title, content, published, owner_id) VALUES (?, ?, ?, ?)");
    check_text(0, "t");
    assert_int_equal(s.values[1].kind, VALUE_NULL);
    check_int(2, VALUE_BOOL, 0);
    check_int(3, VALUE_INT, 7);

    const struct value nothing[POST__MAX] = {{.kind = VALUE_ABSENT}};
    sql_insert(&s, &arena, &post_resource, nothing);
    check_sql("INSERT INTO posts () VALUES ()");
}

/* What was in a plan's place before says nothing of the row that is referred to. */
static void insert_returning_looks_for_what_nobody_has_told(void **state)
{
    (void)state;
    const struct value self[USER__MAX] = {[USER_USERNAME] = value_text(STR("ada"))};
    const struct known ada = {.row = self, .key = POST_OWNER_ID};
    struct plan p = {.known = ada};
    plan_init(&p, &post_resource, post_resource.shape);
    const struct value row[POST__MAX] = {[POST_OWNER_ID] = value_int(7)};
    sql_insert_returning(&s, &arena, &post_resource, row, &p);
    check_sql("INSERT INTO posts (owner_id) VALUES (?) RETURNING id, title, content, published, owner_id, "
              "owner_id, (SELECT t1.username FROM users t1 WHERE t1.id = posts.owner_id), votes, score, "
              "comment_count, created_at, updated_at");
    p.known = ada;
    sql_insert_returning(&s, &arena, &post_resource, row, &p);
    check_sql("INSERT INTO posts (owner_id) VALUES (?) RETURNING id, title, content, published, owner_id, "
              "owner_id, ?, votes, score, comment_count, created_at, updated_at");
    check_text(1, "ada");
}

static struct where by_id(int64_t id)
{
    struct where w = {.count = 0};
    where_add(&w, POST(POST_ID), OP_EQ, value_int(id));
    return w;
}

static void update(void **state)
{
    (void)state;
    struct where w = by_id(7);
    struct value row[POST__MAX] = {[POST_TITLE] = value_text(STR("t")), [POST_OWNER] = value_int(99)};
    where_add(&w, POST(POST_OWNER_ID), OP_EQ, value_int(3));
    sql_update(&s, &arena, &post_resource, row, &w);
    check_sql("UPDATE posts SET title = ?, updated_at = CURRENT_TIMESTAMP(6), version = version + 1 WHERE id "
              "= ? AND owner_id = ?");
    check_text(0, "t");
    check_int(1, VALUE_INT, 7);
    check_int(2, VALUE_INT, 3);

    row[POST_UPDATED_AT] = value_time(5);
    row[POST_TITLE] = value_null();
    sql_update(&s, &arena, &post_resource, row, &w);
    check_sql(
        "UPDATE posts SET title = ?, updated_at = ?, version = version + 1 WHERE id = ? AND owner_id = ?");
    check_int(1, VALUE_TIME, 5);
}

static void delete (void **state)
{
    (void)state;
    struct where w = by_id(7);
    sql_delete(&s, &arena, &post_resource, &w, NULL);
    check_sql("DELETE FROM posts WHERE id = ?");
    sql_delete(&s, &arena, &post_resource, &w, POST(POST_ID));
    check_sql("DELETE FROM posts WHERE id = ? ORDER BY id DESC");
    w.count = 0;
    sql_delete(&s, &arena, &post_resource, &w, NULL);
    check_sql("DELETE FROM posts");
}

static struct where of_user(int64_t user)
{
    struct where w = {.count = 0};
    where_add(&w, VOTE(VOTE_USER_ID), OP_EQ, value_int(user));
    return w;
}

/* The counters of posts, when votes come, change and go. */
static void counters(void **state)
{
    (void)state;
    const struct where w = of_user(7);
    const struct value up[VOTE__MAX] = {
        [VOTE_USER_ID] = value_int(7), [VOTE_POST_ID] = value_int(5), [VOTE_TYPE] = value_int(1)};
    assert_true(sql_count_on(&s, &arena, &vote_resource, VOTE(VOTE_POST_ID), up));
    check_sql("UPDATE posts SET votes = votes + 1, score = score + ? WHERE id = ?");
    check_int(0, VALUE_INT, 1);
    check_int(1, VALUE_INT, 5);

    assert_true(sql_count_off(&s, &arena, &vote_resource, VOTE(VOTE_POST_ID), NULL, &w));
    check_sql(
        "UPDATE posts p JOIN (SELECT post_id AS k, COUNT(*) AS c6, SUM(vote_type) AS c7 FROM votes WHERE "
        "user_id = ? GROUP BY post_id) d ON d.k = p.id SET p.votes = p.votes - d.c6, p.score = p.score - "
        "d.c7");
    check_int(0, VALUE_INT, 7);

    const struct value down[VOTE__MAX] = {[VOTE_TYPE] = value_int(-1)};
    assert_true(sql_count_off(&s, &arena, &vote_resource, VOTE(VOTE_POST_ID), down, &w));
    check_sql(
        "UPDATE posts p JOIN (SELECT post_id AS k, SUM(vote_type - ?) AS c7 FROM votes WHERE user_id = ? "
        "GROUP BY post_id) d ON d.k = p.id SET p.score = p.score - d.c7");
    check_int(0, VALUE_INT, -1);
    check_int(1, VALUE_INT, 7);
}

/* A shelf counts the books that stand on it, those that belong there, and boxes: each by its own reference. */
enum { SHELF_ID, SHELF_STANDING, SHELF_BELONGING, SHELF_BOXES, SHELF_WEIGHT, SHELF__MAX };
enum { BOOK_STANDS_ON, BOOK_BELONGS_ON, BOOK_WEIGHT, BOOK__MAX };
static const struct resource shelf, book, box;
static const struct field shelf_fields[SHELF__MAX] = {
    [SHELF_ID] = ID("id"),
    [SHELF_STANDING] = COUNT("standing", .to = &book, .key = BOOK_STANDS_ON),
    [SHELF_BELONGING] = COUNT("belonging", .to = &book, .key = BOOK_BELONGS_ON),
    [SHELF_BOXES] = COUNT("boxes", .to = &box, .key = BOOK_STANDS_ON),
    [SHELF_WEIGHT] = SUM("weight", .to = &book, .key = BOOK_STANDS_ON, .of = BOOK_WEIGHT),
};
static const struct field book_fields[BOOK__MAX] = {
    [BOOK_STANDS_ON] = REF("stands_on", .to = &shelf),
    [BOOK_BELONGS_ON] = REF("belongs_on", .to = &shelf),
    [BOOK_WEIGHT] = INT("weight", .flags = REQUIRED),
};
static const struct key first_is_key[] = {PRIMARY(0)};
static const struct resource shelf = {
    .name = "shelf", .table = "shelves", FIELDS(shelf_fields), KEYS(first_is_key)};
static const struct resource book = {.name = "book", .table = "books", FIELDS(book_fields)};
static const struct resource box = {.name = "box", .table = "boxes", FIELDS(book_fields)};

static void each_counter_has_its_reference(void **state)
{
    (void)state;
    struct where w = {.count = 0};
    const struct value row[BOOK__MAX] = {value_int(1), value_int(2), value_int(300)};
    assert_true(sql_count_on(&s, &arena, &book, &book_fields[BOOK_STANDS_ON], row));
    check_sql("UPDATE shelves SET standing = standing + 1, weight = weight + ? WHERE id = ?");
    check_int(0, VALUE_INT, 300);
    check_int(1, VALUE_INT, 1);
    assert_true(sql_count_on(&s, &arena, &book, &book_fields[BOOK_BELONGS_ON], row));
    check_sql("UPDATE shelves SET belonging = belonging + 1 WHERE id = ?");
    check_int(0, VALUE_INT, 2);
    where_add(&w, &book_fields[BOOK_WEIGHT], OP_GT, value_int(5));
    assert_true(sql_count_off(&s, &arena, &book, &book_fields[BOOK_BELONGS_ON], NULL, &w));
    check_sql(
        "UPDATE shelves p JOIN (SELECT belongs_on AS k, COUNT(*) AS c2 FROM books WHERE weight > ? GROUP BY "
        "belongs_on) d ON d.k = p.id SET p.belonging = p.belonging - d.c2");
    assert_false(sql_count_off(&s, &arena, &book, &book_fields[BOOK_BELONGS_ON], row, &w));
}

static void where_nothing_counts_there_is_nothing_to_run(void **state)
{
    (void)state;
    const struct where w = of_user(7);
    const struct value later[VOTE__MAX] = {[VOTE_VOTED_AT] = value_time(5)};
    const struct value post[POST__MAX] = {[POST_OWNER_ID] = value_int(7)};
    assert_false(sql_count_off(&s, &arena, &vote_resource, VOTE(VOTE_USER_ID), NULL, &w));
    assert_false(sql_count_off(&s, &arena, &vote_resource, VOTE(VOTE_POST_ID), later, &w));
    assert_false(sql_count_on(&s, &arena, &post_resource, POST(POST_OWNER_ID), post));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(insert),
        TEST(insert_returning_looks_for_what_nobody_has_told),
        TEST(update),
        TEST(delete),
        TEST(counters),
        TEST(each_counter_has_its_reference),
        TEST(where_nothing_counts_there_is_nothing_to_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
