#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rand.h"
#include "conf/dotenv.h"

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

static void assert_str(str actual, const char *expected)
{
    assert_string_equal(str_c(&arena, actual), expected);
    assert_int_equal(actual.n, strlen(expected));
}

/* One line, good. */
static void assert_value(const char *text, const char *name, const char *value)
{
    const struct dotenv_line *l = dotenv_parse(&arena, str_of(text));
    assert_non_null(l);
    if (l->problem != NULL) {
        fail_msg("%s: %s", text, l->problem);
    }
    assert_str(l->name, name);
    assert_str(l->value, value);
    assert_null(l->next);
}

static void assert_problem(const char *text, const char *part)
{
    const struct dotenv_line *l = dotenv_parse(&arena, str_of(text));
    assert_non_null(l);
    if (l->problem == NULL || strstr(l->problem, part) == NULL) {
        fail_msg("%s: expected a problem with \"%s\", got: %s", text, part,
                 l->problem == NULL ? "none" : l->problem);
    }
}

static void plain_values(void **state)
{
    (void)state;
    assert_value("A=b", "A", "b");
    assert_value("A=", "A", "");
    assert_value("  A  =  b c  ", "A", "b c");
    assert_value("export A_1=b", "A_1", "b");
    assert_value("export\tA=b", "A", "b");
    assert_value("exported=b", "exported", "b");
    assert_value("export=b", "export", "b");
    assert_value("_a9=b=c==", "_a9", "b=c==");
    assert_value("A=b #comment", "A", "b");
    assert_value("A=b#no-comment", "A", "b#no-comment");
    assert_value("A=#abc", "A", "#abc");
    assert_value("A= # only a comment", "A", "");
    assert_value("A=it's \"fine\"", "A", "it's \"fine\"");
    assert_value("A=$HOME/${x}\\n", "A", "$HOME/${x}\\n");
    assert_value("A=p@:/#%'w", "A", "p@:/#%'w");
    assert_value("A=\xC3\xA9", "A", "\xC3\xA9");
}

static void quoted_values(void **state)
{
    (void)state;
    assert_value("A='b # c'", "A", "b # c");
    assert_value("A='b' # c", "A", "b");
    assert_value("A='b'#c", "A", "b");
    assert_value("A=''", "A", "");
    assert_value("A='it\\'s \\\\ \\n $x \"'", "A", "it's \\ \\n $x \"");
    assert_value("A=\"b # c\"", "A", "b # c");
    assert_value("A=\"\"", "A", "");
    assert_value("A=\"a\\nb\\rc\\td\\\"e\\'f\\\\g\\$h$i'\"", "A", "a\nb\rc\td\"e'f\\g$h$i'");
    assert_value("A=\"  blanks  \"", "A", "  blanks  ");
    assert_value("A='p@:/#% \\'w'", "A", "p@:/#% 'w");
}

static void bad_lines(void **state)
{
    (void)state;
    assert_problem("A", "no =");
    assert_problem("A B=c", "no =");
    assert_problem("export A", "no =");
    assert_problem("=b", "NAME=value");
    assert_problem("1A=b", "NAME=value");
    assert_problem("A-B=c", "no =");
    assert_problem("{\"json\":1}", "NAME=value");
    assert_problem("A='b", "not closed");
    assert_problem("A=\"b", "not closed");
    assert_problem("A=\"b\\\"", "not closed");
    assert_problem("A='b\\'", "not closed");
    assert_problem("A='b' c", "after the closing quote");
    assert_problem("A='b'\\''c'", "after the closing quote");
    assert_problem("A=\"b\"c", "after the closing quote");
    assert_problem("A=\"\\q\"", "backslash");
    assert_problem("A=\"b\\", "backslash");
    const struct dotenv_line *l = dotenv_parse(&arena, (str){"A=b\0c", 5});
    assert_non_null(strstr(l->problem, "NUL"));
}

static void a_whole_file(void **state)
{
    (void)state;
    const char *text = "\xEF\xBB\xBF# head\r\n\r\nA=1\r\n   # indented\nbad line\nB='2'\r\n\nA=3";
    const struct dotenv_line *l = dotenv_parse(&arena, str_of(text));
    assert_int_equal(l->number, 3);
    assert_str(l->value, "1");
    l = l->next;
    assert_int_equal(l->number, 5);
    assert_non_null(l->problem);
    l = l->next;
    assert_int_equal(l->number, 6);
    assert_str(l->value, "2");
    l = l->next;
    assert_int_equal(l->number, 8);
    assert_str(l->name, "A");
    assert_str(l->value, "3");
    assert_null(l->next);
    assert_null(dotenv_parse(&arena, STR("")));
    assert_null(dotenv_parse(&arena, STR("\n\n# x\n")));
}

static void what_is_put_reads_back(void **state)
{
    (void)state;
    for (int round = 0; round < 2000; round++) {
        char bytes[12];
        size_t n = rand_below(sizeof bytes + 1);
        static const char hard[] = "\"'\\$#= \t\n\r@:/%ab\xC3\xA9\x01";
        for (size_t i = 0; i < n; i++) {
            bytes[i] = hard[rand_below(sizeof hard - 1)];
        }
        struct buf out;
        buf_init(&out, &arena, 64, 4096);
        buf_lit(&out, "A=");
        dotenv_put(&out, (str){bytes, n});
        buf_lit(&out, "  # environment");
        const struct dotenv_line *l = dotenv_parse(&arena, buf_view(&out));
        if (l->problem != NULL || l->next != NULL || !str_eq(l->value, (str){bytes, n})) {
            fail_msg("%.*s does not read back", STR_ARGS(buf_view(&out)));
        }
        arena_reset(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_values), cmocka_unit_test(quoted_values),          cmocka_unit_test(bad_lines),
        cmocka_unit_test(a_whole_file), cmocka_unit_test(what_is_put_reads_back),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
