#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/rand.h"
#include "migrate/graph.h"

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

/* Migrations from "b<a c<a d<b,c a" (revision<parents). */
static struct graph graph(const char *text)
{
    struct graph g = {ARENA_ARRAY(&arena, struct migration, 64), 0};
    str rest = str_of(text);
    while (rest.n > 0) {
        size_t end = str_find(rest, ' ', 0);
        str word = str_slice(rest, 0, end);
        size_t less = str_find(word, '<', 0);
        struct migration *m = &g.items[g.n++];
        m->revision = str_slice(word, 0, less);
        m->path = str_format(&arena, "%.*s%zu_x.sql", STR_ARGS(m->revision), g.n);
        str parents = str_slice(word, less + 1, word.n);
        while (parents.n > 0) {
            size_t comma = str_find(parents, ',', 0);
            m->parents[m->parent_count++] = str_slice(parents, 0, comma);
            parents = str_slice(parents, comma + 1, parents.n);
        }
        rest = str_slice(rest, end + 1, rest.n);
    }
    return g;
}

static void order(const char *text, const char *expected)
{
    struct graph g = graph(text);
    err failed = graph_sort(&arena, g.items, g.n);
    if (failed != NULL) {
        fail_msg("%s: %.*s", text, STR_ARGS(failed->detail));
    }
    str found = STR("");
    for (size_t i = 0; i < g.n; i++) {
        found = str_format(&arena, "%.*s%s%.*s", STR_ARGS(found), i == 0 ? "" : " ",
                           STR_ARGS(g.items[i].revision));
    }
    assert_string_equal(str_c(&arena, found), expected);
}

static void refused(const char *text, const char *expected)
{
    struct graph g = graph(text);
    err failed = graph_sort(&arena, g.items, g.n);
    assert_non_null(failed);
    assert_int_equal(failed->code, ERROR_INVALID);
    assert_string_equal(str_c(&arena, failed->detail), expected);
}

static void orders(void **state)
{
    (void)state;
    order("", "");
    order("a", "a");
    order("a b<a c<b", "a b c");
    order("c<b b<a a", "a b c");
    order("a<z z<b b", "b z a"); /* by parent, not by name */
    order("d<b,c c<a b<a a", "a b c d");
    order("e<d,x d<a x<c c<a a b<e", "a c d x e b");
    order("m<r2,r1 r2 r1", "r1 r2 m"); /* two beginnings that were joined */
    order("10<9 9", "9 10");
}

static void refusals(void **state)
{
    (void)state;
    refused("a b<a b<a",
            "b3_x.sql: has the revision of b2_x.sql; give the newer of the two another one, in the "
            "name of its file, in its header, and where it is a parent");
    refused("a b<x c<b,y", "b2_x.sql: there is no migration with its parent's revision x\n"
                           "c3_x.sql: there is no migration with its parent's revision y");
    refused("a b<A", "b2_x.sql: there is no migration with its parent's revision A");
    refused("a b<b", "each of these is an ancestor of itself: b2_x.sql");
    refused("a<b b<a", "each of these is an ancestor of itself: a1_x.sql b2_x.sql");
    refused("r a<r,c b<a c<b d<c", "each of these is an ancestor of itself: b3_x.sql a2_x.sql c4_x.sql");
}

/* The only head's revision, or the refusal. */
static const char *one_head(const char *text)
{
    struct graph g = graph(text);
    size_t head = 0;
    assert_null(graph_sort(&arena, g.items, g.n));
    err failed = graph_one_head(&arena, &g, &head);
    if (failed != NULL) {
        assert_int_equal(failed->code, ERROR_CONFLICT);
        return str_c(&arena, failed->detail);
    }
    return head == g.n ? "none" : str_c(&arena, g.items[head].revision);
}

static void heads(void **state)
{
    (void)state;
    assert_string_equal(one_head(""), "none");
    assert_string_equal(one_head("a"), "a");
    assert_string_equal(one_head("a<b b"), "a");
    assert_string_equal(one_head("a b<a c<a d<c,b"), "d");
    assert_string_equal(
        one_head("a b<a c<a"),
        "there are 2 heads, each a migration that is nobody's parent: b2_x.sql c3_x.sql; name one "
        "of them, or join them with `quire migrate merge -m \"…\" heads`");
    assert_string_equal(
        one_head("a b<a c<a d"),
        "there are 3 heads, each a migration that is nobody's parent: b2_x.sql c3_x.sql d4_x.sql; "
        "name one of them, or join them with `quire migrate merge -m \"…\" heads`");
    struct graph g = graph("a b<a c<a d<c,b");
    assert_null(graph_sort(&arena, g.items, g.n));
    assert_int_equal(graph_children(&g, 0), 2);
    assert_int_equal(graph_children(&g, 2), 1);
    assert_false(graph_is_head(&g, 2));
    assert_true(graph_is_head(&g, 3));
}

