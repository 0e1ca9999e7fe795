/* seed/share: everything is dealt out, and nobody gets too much. */
#include "seed/share.h"

#include "seed/dice.h"
#include "support/unit.h"

/* Deals a total to n takers with weights from the dice; checks the sum and the cap. */
static void deal(int64_t total, int64_t n, int64_t cap, uint64_t weight_max)
{
    struct dice d;
    struct share s;
    uint64_t all = 0;
    int64_t sum = 0;
    dice_start(&d, (uint64_t)total, (uint64_t)n, weight_max);
    for (int64_t i = 0; i < n; i++) {
        all += dice_below(&d, weight_max + 1);
    }
    dice_start(&d, (uint64_t)total, (uint64_t)n, weight_max);
    share_init(&s, total, n, all, cap);
    for (int64_t i = 0; i < n; i++) {
        int64_t part = share_next(&s, dice_below(&d, weight_max + 1));
        assert_true(part >= 0 && part <= cap);
        sum += part;
    }
    assert_int_equal(sum, total);
}

static void all_of_it_is_dealt(void **state)
{
    (void)state;
    for (int64_t n = 1; n < 40; n++) {
        for (int64_t cap = 1; cap < 6; cap++) {
            for (int64_t total = 0; total <= n * cap; total++) {
                deal(total, n, cap, 100);
                deal(total, n, cap, 1);
                deal(total, n, cap, 0);
            }
        }
    }
    deal(100000000, 1000, 100000000, 1 << 16);
    deal(0, 1000, 1, 1 << 16);
}

static void who_weighs_more_gets_more(void **state)
{
    (void)state;
    struct share s;
    share_init(&s, 1000, 3, 10, 1000);
    assert_int_equal(share_next(&s, 1), 100);
    assert_int_equal(share_next(&s, 0), 0);
    assert_int_equal(share_next(&s, 9), 900);
}

static void what_the_cap_holds_back_goes_to_the_next(void **state)
{
    (void)state;
    struct share s;
    share_init(&s, 10, 3, 10, 4);
    assert_int_equal(share_next(&s, 10), 4);
    assert_int_equal(share_next(&s, 0), 4);
    assert_int_equal(share_next(&s, 0), 2);
    share_init(&s, 8, 2, 10, 4); /* no room to wait */
    assert_int_equal(share_next(&s, 0), 4);
    assert_int_equal(share_next(&s, 10), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_of_it_is_dealt),
        TEST(who_weighs_more_gets_more),
        TEST(what_the_cap_holds_back_goes_to_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
