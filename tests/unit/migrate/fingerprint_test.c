#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "migrate/fingerprint.h"

static void differs(const char *before, const char *after, const char *expected)
{
    struct arena a;
    arena_init(&a, 1024);
    str found = fingerprint_differences(&a, str_of(before), str_of(after));
    assert_string_equal(str_c(&a, found), expected);
    arena_free(&a);
}

static void differences(void **state)
{
    (void)state;
    differs("", "", "");
    differs("table a\ntable b\n", "table a\ntable b\n", "");
    differs("table a\n", "", "- table a\n");
    differs("", "table a\n", "+ table a\n");
    differs("table a\ncolumn a id\ntable c\n", "table a\ncolumn a n\ntable c\ntable d\n",
            "- column a id\n+ column a n\n+ table d\n");
    differs("table ab\n", "table a\n", "- table ab\n+ table a\n");
}

static void digests(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1024);
    str one = fingerprint_of(&a, STR("table a\n"));
    assert_int_equal(one.n, 64);
    assert_true(str_eq(one, fingerprint_of(&a, STR("table a\n"))));
    assert_false(str_eq(one, fingerprint_of(&a, STR("table b\n"))));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(differences), cmocka_unit_test(digests)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
