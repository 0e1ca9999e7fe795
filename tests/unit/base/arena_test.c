#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

static void aligned_for_any_object(void **state)
{
    (void)state;
    for (size_t size = 0; size < 200; size++) {
        char *p = arena_alloc(&arena, size);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        if (size > 0) {
            memset(p, 0xAA, size);
        }
    }
}

static void contents_stay_apart(void **state)
{
    (void)state;
    enum { N = 500 };
    unsigned char *p[N];
    for (unsigned i = 0; i < N; i++) {
        p[i] = arena_alloc(&arena, i);
        memset(p[i], (int)(i & 0xFF), i);
    }
    for (unsigned i = 0; i < N; i++) {
        for (unsigned k = 0; k < i; k++) {
            assert_int_equal(p[i][k], i & 0xFF);
        }
    }
}

static void zero_is_zero_on_used_memory(void **state)
{
    (void)state;
    memset(arena_alloc(&arena, 3000), 0xFF, 3000);
    arena_reset(&arena);
    const unsigned char *p = arena_zero(&arena, 3000);
    for (int i = 0; i < 3000; i++) {
        assert_int_equal(p[i], 0);
    }
}

static void larger_than_a_block(void **state)
{
    (void)state;
    char *small = arena_alloc(&arena, 10);
    char *large = arena_alloc(&arena, 1 << 20);
    memset(large, 1, 1 << 20);
    memset(small, 2, 10);
    assert_int_equal(large[0], 1);
    assert_int_equal(large[(1 << 20) - 1], 1);
}

static void grow_keeps_contents(void **state)
{
    (void)state;
    char *p = arena_alloc(&arena, 100);
    memset(p, 'x', 100);
    char *grown = arena_grow(&arena, p, 100, 200);
#ifndef ARENA_DEBUG
    assert_ptr_equal(grown, p); /* the newest, and the block has room */
#endif
    memset(grown + 100, 'y', 100);
    (void)arena_alloc(&arena, 1);
    char *moved = arena_grow(&arena, grown, 200, 300);
    assert_ptr_not_equal(moved, grown); /* no longer the newest */
    char *far = arena_grow(&arena, moved, 300, 100000);
    assert_ptr_not_equal(far, moved); /* no room in the block */
    for (int i = 0; i < 200; i++) {
        assert_int_equal(far[i], i < 100 ? 'x' : 'y');
    }
    char *fresh = arena_grow(&arena, NULL, 0, 50);
    memset(fresh, 'z', 50);
    assert_int_equal(far[0], 'x');
}

static void grow_of_an_empty_allocation(void **state)
{
    (void)state;
    char *empty = arena_alloc(&arena, 0);
    char *other = arena_alloc(&arena, 16);
    memset(other, 'o', 16);
    char *grown = arena_grow(&arena, empty, 0, 64);
    memset(grown, 'g', 64);
    for (int i = 0; i < 16; i++) {
        assert_int_equal(other[i], 'o');
    }
}

static char trace[16];

static void record(void *thing)
{
    size_t n = strlen(trace);
    trace[n] = *(const char *)thing;
    trace[n + 1] = '\0';
}

static void defers_run_last_in_first_out(void **state)
{
    (void)state;
    static char things[] = "abcd";
    trace[0] = '\0';
    arena_defer(&arena, record, &things[0]);
    arena_defer(&arena, record, &things[1]);
    arena_defer(&arena, record, NULL);
    struct arena_mark mark = arena_mark(&arena);
    arena_defer(&arena, record, &things[2]);
    (void)arena_alloc(&arena, 100000);
    arena_defer(&arena, record, &things[3]);
    arena_rewind(&arena, mark);
    assert_string_equal(trace, "dc");
    arena_reset(&arena);
    assert_string_equal(trace, "dcba");
    arena_reset(&arena);
    assert_string_equal(trace, "dcba");
}

static void read_last_byte(void *thing)
{
    trace[0] = ((const char *)thing)[99];
}

static void defers_run_before_the_memory_goes(void **state)
{
    (void)state;
    char *p = arena_alloc(&arena, 100);
    memset(p, 'm', 100);
    trace[0] = '\0';
    arena_defer(&arena, read_last_byte, p);
    arena_defer(&arena, free, malloc(10)); /* the leak checker watches this one */
    arena_free(&arena);
    assert_int_equal(trace[0], 'm');
}

static void rewind_over_blocks(void **state)
{
    (void)state;
    char *kept = arena_alloc(&arena, 64);
    memset(kept, 'k', 64);
    struct arena_mark mark = arena_mark(&arena);
    char *first = arena_alloc(&arena, 64);
    for (int i = 0; i < 100; i++) {
        memset(arena_alloc(&arena, 1000), i, 1000);
    }
    arena_rewind(&arena, mark);
    char *again = arena_alloc(&arena, 64);
#ifndef ARENA_DEBUG
    assert_ptr_equal(again, first);
#else
    (void)first;
#endif
    memset(again, 'n', 64);
    assert_int_equal(kept[0], 'k');
    assert_int_equal(kept[63], 'k');
}

static void rewind_to_nothing(void **state)
{
    (void)state;
    struct arena_mark mark = arena_mark(&arena);
    (void)arena_alloc(&arena, 10000);
    arena_rewind(&arena, mark);
    assert_null(arena.blocks);
    memset(arena_alloc(&arena, 10), 1, 10);
}

static void reset_keeps_one_block(void **state)
{
    (void)state;
    char *first = arena_alloc(&arena, 16);
    for (int i = 0; i < 20; i++) {
        (void)arena_alloc(&arena, 4000);
    }
    arena_reset(&arena);
#ifndef ARENA_DEBUG
    assert_non_null(arena.blocks);
    assert_ptr_equal(arena_alloc(&arena, 16), first);
#else
    (void)first;
#endif
    (void)arena_alloc(&arena, 16);
    arena_free(&arena);
    assert_null(arena.blocks);
}

static void reset_does_not_keep_an_oversized_block(void **state)
{
    (void)state;
    (void)arena_alloc(&arena, 1 << 20);
    arena_reset(&arena);
    assert_null(arena.blocks);
    (void)arena_alloc(&arena, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(aligned_for_any_object),       TEST(contents_stay_apart),
        TEST(zero_is_zero_on_used_memory),  TEST(larger_than_a_block),
        TEST(grow_keeps_contents),          TEST(grow_of_an_empty_allocation),
        TEST(defers_run_last_in_first_out), TEST(defers_run_before_the_memory_goes),
        TEST(rewind_over_blocks),           TEST(rewind_to_nothing),
        TEST(reset_keeps_one_block),        TEST(reset_does_not_keep_an_oversized_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
