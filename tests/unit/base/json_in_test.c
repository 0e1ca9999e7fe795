#include "base/json_in.h"

#include <string.h>

#include "base/buf.h"
#include "json_in_cases.h"
#include "support/unit.h"

static struct json_failure why;

static const struct json *read_ok(str text)
{
    struct json *v = NULL;
    enum json_read_result result = json_read(&arena, text, &json_default_limits, &v, &why);
    if (result != JSON_READ_OK) {
        fail_msg("%d, %s at %zu: %s", (int)result, why.message, why.position, str_c(&arena, text));
    }
    return v;
}

static str put(const struct json *v, bool (*hide)(str key))
{
    struct buf b;
    buf_init(&b, &arena, 64, 64 << 20);
    json_put(&b, v, hide);
    assert_false(b.full);
    return buf_view(&b);
}

static void as_python_reads(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(json_cases); i++) {
        const struct json_case *c = &json_cases[i];
        struct json *v = NULL;
        /* A block of exactly this size, so that the sanitizer sees a byte read too far. */
        char *bytes = arena_alloc(&arena, c->text.n);
        memcpy(bytes, c->text.p, c->text.n);
        why = (struct json_failure){0, ""};
        enum json_read_result result =
            json_read(&arena, (str){bytes, c->text.n}, &json_default_limits, &v, &why);
        if (result != c->result || why.position != c->position) {
            fail_msg("case %zu: %s: result %d, %s at %zu", i, str_c(&arena, c->text), (int)result,
                     why.message, why.position);
        }
        check_str(result == JSON_READ_OK ? put(v, NULL) : str_of(why.message), c->answer);
    }
}

static void the_tree(void **state)
{
    (void)state;
    const struct json *v = read_ok(STR("{\"a\":[1,-2.50,\"x\"],\"b\":{},\"t\":true,\"f\":false,\"n\":null}"));
    assert_int_equal(v->type, JSON_OBJECT);
    assert_int_equal(v->count, 5);
    const struct json *a = json_member(v, STR("a"));
    assert_ptr_equal(a, v->first);
    assert_int_equal(a->type, JSON_ARRAY);
    assert_int_equal(a->count, 3);
    assert_int_equal(a->first->type, JSON_INT);
    check_str(a->first->text, STR("1"));
    assert_int_equal(a->first->next->type, JSON_FLOAT);
    check_str(a->first->next->text, STR("-2.50"));
    assert_int_equal(a->first->next->next->type, JSON_STRING);
    assert_null(a->first->next->next->next);
    const struct json *b = json_member(v, STR("b"));
    assert_ptr_equal(b, a->next);
    check_str(b->key, STR("b"));
    assert_int_equal(b->count, 0);
    assert_null(b->first);
    assert_int_equal(json_member(v, STR("t"))->type, JSON_BOOL);
    assert_true(json_member(v, STR("t"))->truth);
    assert_false(json_member(v, STR("f"))->truth);
    assert_int_equal(json_member(v, STR("n"))->type, JSON_NULL);
    assert_null(json_member(v, STR("A")));
    assert_null(json_member(v, STR("")));
    assert_null(json_member(a, STR("a")));
    assert_null(json_member(NULL, STR("a")));
}

static void marks_on_strings(void **state)
{
    (void)state;
    const struct json *v =
        read_ok(STR("[\"plain\",\"a\\u0000b\",\"\\ud800\",\"\\ud83d\\ude00\",\"\\udc00\\u0000\"]"));
    static const bool lone[] = {false, false, true, false, true};
    static const bool nul[] = {false, true, false, false, true};
    size_t i = 0;
    for (const struct json *s = v->first; s != NULL; s = s->next, i++) {
        assert_int_equal(s->lone_surrogate, lone[i]);
        assert_int_equal(s->has_nul, nul[i]);
    }
    check_str(v->first->next->text, STR("a\0b"));
    check_str(v->first->next->next->text, STR("\xEF\xBF\xBD"));
}

