/* migrate/expression and migrate/conversion: what is the same but for spelling, and what a new type does to values. */
#include "migrate/expression.h"

#include "migrate/conversion.h"
#include "support/unit.h"

static void same(const char *x, const char *y, bool expected)
{
    if (expression_same(&arena, str_of(x), str_of(y)) != expected) {
        fail_msg("%s and %s: expected %s", x, y, expected ? "the same" : "different");
    }
}

static void spelling_is_no_difference(void **state)
{
    (void)state;
    same("`rating` >= 1 and `rating` <= 5", "rating >= 1 AND rating <= 5", true);
    same("(`n` in (0,7,-2))", "n IN (0, 7, -2)", true);
    same("((a))", "a", true);
    same("(a) + (b)", "a) + (b", false);
    same("`total` * 1e0 / nullif(`n`,0)", "total * 1e0 / NULLIF(n, 0)", true);
    same("a  \n= 1", "a=1", true);
    same("a and b", "aandb", false);
    same("a = 'x y'", "a = 'xy'", false);
    same("a = 'X'", "a = 'x'", false);
    same("a = 'it''s'", "a='it''s'", true);
    same("a = '\\'b'", "a='\\'b'", true);
    same("", "", true);
    same("a", "", false);
    same("'unfinished", "'unfinished", true);
}

static void names_are_renamed_as_whole_words(void **state)
{
    (void)state;
    check_str(expression_rename(&arena, STR("title, body(10), body_fold DESC"), STR("body"), STR("content")),
              STR("title, content(10), body_fold DESC"));
    check_str(expression_rename(&arena, STR("`body` <> 'body' and \"body\" = body"), STR("body"), STR("c")),
              STR("`c` <> 'body' and \"body\" = c"));
    check_str(expression_rename(&arena, STR("nobody"), STR("body"), STR("c")), STR("nobody"));
    check_str(expression_rename(&arena, STR(""), STR("body"), STR("c")), STR(""));
}

static void what_a_new_type_does_to_values(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        enum conversion expected;
    } cases[] = {
        {"VARCHAR(50)", "VARCHAR(51)", CONVERSION_KEEPS},
        {"VARCHAR(50)", "VARCHAR(49)", CONVERSION_LOSES},
        {"VARCHAR(1000)", "MEDIUMTEXT", CONVERSION_KEEPS},
        {"MEDIUMTEXT", "VARCHAR(1000)", CONVERSION_LOSES},
        {"CHAR(4)", "VARCHAR(4)", CONVERSION_KEEPS},
        {"BINARY(16)", "VARBINARY(16)", CONVERSION_KEEPS},
        {"VARBINARY(16)", "BINARY(16)", CONVERSION_LOSES},
        {"BINARY(8)", "BINARY(16)", CONVERSION_LOSES},
        {"TINYINT(1)", "TINYINT", CONVERSION_KEEPS},
        {"INT", "BIGINT", CONVERSION_KEEPS},
        {"BIGINT", "INT", CONVERSION_LOSES},
        {"INT UNSIGNED", "BIGINT", CONVERSION_KEEPS},
        {"INT UNSIGNED", "INT", CONVERSION_LOSES},
        {"INT", "BIGINT UNSIGNED", CONVERSION_LOSES},
        {"INT", "DOUBLE", CONVERSION_KEEPS},
        {"BIGINT", "DOUBLE", CONVERSION_LOSES},
        {"DOUBLE", "BIGINT", CONVERSION_LOSES},
        {"FLOAT", "DOUBLE", CONVERSION_KEEPS},
        {"BIGINT", "VARCHAR(20)", CONVERSION_KEEPS},
        {"BIGINT", "VARCHAR(19)", CONVERSION_LOSES},
        {"VARCHAR(20)", "BIGINT", CONVERSION_NONE},
        {"DATE", "DATETIME(6)", CONVERSION_KEEPS},
        {"DATETIME(6)", "DATE", CONVERSION_LOSES},
        {"DATETIME(6)", "DATETIME", CONVERSION_LOSES},
        {"VARCHAR(9)", "VARBINARY(9)", CONVERSION_NONE},
        {"VARCHAR(9)", "DATE", CONVERSION_NONE},
        {"DECIMAL(10,2)", "DOUBLE", CONVERSION_NONE},
        {"GEOMETRY", "POINT", CONVERSION_NONE},
        {"", "BIGINT", CONVERSION_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum conversion found = conversion_of(str_of(cases[i].from), str_of(cases[i].to));
        if (found != cases[i].expected) {
            fail_msg("%s to %s: %d, not %d", cases[i].from, cases[i].to, (int)found, (int)cases[i].expected);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(spelling_is_no_difference),
                                       TEST(names_are_renamed_as_whole_words),
                                       TEST(what_a_new_type_does_to_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
