/* io/hosts: lists of servers, and the order in which they are tried. */
#include "io/hosts.h"

#include "support/unit.h"

enum { SECOND = 1000000 };

static void assert_str(str got, const char *want)
{
    if (!str_eq(got, str_of(want))) {
        fail_msg("\"%.*s\" is not \"%s\"", STR_ARGS(got), want);
    }
}

static struct hosts list(const char *text)
{
    struct hosts h;
    assert_true(hosts_read(&h, str_of(text), 3306));
    return h;
}

static void a_list_is_read(void **state)
{
    (void)state;
    struct hosts h = list("db1:3307, db-2.example ,[::1]:3308,[fe80::2],/run/db.sock");
    static const struct {
        const char *name;
        int64_t port;
    } want[] = {{"db1", 3307}, {"db-2.example", 3306}, {"::1", 3308}, {"fe80::2", 3306}, {"/run/db.sock", 0}};
    assert_int_equal(h.n, LENGTH(want));
    for (size_t i = 0; i < LENGTH(want); i++) {
        assert_str(h.at[i].name, want[i].name);
        assert_int_equal(h.at[i].port, want[i].port);
    }
    assert_str(hosts_first(STR(" db1:3307 ,db2")), "db1:3307");
    assert_str(hosts_first(STR("db1")), "db1");
}

static void what_is_no_list_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      ",",
                                      "a,",
                                      ",a",
                                      "a:0",
                                      "a:65536",
                                      "a:",
                                      "a:x",
                                      "::1",
                                      "[::1",
                                      "[]",
                                      "[::1]3",
                                      "[::1]:",
                                      "a b",
                                      "/",
                                      "a;b",
                                      "a@b:3306",
                                      "a:1:2",
                                      "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17"};
    for (size_t i = 0; i < LENGTH(bad); i++) {
        struct hosts h;
        assert_false(hosts_read(&h, str_of(bad[i]), 3306));
    }
    assert_int_equal(list("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16").n, HOSTS_MAX);
}

static void they_are_tried_in_their_order(void **state)
{
    (void)state;
    struct hosts h = list("a,b,c");
    assert_int_equal(hosts_next(&h, 0, 0), 0);
    assert_int_equal(hosts_next(&h, 0, 1), 1);
    assert_int_equal(hosts_next(&h, 0, 3), 2);
    assert_int_equal(hosts_next(&h, 0, 7), 3);
    h.home = 1;
    assert_int_equal(hosts_next(&h, 0, 0), 1);
    assert_int_equal(hosts_next(&h, 0, 2), 2);
    assert_int_equal(hosts_next(&h, 0, 6), 0);
}

static void who_failed_comes_last(void **state)
{
    (void)state;
    struct hosts h = list("a,b,c");
    int64_t now = 100 * (int64_t)SECOND;
    hosts_failed(&h, 0, now);
    assert_int_equal(hosts_next(&h, now, 0), 1);
    hosts_failed(&h, 1, now + 10 * (int64_t)SECOND);
    hosts_failed(&h, 2, now + 20 * (int64_t)SECOND);
    /* all have failed: the one that may come back the soonest, and then the others */
    assert_int_equal(hosts_next(&h, now, 0), 0);
    assert_int_equal(hosts_next(&h, now, 1), 1);
    assert_int_equal(hosts_next(&h, now, 3), 2);
    assert_int_equal(hosts_next(&h, now, 7), 3);
    hosts_well(&h, 2);
    assert_int_equal(hosts_next(&h, now, 0), 2);
}

static void pauses_grow_and_end(void **state)
{
    (void)state;
    static const int64_t seconds[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
    struct hosts h = list("a,b");
    for (size_t i = 0; i < LENGTH(seconds); i++) {
        int64_t now = (int64_t)i * 1000 * SECOND;
        hosts_failed(&h, 0, now);
        int64_t pause = h.at[0].avoid_until - now;
        assert_in_range(pause, seconds[i] * SECOND / 2, seconds[i] * SECOND * 3 / 2);
    }
    hosts_well(&h, 0);
    hosts_failed(&h, 0, 0);
    assert_in_range(h.at[0].avoid_until, SECOND / 2, SECOND * 3 / 2);
}

static void a_better_one_is_one_before_it(void **state)
{
    (void)state;
    struct hosts h = list("a,b,c");
    assert_int_equal(hosts_better(&h, 0, 0), 3);
    assert_int_equal(hosts_better(&h, 1, 0), 0);
    assert_int_equal(hosts_better(&h, 2, 0), 0);
    hosts_failed(&h, 0, 0);
    assert_int_equal(hosts_better(&h, 1, 0), 3);
    assert_int_equal(hosts_better(&h, 2, 0), 1);
    assert_int_equal(hosts_better(&h, 1, 2 * (int64_t)SECOND), 0);
    h.home = 2;
    assert_int_equal(hosts_better(&h, 1, 2 * (int64_t)SECOND), 2);
    assert_int_equal(hosts_better(&h, 2, 2 * (int64_t)SECOND), 3);
}

static void one_host_is_always_tried(void **state)
{
    (void)state;
    struct hosts h = list("a");
    hosts_failed(&h, 0, 0);
    assert_int_equal(hosts_next(&h, 0, 0), 0);
    assert_int_equal(hosts_better(&h, 0, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_read),
        cmocka_unit_test(what_is_no_list_is_refused),
        cmocka_unit_test(they_are_tried_in_their_order),
        cmocka_unit_test(who_failed_comes_last),
        cmocka_unit_test(pauses_grow_and_end),
        cmocka_unit_test(a_better_one_is_one_before_it),
        cmocka_unit_test(one_host_is_always_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
