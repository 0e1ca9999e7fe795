#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "migrate/target.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 10);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* Two branches: 0001 <- 0002 <- 00021 and 0002 <- b7. */
static struct graph graph(void)
{
    static const char *const files[] = {"0001_start", "0002_middle", "00021_end", "b7_other_end"};
    static const char *const parents[] = {NULL, "0001", "0002", "0002"};
    struct graph g = {ARENA_ARRAY(&arena, struct migration, 4), 4};
    for (size_t i = 0; i < g.n; i++) {
        struct migration *m = &g.items[i];
        m->name = str_of(files[i]);
        m->path = str_format(&arena, "dir/%s.sql", files[i]);
        m->revision = str_slice(m->name, 0, str_find(m->name, '_', 0));
        m->parents[0] = str_of(parents[i]);
        m->parent_count = parents[i] == NULL ? 0 : 1;
    }
    assert_null(graph_sort(&arena, g.items, g.n));
    return g;
}

/* What a word means, as text: "=0001 b7", "+2", "-1", or the refusal. */
static const char *meaning(const char *word)
{
    struct graph g = graph();
    struct target t = {.steps = 77};
    err failed = target_read(&arena, &g, str_of(word), &t);
    if (failed != NULL) {
        assert_int_equal(t.steps, 77);
        return str_c(&arena, failed->detail);
    }
    if (t.kind != TARGET_SET) {
        return str_format(&arena, "%c%u", t.kind == TARGET_FORWARD ? '+' : '-', t.steps).p;
    }
    str found = STR("=");
    for (size_t i = 0; i < g.n; i++) {
        if (t.in[i]) {
            found = str_format(&arena, "%.*s%s%.*s", STR_ARGS(found), found.n == 1 ? "" : " ",
                               STR_ARGS(g.items[i].revision));
        }
    }
    return str_c(&arena, found);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(meaning("0001"), "=0001");
    assert_string_equal(meaning("0002"), "=0002"); /* though 00021 begins so too */
    assert_string_equal(meaning("0002_middle"), "=0002");
    assert_string_equal(meaning("0002_middle.sql"), "=0002");
    assert_string_equal(meaning("some/where/b7_other_end.sql"), "=b7");
    assert_string_equal(meaning("0002_m"), "=0002");
    assert_string_equal(meaning("00021"), "=00021");
    assert_string_equal(meaning("b"), "=b7");
    assert_string_equal(meaning("base"), "=");
    assert_string_equal(meaning("heads"), "=00021 b7");
}

static void steps(void **state)
{
    (void)state;
    assert_string_equal(meaning("+1"), "+1");
    assert_string_equal(meaning("-100000"), "-100000");
    static const char *const wrong[] = {"+0",  "-100001", "+",   "-x",
                                        "+1x", "--1",     "+-1", "-99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_string_equal(
            meaning(wrong[i]),
            str_format(&arena, "after + and - stands a number from 1 to 100000, not `%s`", wrong[i] + 1).p);
    }
}

static void refusals(void **state)
{
    (void)state;
    assert_string_equal(meaning("000"),
                        "`000` may be each of 0001_start, 0002_middle, 00021_end: write more of it");
    assert_string_equal(meaning("END"), "there is no migration `END`; perhaps 00021_end, b7_other_end");
    assert_string_equal(meaning("x"), "there is no migration `x`; the newest is 00021_end, b7_other_end");
    assert_string_equal(meaning(""), "there is no migration ``; the newest is 00021_end, b7_other_end");
    assert_non_null(strstr(meaning("head"), "there are 2 heads"));
    struct graph g = graph();
    size_t one = 0;
    assert_null(target_one(&arena, &g, STR("b7"), &one));
    assert_int_equal(one, 3);
    static const char *const several[] = {"heads", "base", "+1", "-1"};
    for (size_t i = 0; i < sizeof several / sizeof several[0]; i++) {
        err failed = target_one(&arena, &g, str_of(several[i]), &one);
        assert_non_null(failed);
        assert_int_equal(failed->code, ERROR_NOT_FOUND);
    }
}

static void without_migrations(void **state)
{
    (void)state;
    struct graph g = {NULL, 0};
    struct target t;
    assert_null(target_read(&arena, &g, STR("head"), &t));
    assert_int_equal(t.kind, TARGET_SET);
    err failed = target_read(&arena, &g, STR("0001"), &t);
    assert_non_null(failed);
    assert_string_equal(str_c(&arena, failed->detail), "there is no migration `0001`: there are none at all");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names), cmocka_unit_test(steps),
                                       cmocka_unit_test(refusals), cmocka_unit_test(without_migrations)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