static void plain_strings_are_views(void **state)
{
    (void)state;
    str text = STR("{\"key\":\"value\",\"n\":123}");
    const struct json *v = read_ok(text);
    assert_ptr_equal(v->first->key.p, text.p + 2);
    assert_ptr_equal(v->first->text.p, text.p + 8);
    assert_ptr_equal(v->first->next->text.p, text.p + 19);
}

/* A quote, an escape, a control character and the end at every distance from the eight bytes of one step. */
static void strings_of_every_length(void **state)
{
    (void)state;
    for (size_t n = 0; n < 70; n++) {
        char text[128];
        struct json *v = NULL;
        text[0] = '"';
        memset(text + 1, n % 2 == 0 ? 'x' : 0x7F, n);
        text[1 + n] = '"';
        str whole = {text, n + 2};
        check_str(read_ok(whole)->text, str_slice(whole, 1, n + 1));
        memcpy(text + 1 + n, "\\tend\"", 6);
        assert_int_equal(read_ok((str){text, n + 7})->text.n, n + 4);
        text[1 + n] = '\x1F';
        assert_int_equal(json_read(&arena, (str){text, n + 7}, &json_default_limits, &v, &why),
                         JSON_READ_SYNTAX);
        assert_string_equal(why.message, "Invalid control character at");
        assert_int_equal(why.position, n + 1);
        assert_int_equal(json_read(&arena, (str){text, n + 1}, &json_default_limits, &v, &why),
                         JSON_READ_SYNTAX);
        assert_string_equal(why.message, "Unterminated string starting at");
        assert_int_equal(why.position, 0);
    }
}

static void numbers_keep_every_digit(void **state)
{
    (void)state;
    char *digits = arena_alloc(&arena, 10000);
    memset(digits, '7', 10000);
    const struct json *v = read_ok((str){digits, 10000});
    assert_int_equal(v->type, JSON_INT);
    assert_int_equal(v->text.n, 10000);
}

static void depth_is_limited(void **state)
{
    (void)state;
    char text[200];
    struct json *v = NULL;
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    assert_int_equal(put(read_ok((str){text, 128}), NULL).n, 128);
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    assert_int_equal(json_read(&arena, (str){text, 130}, &json_default_limits, &v, &why), JSON_READ_LIMIT);
    assert_string_equal(why.message, "Too deeply nested");
    assert_int_equal(why.position, 64);
    const struct json_limits flat = {.depth = 0, .values = 10};
    assert_int_equal(json_read(&arena, STR("1"), &flat, &v, &why), JSON_READ_OK);
    assert_int_equal(json_read(&arena, STR(" {}"), &flat, &v, &why), JSON_READ_LIMIT);
    assert_int_equal(why.position, 1);
}

static void values_are_limited(void **state)
{
    (void)state;
    const struct json_limits five = {.depth = 9, .values = 5};
    struct json *v = NULL;
    assert_int_equal(json_read(&arena, STR("[1,2,3,4]"), &five, &v, &why), JSON_READ_OK);
    assert_int_equal(json_read(&arena, STR("[1,2,3,4,5]"), &five, &v, &why), JSON_READ_LIMIT);
    assert_string_equal(why.message, "Too many values");
    assert_int_equal(why.position, 9);
    assert_int_equal(json_read(&arena, STR("{\"a\":1,\"a\":2,\"a\":3,\"a\":4,\"a\":5}"), &five, &v, &why),
                     JSON_READ_LIMIT);
    assert_int_equal(json_read(&arena, STR("[1,2,3,4"), &five, &v, &why), JSON_READ_SYNTAX);
}

static char *repeat(const char *unit, size_t size)
{
    size_t n = strlen(unit);
    char *text = arena_alloc(&arena, size);
    for (size_t i = 0; i < size; i++) {
        text[i] = unit[i % n];
    }
    return text;
}

