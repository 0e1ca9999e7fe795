#include "base/rand.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/unit.h"

static void fills_exactly(void **state)
{
    (void)state;
    for (size_t n = 0; n < 70; n++) {
        unsigned char bytes[80];
        memset(bytes, 0x5A, sizeof bytes);
        rand_bytes(bytes + 4, n);
        for (size_t i = 0; i < sizeof bytes; i++) {
            if (i < 4 || i >= 4 + n) {
                assert_int_equal(bytes[i], 0x5A);
            }
        }
    }
}

/* More than the 256 bytes that getrandom gives without a chance of being interrupted. */
static void large_fills_have_every_byte(void **state)
{
    (void)state;
    enum { N = 1 << 20 };
    unsigned char *bytes = arena_zero(&arena, N);
    size_t seen[256] = {0};
    rand_bytes(bytes, N);
    for (size_t i = 0; i < N; i++) {
        seen[bytes[i]]++;
    }
    for (int i = 0; i < 256; i++) {
        assert_in_range(seen[i], N / 256 - 640, N / 256 + 640); /* ten standard deviations */
    }
}

static void never_the_same_twice(void **state)
{
    (void)state;
    unsigned char a[16];
    unsigned char b[16];
    rand_bytes(a, sizeof a);
    rand_bytes(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
}

static void not_the_same_after_a_fork(void **state)
{
    (void)state;
    int ends[2];
    unsigned char ours[16];
    unsigned char theirs[16];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        rand_bytes(theirs, sizeof theirs);
        _exit(write(ends[1], theirs, sizeof theirs) == sizeof theirs ? 0 : 1);
    }
    rand_bytes(ours, sizeof ours);
    assert_int_equal(read(ends[0], theirs, sizeof theirs), sizeof theirs);
    (void)close(ends[0]);
    (void)close(ends[1]);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_memory_not_equal(ours, theirs, sizeof ours);
}

static void below_is_below_and_even(void **state)
{
    (void)state;
    enum { SIDES = 6, EACH = 10000 };
    int seen[SIDES] = {0};
    for (int i = 0; i < SIDES * EACH; i++) {
        uint32_t r = rand_below(SIDES);
        assert_true(r < SIDES);
        seen[r]++;
    }
    for (int i = 0; i < SIDES; i++) {
        assert_in_range(seen[i], EACH - 950, EACH + 950); /* more than ten standard deviations */
    }
    for (int i = 0; i < 100; i++) {
        assert_int_equal(rand_below(1), 0);
    }
    int low = 0;
    for (int i = 0; i < 30000; i++) {
        low += rand_below(UINT32_C(3) << 30) < UINT32_C(1)
                                                   << 30; /* a plain remainder would make it half of them */
    }
    assert_in_range(low, 10000 - 820, 10000 + 820); /* ten standard deviations */
    uint32_t high = 0;
    for (int i = 0; i < 100; i++) {
        uint32_t r = rand_below(UINT32_MAX);
        high = r > high ? r : high;
    }
    assert_true(high > UINT32_MAX / 2); /* a chance of 2^-100 to fail */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fills_exactly),           TEST(large_fills_have_every_byte),
        TEST(never_the_same_twice),    TEST(not_the_same_after_a_fork),
        TEST(below_is_below_and_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
