#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/rand.h"
#include "migrate/split.h"

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

static struct statements split(const char *text)
{
    struct statements list;
    struct split_problem why;
    if (!split_sql(&arena, str_of(text), 1, &list, &why)) {
        fail_msg("line %u: %.*s", why.line, STR_ARGS(why.sentence));
    }
    return list;
}

/* Exactly these statements, up to NULL. */
#define SPLITS(text, ...) splits(text, (const char *const[]){__VA_ARGS__, NULL})

static void splits(const char *text, const char *const *expected)
{
    struct statements list = split(text);
    for (size_t i = 0; i < list.n || expected[i] != NULL; i++) {
        if (i == list.n || expected[i] == NULL) {
            fail_msg("%s: %zu statements", text, list.n);
            return;
        }
        assert_string_equal(str_c(&arena, list.items[i].text), expected[i]);
    }
}

static void refused(const char *text, unsigned line, const char *part)
{
    struct statements list = {NULL, 77};
    struct split_problem why;
    if (split_sql(&arena, str_of(text), 1, &list, &why)) {
        fail_msg("%s: was split", text);
    }
    assert_int_equal(list.n, 77);
    assert_int_equal(why.line, line);
    if (strstr(str_c(&arena, why.sentence), part) == NULL) {
        fail_msg("%s: expected \"%s\", got \"%.*s\"", text, part, STR_ARGS(why.sentence));
    }
}

static void semicolons(void **state)
{
    (void)state;
    assert_int_equal(split("").n, 0);
    assert_int_equal(split(" \n;; ;\n").n, 0);
    SPLITS("SELECT 1", "SELECT 1");
    SPLITS("SELECT 1;", "SELECT 1");
    SPLITS("SELECT 1;SELECT 2 ; ;\n SELECT 3", "SELECT 1", "SELECT 2", "SELECT 3");
}

static void quotes(void **state)
{
    (void)state;
    SPLITS("SELECT ';';SELECT 2", "SELECT ';'", "SELECT 2");
    SPLITS("SELECT \";\";SELECT 2", "SELECT \";\"", "SELECT 2");
    SPLITS("SELECT `;`;SELECT 2", "SELECT `;`", "SELECT 2");
    SPLITS("SELECT 'it''s;';SELECT 2", "SELECT 'it''s;'", "SELECT 2");
    SPLITS("SELECT 'it\\'s;';SELECT 2", "SELECT 'it\\'s;'", "SELECT 2");
    SPLITS("SELECT '\\\\';SELECT 2", "SELECT '\\\\'", "SELECT 2");
    SPLITS("SELECT \"a\"\"b\\\";\";SELECT 2", "SELECT \"a\"\"b\\\";\"", "SELECT 2");
    SPLITS("SELECT `a\\`;SELECT 2", "SELECT `a\\`", "SELECT 2"); /* no escapes in identifiers */
    SPLITS("SELECT `a``;b`;SELECT 2", "SELECT `a``;b`", "SELECT 2");
    SPLITS("SELECT '-- /* #';SELECT 2", "SELECT '-- /* #'", "SELECT 2");
    refused("SELECT 1;\nSELECT 'a\nb;", 2, "quote is not closed");
    refused("SELECT '\\';", 1, "quote is not closed");
    refused("SELECT \"a", 1, "quote is not closed");
    refused("SELECT `a", 1, "quote is not closed");
    refused("SELECT 'a\\", 1, "quote is not closed");
}

static void comments(void **state)
{
    (void)state;
    SPLITS("-- a;b\nSELECT 1; # c;d\n/* e;\nf; */ SELECT 2 -- g;\n;SELECT 3", "SELECT 1", "SELECT 2 -- g;",
           "SELECT 3");
    SPLITS("SELECT 1 --2;", "SELECT 1 --2");
    SPLITS("SELECT 1--\n;SELECT 2", "SELECT 1--", "SELECT 2");
    SPLITS("SELECT 1 -- it's\n, 2;", "SELECT 1 -- it's\n, 2");
    SPLITS("SELECT 1 /* ' ; */, 2;SELECT 3", "SELECT 1 /* ' ; */, 2", "SELECT 3");
    SPLITS("SELECT 4 /2;SELECT 2*/* x */3", "SELECT 4 /2", "SELECT 2*/* x */3");
    SPLITS("/*!40101 SET NAMES utf8mb4 */;SELECT 1", "/*!40101 SET NAMES utf8mb4 */", "SELECT 1");
    SPLITS("SELECT /*+ BKA(t;1) */ 1;", "SELECT /*+ BKA(t;1) */ 1");
    assert_int_equal(split("-- only\n# comments\n/* here */\n--").n, 0);
    refused("SELECT 1;\n\n/* open", 3, "comment is not closed");
    refused("SELECT 1 /*/", 1, "comment is not closed");
}

static void lines(void **state)
{
    (void)state;
    struct statements list = split("\n-- x\nSELECT\n1;\n\n  /* a\nb */ SELECT '\n';SELECT 3");
    assert_int_equal(list.n, 3);
    assert_int_equal(list.items[0].line, 3);
    assert_int_equal(list.items[1].line, 7);
    assert_int_equal(list.items[2].line, 8);
    struct split_problem why;
    assert_true(split_sql(&arena, STR("SELECT 1"), 40, &list, &why));
    assert_int_equal(list.items[0].line, 40);
}

static void delimiters(void **state)
{
    (void)state;
    SPLITS("DELIMITER //\nCREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.x = 1; SET NEW.y = "
           "2; END//\n"
           "delimiter ;\nSELECT 1;",
           "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.x = 1; SET NEW.y = 2; END",
           "SELECT 1");
    SPLITS("DELIMITER $$  \r\nSELECT 1;$$ SELECT 2", "SELECT 1;", "SELECT 2");
    refused("DELIMITER\nSELECT 1;", 1, "\"DELIMITER\"");
}

