/* engine/coerce, coerce_number and coerce_text: every line of coerce_cases.txt, and what is too long for a line. */
#include "engine/coerce.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_out.h"
#include "base/text.h"
#include "engine/render.h"
#include "schema/resource.h"
#include "support/cases.h"
#include "support/unit.h"

static const struct choice votes[] = {{"upvote", 1}, {"downvote", -1}, {NULL, 0}};
static const struct choice three[] = {{"a", 10}, {"b", 20}, {"c", 30}, {NULL, 0}};
static const struct choice one[] = {{"only", 0}, {NULL, 0}};

static const struct field by_id[] = {ID("id")};
static const struct field by_uid[] = {UUID("uid", .flags = KEY)};
static const struct key first[] = {PRIMARY(0)};
static const struct resource numbered = {.name = "numbered", FIELDS(by_id), KEYS(first)};
static const struct resource named = {.name = "named", FIELDS(by_uid), KEYS(first)};

static const struct {
    const char *name;
    struct field field;
} fields[] = {
    {"int", INT("f")},
    {"int 0..1", INT("f", .bounded = true, .min = 0, .max = 1)},
    {"int 1..5", INT("f", .min = 1, .max = 5)},
    {"int from 1", INT("f", .min = 1)},
    {"id", ID("f")},
    {"number ref", REF("f", .to = &numbered)},
    {"uuid ref", REF("f", .to = &named)},
    {"bool", BOOL("f")},
    {"text", TEXT("f", .max = 100000)},
    {"text 3..50", TEXT("f", .min = 3, .max = 50)},
    {"text 1..1", TEXT("f", .min = 1, .max = 1)},
    {"pattern", TEXT("f", .pattern = "password")},
    {"email", EMAIL("f", .max = 254)},
    {"email 8..16", EMAIL("f", .min = 8, .max = 16)},
    {"password", PASSWORD("f", .min = 8, .flags = SECRET)},
    {"choice", CHOICE("f", .choices = votes)},
    {"choice of three", CHOICE("f", .choices = three)},
    {"choice of one", CHOICE("f", .choices = one)},
    {"uuid", UUID("f")},
    {"time", TIME("f")},
    {"date", DATE("f")},
};

static const struct field *field_named(str name)
{
    for (size_t i = 0; i < LENGTH(fields); i++) {
        if (str_eq(name, str_of(fields[i].name))) {
            return &fields[i].field;
        }
    }
    return NULL;
}

static const struct json *parse(str text)
{
    struct json *json = NULL;
    struct json_failure why = {0};
    if (json_read(&arena, text, &json_default_limits, &json, &why) != JSON_READ_OK) {
        fail_msg("no JSON: %.*s: %s", STR_ARGS(text), why.message);
    }
    return json;
}

/* What is being read now. */
struct section {
    const struct field *field;
    bool is_text;
};

/* Reads `sent` as the section's field and says what came of it: the value, or the problem's JSON. */
static str outcome(const struct section *in, str sent)
{
    static const struct place body = {.name = STR_INIT("body")};
    static const struct place query = {.name = STR_INIT("query")};
    struct place at = {.within = in->is_text ? &query : &body, .name = STR("f")};
    const struct json *json = parse(sent);
    struct problems problems;
    struct value v = {.kind = VALUE_ABSENT};
    struct buf out;
    problems_init(&problems, &arena);
    buf_init(&out, &arena, 64, 1 << 20);
    struct source s = {&problems, &arena, in->field, &at,
                       in->is_text ? input_text(json->text) : input_json(json)};
    s.input.secret = (in->field->flags & SECRET) != 0;
    bool right = coerce(&s, &v);
    assert_int_equal(right, problems.count == 0);
    assert_int_equal(right, v.kind != VALUE_ABSENT);
    if (!right) {
        assert_int_equal(problems.count, 1);
        return buf_view(&problems.text);
    }
    assert_int_equal(v.kind, field_kind(in->field));
    if (v.kind == VALUE_TEXT) {
        json_put_str(&out, v.text);
    } else {
        render_plain(&out, v);
    }
    return buf_view(&out);
}

/* The right-hand side of a line, as outcome() would say it. */
static str expected(const struct section *in, str sent, str right)
{
    str type = cases_part(&right, " | ");
    str msg = cases_part(&right, " | ");
    if (msg.n == 0) {
        return type; /* a value */
    }
    str ctx = right;
    str echo = {0};
    if (str_starts(right, STR("| "))) {
        ctx = (str){0};
        echo = str_slice(right, 2, right.n);
    } else {
        ctx = cases_part(&right, " | ");
        echo = right;
    }
    struct buf out;
    buf_init(&out, &arena, 256, 1 << 20);
    buf_printf(&out, "{\"type\":\"%.*s\",\"loc\":[\"%s\",\"f\"],\"msg\":", STR_ARGS(type),
               in->is_text ? "query" : "body");
    json_put_str(&out, msg);
    buf_lit(&out, ",\"input\":");
    buf_str(&out, echo.n > 0 ? echo : sent);
    if (ctx.n > 0) {
        buf_printf(&out, ",\"ctx\":%.*s", STR_ARGS(ctx));
    }
    buf_char(&out, '}');
    return buf_view(&out);
}

