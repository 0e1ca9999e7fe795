#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "migrate/migration.h"

#define HEAD "-- revision: 0002\n-- parent: 0001\n-- created: 2026-01-02T03:04:05Z\n"
#define BOTH "-- migrate:up\nCREATE TABLE t (a INT);\n-- migrate:down\nDROP TABLE t;\n"

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

static struct migration parse(const char *path, const char *text)
{
    struct migration m;
    err failed = migration_parse(&arena, str_of(path), str_of(text), &m);
    if (failed != NULL) {
        fail_msg("%.*s", STR_ARGS(failed->detail));
    }
    return m;
}

static void refused(const char *path, const char *text, const char *expected)
{
    struct migration m = {.parent_count = 77};
    err failed = migration_parse(&arena, str_of(path), str_of(text), &m);
    assert_non_null(failed);
    assert_int_equal(failed->code, ERROR_INVALID);
    assert_int_equal(m.parent_count, 77);
    assert_string_equal(str_c(&arena, failed->detail), expected);
}

static void assert_str(str actual, const char *expected)
{
    assert_string_equal(str_c(&arena, actual), expected);
}

static void a_good_file(void **state)
{
    (void)state;
    struct migration m = parse("some/dir/0002_add_t.sql", "-- What it is for.\n\n" HEAD "--\n" BOTH);
    assert_str(m.path, "some/dir/0002_add_t.sql");
    assert_str(m.name, "0002_add_t");
    assert_str(m.revision, "0002");
    assert_int_equal(m.parent_count, 1);
    assert_str(m.parents[0], "0001");
    int64_t created = 0;
    assert_true(clock_parse_time(STR("2026-01-02T03:04:05Z"), &created));
    assert_int_equal(m.created, created);
    assert_int_equal(m.up.n, 1);
    assert_str(m.up.items[0].text, "CREATE TABLE t (a INT)");
    assert_int_equal(m.up.items[0].line, 8);
    assert_int_equal(m.down.n, 1);
    assert_str(m.down.items[0].text, "DROP TABLE t");
    assert_int_equal(m.down.items[0].line, 10);
    assert_false(m.irreversible);
    assert_int_equal(m.checksum.n, 64);
}

static void parents(void **state)
{
    (void)state;
    refused("0002_x.sql", "-- parent: none\n-- created: 2026-02-30\n-- revision: 0002\n" BOTH,
            "0002_x.sql:2: created must be a date or time: 2026-01-02, 2026-01-02T03:04:05Z");
    struct migration m =
        parse("0002_x.sql", "-- parent: none\n-- created: 2026-01-02T00:00:00Z\n--revision:0002\n" BOTH);
    assert_int_equal(m.parent_count, 0);
    int64_t midnight = m.created;
    m = parse("0002_x.sql", "-- parent:\n-- created: 2026-01-02\n-- revision: 0002\n" BOTH);
    assert_int_equal(m.parent_count, 0);
    assert_int_equal(m.created, midnight);
    m = parse("0002_x.sql",
              "-- parent: 0001a, 0001b ,0001c\n-- created: 2026-01-02T00:00:00Z\n-- revision: 0002\n" BOTH);
    assert_int_equal(m.parent_count, 3);
    assert_str(m.parents[1], "0001b");
    refused("0002_x.sql", "-- parent: a,\n-- created: 2026-01-02T00:00:00Z\n-- revision: 0002\n" BOTH,
            "0002_x.sql:1: parent must name revisions, comma-separated, or be none");
    refused("0002_x.sql",
            "-- parent: a,b,c,d,e,f,g,h,i\n-- created: 2026-01-02T00:00:00Z\n-- revision: 0002\n" BOTH,
            "0002_x.sql:1: there are more than 8 parents");
}

static void no_way_back(void **state)
{
    (void)state;
    struct migration m = parse(
        "0002_x.sql", HEAD "-- migrate:up\nDROP TABLE t;\n-- migrate:down irreversible: the rows are gone\n");
    assert_true(m.irreversible);
    assert_str(m.irreversible_why, "the rows are gone");
    assert_int_equal(m.down.n, 0);
    m = parse("0002_join.sql", HEAD "-- migrate:up\n-- migrate:down\n");
    assert_int_equal(m.up.n + m.down.n, 0);
    refused("0002_x.sql", HEAD "-- migrate:up\nDROP TABLE t;\n-- migrate:down\n",
            "0002_x.sql:7: the section down is empty; without a way back, write \"-- migrate:down "
            "irreversible: why\"");
    refused("0002_x.sql", HEAD "-- migrate:up\nDROP TABLE t;\n-- migrate:down irreversible:\n",
            "0002_x.sql:6: after \"-- migrate:down\" only \"irreversible: why\" may stand\n"
            "0002_x.sql:7: the section down is empty; without a way back, write \"-- migrate:down "
            "irreversible: why\"");
    refused("0002_x.sql", HEAD "-- migrate:up\n-- migrate:down irreversible: x\nSELECT 1;",
            "0002_x.sql:6: an irreversible migration has no statements in its section down");
    refused("0002_x.sql", HEAD "-- migrate:up\nDROP TABLE t;\n",
            "0002_x.sql:1: there is no section \"-- migrate:down\"; without a way back, "
            "write \"-- migrate:down irreversible: why\"");
}

