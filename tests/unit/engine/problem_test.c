/* engine/problem: entries as JSON, what is masked in them, and how much of it there can be. */
#include "engine/problem.h"

#include <string.h>

#include "support/unit.h"

static const struct place body = {.name = STR_INIT("body")};

static const struct json *parse(str text)
{
    struct json *json = NULL;
    struct json_failure why = {0};
    if (json_read(&arena, text, &json_default_limits, &json, &why) != JSON_READ_OK) {
        fail_msg("no JSON at %zu: %s: %.200s…", why.position, why.message, text.p);
    }
    return json;
}

static void nothing_wrong_is_no_error(void **state)
{
    (void)state;
    struct problems p;
    problems_init(&p, &arena);
    assert_null(problems_err(&p));
}

static void entries_have_their_members_in_order(void **state)
{
    (void)state;
    struct problems p;
    const struct place list = {.within = &body, .name = STR("tags")};
    const struct place third = {.within = &list, .index = 2};
    const struct place name = {.within = &third, .name = STR("na\"me")};
    problems_init(&p, &arena);
    problem_add(&p, &name, "some_type", input_json(parse(STR("{\"a\":[1.50,\"x\"]}"))), "{\"ge\":1}",
                "At least %d \"%s\"", 1, "x");
    problem_add(&p, &body, "missing", input_json(NULL), NULL, "Field required");
    problem_add(&p, &body, "other", input_text(STR("raw\xff\n")), NULL, "m");
    problem_value(&p, &list, input_text(STR("")), "reason", "before: ", STR("a \"reason\""));
    err e = problems_err(&p);
    assert_int_equal(e->code, ERROR_INVALID);
    check_str(
        e->problems,
        STR("[{\"type\":\"some_type\",\"loc\":[\"body\",\"tags\",2,\"na\\\"me\"],\"msg\":\"At least 1 "
            "\\\"x\\\"\",\"input\":{\"a\":[1.50,\"x\"]},\"ctx\":{\"ge\":1}},"
            "{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"Field required\",\"input\":null},"
            "{\"type\":\"other\",\"loc\":[\"body\"],\"msg\":\"m\",\"input\":\"raw\xef\xbf\xbd\\n\"},"
            "{\"type\":\"value_error\",\"loc\":[\"body\",\"tags\"],\"msg\":\"before: a \\\"reason\\\"\","
            "\"input\":\"\",\"ctx\":{\"reason\":\"a \\\"reason\\\"\"}}]"));
}

static void names_of_secrets(void **state)
{
    (void)state;
    static const char *const secret[] = {"password",      "current_password", "PASSWORDS", "clientSecret",
                                         "refresh_token", "tokens",           "xtokenx"};
    static const char *const open[] = {"", "pass", "passwor", "secre", "toke", "to ken", "email", "word"};
    for (size_t i = 0; i < LENGTH(secret); i++) {
        assert_true(problem_is_secret(str_of(secret[i])));
    }
    for (size_t i = 0; i < LENGTH(open); i++) {
        assert_false(problem_is_secret(str_of(open[i])));
    }
}

static void secrets_are_masked_at_any_depth(void **state)
{
    (void)state;
    struct problems p;
    struct buf deep;
    buf_init(&deep, &arena, 64, 4096);
    for (int i = 0; i < 30; i++) {
        buf_lit(&deep, "[{\"a\":");
    }
    buf_lit(&deep, "{\"password\":{\"b\":\"hunter2\"}}");
    for (int i = 0; i < 30; i++) {
        buf_lit(&deep, "}]");
    }
    struct input text = input_text(STR("hunter2"));
    text.secret = true;
    problems_init(&p, &arena);
    problem_add(&p, &body, "t", input_json(parse(buf_view(&deep))), NULL, "m");
    problem_add(&p, &body, "t", text, NULL, "m");
    problem_value(&p, &body, text, "error", "", STR("r"));
    str all = problems_err(&p)->problems;
    assert_null(memmem(all.p, all.n, "hunter2", 7));
    assert_int_equal(parse(all)->count, 3);
    assert_non_null(memmem(all.p, all.n, "{\"password\":\"**********\"}", 25));
}

static void nobody_reads_more_than_a_hundred(void **state)
{
    (void)state;
    struct problems p;
    problems_init(&p, &arena);
    for (int i = 0; i < PROBLEMS_MAX - 1; i++) {
        problem_add(&p, &body, "t", input_json(NULL), NULL, "number %d", i);
    }
    problem_value(&p, &body, input_json(NULL), "error", "", STR("the last"));
    problem_add(&p, &body, "t", input_json(NULL), NULL, "one too many");
    problem_value(&p, &body, input_json(NULL), "error", "", STR("two too many"));
    assert_int_equal(p.count, PROBLEMS_MAX);
    const struct json *list = parse(problems_err(&p)->problems);
    const struct json *last = list->first;
    assert_int_equal(list->count, PROBLEMS_MAX);
    while (last->next != NULL) {
        last = last->next;
    }
    check_str(json_member(last, STR("msg"))->text, STR("the last"));
}

/* What is echoed has a limit; what is wrong is said all the same. */
static void an_echo_that_is_too_large_is_left_out(void **state)
{
    (void)state;
    struct problems p;
    char *megabytes = arena_alloc(&arena, 3 << 20);
    memset(megabytes, 'x', 3 << 20);
    problems_init(&p, &arena);
    for (int i = 0; i < 4; i++) {
        problem_add(&p, &body, "t", input_text((str){megabytes, 3 << 20}), "{\"ge\":1}", "number %d", i);
    }
    const struct json *list = parse(problems_err(&p)->problems);
    assert_int_equal(list->count, 4);
    int i = 0;
    for (const struct json *entry = list->first; entry != NULL; entry = entry->next, i++) {
        const struct json *input = json_member(entry, STR("input"));
        assert_int_equal(input->type, i < 2 ? JSON_STRING : JSON_NULL);
        check_str(json_member(entry, STR("msg"))->text, str_format(&arena, "number %d", i));
        assert_int_equal(json_member(entry, STR("ctx"))->count, 1);
    }
}

/* Wherever the limit falls inside the second entry, and in the comma before it, the list stays whole. */
static void the_limit_may_fall_anywhere(void **state)
{
    (void)state;
    for (size_t room = 0; room < 120; room++) {
        struct problems p;
        problems_init(&p, &arena);
        problem_add(&p, &body, "first", input_text(STR("one")), NULL, "m");
        p.text.limit = p.text.n + room;
        problem_add(&p, &body, "second", input_text(STR("two, and a long echo it is that comes with it")),
                    "{\"a\":1}", "m");
        problem_add(&p, &body, "third", input_json(NULL), NULL, "m");
        const struct json *list = parse(problems_err(&p)->problems);
        assert_int_equal(list->count, 3);
        check_str(json_member(list->first->next, STR("type"))->text, STR("second"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_wrong_is_no_error),
        TEST(entries_have_their_members_in_order),
        TEST(names_of_secrets),
        TEST(secrets_are_masked_at_any_depth),
        TEST(nobody_reads_more_than_a_hundred),
        TEST(an_echo_that_is_too_large_is_left_out),
        TEST(the_limit_may_fall_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