static void wanton_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        enum json_read_result result;
        size_t position;
    } cases[] = {
        {"[", JSON_READ_LIMIT, 64},         {"{\"a\":", JSON_READ_LIMIT, 320}, {"{},", JSON_READ_SYNTAX, 2},
        {"\"\\u0061", JSON_READ_SYNTAX, 8}, {" ", JSON_READ_SYNTAX, 2 << 20},  {"1", JSON_READ_OK, 0},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct json *v = NULL;
        why.position = 0;
        str text = {repeat(cases[i].unit, 2 << 20), 2 << 20};
        assert_int_equal(json_read(&arena, text, &json_default_limits, &v, &why), cases[i].result);
        assert_int_equal(why.position, cases[i].position);
    }
    char *list = repeat("{},", 2 << 20);
    struct json *v = NULL;
    memcpy(list, "[1,", 3);
    assert_int_equal(json_read(&arena, (str){list, 2 << 20}, &json_default_limits, &v, &why),
                     JSON_READ_LIMIT);
    assert_string_equal(why.message, "Too many values");
    assert_int_equal(why.position, 3 + 3 * 99998);
}

static void many_members(void **state)
{
    (void)state;
    enum { N = 49999 };
    struct buf b;
    buf_init(&b, &arena, 1 << 20, 64 << 20);
    buf_char(&b, '{');
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < N; i++) {
            buf_printf(&b, "%s\"key%d\":%d", b.n > 1 ? "," : "", i, i + round * N);
        }
    }
    buf_char(&b, '}');
    const struct json *v = read_ok(buf_view(&b));
    assert_int_equal(v->count, N);
    int i = 0;
    for (const struct json *m = v->first; m != NULL; m = m->next, i++) {
        if (!str_eq(m->key, str_format(&arena, "key%d", i)) ||
            !str_eq(m->text, str_format(&arena, "%d", i + N))) {
            fail_msg("member %d", i);
        }
    }
    assert_int_equal(i, N);
}

/* Around the number of members from which on names are found by hash. */
static void last_duplicate_wins_in_objects_of_every_size(void **state)
{
    (void)state;
    for (int n = 1; n < 40; n++) {
        struct buf b;
        struct buf want;
        buf_init(&b, &arena, 64, 4096);
        buf_init(&want, &arena, 64, 4096);
        for (int i = 0; i < n; i++) {
            buf_printf(&b, "%s\"%d\":[%d]", i == 0 ? "{" : ",", i, i);
            buf_printf(&want, "%s\"%d\":%s", i == 0 ? "{" : ",", i, i == n / 2 ? "{\"new\":1}" : "");
            if (i != n / 2) {
                buf_printf(&want, "[%d]", i);
            }
        }
        buf_printf(&b, ",\"%d\":{\"new\":1}}", n / 2);
        buf_char(&want, '}');
        const struct json *v = read_ok(buf_view(&b));
        assert_int_equal(v->count, n);
        check_str(put(v, NULL), buf_view(&want));
    }
}

static bool is_secret(str key)
{
    return str_eq(key, STR("password")) || str_eq(key, STR("secret"));
}

static void secrets_are_hidden_at_any_depth(void **state)
{
    (void)state;
    const struct json *v =
        read_ok(STR("{\"a\":{\"password\":\"x\",\"b\":[{\"secret\":{\"c\":[1]}}]},\"password\":null,"
                    "\"Password\":\"y\",\"s\":\"password\"}"));
    check_str(put(v, is_secret),
              STR("{\"a\":{\"password\":\"**********\",\"b\":[{\"secret\":\"**********\"}]},"
                  "\"password\":\"**********\",\"Password\":\"y\",\"s\":\"password\"}"));
    check_str(put(json_member(v, STR("a")), is_secret),
              STR("{\"password\":\"**********\",\"b\":[{\"secret\":\"**********\"}]}"));
}

static void written_text_reads_back_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(json_cases); i++) {
        if (json_cases[i].result == JSON_READ_OK) {
            check_str(put(read_ok(json_cases[i].answer), NULL), json_cases[i].answer);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(as_python_reads),
        TEST(the_tree),
        TEST(marks_on_strings),
        TEST(plain_strings_are_views),
        TEST(strings_of_every_length),
        TEST(numbers_keep_every_digit),
        TEST(depth_is_limited),
        TEST(values_are_limited),
        TEST(wanton_bodies),
        TEST(many_members),
        TEST(last_duplicate_wins_in_objects_of_every_size),
        TEST(secrets_are_hidden_at_any_depth),
        TEST(written_text_reads_back_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
