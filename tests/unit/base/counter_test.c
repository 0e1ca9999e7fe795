/* base/counter: numbers that grow, and how long things took. */
#include "base/counter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_counter_grows(void **state)
{
    (void)state;
    _Atomic uint64_t n = 40;
    counter_add(&n, 2);
    counter_add(&n, 0);
    assert_int_equal(n, 42);
}

/* An event of exactly a bound is in that bound's bucket, for `le` means less or equal. */
static void every_duration_has_its_bucket(void **state)
{
    (void)state;
    static struct histogram h;
    uint64_t sum = 0;
    for (unsigned i = 0; i < HISTOGRAM_BOUNDS; i++) {
        assert_true(i == 0 || histogram_bounds[i] > histogram_bounds[i - 1]);
        histogram_add(&h, histogram_bounds[i]);
        histogram_add(&h, histogram_bounds[i] + 1);
        sum += 2 * (uint64_t)histogram_bounds[i] + 1;
        assert_int_equal(h.buckets[i], i == 0 ? 1 : 2);
        assert_int_equal(h.buckets[i + 1], 1);
    }
    assert_int_equal(h.micros, sum);
    histogram_add(&h, -5);
    histogram_add(&h, 0);
    assert_int_equal(h.buckets[0], 3);
    histogram_add(&h, INT64_MAX);
    assert_int_equal(h.buckets[HISTOGRAM_BOUNDS], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_counter_grows),
        cmocka_unit_test(every_duration_has_its_bucket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
