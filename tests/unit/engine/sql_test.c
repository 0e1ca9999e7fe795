/* engine/sql: plans and rows as text and values. What the routes of the program make of them is kept in
 * tests/golden; here are the rules by which it is made. */
#include "engine/sql.h"

#include <string.h>

#include "models/post.h"
#include "models/user.h"
#include "models/vote.h"
#include "support/unit.h"

#define POST(f) (&post_resource.fields[f])
#define VOTE(f) (&vote_resource.fields[f])

static const unsigned char only_id[] = {POST_ID};
static const struct shape id_shape = SHAPE("Id", &post_resource, only_id);

static struct sql s;

static void check_sql(const char *want)
{
    check_str(buf_view(&s.text), str_of(want));
    size_t marks = 0;
    for (size_t at = str_find(buf_view(&s.text), '?', 0); at < s.text.n;
         at = str_find(buf_view(&s.text), '?', at + 1)) {
        marks++;
    }
    assert_int_equal(marks, s.count);
    assert_false(s.text.full);
}

static void check_int(unsigned i, enum value_kind kind, int64_t want)
{
    assert_true(i < s.count);
    assert_int_equal(s.values[i].kind, kind);
    assert_int_equal(s.values[i].i, want);
}

static void check_text(unsigned i, const char *want)
{
    assert_true(i < s.count);
    assert_int_equal(s.values[i].kind, VALUE_TEXT);
    check_str(s.values[i].text, str_of(want));
}

static void start(struct plan *p)
{
    plan_init(p, &post_resource, &id_shape);
}

static void a_plan_without_anything(void **state)
{
    (void)state;
    struct plan p;
    start(&p);
    sql_select(&s, &arena, &p);
    check_sql("SELECT t0.id FROM posts t0");
}

static void every_operator(void **state)
{
    (void)state;
    static const struct {
        enum op op;
        const char *text;
    } ops[] = {{OP_EQ, "="}, {OP_NE, "<>"}, {OP_LT, "<"}, {OP_LE, "<="}, {OP_GT, ">"}, {OP_GE, ">="}};
    for (size_t i = 0; i < LENGTH(ops); i++) {
        struct plan p;
        start(&p);
        where_add(&p.where, POST(POST_VOTES), ops[i].op, value_int(5));
        sql_select(&s, &arena, &p);
        check_sql(str_format(&arena, "SELECT t0.id FROM posts t0 WHERE t0.votes %s ?", ops[i].text).p);
        check_int(0, VALUE_INT, 5);
    }
}

static void null_is_compared_with_is(void **state)
{
    (void)state;
    struct plan p;
    start(&p);
    where_add(&p.where, POST(POST_OWNER_ID), OP_EQ, value_null());
    where_add(&p.where, POST(POST_TITLE), OP_NE, value_null());
    where_add(&p.where, POST(POST_ID), OP_EQ, value_int(1));
    sql_select(&s, &arena, &p);
    check_sql("SELECT t0.id FROM posts t0 WHERE t0.owner_id IS NULL AND t0.title IS NOT NULL AND t0.id = ?");
    check_int(0, VALUE_INT, 1);
}

/* % and _ and the backslash are ordinary characters of a search. */
static void wildcards_are_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *sent, *pattern;
    } cases[] = {
        {"", "%%"},           {"plain", "%plain%"},           {"100%", "%100\\%%"},
        {"a_b", "%a\\_b%"},   {"c:\\d", "%c:\\\\d%"},         {"%_\\%_\\", "%\\%\\_\\\\\\%\\_\\\\%"},
        {"äöü%", "%äöü\\%%"}, {"it's \"?\"", "%it's \"?\"%"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct plan p;
        start(&p);
        where_add(&p.where, POST(POST_TITLE), OP_CONTAINS, value_text(str_of(cases[i].sent)));
        sql_select(&s, &arena, &p);
        check_sql("SELECT t0.id FROM posts t0 WHERE t0.title LIKE ?");
        check_text(0, cases[i].pattern);
    }
}

static void a_long_search_stays_whole(void **state)
{
    (void)state;
    enum { N = 100000 };
    struct plan p;
    char *percents = arena_alloc(&arena, N);
    memset(percents, '%', N);
    start(&p);
    where_add(&p.where, POST(POST_TITLE), OP_CONTAINS, value_text((str){percents, N}));
    sql_select(&s, &arena, &p);
    assert_int_equal(s.values[0].text.n, 2 * N + 2);
}

