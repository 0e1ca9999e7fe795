#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <dirent.h>

#include "base/arena.h"
#include "base/file.h"
#include "migrate/author.h"

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

static const char *slug(const char *message)
{
    return str_c(&arena, author_slug(&arena, str_of(message)));
}

static void slugs(void **state)
{
    (void)state;
    assert_string_equal(slug("Add notes"), "add_notes");
    assert_string_equal(slug("  -- a.B/../c;  "), "a_b_c");
    assert_string_equal(slug("100 % für Ärger"), "100_f_r_rger");
    assert_string_equal(slug("…"), "");
    assert_string_equal(slug(""), "");
    assert_string_equal(slug("a_b"), "a_b");
    char many[200];
    memset(many, 'x', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    assert_int_equal(strlen(slug(many)), 60);
    many[20] = ' '; /* cut between words where there is a place */
    assert_int_equal(strlen(slug(many)), 20);
    many[60] = '\0';
    assert_int_equal(strlen(slug(many)), 60);
}

static void next_revisions(void **state)
{
    (void)state;
    struct migration items[] = {{.revision = STR_INIT("0009")},
                                {.revision = STR_INIT("abc")},
                                {.revision = STR_INIT("0003")},
                                {.revision = STR_INIT("20261121010203")},
                                {.revision = STR_INIT("12345")}};
    struct graph g = {items, 0};
    assert_string_equal(str_c(&arena, author_next_revision(&arena, &g)), "0001");
    g.n = 3;
    assert_string_equal(str_c(&arena, author_next_revision(&arena, &g)), "0010");
    g.n = 4; /* a moment is no number to count on from */
    assert_string_equal(str_c(&arena, author_next_revision(&arena, &g)), "0010");
    g.n = 5;
    assert_string_equal(str_c(&arena, author_next_revision(&arena, &g)), "12346");
}

static struct migration parsed(const struct draft *d)
{
    struct migration m;
    str file = author_file(&arena, d);
    err failed = migration_parse(&arena, file, author_text(&arena, d, 1767323045678901), &m);
    if (failed != NULL) {
        fail_msg("%.*s", STR_ARGS(failed->detail));
    }
    return m;
}

static void what_is_written_parses(void **state)
{
    (void)state;
    struct draft d = {.message = STR("A line\n-- migrate:up\n\tDROP TABLE a;"), .revision = STR("0007")};
    struct migration m = parsed(&d);
    assert_string_equal(str_c(&arena, m.name), "0007_a_line_migrate_up_drop_table_a");
    assert_string_equal(str_c(&arena, m.message), "A line -- migrate:up  DROP TABLE a;");
    assert_int_equal(m.parent_count, 0);
    assert_int_equal(m.up.n + m.down.n, 0);
    assert_int_equal(m.created, 1767323045000000);
    const str steps[] = {STR("add table notes"), STR("revision: 9\nmigrate:down")};
    d = (struct draft){.message = STR("bad \xFF text"),
                       .revision = STR("0008"),
                       .parents = {STR("0007"), STR("x")},
                       .parent_count = 2,
                       .up = STR("\nCREATE TABLE notes (id INT);\n"),
                       .down = STR("DROP TABLE notes;\n"),
                       .steps = steps,
                       .step_count = 2,
                       .loses = true};
    m = parsed(&d);
    assert_int_equal(m.parent_count, 2);
    assert_int_equal(m.up.n, 1);
    assert_int_equal(m.down.n, 1);
    assert_non_null(strstr(str_c(&arena, author_text(&arena, &d, 0)), "LOSES DATA"));
}

static size_t files_in(const char *dir)
{
    size_t n = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    while (readdir(d) != NULL) {
        n++;
    }
    assert_int_equal(closedir(d), 0);
    return n - 2;
}

static void files(void **state)
{
    (void)state;
    char dir[] = "/tmp/quire-author-XXXXXX";
    assert_non_null(mkdtemp(dir));
    struct draft d = {.message = STR("One"), .revision = STR("0001")};
    str path;
    str text = author_text(&arena, &d, 0);
    assert_null(author_write(&arena, str_of(dir), &d, text, &path));
    assert_string_equal(str_c(&arena, path), str_format(&arena, "%s/0001_one.sql", dir).p);
    str read;
    assert_null(file_read(&arena, path.p, 1 << 20, &read));
    assert_true(str_eq(read, text));
    err failed = author_write(&arena, str_of(dir), &d, author_text(&arena, &d, 1000000), &path);
    assert_non_null(failed);
    assert_int_equal(failed->code, ERROR_CONFLICT);
    assert_null(file_read(&arena, path.p, 1 << 20, &read));
    assert_true(str_eq(read, text));
    assert_int_equal(files_in(dir), 1);
    d.parents[d.parent_count++] = STR("no revision"); /* what does not parse is not written */
    d.revision = STR("0002");
    assert_non_null(author_write(&arena, str_of(dir), &d, author_text(&arena, &d, 0), &path));
    assert_int_equal(files_in(dir), 1);
    assert_int_equal(unlink(path.p), 0);
    assert_int_equal(rmdir(dir), 0);
    d.parent_count = 0;
    failed = author_write(&arena, str_of(dir), &d, author_text(&arena, &d, 0), &path);
    assert_non_null(failed);
    assert_int_equal(failed->code, ERROR_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(slugs), cmocka_unit_test(next_revisions),
                                       cmocka_unit_test(what_is_written_parses), cmocka_unit_test(files)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
