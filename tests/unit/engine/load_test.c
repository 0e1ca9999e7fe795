/* engine/load: what is read, how it is locked, and what is said when nothing is there. */
#include "engine/load.h"

#include <string.h>

#include "base/buf.h"
#include "io/db.h"
#include "models/post.h"
#include "models/role.h"
#include "models/session.h"
#include "models/user.h"
#include "support/fake_db.h"
#include "support/unit.h"

static struct db *db;

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    db = db_new(NULL);
    return 0;
}

static void plan_of_user(struct plan *p, int64_t id)
{
    plan_init(p, &user_resource, &user_brief);
    where_add(&p->where, &user_resource.fields[USER_ID], OP_EQ, value_int(id));
}

#define USER_SELECT "SELECT t0.id, t0.username FROM users t0 WHERE t0.id = ?"

/* The cells are of the kinds that the plan's columns have, in their order. */
static void a_page(void **state)
{
    (void)state;
    struct plan p;
    struct rows rows;
    plan_init(&p, &post_resource, post_resource.shape);
    assert_null(load_rows(db, &arena, &p, &rows));
    static const enum value_kind kinds[] = {VALUE_INT, VALUE_TEXT, VALUE_TEXT, VALUE_BOOL,
                                            VALUE_INT, VALUE_INT,  VALUE_TEXT, VALUE_INT,
                                            VALUE_INT, VALUE_INT,  VALUE_TIME, VALUE_TIME};
    assert_int_equal(rows.n, 1);
    assert_int_equal(rows.columns, LENGTH(kinds));
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        assert_int_equal(rows.cells[i].kind, kinds[i]);
    }
}

/* What a newer program has stored and this one has no name for: an error. */
static void choices_of_a_newer_program(void **state)
{
    (void)state;
    static const struct choice sides[] = {{"up", 1}, {NULL, 0}};
    static const struct field fields[] = {CHOICE("side", .choices = sides, .flags = REQUIRED)};
    static const struct resource side = {.name = "side", .table = "sides", FIELDS(fields)};
    static const unsigned char members[] = {0};
    static const struct shape shape = SHAPE("Side", &side, members);
    struct plan p;
    struct rows rows = {.n = 77};
    plan_init(&p, &side, &shape);
    fake_db_cell(1, value_int(2));
    err e = load_rows(db, &arena, &p, &rows);
    assert_int_equal(e->code, ERROR_INTERNAL);
    check_str(e->cause, STR("side is stored as 2, which is no choice of this program"));
    assert_int_equal(rows.n, 77);
    fake_db_cell(2, value_int(1));
    assert_null(load_rows(db, &arena, &p, &rows));
    assert_int_equal(rows.n, 1);
}

/* A lock begins the transaction that was asked for; a mere look does not. */
static void locks_begin(void **state)
{
    (void)state;
    struct plan p;
    struct page page;
    plan_of_user(&p, 7);
    db_want_transaction(db);
    assert_null(load_page(db, &arena, &p, &page));
    p.lock = true;
    assert_null(load_page(db, &arena, &p, &page));
    assert_null(load_page(db, &arena, &p, &page));
    check_str(fake_db_log(), STR(USER_SELECT "  [7]\nBEGIN\n" USER_SELECT " FOR UPDATE  [7]\n" USER_SELECT
                                             " FOR UPDATE  [7]\n"));
}

static void named_statements_lock_when_they_say_so(void **state)
{
    (void)state;
    const struct value ids[] = {value_int(1), value_int(2)};
    struct rows rows;
    db_want_transaction(db);
    assert_null(load_statement(db, &arena, &session_bearer, ids, &rows));
    assert_int_equal(rows.columns, BEARER__MAX);
    assert_null(load_statement(db, &arena, &role_admin_held, ids, &rows));
    check_str(fake_db_log(),
              STR("statement session_bearer  [1, 2]\nBEGIN\nstatement role_admin_held  [1]\n"));
}

static void one_row_or_a_sentence(void **state)
{
    (void)state;
    const struct field *id = &user_resource.fields[USER_ID];
    struct plan p;
    struct page page = {.rows = {.n = 77}};
    plan_of_user(&p, 7);
    fake_db_find_nothing(2);
    assert_null(load_one(db, &arena, &p, id, value_int(7), &page));
    assert_int_equal(page.rows.n, 1);
    page.rows.n = 77;
    err e = load_one(db, &arena, &p, id, value_int(7), &page);
    assert_int_equal(e->code, ERROR_NOT_FOUND);
    check_str(e->detail, STR("user with id: 7 not found"));
    assert_int_equal(page.rows.n, 77); /* written only on success */
}

