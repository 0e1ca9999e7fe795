/* conf/settings: where the settings say that the database is. */
#include "base/arena.h"
#include "conf/settings.h"
#include "support/unit.h"

#define TARGET(...) target((char *const[]){"SECRET_KEY=4f1c9d7e0b52a8836d3e917fc0a6b514", __VA_ARGS__, NULL})

static struct db_target target(char *const *environment)
{
    struct settings *s = ARENA_NEW(&arena, struct settings);
    err failed = settings_load(&arena, environment, "/nonexistent", s);
    if (failed != NULL) {
        fail_msg("%.*s", STR_ARGS(failed->detail));
    }
    return settings_db_target(s);
}

static void one_server(void **state)
{
    (void)state;
    struct db_target t = TARGET("DB_HOST=h");
    assert_true(str_eq(t.host, STR("h")));
    assert_int_equal(t.hosts.n, 0);
    assert_false(t.causal);
    assert_false(t.spread);
    assert_int_equal(t.timeout, 10);
    assert_int_equal(t.connect_timeout, 3);
    assert_true(TARGET("DB_CAUSAL_READS=on").causal);
}

static void several_servers(void **state)
{
    (void)state;
    struct db_target t = TARGET("DB_HOSTS=a,b:3307", "DB_SPREAD=yes", "DB_CONNECT_TIMEOUT=1", "DB_SOCKET=/s");
    assert_true(str_eq(t.hosts, STR("a,b:3307")));
    assert_true(t.causal);
    assert_true(t.spread);
    assert_int_equal(t.connect_timeout, 1);
    assert_false(TARGET("DB_HOSTS=a,b", "DB_CAUSAL_READS=off").causal);
}

static void replicas(void **state)
{
    (void)state;
    struct settings *s = ARENA_NEW(&arena, struct settings);
    char *const environment[] = {"SECRET_KEY=4f1c9d7e0b52a8836d3e917fc0a6b514",
                                 "DB_HOSTS=a,b",
                                 "DB_USER=u",
                                 "DB_REPLICAS=c,d:3307",
                                 "DB_REPLICA_MAX_LAG=7",
                                 NULL};
    assert_null(settings_load(&arena, environment, "/nonexistent", s));
    struct db_target t = settings_replica_target(s);
    assert_true(str_eq(t.hosts, STR("c,d:3307")));
    assert_true(str_eq(t.user, STR("u")));
    assert_true(t.spread);
    assert_false(t.causal);
    assert_int_equal(t.max_lag, 7);
    assert_int_equal(settings_db_target(s).max_lag, 0);
}

static void a_list_is_no_host(void **state)
{
    (void)state;
    struct settings s;
    char *const environment[] = {"SECRET_KEY=4f1c9d7e0b52a8836d3e917fc0a6b514", "DB_HOST=a:1,b:2", NULL};
    err failed = settings_load(&arena, environment, "/nonexistent", &s);
    assert_non_null(failed);
    assert_true(str_starts(failed->detail, STR("DB_HOST (environment): \"a:1,b:2\" must be one host")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_server, arena_setup, arena_teardown),
        cmocka_unit_test_setup_teardown(several_servers, arena_setup, arena_teardown),
        cmocka_unit_test_setup_teardown(replicas, arena_setup, arena_teardown),
        cmocka_unit_test_setup_teardown(a_list_is_no_host, arena_setup, arena_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
