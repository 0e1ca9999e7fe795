#include "base/names.h"

#include "support/unit.h"

static void nothing_at_first(void **state)
{
    (void)state;
    struct names names;
    names_init(&names, &arena);
    assert_null(names_find(&names, STR("")));
    assert_null(names_find(&names, STR("a")));
}

static void names_of_any_kind(void **state)
{
    (void)state;
    static const str all[] = {STR_INIT(""),        STR_INIT("a"),    STR_INIT("A"),   STR_INIT("aa"),
                              STR_INIT("\0"),      STR_INIT("\0\0"), STR_INIT("ab"),  STR_INIT("ba"),
                              STR_INIT("\xFF"),    STR_INIT("a\0"),  STR_INIT("\0a"), STR_INIT("\1"),
                              STR_INIT("\xC3\xA9")};
    static int things[LENGTH(all)];
    struct names names;
    names_init(&names, &arena);
    for (size_t i = 0; i < LENGTH(all); i++) {
        assert_null(names_find(&names, all[i]));
        names_add(&names, all[i], &things[i]);
    }
    for (size_t i = 0; i < LENGTH(all); i++) {
        assert_ptr_equal(names_find(&names, all[i]), &things[i]);
    }
    assert_null(names_find(&names, STR("b")));
}

static void many(void **state)
{
    (void)state;
    enum { N = 50000 };
    struct names names;
    int *things = ARENA_ARRAY(&arena, int, N);
    names_init(&names, &arena);
    for (int i = 0; i < N; i++) {
        names_add(&names, str_format(&arena, "name-%d", i), &things[i]);
        if (i % 97 == 0) {
            assert_ptr_equal(names_find(&names, str_format(&arena, "name-%d", i / 2)), &things[i / 2]);
            assert_null(names_find(&names, str_format(&arena, "name-%d", i + 1)));
        }
    }
    for (int i = 0; i < N; i++) {
        if (names_find(&names, str_format(&arena, "name-%d", i)) != &things[i]) {
            fail_msg("name-%d", i);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(nothing_at_first), TEST(names_of_any_kind), TEST(many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
