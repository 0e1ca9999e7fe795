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
    bool done = false;
    assert_null(account_set_password(db, &arena, COST, 7, STR("correct horse"), STR("$2b$04$before"), &done));
    assert_true(done);
    check_str(
        fake_db_log(),
        STR("BEGIN\nUPDATE users SET updated_at = CURRENT_TIMESTAMP(6), password_hash = ?, version = "
            "version + 1 WHERE id = ? AND password_hash = ?  [<a hash of cost 04>, 7, \"$2b$04$before\"]\n"));
}

static void a_password_that_is_no_longer_there_is_not_replaced(void **state)
{
    (void)state;
    bool done = true;
    fake_db_find_nothing(1);
    assert_null(account_set_password(db, &arena, COST, 7, STR("correct horse"), STR("$2b$04$before"), &done));
    assert_false(done);
}

static void checking_a_password(void **state)
{
    (void)state;
    str hash = {0};
    str found = {0};
    assert_null(password_hash(&arena, COST, STR("correct horse"), &hash));
    fake_db_text(hash);
    fake_db_find_nothing(3);
    fake_db_fail(4, ERROR_CONNECTION_LOST, NULL);
    assert_null(account_check_password(db, &arena, 7, STR("correct horse"), &found));
    check_str(found, hash);
    assert_null(account_check_password(db, &arena, 7, STR("wrong horse"), &found));
    assert_int_equal(found.n, 0);
    found = hash;
    assert_null(account_check_password(db, &arena, 7, STR("correct horse"), &found)); /* nobody has that id */
    assert_int_equal(found.n, 0);
    assert_int_equal(account_check_password(db, &arena, 7, STR("correct horse"), &found)->code,
                     ERROR_CONNECTION_LOST);
}

static void the_last_admin_stays(void **state)
{
    (void)state;
    fake_db_find_nothing(1);
    assert_null(account_keep_admin(db, &arena, 1)); /* no admin: nobody else is looked at */
    assert_null(account_keep_admin(db, &arena, 1)); /* an admin, and another one is there */
    fake_db_find_nothing(6);
    assert_int_equal(account_keep_admin(db, &arena, 1)->code, ERROR_LAST_ADMIN);
    check_str(fake_db_log(), STR("BEGIN\nstatement role_admin_held  [1]\n"
                                 "statement role_admin_held  [1]\nstatement role_other_admins  [1]\n"
                                 "statement role_admin_leaves\n"
                                 "statement role_admin_held  [1]\nstatement role_other_admins  [1]\n"));
}

#define FIND_ROLE "SELECT t0.id, t0.name FROM roles t0 WHERE t0.name_fold = ?  [\"admin\"]\n"
#define GRANTED                                                                                        \
    "INSERT INTO audit_events (event, actor_id, subject_id, address, detail) VALUES (?, ?, ?, ?, ?)  " \
    "[30, null, 7, null, \"{\\\"role\\\":\\\"admin\\\"}\"]\n"
#define GIVE(role) "INSERT INTO user_roles (user_id, role_id) VALUES (?, ?)  [7, " role "]\n"

static void a_role_is_made_when_there_is_none(void **state)
{
    (void)state;
    fake_db_find_nothing(1);
    assert_null(account_grant(db, &arena, 7, STR(ROLE_ADMIN)));
    check_str(fake_db_log(),
              STR(FIND_ROLE "BEGIN\nINSERT INTO roles (name, name_fold) VALUES (?, ?)  [\"admin\", "
                            "\"admin\"]\n" GIVE("1") GRANTED));
}

static void another_spelling_of_a_role_is_no_admin(void **state)
{
    (void)state;
    fake_db_text(STR("Admin"));
    assert_int_equal(account_grant(db, &arena, 7, STR(ROLE_ADMIN))->code, ERROR_CONFLICT);
    check_str(fake_db_log(), STR(FIND_ROLE));
}

static void a_role_that_is_held_already_is_said_so(void **state)
{
    (void)state;
    fake_db_text(STR(ROLE_ADMIN));
    fake_db_cell(1, value_int(3));
    fake_db_fail(2, ERROR_DUPLICATE, "PRIMARY");
    assert_int_equal(account_grant(db, &arena, 7, STR(ROLE_ADMIN))->code, ERROR_DUPLICATE);
    check_str(fake_db_log(), STR(FIND_ROLE "BEGIN\n" GIVE("3")));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(creating_stores_a_hash),
        CASE(a_taken_name_is_said_so),
        CASE(setting_a_password),
        CASE(a_password_that_is_no_longer_there_is_not_replaced),
        CASE(checking_a_password),
        CASE(the_last_admin_stays),
        CASE(a_role_is_made_when_there_is_none),
        CASE(another_spelling_of_a_role_is_no_admin),
        CASE(a_role_that_is_held_already_is_said_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
