/* engine/sql: plans and rows as text and values. What the routes of the program make of them is kept in
 * tests/golden; here are the rules by which it is made. */
#include "engine/sql.h"

#include <string.h>

#include "models/post.h"
#include "models/tag.h"
#include "models/user.h"
#include "models/vote.h"
#include "support/sql_check.h"

#define POST(f) (&post_resource.fields[f])
#define VOTE(f) (&vote_resource.fields[f])

static const unsigned char only_id[] = {POST_ID};
static const struct shape id_shape = SHAPE("Id", &post_resource, only_id);

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

/* --- positions ------------------------------------------------------------------------------------------------ */

enum { K_ID, K_A, K_N, K_TEXT, K__MAX };
static const struct field sorted_fields[K__MAX] = {
    [K_ID] = ID("id"),
    [K_A] = INT("a", .flags = SORT | REQUIRED),
    [K_N] = INT("n", .flags = SORT | NULLABLE),
    [K_TEXT] = TEXT("text", .max = 9, .flags = REQUIRED),
};
static const struct key sorted_keys[] = {PRIMARY(K_ID), FULLTEXT(K_TEXT)};
static const struct resource sorted = {
    .name = "sorted", .table = "rows", FIELDS(sorted_fields), KEYS(sorted_keys)};
static const unsigned char sorted_first[] = {K_ID};
static const struct shape sorted_shape = SHAPE("Sorted", &sorted, sorted_first);

static const struct value null = {.kind = VALUE_NULL};

/* What follows WHERE, for a position in the order "-a,n" and so on; the key comes last. */
static void check_position(const char *order, bool backward, struct value first, const char *where,
                           const char *by, unsigned values)
{
    struct plan p;
    plan_init(&p, &sorted, &sorted_shape);
    for (const char *at = order; *at != '\0'; at++) {
        bool descending = *at == '-';
        at += descending;
        plan_order(&p, &sorted_fields[*at == 'a' ? K_A : *at == 'n' ? K_N : K_ID], descending);
    }
    plan_order_by_key(&p);
    plan_close(&p);
    p.seek =
        (struct seek){.given = true, .backward = backward, .values = {first, value_int(7), value_int(8)}};
    sql_select(&s, &arena, &p);
    str text = buf_view(&s.text);
    check_str(str_slice(text, str_find(text, 'W', 0), text.n),
              str_format(&arena, "WHERE %s ORDER BY %s", where, by));
    assert_int_equal(s.count, values);
}

static void behind_a_row(void **state)
{
    (void)state;
    const struct value five = value_int(5);
    check_position("", false, five, "(t0.id > ?)", "t0.id", 1);
    check_position("", true, five, "(t0.id < ?)", "t0.id DESC", 1);
    check_position("-i", false, five, "(t0.id < ?)", "t0.id DESC", 1);
    check_position("-i", true, five, "(t0.id > ?)", "t0.id", 1);
    check_position("a", false, five, "(t0.a > ? OR t0.a = ? AND t0.id > ?)", "t0.a, t0.id", 3);
    check_position("a", true, five, "(t0.a < ? OR t0.a = ? AND t0.id < ?)", "t0.a DESC, t0.id DESC", 3);
    check_position("-a", false, five, "(t0.a < ? OR t0.a = ? AND t0.id < ?)", "t0.a DESC, t0.id DESC", 3);
    check_position("-ai", false, five, "(t0.a < ? OR t0.a = ? AND t0.id > ?)", "t0.a DESC, t0.id", 3);
}