static void kinds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum statement_kind kind;
    } cases[] = {
        {"CREATE TABLE t (a INT)", STATEMENT_SCHEMA},
        {"alter table t add b int", STATEMENT_SCHEMA},
        {"DROP TABLE t", STATEMENT_SCHEMA},
        {"RENAME TABLE t TO u", STATEMENT_SCHEMA},
        {"TRUNCATE t", STATEMENT_SCHEMA},
        {"GRANT SELECT ON t TO u", STATEMENT_SCHEMA},
        {"ANALYZE TABLE t", STATEMENT_SCHEMA},
        {"/*!50003 CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1 */", STATEMENT_SCHEMA},
        {"INSERT INTO t VALUES (1)", STATEMENT_DATA},
        {"insert\ninto t values (1)", STATEMENT_DATA},
        {"UPDATE t SET a = 1", STATEMENT_DATA},
        {"DELETE FROM t", STATEMENT_DATA},
        {"REPLACE INTO t VALUES (1)", STATEMENT_DATA},
        {"WITH x AS (SELECT 1) SELECT * FROM x", STATEMENT_DATA},
        {"((SELECT 1))", STATEMENT_DATA},
        {"DO SLEEP(1)", STATEMENT_DATA},
        {"SET foreign_key_checks = 0", STATEMENT_SESSION},
        {"/*!40101 SET NAMES utf8mb4 */", STATEMENT_SESSION},
        {"/*M!100100 SET @a = 1 */", STATEMENT_SESSION},
        {"SET @x := 1", STATEMENT_SESSION},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct statements list = split(cases[i].text);
        assert_int_equal(list.n, 1);
        if (list.items[0].kind != cases[i].kind) {
            fail_msg("%s: kind %d", cases[i].text, (int)list.items[0].kind);
        }
    }
}

static void what_cannot_be_recorded(void **state)
{
    (void)state;
    static const char *const control[] = {"BEGIN",
                                          "begin not atomic select 1",
                                          "START TRANSACTION",
                                          "COMMIT",
                                          "ROLLBACK",
                                          "SAVEPOINT a",
                                          "RELEASE SAVEPOINT a",
                                          "XA START 'a'",
                                          "/*!40000 COMMIT */"};
    for (size_t i = 0; i < sizeof control / sizeof control[0]; i++) {
        refused(control[i], 1, "transactions");
    }
    static const char *const unknown[] = {"USE other",
                                          "LOCK TABLES t WRITE",
                                          "UNLOCK TABLES",
                                          "CALL p()",
                                          "SHOW TABLES",
                                          "PREPARE s FROM 'x'",
                                          "EXECUTE IMMEDIATE 'x'",
                                          "hello",
                                          "1",
                                          "'x'",
                                          "\\. file"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        refused(unknown[i], 1, "begins no statement");
    }
    refused("SELECT 1;\nCREATE TEMPORARY TABLE t (a INT);", 2, "temporary");
    refused("DROP TEMPORARY TABLE t", 1, "temporary");
    refused("SET autocommit = 0", 1, "autocommit");
    refused("SET @@session.AutoCommit = 0", 1, "autocommit");
    refused("SET STATEMENT max_statement_time = 1 FOR DELETE FROM t", 1, "SET STATEMENT");
    struct statements list;
    struct split_problem why;
    assert_false(split_sql(&arena, (str){"SELECT 1;\0DROP TABLE t", 22}, 1, &list, &why));
}

/* Whatever the text, statements lie in it in their order, without a gap but blanks, comments and
 * delimiters, and joining them again with ";\n" splits the same. */
static void any_text(void **state)
{
    (void)state;
    static const char *const pieces[] = {"SELECT 1", ";",  "'",  "\"", "`", "\\",      "--", " ",  "\n",
                                         "#",        "/*", "*/", "!",  "a", "DELETE ", "''", "\\'"};
    size_t splittable = 0;
    for (int round = 0; round < 20000; round++) {
        char text[256] = "SELECT 1 ";
        size_t n = strlen(text);
        for (unsigned k = rand_below(12); k > 0; k--) {
            const char *piece = pieces[rand_below(sizeof pieces / sizeof pieces[0])];
            size_t length = strlen(piece);
            memcpy(text + n, piece, length);
            n += length;
        }
        struct statements list;
        struct split_problem why;
        if (split_sql(&arena, (str){text, n}, 1, &list, &why)) {
            splittable++;
            const char *at = text;
            char again[600];
            size_t length = 0;
            for (size_t i = 0; i < list.n; i++) {
                assert_true(list.items[i].text.p >= at);
                at = list.items[i].text.p + list.items[i].text.n;
                assert_true(at <= text + n);
                memcpy(again + length, list.items[i].text.p, list.items[i].text.n);
                length += list.items[i].text.n;
                memcpy(again + length, "\n;\n", 3);
                length += 3;
            }
            struct statements second;
            assert_true(split_sql(&arena, (str){again, length}, 1, &second, &why));
            assert_int_equal(second.n, list.n);
            for (size_t i = 0; i < list.n; i++) {
                assert_true(str_eq(second.items[i].text, list.items[i].text));
            }
        }
        arena_reset(&arena);
    }
    assert_true(splittable > 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(semicolons), cmocka_unit_test(quotes),
        cmocka_unit_test(comments),   cmocka_unit_test(lines),
        cmocka_unit_test(delimiters), cmocka_unit_test(kinds),
        cmocka_unit_test(any_text),   cmocka_unit_test(what_cannot_be_recorded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