static void sentences_about_all_kinds_of_keys(void **state)
{
    (void)state;
    static const unsigned char uid[16] = {0x01, 0x89, 0x0a, 0x5d, 0xac, 0x96, 0x77};
    const struct field *by_uid = &user_resource.fields[USER_UID];
    const struct field *name = &user_resource.fields[USER_USERNAME];
    check_str(load_not_found(&arena, &user_resource, by_uid, value_bytes(uid, sizeof uid))->detail,
              STR("user with uid: 01890a5d-ac96-7700-0000-000000000000 not found"));
    check_str(load_not_found(&arena, &user_resource, name, value_text(STR("a%sb")))->detail,
              STR("user with username: a%sb not found"));
}

static void failures_come_through(void **state)
{
    (void)state;
    struct plan p;
    struct page page;
    plan_of_user(&p, 7);
    fake_db_fail(1, ERROR_CONNECTION_LOST, NULL);
    fake_db_fail(2, ERROR_DEADLOCK, NULL);
    assert_int_equal(load_page(db, &arena, &p, &page)->code, ERROR_CONNECTION_LOST);
    assert_int_equal(load_one(db, &arena, &p, &user_resource.fields[USER_ID], value_int(7), &page)->code,
                     ERROR_DEADLOCK);
}

/* --- pages with relations ------------------------------------------------------------------------------------- */

static const unsigned char title_and_tags[] = {POST_TITLE, POST_TAGS, POST_COMMENTS};
static const struct shape tagged = SHAPE("Tagged", &post_resource, title_and_tags);

/* How often a text is in the log. */
static unsigned said(const char *text)
{
    unsigned n = 0;
    str log = fake_db_log();
    for (const char *at = log.p; (at = memmem(at, (size_t)(log.p + log.n - at), text, strlen(text))) != NULL;
         at++) {
        n++;
    }
    return n;
}

/* One statement for the page and one for each relation, however many rows; parents are filled up to a power of two, so
 * that few statements differ. */
static void a_statement_for_each_relation(void **state)
{
    (void)state;
    static const struct {
        size_t rows;
        unsigned parents; /* in the statement */
    } cases[] = {{1, 1}, {2, 2}, {3, 4}, {4, 4}, {5, 8}, {10, 16}, {100, 128}};
    for (size_t c = 0; c < LENGTH(cases); c++) {
        struct value titles[100];
        struct plan p;
        struct page page;
        fake_db_start(&arena);
        plan_init(&p, &post_resource, &tagged);
        p.limit = 100;
        for (size_t i = 0; i < LENGTH(titles); i++) {
            titles[i] = value_text(STR("t"));
        }
        fake_db_cells(1, titles, cases[c].rows);
        assert_null(load_page(db, &arena, &p, &page));
        assert_int_equal(fake_db_count(), 3);
        assert_int_equal(page.rows.n, cases[c].rows);
        assert_int_equal(page.many[0].n, 1);
        assert_int_equal(page.many[0].columns, 1 + 3); /* the parent, and what is shown of a tag */
        assert_int_equal(page.many[1].columns, 1 + 8);
        assert_false(page.more);
        assert_int_equal(said("WHERE post_id = ?"), 2 * cases[c].parents);
    }
}

static void a_page_of_nothing_asks_for_no_relations(void **state)
{
    (void)state;
    struct plan p;
    struct page page;
    plan_init(&p, &post_resource, &tagged);
    p.limit = 10;
    fake_db_find_nothing(1);
    assert_null(load_page(db, &arena, &p, &page));
    assert_int_equal(fake_db_count(), 1);
    assert_int_equal(page.rows.n + page.many[0].n + page.many[1].n, 0);
}

/* What no row can refer to is not asked for: here some keys, or all, are null. */
static void null_has_no_relations(void **state)
{
    (void)state;
    static const unsigned char key_and_tags[] = {POST_ID, POST_TAGS};
    const struct shape shape = SHAPE("Keyed", &post_resource, key_and_tags);
    const struct value some[] = {value_null(), value_int(8), value_null(), value_int(9)};
    struct plan p;
    struct page page;
    plan_init(&p, &post_resource, &shape);
    p.limit = 10;
    fake_db_cells(1, some, LENGTH(some));
    assert_null(load_page(db, &arena, &p, &page));
    assert_int_equal(said("WHERE post_id = ?"), 2);
    assert_int_equal(said("[8, 100, 9, 100]"), 1);
    fake_db_start(&arena);
    fake_db_cells(1, some, 1);
    assert_null(load_page(db, &arena, &p, &page));
    assert_int_equal(fake_db_count(), 1);
    assert_int_equal(page.many[0].n, 0);
}

