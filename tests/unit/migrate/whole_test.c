#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "migrate/whole.h"

static void passes(const char *text)
{
    str wrong = whole_problem(str_of(text));
    if (wrong.n > 0) {
        fail_msg("%s: %.*s", text, STR_ARGS(wrong));
    }
}

static void refused(const char *text, const char *part)
{
    struct arena a;
    arena_init(&a, 1024);
    str wrong = whole_problem(str_of(text));
    if (strstr(str_c(&a, wrong), part) == NULL) {
        fail_msg("%s: expected \"%s\", got \"%.*s\"", text, part, STR_ARGS(wrong));
    }
    arena_free(&a);
}

static void one_at_a_time(void **state)
{
    (void)state;
    static const char *const many[] = {"DROP TABLE a, b",
                                       "drop table if exists a,b",
                                       "DROP TABLES a, b",
                                       "DROP /* two */ TABLE a -- and\n, b",
                                       "DROP TABLE `a,`,`b`",
                                       "DROP TABLE a /*!50000 , b */",
                                       "/*!50000 DROP TABLE a, b */",
                                       "DROP VIEW v, w",
                                       "DROP SEQUENCE s, t"};
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
        refused(many[i], "one DROP each");
    }
    refused("RENAME TABLE a TO x, b TO a, x TO b", "one RENAME TABLE each");
    refused("rename tables a to b, c to d", "one RENAME TABLE each");
    refused("CREATE OR REPLACE TABLE a (id INT)", "drops first");
    refused("create /* x */ or # y\n replace table a (id INT)", "drops first");
    refused("CREATE OR REPLACE SEQUENCE s", "drops first");
}

static void without_a_trace(void **state)
{
    (void)state;
    refused("ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b", "EXCHANGE PARTITION");
    refused("REVOKE SELECT ON a FROM b", "rights");
    refused("ANALYZE UPDATE a SET n = n + 1", "outside of a transaction");
    refused("ANALYZE FORMAT=JSON DELETE FROM a", "outside of a transaction");
    static const char *const accounts[] = {"CREATE USER a", "CREATE OR REPLACE USER a", "ALTER USER a",
                                           "DROP ROLE r",   "RENAME USER a TO b",       "CREATE SERVER s",
                                           "DROP USER a, b"};
    for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
        refused(accounts[i], "accounts");
    }
    refused("CREATE DATABASE x", "databases");
    refused("DROP SCHEMA x", "databases");
}

static void whole_ones(void **state)
{
    (void)state;
    static const char *const good[] = {
        "DROP TABLE a",
        "DROP TABLE IF EXISTS `a,b`",
        "DROP TABLE a -- , b",
        "DROP TABLE a /* , b */",
        "DROP PROCEDURE p",
        "DROP",
        "",
        "'",
        "DROP TABLE `a",
        "/*",
        "RENAME TABLE a TO b",
        "CREATE TABLE a (id INT, n INT, PRIMARY KEY (id, n)), COMMENT 'a, b'",
        "CREATE OR REPLACE VIEW v AS SELECT 1, 2",
        "CREATE OR REPLACE PROCEDURE p () SELECT 1, 2",
        "ALTER TABLE a ADD COLUMN n INT, DROP COLUMN m",
        "ALTER TABLE a ADD COLUMN exchange INT COMMENT 'EXCHANGE PARTITION'",
        "ALTER DATABASE CHARACTER SET utf8mb4",
        "ALTER TABLE user ADD COLUMN n INT",
        "TRUNCATE a",
        "GRANT SELECT ON a TO b",
        "ANALYZE TABLE a, b",
        "ANALYZE NO_WRITE_TO_BINLOG TABLE a",
        "INSERT INTO a VALUES (1), (2)",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        passes(good[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_at_a_time), cmocka_unit_test(without_a_trace),
                                       cmocka_unit_test(whole_ones)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
