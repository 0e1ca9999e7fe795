/* seed/dice: the same numbers everywhere, evenly spread. */
#include "seed/dice.h"

#include <string.h>

#include "support/unit.h"

/* The first numbers of xoshiro256** from the state 1, 2, 3, 4, as its other implementations test them. */
static void is_xoshiro256starstar(void **state)
{
    (void)state;
    static const uint64_t want[] = {11520,
                                    0,
                                    1509978240,
                                    1215971899390074240U,
                                    1216172134540287360U,
                                    607988272756665600U,
                                    16172922978634559625U,
                                    8476171486693032832U,
                                    10595114339597558777U,
                                    2904607092377533576U};
    struct dice d = {{1, 2, 3, 4}};
    for (size_t i = 0; i < LENGTH(want); i++) {
        assert_true(dice_next(&d) == want[i]);
    }
}

/* Likewise the first numbers of splitmix64 from the seed 1477776061723855037. */
static void mixes_as_splitmix64(void **state)
{
    (void)state;
    static const uint64_t want[] = {1985237415132408290U, 2979275885539914483U, 13511426838097143398U};
    uint64_t x = 1477776061723855037U;
    for (size_t i = 0; i < LENGTH(want); i++) {
        x += 0x9E3779B97F4A7C15;
        assert_true(dice_mix(x) == want[i]);
    }
}

static void each_row_has_its_own(void **state)
{
    (void)state;
    enum { SEEDS = 3, STREAMS = 5, NUMBERS = 200 };
    static uint64_t seen[SEEDS * STREAMS * NUMBERS];
    size_t n = 0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        for (uint64_t stream = 0; stream < STREAMS; stream++) {
            for (uint64_t number = 0; number < NUMBERS; number++) {
                struct dice d;
                struct dice again;
                dice_start(&d, seed, stream, number);
                dice_start(&again, seed, stream, number);
                assert_memory_equal(&d, &again, sizeof d);
                seen[n++] = dice_next(&d);
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            assert_true(seen[i] != seen[j]);
        }
    }
}

static void below_is_below_and_even(void **state)
{
    (void)state;
    enum { BELOW = 7, THROWS = 70000 };
    size_t seen[BELOW] = {0};
    struct dice d;
    dice_start(&d, 1, 2, 3);
    for (int i = 0; i < THROWS; i++) {
        uint64_t n = dice_below(&d, BELOW);
        assert_true(n < BELOW);
        seen[n]++;
    }
    for (int i = 0; i < BELOW; i++) {
        assert_in_range(seen[i], THROWS / BELOW - 1000, THROWS / BELOW + 1000); /* ten standard deviations */
    }
    for (int i = 0; i < 1000; i++) {
        assert_true(dice_below(&d, 1) == 0);
        assert_true(dice_below(&d, UINT64_MAX) < UINT64_MAX);
        assert_true(dice_low(&d, 3) < 3);
    }
}

static void low_numbers_come_more_often(void **state)
{
    (void)state;
    enum { BELOW = 10, THROWS = 20000 };
    size_t seen[BELOW] = {0};
    struct dice d;
    dice_start(&d, 5, 5, 5);
    for (int i = 0; i < THROWS; i++) {
        seen[dice_low(&d, BELOW)]++;
    }
    assert_true(seen[0] > 4 * seen[BELOW - 1]);
    assert_true(seen[BELOW - 1] > 0);
}

static void picks_visit_everybody_once(void **state)
{
    (void)state;
    for (uint64_t of = 1; of < 200; of++) {
        bool seen[200] = {false};
        struct dice d;
        struct picks p;
        dice_start(&d, 9, 9, of);
        picks_start(&p, &d, of);
        for (uint64_t i = 0; i < of; i++) {
            uint64_t at = picks_next(&p);
            assert_true(at < of);
            assert_false(seen[at]);
            seen[at] = true;
        }
    }
}

static void uuids_hold_their_time(void **state)
{
    (void)state;
    unsigned char id[16];
    unsigned char other[16];
    struct dice d;
    dice_start(&d, 1, 1, 1);
    dice_uuid(&d, INT64_C(0x0123456789AB) * 1000 + 999, id);
    assert_memory_equal(id, "\x01\x23\x45\x67\x89\xAB", 6);
    assert_int_equal(id[6] >> 4, 7);
    assert_int_equal(id[8] >> 6, 2);
    dice_uuid(&d, INT64_C(0x0123456789AB) * 1000, other);
    assert_memory_not_equal(id, other, sizeof id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_xoshiro256starstar),   TEST(mixes_as_splitmix64),         TEST(each_row_has_its_own),
        TEST(below_is_below_and_even), TEST(low_numbers_come_more_often), TEST(picks_visit_everybody_once),
        TEST(uuids_hold_their_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