/* One row more is read than shown: then there is a next page. */
static void peeking(void **state)
{
    (void)state;
    const struct value ids[] = {value_int(1), value_int(2), value_int(3)};
    for (size_t rows = 0; rows <= LENGTH(ids); rows++) {
        struct plan p;
        struct page page;
        fake_db_start(&arena);
        plan_init(&p, &user_resource, &user_brief);
        p.limit = 2;
        p.peek = true;
        fake_db_cells(1, ids, rows);
        assert_null(load_page(db, &arena, &p, &page));
        assert_int_equal(page.rows.n, rows < 2 ? rows : 2);
        assert_int_equal(page.more, rows == 3);
        assert_int_equal(said("[3, 0]"), 1);
        p.peek = false;
        fake_db_cells(2, ids, rows);
        assert_null(load_page(db, &arena, &p, &page));
        assert_int_equal(page.rows.n, rows);
        assert_false(page.more);
    }
}

/* Backward, the rows come the other way round, and the one too many is the farthest. */
static void backward(void **state)
{
    (void)state;
    const struct value ids[] = {value_int(9), value_int(8), value_int(7)};
    struct plan p;
    struct page page;
    plan_init(&p, &user_resource, &user_brief);
    plan_order_by_key(&p);
    plan_close(&p);
    p.seek = (struct seek){.given = true, .backward = true, .values = {value_int(10)}};
    p.limit = 2;
    p.peek = true;
    fake_db_cells(1, ids, LENGTH(ids));
    fake_db_find_nothing(2);
    assert_null(load_page(db, &arena, &p, &page));
    assert_true(page.more);
    assert_int_equal(page.rows.n, 2);
    assert_int_equal(page.rows.cells[0].i, 8);
    check_str(page.rows.cells[1].text, STR("text")); /* whole rows are turned */
    assert_int_equal(page.rows.cells[page.rows.columns].i, 9);
    assert_null(load_page(db, &arena, &p, &page));
    assert_int_equal(page.rows.n, 0);
}

static void counting(void **state)
{
    (void)state;
    struct plan p;
    int64_t all = -1;
    plan_of_user(&p, 7);
    p.limit = 5;
    fake_db_cell(1, value_int(12345));
    assert_null(load_count(db, &arena, &p, &all));
    assert_int_equal(all, 12345);
    db_want_transaction(db);
    p.lock = true;
    assert_null(load_count(db, &arena, &p, &all));
    fake_db_fail(3, ERROR_CONNECTION_LOST, NULL);
    all = -1;
    assert_int_equal(load_count(db, &arena, &p, &all)->code, ERROR_CONNECTION_LOST);
    assert_int_equal(all, -1);
    check_str(fake_db_log(), STR("SELECT COUNT(*) FROM users t0 WHERE t0.id = ?  [7]\nBEGIN\n"
                                 "SELECT COUNT(*) FROM users t0 WHERE t0.id = ? FOR UPDATE  [7]\n"
                                 "SELECT COUNT(*) FROM users t0 WHERE t0.id = ? FOR UPDATE  [7]\n"));
}

/* A relation that cannot be read: no page. */
static void failing_relations_fail_the_page(void **state)
{
    (void)state;
    struct plan p;
    struct page page = {.more = true};
    plan_init(&p, &post_resource, &tagged);
    p.limit = 10;
    fake_db_fail(3, ERROR_CONNECTION_LOST, NULL);
    assert_int_equal(load_page(db, &arena, &p, &page)->code, ERROR_CONNECTION_LOST);
    assert_true(page.more); /* as it was */
    assert_int_equal(fake_db_count(), 3);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_page),
        CASE(choices_of_a_newer_program),
        CASE(locks_begin),
        CASE(named_statements_lock_when_they_say_so),
        CASE(one_row_or_a_sentence),
        CASE(sentences_about_all_kinds_of_keys),
        CASE(failures_come_through),
        CASE(a_statement_for_each_relation),
        CASE(a_page_of_nothing_asks_for_no_relations),
        CASE(null_has_no_relations),
        CASE(peeking),
        CASE(backward),
        CASE(counting),
        CASE(failing_relations_fail_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
