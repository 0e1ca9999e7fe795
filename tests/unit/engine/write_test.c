/* engine/write: what goes along with a write: made identifiers, folded copies, counters, sentences. */
#include "engine/write.h"

#include "io/db.h"
#include "models/post.h"
#include "models/user.h"
#include "models/vote.h"
#include "support/fake_db.h"
#include "support/unit.h"

static struct db *db;

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    db = db_new(NULL);
    db_want_transaction(db);
    return 0;
}

static void inserting_completes_the_row(void **state)
{
    (void)state;
    int64_t id = 0;
    struct value row[USER__MAX] = {
        [USER_USERNAME] = value_text(STR("ÅDA")), [USER_EMAIL] = value_text(STR("A@x.com"))};
    assert_null(write_insert(db, &arena, &user_resource, row, &id));
    assert_int_equal(id, 1);
    assert_int_equal(row[USER_UID].kind, VALUE_BYTES);
    assert_int_equal(row[USER_UID].text.n, 16);
    assert_int_equal(row[USER_UID].text.p[6] >> 4, 7);
    check_str(row[USER_USERNAME_FOLD].text, STR("åda"));
    check_str(row[USER_EMAIL_FOLD].text, STR("a@x.com"));
    check_str(fake_db_log(),
              STR("BEGIN\nINSERT INTO users (uid, username, email, username_fold, email_fold) VALUES "
                  "(?, ?, ?, ?, ?)  [<a new uuid>, \"ÅDA\", \"A@x.com\", \"åda\", \"a@x.com\"]\n"));
}

static void an_identifier_that_is_given_stays(void **state)
{
    (void)state;
    int64_t id = 0;
    static const char uid[] = "0123456789abcdef";
    struct value row[USER__MAX] = {[USER_UID] = value_bytes(uid, 16)};
    assert_null(write_insert(db, &arena, &user_resource, row, &id));
    check_str(row[USER_UID].text, str_of(uid));
    assert_int_equal(row[USER_USERNAME_FOLD].kind, VALUE_ABSENT); /* nothing to fold */
}

static void updating_folds_but_makes_nothing(void **state)
{
    (void)state;
    uint64_t matched = 0;
    struct where w = {.count = 0};
    struct value row[USER__MAX] = {[USER_USERNAME] = value_text(STR("Bob"))};
    where_add(&w, &user_resource.fields[USER_ID], OP_EQ, value_int(7));
    assert_null(write_update(db, &arena, &user_resource, row, &w, &matched));
    assert_int_equal(matched, 1);
    assert_int_equal(row[USER_UID].kind, VALUE_ABSENT);
    check_str(fake_db_log(),
              STR("BEGIN\nUPDATE users SET username = ?, updated_at = CURRENT_TIMESTAMP(6), username_fold "
                  "= ?, version = version + 1 WHERE id = ?  [\"Bob\", \"bob\", 7]\n"));
}

static void the_number_of_rows(void **state)
{
    (void)state;
    uint64_t matched = 7;
    struct where w = {.count = 0};
    struct value row[USER__MAX] = {[USER_IS_ACTIVE] = value_bool(false)};
    where_add(&w, &user_resource.fields[USER_ID], OP_EQ, value_int(7));
    fake_db_find_nothing(1);
    assert_null(write_update(db, &arena, &user_resource, row, &w, &matched));
    assert_int_equal(matched, 0);
}

/* --- sentences ------------------------------------------------------------------------------------------------- */

static void check_insert_fails(enum error_code code, const char *key, enum error_code want, const char *says)
{
    int64_t id = 55;
    struct value row[USER__MAX] = {[USER_USERNAME] = value_text(STR("ada"))};
    fake_db_start(&arena);
    fake_db_fail(1, code, key);
    err e = write_insert(db, &arena, &user_resource, row, &id);
    assert_non_null(e);
    assert_int_equal(e->code, want);
    check_str(e->detail, str_of(says));
    assert_int_equal(id, 55);
}

static void taken_keys_are_named_as_clients_know_them(void **state)
{
    (void)state;
    check_insert_fails(ERROR_DUPLICATE, "uq_users_username_fold", ERROR_DUPLICATE,
                       "a user with this username already exists");
    check_insert_fails(ERROR_DUPLICATE, "uq_users_email_fold", ERROR_DUPLICATE,
                       "a user with this email already exists");
    check_insert_fails(ERROR_DUPLICATE, "uq_users_uid", ERROR_DUPLICATE,
                       "a user with this uid already exists");
    check_insert_fails(ERROR_DUPLICATE, "PRIMARY", ERROR_DUPLICATE, "this user already exists");
    check_insert_fails(ERROR_DUPLICATE, "", ERROR_DUPLICATE, "this user already exists");
    check_insert_fails(ERROR_DUPLICATE, "uq_posts_title", ERROR_DUPLICATE, "this user already exists");
    check_insert_fails(ERROR_CONFLICT, NULL, ERROR_CONFLICT,
                       "what this user refers to is gone or still in use");
    check_insert_fails(ERROR_DEADLOCK, NULL, ERROR_DEADLOCK, "Service Unavailable");
}

