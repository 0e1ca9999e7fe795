/*
 * unit: what the unit tests share: cmocka, an arena for each test, and a comparison of texts that shows both.
 *
 *     cmocka_unit_test_setup_teardown(escapes, arena_setup, arena_teardown), or TEST(escapes)
 *     check_str(buf_view(&out), STR("\"a\""));
 */
#ifndef QUIRE_TESTS_UNIT_H
#define QUIRE_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/str.h"

static struct arena arena;

static inline int arena_setup(void **state)
{
    (void)state;
    arena_init(&arena, 4096);
    return 0;
}

static inline int arena_teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, arena_setup, arena_teardown)
#define LENGTH(table)  (sizeof(table) / sizeof((table)[0]))

static inline void check_str_at(str got, str want, const char *file, int line)
{
    if (!str_eq(got, want)) {
        print_error("got  (%zu bytes) %.*s\nwant (%zu bytes) %.*s\n", got.n, STR_ARGS(got), want.n,
                    STR_ARGS(want));
        _fail(file, line);
    }
}

#define check_str(got, want) check_str_at((got), (want), __FILE__, __LINE__)

#endif
