#include "io/child.h"

#include <signal.h>

#include "support/unit.h"

static const char *const shell[] = {"no-such-shell-anywhere", "sh", NULL};

static struct child run(const char *script, bool feeds, bool speaks)
{
    const char *argv[] = {NULL, "-c", script, NULL};
    struct child c;
    const struct child_wish w = {shell, argv, STR("a secret"), feeds, speaks};
    assert_null(child_start(&arena, &w, &c));
    assert_string_equal(c.name, "sh");
    return c;
}

static str read_all(struct child *c)
{
    char *bytes = arena_alloc(&arena, 1000);
    size_t all = 0;
    size_t n = 1;
    while (n > 0) {
        assert_null(child_read(&arena, c, bytes + all, 1000 - all, NULL, &n));
        all += n;
    }
    return (str){bytes, all};
}

static void it_reads_and_speaks_and_knows_the_secret(void **state)
{
    (void)state;
    struct child c = run("cat; cat " CHILD_SECRET_PATH "; ls /proc/self/fd | wc -l", true, true);
    assert_null(child_write(&arena, &c, STR("hello, ")));
    child_close_in(&c);
    check_str(read_all(&c), STR("hello, a secret5\n")); /* 0 to 3, and the folder that ls reads */
    assert_null(child_end(&arena, &c));
}

static void of_the_environment_it_knows_the_harmless(void **state)
{
    (void)state;
    static const char *const names[] = {"DB_PASSWORD", "MYSQL_PWD", "PATHS", "LC_TIME", "TZ"};
    for (size_t i = 0; i < LENGTH(names); i++) {
        assert_int_equal(setenv(names[i], "C", 1), 0);
    }
    struct child c = run("env | grep -E '^(DB_|MYSQL_|LC_T|PATH|TZ)' | cut -d= -f1 | sort", false, true);
    check_str(read_all(&c), STR("LC_TIME\nPATH\nTZ\n"));
    assert_null(child_end(&arena, &c));
}

static void failures_say_their_last_line(void **state)
{
    (void)state;
    static const struct {
        const char *script, *said;
    } cases[] = {
        {"exit 3", "sh failed with status 3"},
        {"echo one >&2; echo two >&2; exit 1", "sh failed with status 1: two"},
        {"kill -9 $$", "sh was ended by signal 9 (Killed)"},
        {"head -c 9000 /dev/zero | tr '\\0' x >&2; echo >&2; echo end >&2; exit 2",
         "sh failed with status 2: end"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct child c = run(cases[i].script, false, false);
        err e = child_end(&arena, &c);
        assert_non_null(e);
        check_str(e->detail, str_of(cases[i].said));
    }
}

static bool at_once(void)
{
    return true;
}

static void nobody_waits_for_ever(void **state)
{
    (void)state;
    char byte;
    size_t n = 0;
    struct child c = run("sleep 60", false, true);
    err e = child_read(&arena, &c, &byte, 1, at_once, &n);
    assert_non_null(e);
    child_kill(&c);
    assert_int_equal(kill(c.pid, 0), -1);
}

static void one_that_does_not_read(void **state)
{
    (void)state;
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    assert_int_equal(sigaction(SIGPIPE, &ignore, NULL), 0);
    struct child c = run("exec <&-; exit 4", true, false);
    char *much = arena_zero(&arena, 1 << 20);
    assert_non_null(child_write(&arena, &c, (str){much, 1 << 20}));
    assert_non_null(child_end(&arena, &c));
}

static void there_must_be_a_program(void **state)
{
    (void)state;
    static const char *const none[] = {"no-such-program-a", "no-such-program-b", NULL};
    const char *argv[] = {NULL, NULL};
    struct child c;
    err e = child_start(&arena, &(struct child_wish){none, argv, STR(""), false, false}, &c);
    assert_non_null(e);
    assert_int_equal(e->code, ERROR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(it_reads_and_speaks_and_knows_the_secret),
                                       TEST(of_the_environment_it_knows_the_harmless),
                                       TEST(failures_say_their_last_line),
                                       TEST(nobody_waits_for_ever),
                                       TEST(one_that_does_not_read),
                                       TEST(there_must_be_a_program)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