static void bad_files(void **state)
{
    (void)state;
    refused("0002_x.sql", "",
            "0002_x.sql:1: the header lacks \"-- revision:\" \"-- parent:\" \"-- created:\"\n"
            "0002_x.sql:1: there is no section \"-- migrate:up\"");
    refused("0002_x.sql", "DROP TABLE t;\n" HEAD BOTH, "0002_x.sql:1: there is SQL before \"-- migrate:up\"");
    refused("0003_x.sql", HEAD BOTH, "0003_x.sql:1: revision \"0002\" is not that of the file's name");
    refused("0002_x.sql", HEAD "-- parent: 0000\n" BOTH,
            "0002_x.sql:4: there is a second line \"-- parent:\"");
    refused("0002_x.sql", HEAD BOTH "-- migrate:up\n",
            "0002_x.sql:8: the sections are \"-- migrate:up\" and then \"-- migrate:down\", each once");
    refused("0002_x.sql", HEAD "-- migrate:down\n",
            "0002_x.sql:4: the sections are \"-- migrate:up\" and then \"-- migrate:down\", each once\n"
            "0002_x.sql:1: there is no section \"-- migrate:up\"");
    refused("0002_x.sql", HEAD "-- migrate:sideways\n" BOTH,
            "0002_x.sql:4: the sections are \"-- migrate:up\" and then \"-- migrate:down\", each once");
    refused("0002_x.sql", HEAD "-- migrate:up\nSELECT 'a;\n-- migrate:down\nCOMMIT;\n",
            "0002_x.sql:5: a quote is not closed\n"
            "0002_x.sql:7: transactions are not begun or ended here: each data statement is one, together "
            "with its record");
    refused("0002_x.sql", HEAD "-- migrate:up\nSELECT '\xFF';\n-- migrate:down\nSELECT 1;\n",
            "0002_x.sql:1: the file is not UTF-8");
}

static void names(void **state)
{
    (void)state;
    static const char *const bad[] = {"x.sql",
                                      "0002.sql",
                                      "0002_.sql",
                                      "_x.sql",
                                      "00-02_x.sql",
                                      "0002_x y.sql",
                                      "0002_\xC3\xA9.sql",
                                      "0002_x.sql.bak",
                                      ".sql",
                                      "012345678901234567890123456789012_x.sql"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct migration m;
        err failed = migration_parse(&arena, str_of(bad[i]), STR(HEAD BOTH), &m);
        if (failed == NULL || strstr(str_c(&arena, failed->detail), "the file's name must be") == NULL) {
            fail_msg("%s was accepted", bad[i]);
        }
    }
    struct migration m =
        parse("20260102030405_add-t_2.sql",
              "-- revision: 20260102030405\n-- parent: none\n-- created: 2026-01-02T03:04:05Z\n" BOTH);
    assert_str(m.revision, "20260102030405");
}

static void checksums(void **state)
{
    (void)state;
    struct migration unix_ends = parse("0002_x.sql", HEAD BOTH);
    struct migration dos_ends =
        parse("0002_y.sql",
              "\xEF\xBB\xBF-- revision: 0002\r\n-- parent: 0001\r\n-- created: 2026-01-02T03:04:05Z\r\n"
              "-- migrate:up\r\nCREATE TABLE t (a INT);\r\n-- migrate:down\r\nDROP TABLE t;\r\n");
    assert_true(str_eq(unix_ends.checksum, dos_ends.checksum));
    assert_str(dos_ends.up.items[0].text, "CREATE TABLE t (a INT)");
    assert_int_equal(dos_ends.parent_count, 1);
    struct migration edited = parse("0002_x.sql", HEAD BOTH "-- a comment\n");
    assert_false(str_eq(unix_ends.checksum, edited.checksum));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file), cmocka_unit_test(parents), cmocka_unit_test(no_way_back),
        cmocka_unit_test(bad_files),   cmocka_unit_test(names),   cmocka_unit_test(checksums),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
