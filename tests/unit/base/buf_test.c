#include "base/buf.h"
#include "support/unit.h"

static struct buf b;

static void integers(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        str text;
    } cases[] = {
        {0, STR_INIT("0")},
        {7, STR_INIT("7")},
        {-1, STR_INIT("-1")},
        {10, STR_INIT("10")},
        {-1234567890, STR_INIT("-1234567890")},
        {INT64_MAX, STR_INIT("9223372036854775807")},
        {INT64_MIN, STR_INIT("-9223372036854775808")},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        buf_init(&b, &arena, 0, 100);
        buf_int(&b, cases[i].value);
        check_str(buf_view(&b), cases[i].text);
    }
    buf_init(&b, &arena, 0, 100);
    buf_uint(&b, UINT64_MAX);
    buf_char(&b, ' ');
    buf_uint(&b, 0);
    check_str(buf_view(&b), STR("18446744073709551615 0"));
}

static void every_way_to_put(void **state)
{
    (void)state;
    buf_init(&b, &arena, 4, 1000);
    check_str(buf_view(&b), STR(""));
    buf_lit(&b, "lit,");
    buf_c(&b, "c,");
    buf_c(&b, "");
    buf_str(&b, STR("s\0r"));
    buf_str(&b, (str){NULL, 0});
    buf_char(&b, ',');
    buf_put(&b, "puts", 3);
    buf_put(&b, NULL, 0);
    buf_printf(&b, ",%d%%%s", 42, "");
    buf_printf(&b, "%s", "");
    check_str(buf_view(&b), STR("lit,c,s\0r,put,42%"));
    assert_false(b.full);
}

static void grows_among_other_allocations(void **state)
{
    (void)state;
    buf_init(&b, &arena, 1, 1 << 20);
    for (int i = 0; i < 5000; i++) {
        buf_printf(&b, "%05d", i);
        if (i % 3 == 0) {
            memset(arena_alloc(&arena, 24), 0xEE, 24); /* the buf is no longer the newest allocation */
        }
    }
    assert_int_equal(b.n, 25000);
    for (int i = 0; i < 5000; i++) {
        str five = str_slice(buf_view(&b), (size_t)i * 5, (size_t)i * 5 + 5);
        check_str(five, str_format(&arena, "%05d", i));
    }
}

static void the_limit_is_exact(void **state)
{
    (void)state;
    for (size_t first = 0; first < 200; first += 7) {
        for (size_t limit = 0; limit < 150; limit += 3) {
            buf_init(&b, &arena, first, limit);
            for (size_t i = 0; i < limit; i++) {
                buf_char(&b, 'x');
            }
            assert_false(b.full);
            assert_int_equal(b.n, limit);
            buf_char(&b, 'y');
            assert_true(b.full);
            assert_int_equal(b.n, limit);
        }
    }
}

static void what_does_not_fit_is_dropped_whole(void **state)
{
    (void)state;
    buf_init(&b, &arena, 2, 10);
    buf_lit(&b, "12345678");
    buf_lit(&b, "abc");
    check_str(buf_view(&b), STR("12345678"));
    assert_true(b.full);
    buf_lit(&b, "ab"); /* what fits is still put; full stays */
    check_str(buf_view(&b), STR("12345678ab"));
    assert_true(b.full);
    assert_false(buf_reserve(&b, SIZE_MAX));
    assert_int_equal(b.n, 10);
}

static void printf_fits_to_the_last_byte(void **state)
{
    (void)state;
    buf_init(&b, &arena, 0, 5);
    buf_printf(&b, "%s", "12345");
    check_str(buf_view(&b), STR("12345"));
    assert_false(b.full);
    buf_init(&b, &arena, 5, 5);
    buf_printf(&b, "%d", 123456);
    check_str(buf_view(&b), STR(""));
    assert_true(b.full);
}

static void reserve(void **state)
{
    (void)state;
    buf_init(&b, &arena, 0, 100);
    assert_true(buf_reserve(&b, 100));
    const char *p = b.p;
    assert_true(buf_reserve(&b, 1));
    assert_ptr_equal(b.p, p); /* there was room */
    memset(b.p, 'r', 100);
    b.n = 100;
    assert_false(buf_reserve(&b, 1));
    assert_true(b.full);
    assert_false(buf_reserve(&b, SIZE_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(integers),
        TEST(every_way_to_put),
        TEST(grows_among_other_allocations),
        TEST(the_limit_is_exact),
        TEST(what_does_not_fit_is_dropped_whole),
        TEST(printf_fits_to_the_last_byte),
        TEST(reserve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