/* Null goes before every value when rising, behind every value when falling. */
static void behind_a_row_with_nulls(void **state)
{
    (void)state;
    const struct value five = value_int(5);
    check_position("n", false, five, "(t0.n > ? OR t0.n = ? AND t0.id > ?)", "t0.n, t0.id", 3);
    check_position("n", true, five, "((t0.n < ? OR t0.n IS NULL) OR t0.n = ? AND t0.id < ?)",
                   "t0.n DESC, t0.id DESC", 3);
    check_position("-n", false, five, "((t0.n < ? OR t0.n IS NULL) OR t0.n = ? AND t0.id < ?)",
                   "t0.n DESC, t0.id DESC", 3);
    check_position("-n", true, five, "(t0.n > ? OR t0.n = ? AND t0.id > ?)", "t0.n, t0.id", 3);
    check_position("n", false, null, "(t0.n IS NOT NULL OR t0.n IS NULL AND t0.id > ?)", "t0.n, t0.id", 1);
    check_position("n", true, null, "(t0.n IS NULL AND t0.id < ?)", "t0.n DESC, t0.id DESC", 1);
    check_position("-n", false, null, "(t0.n IS NULL AND t0.id < ?)", "t0.n DESC, t0.id DESC", 1);
    check_position("-n", true, null, "(t0.n IS NOT NULL OR t0.n IS NULL AND t0.id > ?)", "t0.n, t0.id", 1);
}

static void behind_a_row_in_three_keys(void **state)
{
    (void)state;
    check_position("a-n", false, value_int(5),
                   "(t0.a > ? OR t0.a = ? AND (t0.n < ? OR t0.n IS NULL) OR t0.a = ? AND t0.n = ? "
                   "AND t0.id < ?)",
                   "t0.a, t0.n DESC, t0.id DESC", 6);
    check_int(0, VALUE_INT, 5);
    check_int(1, VALUE_INT, 5);
    check_int(2, VALUE_INT, 7);
    check_int(3, VALUE_INT, 5);
    check_int(4, VALUE_INT, 7);
    check_int(5, VALUE_INT, 8);
    check_position(
        "na", false, null,
        "(t0.n IS NOT NULL OR t0.n IS NULL AND t0.a > ? OR t0.n IS NULL AND t0.a = ? AND t0.id > ?)",
        "t0.n, t0.a, t0.id", 3);
    check_int(0, VALUE_INT, 7);
    check_int(1, VALUE_INT, 7);
    check_int(2, VALUE_INT, 8);
    check_position("-na", false, null,
                   "(t0.n IS NULL AND t0.a > ? OR t0.n IS NULL AND t0.a = ? AND t0.id > ?)",
                   "t0.n DESC, t0.a, t0.id", 3);
}

/* Conditions first, the position behind them; a page is counted without its position. */
static void positions_stand_behind_conditions(void **state)
{
    (void)state;
    struct plan p;
    plan_init(&p, &sorted, &sorted_shape);
    where_add(&p.where, &sorted_fields[K_A], OP_GT, value_int(1));
    plan_order_by_key(&p);
    plan_close(&p);
    p.seek = (struct seek){.given = true, .values = {value_int(9)}};
    p.limit = 5;
    p.offset = 2;
    p.peek = true;
    sql_select(&s, &arena, &p);
    check_sql("SELECT t0.id FROM rows t0 WHERE t0.a > ? AND (t0.id > ?) ORDER BY t0.id LIMIT ? OFFSET ?");
    check_int(1, VALUE_INT, 9);
    check_int(2, VALUE_INT, 6); /* one more than the page has */
    check_int(3, VALUE_INT, 2);
    sql_count(&s, &arena, &p);
    check_sql("SELECT COUNT(*) FROM rows t0 WHERE t0.a > ?");
    p.where.count = 0;
    sql_count(&s, &arena, &p);
    check_sql("SELECT COUNT(*) FROM rows t0");
    p.lock = true;
    sql_count(&s, &arena, &p);
    check_sql("SELECT COUNT(*) FROM rows t0 FOR UPDATE");
}

/* --- full-text search ----------------------------------------------------------------------------------------- */

#define MATCH "MATCH (t0.title, t0.content) AGAINST (?)"