static void alternatives_stand_in_parentheses(void **state)
{
    (void)state;
    struct plan p;
    start(&p);
    where_either(&p.where, 1, POST(POST_PUBLISHED), OP_EQ, value_bool(true));
    sql_select(&s, &arena, &p);
    check_sql("SELECT t0.id FROM posts t0 WHERE (t0.published = ?)");

    start(&p);
    where_add(&p.where, POST(POST_ID), OP_GT, value_int(1));
    where_either(&p.where, 1, POST(POST_PUBLISHED), OP_EQ, value_bool(true));
    where_either(&p.where, 1, POST(POST_OWNER_ID), OP_EQ, value_int(2));
    where_either(&p.where, 2, POST(POST_VOTES), OP_GT, value_int(3));
    where_either(&p.where, 2, POST(POST_SCORE), OP_EQ, value_null());
    where_add(&p.where, POST(POST_ID), OP_LT, value_int(4));
    sql_select(&s, &arena, &p);
    check_sql("SELECT t0.id FROM posts t0 WHERE t0.id > ? AND (t0.published = ? OR t0.owner_id = ?) AND "
              "(t0.votes > ? OR t0.score IS NULL) AND t0.id < ?");
    check_int(0, VALUE_INT, 1);
    check_int(1, VALUE_BOOL, 1);
    check_int(2, VALUE_INT, 2);
    check_int(3, VALUE_INT, 3);
    check_int(4, VALUE_INT, 4);
}

static void rows_related_by_a_third_table(void **state)
{
    (void)state;
    struct plan p;
    start(&p);
    const struct relation by = {&vote_resource, VOTE(VOTE_POST_ID), VOTE(VOTE_USER_ID), NULL};
    where_related(&p.where, 0, POST(POST_ID), &by, value_int(9));
    where_add(&p.where, POST(POST_PUBLISHED), OP_EQ, value_bool(false));
    sql_select(&s, &arena, &p);
    check_sql("SELECT t0.id FROM posts t0 WHERE t0.id IN (SELECT post_id FROM votes WHERE user_id = ?) AND "
              "t0.published = ?");
    check_int(0, VALUE_INT, 9);
}

static void order_page_and_lock(void **state)
{
    (void)state;
    struct plan p;
    start(&p);
    where_add(&p.where, POST(POST_ID), OP_EQ, value_int(1));
    plan_order(&p, POST(POST_VOTES), true);
    plan_order(&p, POST(POST_TITLE), false);
    plan_order_by_key(&p);
    p.limit = 20;
    p.offset = 40;
    p.lock = true;
    sql_select(&s, &arena, &p);
    check_sql(
        "SELECT t0.id FROM posts t0 WHERE t0.id = ? ORDER BY t0.votes DESC, t0.title, t0.id LIMIT ? OFFSET ? "
        "FOR UPDATE");
    check_int(1, VALUE_INT, 20);
    check_int(2, VALUE_INT, 40);
}

static void embedded_rows_are_joined(void **state)
{
    (void)state;
    struct plan p;
    plan_init(&p, &vote_resource, &vote_voter);
    sql_select(&s, &arena, &p);
    check_sql("SELECT t1.id, t1.uid, t1.username, t1.created_at, t0.vote_type, t0.voted_at FROM votes t0 "
              "LEFT JOIN users t1 ON t1.id = t0.user_id");
}

/* The same plan gives the same text, whatever the values: that is how statements are found again. */
static void values_do_not_change_the_text(void **state)
{
    (void)state;
    struct plan p;
    str texts[2];
    for (int i = 0; i < 2; i++) {
        start(&p);
        where_add(&p.where, POST(POST_TITLE), OP_CONTAINS, value_text(i == 0 ? STR("x") : STR("';--")));
        p.limit = 1 + i;
        p.offset = 1000 * i;
        sql_select(&s, &arena, &p);
        texts[i] = buf_view(&s.text);
    }
    check_str(texts[0], texts[1]);
}

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
        TEST(a_plan_without_anything),
        TEST(every_operator),
        TEST(null_is_compared_with_is),
        TEST(wildcards_are_escaped),
        TEST(a_long_search_stays_whole),
        TEST(alternatives_stand_in_parentheses),
        TEST(rows_related_by_a_third_table),
        TEST(order_page_and_lock),
        TEST(embedded_rows_are_joined),
        TEST(values_do_not_change_the_text),
        TEST(insert),
        TEST(update),
        TEST(delete),
        TEST(counters),
        TEST(each_counter_has_its_reference),
        TEST(where_nothing_counts_there_is_nothing_to_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
