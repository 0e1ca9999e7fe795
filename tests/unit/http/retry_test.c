/* http/retry: what is tried again, how often, and where. That a replayed request leaves nothing twice is shown by
 * tests/api/concurrency.test.mjs and replicas.test.mjs on real databases. */
#include "http/retry.h"

#include "http/call.h"
#include "io/db.h"
#include "support/fake_db.h"
#include "support/unit.h"

static struct station station;
static struct call call;
static struct retry retry;

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    call = (struct call){.arena = &arena, .db = db_new(NULL), .station = &station};
    retry = retry_begin(&call);
    return 0;
}

/* How often it is tried again when every attempt fails so. */
static unsigned times(enum error_code code)
{
    unsigned n = 0;
    while (n < 100 && retry_again(&retry, &call, error_new(&arena, code, "so"))) {
        n++;
    }
    return n;
}

static void others_in_the_way(void **state)
{
    (void)state;
    assert_int_equal(times(ERROR_DEADLOCK), RETRY_CONTENDED);
    assert_int_equal(times(ERROR_LOCK_TIMEOUT), 0); /* the same bound for both */
    assert_int_equal(times(ERROR_CONNECTION_LOST), RETRY_LOST);
}

static void what_no_attempt_mends(void **state)
{
    (void)state;
    static const enum error_code codes[] = {ERROR_NOT_FOUND,       ERROR_DUPLICATE, ERROR_INTERNAL,
                                            ERROR_OUTCOME_UNKNOWN, ERROR_FORBIDDEN, ERROR_UNAVAILABLE};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        assert_int_equal(times(codes[i]), 0);
    }
}

static void not_for_ever(void **state)
{
    (void)state;
    retry.begun -= (RETRY_SECONDS + 1) * 1000000LL;
    assert_int_equal(times(ERROR_DEADLOCK), 0);
    assert_int_equal(times(ERROR_CONNECTION_LOST), 0);
}

/* What a replica cannot answer is asked of the primary, which is believed. */
static void at_a_replica(void **state)
{
    (void)state;
    static const struct {
        enum error_code code;
        bool again;
    } cases[] = {
        {ERROR_NOT_FOUND, true}, {ERROR_UNAVAILABLE, true}, {ERROR_INTERNAL, true}, {ERROR_FORBIDDEN, false}};
    struct db *primary = call.db;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static char replica;
        call.db = call.replica = (struct db *)&replica;
        retry = retry_begin(&(struct call){.db = primary});
        assert_int_equal(retry_again(&retry, &call, error_new(&arena, cases[i].code, "so")), cases[i].again);
        assert_ptr_equal(call.db, primary);
        assert_null(call.replica);
        assert_false(retry_again(&retry, &call, error_new(&arena, cases[i].code, "so")));
    }
}

/* A node of a cluster may not have heard of it yet; its second word is believed. */
static void on_a_cluster(void **state)
{
    (void)state;
    fake_db_causal();
    assert_int_equal(times(ERROR_NOT_FOUND), 1);
    assert_int_equal(times(ERROR_FORBIDDEN), 0);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(others_in_the_way), CASE(what_no_attempt_mends), CASE(not_for_ever),
        CASE(at_a_replica),      CASE(on_a_cluster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
