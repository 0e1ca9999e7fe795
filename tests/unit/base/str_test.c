#include <string.h>

#include "support/unit.h"

static const str nothing = {NULL, 0};

static void of_and_literals(void **state)
{
    (void)state;
    assert_int_equal(STR("").n, 0);
    assert_int_equal(STR("a\0b").n, 3);
    assert_int_equal(str_of(NULL).n, 0);
    assert_non_null(str_of(NULL).p);
    check_str(str_of("abc"), STR("abc"));
}

static void equality(void **state)
{
    (void)state;
    assert_true(str_eq(STR(""), nothing));
    assert_true(str_eq(nothing, nothing));
    assert_true(str_eq(STR("a\0b"), STR("a\0b")));
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
    assert_false(str_eq(STR("a"), STR("A")));
    assert_false(str_eq(STR("a"), STR("ab")));
    assert_true(str_eq_nocase(STR("X-Request-ID"), STR("x-rEQUEST-id")));
    assert_true(str_eq_nocase(nothing, STR("")));
    assert_false(str_eq_nocase(STR("ab"), STR("abc")));
    assert_false(str_eq_nocase(STR("@["), STR("`{")));             /* beside the letters in ASCII */
    assert_false(str_eq_nocase(STR("\xC3\x84"), STR("\xC3\xA4"))); /* Ä, ä: people's text */
}

static void prefixes(void **state)
{
    (void)state;
    assert_true(str_starts(STR("abc"), STR("ab")));
    assert_true(str_starts(STR("abc"), STR("")));
    assert_true(str_starts(nothing, nothing));
    assert_false(str_starts(nothing, STR("a")));
    assert_false(str_starts(STR("ab"), STR("abc")));
    assert_false(str_starts(STR("Bearer x"), STR("bearer ")));
    assert_true(str_starts_nocase(STR("Bearer x"), STR("bearer ")));
    assert_false(str_starts_nocase(STR("Bea"), STR("bearer ")));
}

static void finding(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("a/b/c"), '/', 0), 1);
    assert_int_equal(str_find(STR("a/b/c"), '/', 1), 1);
    assert_int_equal(str_find(STR("a/b/c"), '/', 2), 3);
    assert_int_equal(str_find(STR("a/b/c"), '/', 4), 5);
    assert_int_equal(str_find(STR("a/b/c"), '/', 99), 5);
    assert_int_equal(str_find(STR("a\0b"), '\0', 0), 1);
    assert_int_equal(str_find(nothing, 'x', 0), 0);
}

static void slicing(void **state)
{
    (void)state;
    check_str(str_slice(STR("abcdef"), 1, 3), STR("bc"));
    check_str(str_slice(STR("abcdef"), 0, 99), STR("abcdef"));
    check_str(str_slice(STR("abcdef"), 4, 2), STR(""));
    check_str(str_slice(STR("abcdef"), 99, 100), STR(""));
    check_str(str_slice(STR("abcdef"), 6, 6), STR(""));
    check_str(str_slice(nothing, 0, 5), STR(""));
    check_str(str_slice(nothing, 3, 5), STR(""));
}

static void trimming(void **state)
{
    (void)state;
    check_str(str_trim(STR(" \t\r\n\f\va b\t ")), STR("a b"));
    check_str(str_trim(STR("   ")), STR(""));
    check_str(str_trim(STR("")), STR(""));
    check_str(str_trim(nothing), STR(""));
    check_str(str_trim(STR("\xC2\xA0x")), STR("\xC2\xA0x")); /* a no-break space is no blank */
    check_str(str_trim(STR("x\0")), STR("x\0"));
}

static void copies(void **state)
{
    (void)state;
    char original[] = "abc";
    str copy = str_copy(&arena, (str){original, 3});
    char *c = str_c(&arena, (str){original, 2});
    original[0] = 'X';
    check_str(copy, STR("abc"));
    assert_string_equal(c, "ab");
    assert_string_equal(str_c(&arena, nothing), "");
    check_str(str_copy(&arena, nothing), STR(""));
}

static void formatting(void **state)
{
    (void)state;
    check_str(str_format(&arena, "%s %d%%", "a", 5), STR("a 5%"));
    check_str(str_format(&arena, "%s", ""), STR(""));
    str large = str_format(&arena, "%*d", 20000, 1);
    assert_int_equal(large.n, 20000);
    assert_int_equal(large.p[19999], '1');
    check_str(str_format(&arena, "<%.*s>", STR_ARGS(STR("view"))), STR("<view>"));
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        str text;
        uint64_t value;
    } good[] = {
        {STR_INIT("0"), 0},
        {STR_INIT("007"), 7},
        {STR_INIT("4294967296"), UINT64_C(4294967296)},
        {STR_INIT("999999999999999999"), UINT64_C(999999999999999999)},
    };
    static const str bad[] = {STR_INIT(""),        STR_INIT("-1"),
                              STR_INIT("+1"),      STR_INIT(" 1"),
                              STR_INIT("1 "),      STR_INIT("1.0"),
                              STR_INIT("0x1"),     STR_INIT("a"),
                              STR_INIT("1\0"),     STR_INIT("1000000000000000000") /* 19 digits */,
                              STR_INIT("\xD9\xA1")};
    for (size_t i = 0; i < LENGTH(good); i++) {
        uint64_t n = 1;
        assert_true(str_to_uint(good[i].text, &n));
        assert_int_equal(n, good[i].value);
    }
    for (size_t i = 0; i < LENGTH(bad); i++) {
        uint64_t n = 123;
        assert_false(str_to_uint(bad[i], &n));
        assert_int_equal(n, 123);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(of_and_literals), TEST(equality), TEST(prefixes),   TEST(finding), TEST(slicing),
        TEST(trimming),        TEST(copies),   TEST(formatting), TEST(numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