/* The set around one revision, as text. */
static const char *around(const char *text, const char *revision,
                          void (*add)(const struct graph *g, bool *in))
{
    struct graph g = graph(text);
    assert_null(graph_sort(&arena, g.items, g.n));
    bool *in = ARENA_ARRAY(&arena, bool, g.n);
    in[graph_find(&g, str_of(revision))] = true;
    add(&g, in);
    str found = STR("");
    for (size_t i = 0; i < g.n; i++) {
        found =
            in[i] ? str_format(&arena, "%.*s%.*s", STR_ARGS(found), STR_ARGS(g.items[i].revision)) : found;
    }
    return str_c(&arena, found);
}

static void families(void **state)
{
    (void)state;
    static const char text[] = "a b<a c<a d<b e<c,b f<e x y<x";
    assert_string_equal(around(text, "e", graph_add_ancestors), "abce");
    assert_string_equal(around(text, "d", graph_add_ancestors), "abd");
    assert_string_equal(around(text, "a", graph_add_ancestors), "a");
    assert_string_equal(around(text, "b", graph_add_descendants), "bdef");
    assert_string_equal(around(text, "c", graph_add_descendants), "cef");
    assert_string_equal(around(text, "y", graph_add_descendants), "y");
    assert_string_equal(around(text, "a", graph_add_descendants), "abcdef");
}

static void finding(void **state)
{
    (void)state;
    struct graph g = graph("a b<a");
    assert_int_equal(graph_find(&g, STR("b")), 1);
    assert_int_equal(graph_find(&g, STR("c")), 2);
}

/* Whatever order the files come in, parents come first and the order is the same. */
static void any_order(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct graph g = graph("a b<a c<a d<b,c e<d f<d g<e,f h<g");
        for (size_t i = g.n - 1; i > 0; i--) {
            size_t j = rand_below((uint32_t)i + 1);
            struct migration m = g.items[i];
            g.items[i] = g.items[j];
            g.items[j] = m;
        }
        assert_null(graph_sort(&arena, g.items, g.n));
        for (size_t i = 0; i < g.n; i++) {
            assert_int_equal(g.items[i].revision.p[0], "abcdefgh"[i]);
        }
        arena_reset(&arena);
    }
}

static void write_file(const char *dir, const char *name, const char *text)
{
    FILE *f = fopen(str_format(&arena, "%s/%s", dir, name).p, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static const char *file(const char *revision, const char *parent)
{
    return str_format(&arena,
                      "-- revision: %s\n-- parent: %s\n-- created: 2026-01-02T03:04:05Z\n"
                      "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n",
                      revision, parent)
        .p;
}

static void folders(void **state)
{
    (void)state;
    char dir[] = "/tmp/quire-graph-XXXXXX";
    assert_non_null(mkdtemp(dir));
    struct graph g;
    assert_null(graph_load(&arena, str_of(dir), &g));
    assert_int_equal(g.n, 0);
    write_file(dir, "0001_b.sql", file("0001", "none"));
    write_file(dir, "0002_a.sql", file("0002", "0001"));
    write_file(dir, "README.md", "no migration");
    write_file(dir, ".0003_hidden.sql", "no migration");
    assert_null(graph_load(&arena, str_of(dir), &g));
    assert_int_equal(g.n, 2);
    assert_string_equal(str_c(&arena, g.items[1].name), "0002_a");
    write_file(dir, "0003_c.sql", "hello");
    write_file(dir, "0004_d.sql", file("0005", "0003"));
    err failed = graph_load(&arena, str_of(dir), &g);
    assert_non_null(failed);
    const char *detail = str_c(&arena, failed->detail);
    assert_non_null(strstr(detail, "/0003_c.sql:1: there is SQL before"));
    assert_non_null(strstr(detail, "\n"));
    assert_non_null(strstr(detail, "/0004_d.sql:1: revision \"0005\" is not"));
    static const char *const names[] = {"0001_b.sql",       "0002_a.sql", "README.md",
                                        ".0003_hidden.sql", "0003_c.sql", "0004_d.sql"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(unlink(str_format(&arena, "%s/%s", dir, names[i]).p), 0);
    }
    assert_int_equal(rmdir(dir), 0);
    failed = graph_load(&arena, str_of(dir), &g);
    assert_non_null(failed);
    assert_int_equal(failed->code, ERROR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders),  cmocka_unit_test(refusals), cmocka_unit_test(finding),
        cmocka_unit_test(heads),   cmocka_unit_test(families), cmocka_unit_test(any_order),
        cmocka_unit_test(folders),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
