/* http/backoff: who dies at once waits ever longer, who has lived does not. */
#include "http/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { MILLISECOND = 1000, SECOND = 1000000 };

static void quick_deaths_double_the_wait_up_to_five_seconds(void **state)
{
    (void)state;
    static const int waits[] = {100, 200, 400, 800, 1600, 3200, 5000, 5000};
    struct backoff b = {.delay = 0};
    assert_int_equal(backoff_left(&b, 1), 0);
    int64_t now = 7 * SECOND;
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        backoff_death(&b, SECOND - 1, now);
        assert_int_equal(backoff_left(&b, now), waits[i]);
        assert_int_equal(backoff_left(&b, now + 1), waits[i]); /* rounded up */
        now += (int64_t)waits[i] * MILLISECOND;
        assert_int_equal(backoff_left(&b, now), 0);
    }
}

static void a_long_life_is_no_bad_sign(void **state)
{
    (void)state;
    struct backoff b = {.delay = 0};
    backoff_death(&b, 0, SECOND);
    backoff_death(&b, 0, SECOND);
    backoff_death(&b, SECOND, SECOND);
    assert_int_equal(backoff_left(&b, SECOND), 0);
    backoff_delay(&b, SECOND);
    assert_int_equal(backoff_left(&b, SECOND), 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quick_deaths_double_the_wait_up_to_five_seconds),
        cmocka_unit_test(a_long_life_is_no_bad_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
