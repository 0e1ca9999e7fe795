/* engine/lease: what taking, prolonging and giving back ask of the database, and what is left when that fails. That a
 * row is taken by one process at a time is shown by tests/api/work.test.mjs on a real one. */
#include "engine/lease.h"

#include <string.h>

#include "base/buf.h"
#include "io/db.h"
#include "models/history.h"
#include "support/fake_db.h"
#include "support/unit.h"

static const struct lease_work work = {.waiting = &history_waiting,
                                       .due = &history_due,
                                       .take = &history_take,
                                       .renew = &history_renew,
                                       .give_back = &history_give_back};

static struct db *db;
static struct lease lease;
static const struct value *row;
static bool any;

static void anew(void)
{
    fake_db_start(&arena);
    db = db_new(NULL);
    lease = (struct lease){.id = -1};
    row = NULL;
    any = false;
}

static int set_up(void **state)
{
    (void)arena_setup(state);
    anew();
    return 0;
}

static err take(void)
{
    return lease_take(db, &arena, &work, 15, &lease, &row, &any);
}

/* The statements without their values, which hold a name by chance. */
static void check_asked(const char *want)
{
    struct buf b;
    str log = fake_db_log();
    buf_init(&b, &arena, 256, 4096);
    for (size_t at = 0; at < log.n;) {
        size_t end = str_find(log, '\n', at);
        str line = str_slice(log, at, end);
        buf_str(&b, str_slice(line, 0, str_find(line, ' ', sizeof "statement")));
        buf_char(&b, '\n');
        at = end + 1;
    }
    check_str(buf_view(&b), str_of(want));
}

static void nothing_is_due(void **state)
{
    (void)state;
    fake_db_find_nothing(1);
    any = true;
    assert_null(take());
    assert_false(any);
    assert_null(row);
    check_asked("statement history_waiting\n"); /* no transaction, no lock */
}

static void a_row_is_taken(void **state)
{
    (void)state;
    fake_db_cell(2, value_int(41));
    assert_null(take());
    assert_true(any);
    assert_int_equal(lease.id, 41);
    assert_int_equal(lease.seconds, 15);
    assert_int_equal(row[0].i, 41);
    check_asked("statement history_waiting\nBEGIN\nstatement history_due\nstatement history_take\nCOMMIT\n");
    struct value holder = lease_holder(&lease);
    assert_int_equal(holder.text.n, LEASE_HOLDER_BYTES);
    unsigned char first[LEASE_HOLDER_BYTES];
    memcpy(first, lease.holder, sizeof first);
    assert_null(take());
    assert_memory_not_equal(first, lease.holder, sizeof first); /* each lease has a name of its own */
}

static void another_was_faster(void **state)
{
    (void)state;
    fake_db_find_nothing(2);
    assert_null(take());
    assert_false(any);
    assert_null(row);
    check_asked("statement history_waiting\nBEGIN\nstatement history_due\nCOMMIT\n");
}

/* Wherever it fails, the transaction is undone and nothing is in hand. */
static void taking_fails(void **state)
{
    (void)state;
    for (unsigned nth = 1; nth <= 3; nth++) {
        anew();
        fake_db_fail(nth, ERROR_CONNECTION_LOST, NULL);
        assert_int_equal(error_sure(take())->code, ERROR_CONNECTION_LOST);
        assert_false(any);
        assert_null(row);
        assert_int_equal(lease.id, -1);
        assert_true(nth == 1 || str_find(fake_db_log(), 'R', 0) < fake_db_log().n); /* ROLLBACK */
    }
    static const enum fake_db_step steps[] = {FAKE_DB_READY, FAKE_DB_BEGIN, FAKE_DB_COMMIT};
    for (size_t i = 0; i < LENGTH(steps); i++) {
        anew();
        fake_db_fail_step(steps[i], ERROR_UNAVAILABLE);
        assert_int_equal(error_sure(take())->code, ERROR_UNAVAILABLE);
        assert_false(any);
        assert_null(row);
    }
}

static void prolonging(void **state)
{
    (void)state;
    assert_null(take());
    fake_db_start(&arena);
    assert_null(lease_renew(db, &arena, &lease));
    check_asked("statement history_renew\n");
    assert_true(str_starts(fake_db_log(), STR("statement history_renew  [15, 1, ")));
    fake_db_find_nothing(2);
    err e = lease_renew(db, &arena, &lease);
    assert_int_equal(error_sure(e)->code, ERROR_CONFLICT);
    check_str(e->cause, STR("the lease of history_due 1 is lost"));
    fake_db_fail_step(FAKE_DB_READY, ERROR_UNAVAILABLE);
    assert_int_equal(error_sure(lease_renew(db, &arena, &lease))->code, ERROR_UNAVAILABLE);
}

static void giving_back(void **state)
{
    (void)state;
    assert_null(take());
    fake_db_start(&arena);
    fake_db_find_nothing(1);
    assert_null(lease_give_back(db, &arena, &lease)); /* a lost one is no error */
    check_asked("statement history_give_back\n");
    fake_db_fail(2, ERROR_DEADLOCK, NULL);
    assert_int_equal(error_sure(lease_give_back(db, &arena, &lease))->code, ERROR_DEADLOCK);
    fake_db_fail_step(FAKE_DB_READY, ERROR_UNAVAILABLE);
    assert_int_equal(error_sure(lease_give_back(db, &arena, &lease))->code, ERROR_UNAVAILABLE);
}

static void what_is_tried_again(void **state)
{
    (void)state;
    assert_false(lease_try_again(NULL));
    for (int code = 0; code < ERROR__MAX; code++) {
        bool again = code == ERROR_UNAVAILABLE || code == ERROR_CONNECTION_LOST ||
                     code == ERROR_OUTCOME_UNKNOWN || code == ERROR_DEADLOCK || code == ERROR_LOCK_TIMEOUT;
        assert_int_equal(lease_try_again(error_cause(&arena, (enum error_code)code, "x")), again);
    }
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(nothing_is_due), CASE(a_row_is_taken), CASE(another_was_faster),  CASE(taking_fails),
        CASE(prolonging),     CASE(giving_back),    CASE(what_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
