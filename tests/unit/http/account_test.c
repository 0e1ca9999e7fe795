/* http/account: accounts made, checked and guarded, with a stand-in for the database. */
#include "http/account.h"

#include "io/db.h"
#include "io/password.h"
#include "models/role.h"
#include "models/user.h"
#include "support/fake_db.h"
#include "support/unit.h"

enum { COST = 4 };

static struct db *db;

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    db = db_new(NULL);
    db_want_transaction(db);
    return 0;
}

static void creating_stores_a_hash(void **state)
{
    (void)state;
    int64_t id = 0;
    bool right = false;
    struct value row[USER__MAX] = {
        [USER_USERNAME] = value_text(STR("ada")), [USER_EMAIL] = value_text(STR("a@x.com"))};
    assert_null(account_create(db, &arena, COST, row, STR("correct horse"), &id));
    assert_int_equal(id, 1);
    assert_int_equal(password_cost(row[USER_PASSWORD_HASH].text), COST);
    assert_null(password_check(&arena, row[USER_PASSWORD_HASH].text, STR("correct horse"), &right));
    assert_true(right);
    str log = fake_db_log();
    assert_int_equal(str_find(log, '$', 0), log.n); /* the stand-in saw a hash: it only names such */
}

static void a_taken_name_is_said_so(void **state)
{
    (void)state;
    int64_t id = 0;
    struct value row[USER__MAX] = {
        [USER_USERNAME] = value_text(STR("ada")), [USER_EMAIL] = value_text(STR("a@x.com"))};
    fake_db_fail(1, ERROR_DUPLICATE, "uq_users_username_fold");
    check_str(account_create(db, &arena, COST, row, STR("correct horse"), &id)->detail,
              STR("a user with this username already exists"));
}

static void setting_a_password(void **state)
{
    (void)state;
    assert_null(account_set_password(db, &arena, COST, 7, STR("correct horse")));
    check_str(fake_db_log(),
              STR("BEGIN\nUPDATE users SET updated_at = CURRENT_TIMESTAMP(6), password_hash = ? WHERE id = "
                  "?  [<a hash>, 7]\n"));
}

static void checking_a_password(void **state)
{
    (void)state;
    str hash = {0};
    bool right = false;
    assert_null(password_hash(&arena, COST, STR("correct horse"), &hash));
    fake_db_text(hash);
    fake_db_find_nothing(3);
    fake_db_fail(4, ERROR_CONNECTION_LOST, NULL);
    assert_null(account_check_password(db, &arena, 7, STR("correct horse"), &right));
    assert_true(right);
    assert_null(account_check_password(db, &arena, 7, STR("wrong horse"), &right));
    assert_false(right);
    right = true;
    assert_null(account_check_password(db, &arena, 7, STR("correct horse"), &right)); /* nobody has that id */
    assert_false(right);
    assert_int_equal(account_check_password(db, &arena, 7, STR("correct horse"), &right)->code,
                     ERROR_CONNECTION_LOST);
}

/* The stand-in finds one admin: user 1. */
static void the_last_admin_stays(void **state)
{
    (void)state;
    assert_int_equal(account_keep_admin(db, &arena, 1)->code, ERROR_LAST_ADMIN);
    assert_null(account_keep_admin(db, &arena, 2));
    fake_db_find_nothing(3);
    assert_null(account_keep_admin(db, &arena, 1));
    /* the admins are locked before they are counted */
    check_str(fake_db_log(),
              STR("BEGIN\nstatement role_admins\nstatement role_admins\nstatement role_admins\n"));
}

#define FIND_ROLE  "SELECT t0.id FROM roles t0 WHERE t0.name_fold = ?  [\"admin\"]\n"
#define GIVE(role) "INSERT INTO user_roles (user_id, role_id) VALUES (?, ?)  [7, " role "]\n"

static void a_role_is_made_when_there_is_none(void **state)
{
    (void)state;
    fake_db_find_nothing(1);
    assert_null(account_grant(db, &arena, 7, STR(ROLE_ADMIN)));
    check_str(fake_db_log(),
              STR(FIND_ROLE "BEGIN\nINSERT INTO roles (name, name_fold) VALUES (?, ?)  [\"admin\", "
                            "\"admin\"]\n" GIVE("1")));
}

static void a_role_may_be_held_already(void **state)
{
    (void)state;
    fake_db_cell(1, value_int(3));
    fake_db_fail(2, ERROR_DUPLICATE, "PRIMARY");
    assert_null(account_grant(db, &arena, 7, STR(ROLE_ADMIN)));
    check_str(fake_db_log(), STR(FIND_ROLE "BEGIN\n" GIVE("3")));
    fake_db_fail(4, ERROR_CONFLICT, NULL);
    assert_int_equal(account_grant(db, &arena, 7, STR(ROLE_ADMIN))->code, ERROR_CONFLICT);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(creating_stores_a_hash),     CASE(a_taken_name_is_said_so),
        CASE(setting_a_password),         CASE(checking_a_password),
        CASE(the_last_admin_stays),       CASE(a_role_is_made_when_there_is_none),
        CASE(a_role_may_be_held_already),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
