/* conf/rate: rates as settings say them. */
#include "conf/rate.h"

#include "support/unit.h"

static void check(const char *text, int64_t count, int64_t seconds)
{
    struct rate rate = {0};
    print_message("%s\n", text);
    assert_true(rate_parse(str_of(text), &rate));
    assert_int_equal(rate.count, count);
    assert_int_equal(rate.seconds, seconds);
}

static void rates(void **state)
{
    (void)state;
    check("10/60s", 10, 60);
    check("1/1s", 1, 1);
    check("5/15m", 5, 900);
    check("100/1h", 100, 3600);
    check("1000000/24h", 1000000, 86400);
    check("1/86400s", 1, 86400);
    check("off", 0, 1);
}

static void no_rates(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "off ",
                                        "Off",
                                        "10",
                                        "10/",
                                        "10/s",
                                        "/60s",
                                        "10/60",
                                        "0/60s",
                                        "10/0s",
                                        "-1/60s",
                                        "10/-1s",
                                        "10/60d",
                                        "10 /60s",
                                        "10/ 60s",
                                        "1.5/1s",
                                        "10/1.5s",
                                        "10/60ss",
                                        "1000001/1s",
                                        "1/86401s",
                                        "1/25h",
                                        "1/1441m",
                                        "99999999999999999999/1s",
                                        "1/99999999999999999999s",
                                        "1/18446744073709551615h"};
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        struct rate rate = {.count = -7, .seconds = -7};
        print_message("%s\n", wrong[i]);
        assert_false(rate_parse(str_of(wrong[i]), &rate));
        assert_int_equal(rate.count, -7);
        assert_int_equal(rate.seconds, -7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(rates), TEST(no_rates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
