/* engine/load: what is read, how it is locked, and what is said when nothing is there. */
#include "engine/load.h"

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

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_page),
        CASE(locks_begin),
        CASE(named_statements_lock_when_they_say_so),
        CASE(one_row_or_a_sentence),
        CASE(sentences_about_all_kinds_of_keys),
        CASE(failures_come_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