static void what_matches_best(void **state)
{
    (void)state;
    struct plan p;
    start(&p);
    p.match = (struct match){resource_key_of_kind(&post_resource, KEY_FULLTEXT), STR("red fox")};
    where_add(&p.where, POST(POST_PUBLISHED), OP_EQ, value_bool(true));
    plan_order(&p, NULL, true);
    plan_order_by_key(&p);
    plan_close(&p);
    sql_select(&s, &arena, &p);
    check_sql("SELECT t0.id, " MATCH " FROM posts t0 WHERE t0.published = ? AND " MATCH " ORDER BY " MATCH
              " DESC, t0.id DESC");
    check_text(0, "red fox");
    check_text(2, "red fox");
    p.seek = (struct seek){.given = true, .values = {{.kind = VALUE_DOUBLE, .d = 0.5}, value_int(7)}};
    sql_select(&s, &arena, &p);
    check_sql("SELECT t0.id, " MATCH " FROM posts t0 WHERE t0.published = ? AND " MATCH " AND (" MATCH
              " < ? OR " MATCH " = ? AND t0.id < ?) ORDER BY " MATCH " DESC, t0.id DESC");
    assert_int_equal(s.values[4].kind, VALUE_DOUBLE);
    sql_count(&s, &arena, &p);
    check_sql("SELECT COUNT(*) FROM posts t0 WHERE t0.published = ? AND " MATCH);
    p.where.count = 0;
    sql_count(&s, &arena, &p);
    check_sql("SELECT COUNT(*) FROM posts t0 WHERE " MATCH);
}

/* --- what is related ------------------------------------------------------------------------------------------ */

/* By a value of the row that is referred to: posts with a tag of that name. */
static void rows_related_by_what_is_referred_to(void **state)
{
    (void)state;
    struct plan p;
    const struct relation by = {&post_tag_resource, &post_tag_resource.fields[POST_TAG_POST_ID],
                                &post_tag_resource.fields[POST_TAG_TAG_UID],
                                &tag_resource.fields[TAG_NAME_FOLD]};
    start(&p);
    where_related(&p.where, 0, POST(POST_ID), &by, value_bytes("go", 2));
    sql_select(&s, &arena, &p);
    check_sql(
        "SELECT t0.id FROM posts t0 WHERE t0.id IN (SELECT l.post_id FROM post_tags l JOIN tags f ON f.uid "
        "= l.tag_uid WHERE f.name_fold = ?)");
    check_str(s.values[0].text, STR("go"));
}

static void relations_may_be_alternatives(void **state)
{
    (void)state;
    struct plan p;
    const struct relation by = {&vote_resource, VOTE(VOTE_POST_ID), VOTE(VOTE_USER_ID), NULL};
    start(&p);
    where_related(&p.where, 1, POST(POST_ID), &by, value_int(7));
    where_either(&p.where, 1, POST(POST_OWNER_ID), OP_EQ, value_int(7));
    sql_select(&s, &arena, &p);
    check_sql("SELECT t0.id FROM posts t0 WHERE (t0.id IN (SELECT post_id FROM votes WHERE user_id = ?) OR "
              "t0.owner_id = ?)");
}

/* The joined row refers here, instead of being referred to. */
static void rows_that_refer_here_are_joined(void **state)
{
    (void)state;
    static const unsigned char with_profile[] = {USER_ID, USER_PROFILE};
    static const struct shape shape = SHAPE("WithProfile", &user_resource, with_profile);
    struct plan p;
    plan_init(&p, &user_resource, &shape);
    sql_select(&s, &arena, &p);
    check_sql(
        "SELECT t0.id, t1.user_id, t1.avatar_url, t1.website, t1.bio, t1.created_at, t1.updated_at FROM "
        "users t0 LEFT JOIN profiles t1 ON t1.user_id = t0.id");
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
        TEST(behind_a_row),
        TEST(behind_a_row_with_nulls),
        TEST(behind_a_row_in_three_keys),
        TEST(positions_stand_behind_conditions),
        TEST(what_matches_best),
        TEST(rows_related_by_what_is_referred_to),
        TEST(relations_may_be_alternatives),
        TEST(rows_that_refer_here_are_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