static void updates_explain_too(void **state)
{
    (void)state;
    uint64_t matched = 0;
    struct where w = {.count = 0};
    struct value row[USER__MAX] = {[USER_EMAIL] = value_text(STR("a@x.com"))};
    where_add(&w, &user_resource.fields[USER_ID], OP_EQ, value_int(7));
    fake_db_fail(1, ERROR_DUPLICATE, "uq_users_email_fold");
    check_str(write_update(db, &arena, &user_resource, row, &w, &matched)->detail,
              STR("a user with this email already exists"));
}

/* --- counters -------------------------------------------------------------------------------------------------- */

static struct where of(const struct resource *r, int field, int64_t id)
{
    struct where w = {.count = 0};
    where_add(&w, &r->fields[field], OP_EQ, value_int(id));
    return w;
}

static void counters_follow_inserts(void **state)
{
    (void)state;
    int64_t id = 0;
    struct value row[VOTE__MAX] = {
        [VOTE_USER_ID] = value_int(7), [VOTE_POST_ID] = value_int(5), [VOTE_TYPE] = value_int(VOTE_DOWN)};
    assert_null(write_insert(db, &arena, &vote_resource, row, &id));
    check_str(fake_db_log(),
              STR("BEGIN\nUPDATE posts SET votes = votes + 1, score = score + ? WHERE id = ?  [-1, 5]\n"
                  "INSERT INTO votes (user_id, post_id, vote_type) VALUES (?, ?, ?)  [7, 5, -1]\n"));
}

/* Before the change, while the old rows can still be counted. */
static void counters_go_ahead_of_changes(void **state)
{
    (void)state;
    uint64_t matched = 0;
    struct where w = of(&vote_resource, VOTE_USER_ID, 7);
    struct value row[VOTE__MAX] = {[VOTE_TYPE] = value_int(VOTE_UP)};
    assert_null(write_update(db, &arena, &vote_resource, row, &w, &matched));
    check_str(fake_db_log(),
              STR("BEGIN\nSELECT COUNT(*) FROM votes t0 WHERE t0.user_id = ? FOR UPDATE  [7]\n"
                  "UPDATE posts p JOIN (SELECT post_id AS k, SUM(vote_type - ?) AS c7 FROM votes WHERE "
                  "user_id = ? GROUP BY post_id) d ON d.k = p.id SET p.score = p.score - d.c7  [1, 7]\n"
                  "UPDATE votes SET vote_type = ? WHERE user_id = ?  [1, 7]\n"));
}

static void a_failing_counter_fails_the_write(void **state)
{
    (void)state;
    int64_t id = 0;
    uint64_t matched = 0;
    struct where w = of(&vote_resource, VOTE_USER_ID, 7);
    struct value row[VOTE__MAX] = {
        [VOTE_USER_ID] = value_int(7), [VOTE_POST_ID] = value_int(5), [VOTE_TYPE] = value_int(VOTE_UP)};
    fake_db_fail(2, ERROR_DEADLOCK, NULL);
    assert_int_equal(write_insert(db, &arena, &vote_resource, row, &id)->code, ERROR_DEADLOCK);
    fake_db_fail(3, ERROR_DEADLOCK, NULL);
    assert_int_equal(write_update(db, &arena, &vote_resource, row, &w, &matched)->code, ERROR_DEADLOCK);
    assert_int_equal(fake_db_count(), 3); /* not locked: neither counter nor row is touched */
    fake_db_fail(5, ERROR_CONNECTION_LOST, NULL);
    assert_int_equal(write_update(db, &arena, &vote_resource, row, &w, &matched)->code,
                     ERROR_CONNECTION_LOST);
    assert_int_equal(fake_db_count(), 5); /* the update itself did not run */
}

/* What is not there is not taken off. */
static void no_rows_no_counting(void **state)
{
    (void)state;
    uint64_t matched = 7;
    struct where w = of(&vote_resource, VOTE_USER_ID, 7);
    struct value row[VOTE__MAX] = {[VOTE_TYPE] = value_int(VOTE_UP)};
    fake_db_cell(1, value_int(0));
    fake_db_find_nothing(2);
    assert_null(write_update(db, &arena, &vote_resource, row, &w, &matched));
    assert_int_equal(matched, 0);
    check_str(fake_db_log(), STR("BEGIN\nSELECT COUNT(*) FROM votes t0 WHERE t0.user_id = ? FOR UPDATE  [7]\n"
                                 "UPDATE votes SET vote_type = ? WHERE user_id = ?  [1, 7]\n"));
}

/* What nobody counts is not locked for it. */
static void what_does_not_move_a_counter(void **state)
{
    (void)state;
    uint64_t matched = 0;
    struct where w = of(&vote_resource, VOTE_USER_ID, 7);
    struct value row[VOTE__MAX] = {[VOTE_VOTED_AT] = value_time(0)};
    assert_null(write_update(db, &arena, &vote_resource, row, &w, &matched));
    check_str(fake_db_log(),
              STR("BEGIN\nUPDATE votes SET voted_at = ? WHERE user_id = ?  [1970-01-01T00:00:00Z, 7]\n"));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(inserting_completes_the_row),
        CASE(an_identifier_that_is_given_stays),
        CASE(updating_folds_but_makes_nothing),
        CASE(the_number_of_rows),
        CASE(taken_keys_are_named_as_clients_know_them),
        CASE(updates_explain_too),
        CASE(counters_follow_inserts),
        CASE(counters_go_ahead_of_changes),
        CASE(a_failing_counter_fails_the_write),
        CASE(no_rows_no_counting),
        CASE(what_does_not_move_a_counter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