static void open_section(struct section *in, const struct cases *c, str title)
{
    str rest = str_slice(title, 1, title.n - 1);
    in->is_text = str_eq(str_slice(rest, rest.n - 5, rest.n), STR(" text"));
    in->field = field_named(str_slice(rest, 0, rest.n - 5));
    if (in->field == NULL) {
        fail_msg("%s:%u: there is no such field in coerce_test.c", c->path, c->line);
    }
}

static void every_line_of_the_cases(void **state)
{
    (void)state;
    struct cases c;
    struct section in = {0};
    str line;
    unsigned rows = 0;
    unsigned wrong = 0;
    cases_open(&c, &arena, "tests/unit/engine/coerce_cases.txt");
    while (cases_next(&c, &line)) {
        if (str_starts(line, STR("[")) && str_eq(str_slice(line, line.n - 1, line.n), STR("]")) &&
            !str_starts(line, STR("[]"))) {
            open_section(&in, &c, line);
            continue;
        }
        str right = line;
        str sent = cases_part(&right, " => ");
        str got = outcome(&in, sent);
        str want = expected(&in, sent, right);
        rows++;
        if (!str_eq(got, want)) {
            wrong++;
            print_error("%s:%u: %.*s\ngot  %.*s\nwant %.*s\n", c.path, c.line, STR_ARGS(line), STR_ARGS(got),
                        STR_ARGS(want));
        }
    }
    assert_int_equal(wrong, 0);
    assert_true(rows > 250);
}

/* before, n times c, after */
static str repeated(const char *before, char c, size_t n, const char *after)
{
    struct buf b;
    buf_init(&b, &arena, 64, 1 << 20);
    buf_c(&b, before);
    for (size_t i = 0; i < n; i++) {
        buf_char(&b, c);
    }
    buf_c(&b, after);
    return buf_view(&b);
}

static void check_outcome(const char *field, bool is_text, str sent, const char *want)
{
    struct section in = {field_named(str_of(field)), is_text};
    str got = outcome(&in, sent);
    if (!str_starts(got, str_of(want))) {
        fail_msg("%s: %.*s…\ngot  %.*s\nwant %s…", field, 60, sent.p, STR_ARGS(got), want);
    }
}

static void python_reads_no_number_of_more_than_4300_digits(void **state)
{
    (void)state;
    check_outcome("int 1..5", true, repeated("\"", '0', 4299, "3\""), "3");
    check_outcome("int 1..5", true, repeated("\"", '9', 4300, "\""), "{\"type\":\"less_than_equal\"");
    check_outcome("int 1..5", true, repeated("\"", '9', 4301, "\""), "{\"type\":\"int_parsing_size\"");
    check_outcome("int 1..5", true, repeated("\"", '9', 4301, "x\""), "{\"type\":\"int_parsing\"");
    check_outcome("int 1..5", true, repeated("\"3.", '0', 10000, "\""), "3");
}

/* However long a number is written, all of it counts. */
static void long_numbers_are_read_whole(void **state)
{
    (void)state;
    check_outcome("int", false, repeated("1.", '0', 1000, "e2"), "100");
    check_outcome("int", false, repeated("1", '0', 1000, ".0e-1000"), "1");
    check_outcome("int", false, repeated("0.", '0', 1000, "1e1001"), "1");
    check_outcome("int", false, repeated("1.", '0', 300, "1"), "1"); /* no double lies between */
    check_outcome("bool", false, repeated("1", '0', 1000, "e-1000"), "true");
    check_outcome("bool", false, repeated("2", '0', 1000, "e-1000"), "{\"type\":\"bool_parsing\"");
}

/* A reason that names all that is wrong stays whole, however much that is: here, two thousand characters for private
 * use. */
static void a_long_reason_stays_whole(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, &arena, 64, 1 << 20);
    buf_lit(&b, "\"a@");
    for (uint32_t code = 0xE000; code < 0xE000 + 2000; code++) {
        char utf8[4];
        buf_put(&b, utf8, text_encode(code, utf8));
    }
    buf_lit(&b, ".com\"");
    struct section in = {field_named(STR("email")), false};
    str got = outcome(&in, buf_view(&b));
    const struct json *problem = parse(got);
    str msg = json_member(problem, STR("msg"))->text;
    str reason = json_member(json_member(problem, STR("ctx")), STR("reason"))->text;
    str prefix = STR("value is not a valid email address: ");
    assert_true(reason.n > 4096);
    assert_true(str_starts(msg, prefix));
    check_str(reason, str_slice(msg, prefix.n, msg.n));
}

/* Whatever counts as one value that can be sent is read, or refused, but known. */
static void every_scalar_is_read(void **state)
{
    (void)state;
    static const struct place at = {.name = STR_INIT("f")};
    for (int type = 0; type < FIELD__MAX; type++) {
        struct problems problems;
        struct field f = {.type = (enum field_type)type, .name = "f", .choices = votes, .to = &numbered};
        struct source s = {&problems, &arena, &f, &at, input_text(STR("!"))};
        struct value v;
        problems_init(&problems, &arena);
        if (field_is_scalar(&f)) {
            bool right = coerce(&s, &v);
            assert_int_equal(right, problems.count == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_line_of_the_cases),     TEST(python_reads_no_number_of_more_than_4300_digits),
        TEST(long_numbers_are_read_whole), TEST(a_long_reason_stays_whole),
        TEST(every_scalar_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
