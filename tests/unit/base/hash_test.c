#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

static void the_same_for_the_same_bytes_wherever_they_stand(void **state)
{
    (void)state;
    char text[64];
    for (size_t at = 0; at < 16; at++) {
        memcpy(text + at, "a text of some length", 21);
        assert_true(hash64((str){text + at, 21}) == hash64(STR("a text of some length")));
    }
    assert_true(hash64((str){NULL, 0}) == hash64(STR("")));
}

/* Lengths, zeros and places count: none of these are the same. */
static void different_for_what_differs(void **state)
{
    (void)state;
    static const char zeros[64];
    for (size_t n = 0; n < sizeof zeros; n++) {
        for (size_t m = 0; m < n; m++) {
            assert_true(hash64((str){zeros, n}) != hash64((str){zeros, m}));
        }
    }
    assert_true(hash64(STR("abcdefgh12345678")) != hash64(STR("12345678abcdefgh")));
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Every single bit of texts of all lengths up to forty: no two of the 13,120 collide. */
static void a_bit_makes_another(void **state)
{
    (void)state;
    enum { MOST = 40 };
    static uint64_t seen[MOST * (MOST + 1) / 2 * 8 + MOST];
    size_t n = 0;
    for (size_t length = 1; length <= MOST; length++) {
        char text[MOST];
        memset(text, 'x', sizeof text);
        for (size_t bit = 0; bit < 8 * length; bit++) {
            text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
            seen[n++] = hash64((str){text, length});
            text[bit / 8] = 'x';
        }
    }
    qsort(seen, n, sizeof *seen, by_value);
    for (size_t i = 1; i < n; i++) {
        assert_true(seen[i] != seen[i - 1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(the_same_for_the_same_bytes_wherever_they_stand),
                                       TEST(different_for_what_differs), TEST(a_bit_makes_another)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
