/* compose/answer: what an endpoint sent back, well-formed or not. */
#include "compose/answer.h"

#include "support/unit.h"

static struct answer answer_of(const char *body)
{
    struct answer got;
    answer_read(&arena, str_of(body), &got);
    return got;
}

static void completions(void **state)
{
    (void)state;
    struct answer got = answer_of("{\"model\":\"m-1\",\"choices\":[{\"message\":{\"content\":\"Hi \\u20ac\"},"
                                  "\"finish_reason\":\"stop\"},{\"message\":{\"content\":\"second\"}}],"
                                  "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":0}}");
    assert_int_equal(got.kind, ANSWER_TEXT);
    check_str(got.text, STR("Hi \u20ac"));
    check_str(got.model, STR("m-1"));
    assert_int_equal(got.prompt_tokens, 7);
    assert_int_equal(got.completion_tokens, 0);
    assert_true(got.ended && !got.cut);
    got = answer_of("{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"length\"}],"
                    "\"usage\":{\"prompt_tokens\":-1,\"completion_tokens\":1.5}}");
    assert_true(got.cut);
    assert_int_equal(got.prompt_tokens, -1);
    assert_int_equal(got.completion_tokens, -1);
    assert_int_equal(got.model.n, 0);
}

static void where_the_text_is(void **state)
{
    (void)state;
    check_str(
        answer_of("{\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":"
                  "\"image\"},"
                  "{\"text\":\"b\"}]}}]}")
            .text,
        STR("ab"));
    check_str(answer_of("{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{\"function\":{"
                        "\"arguments\":\"{}\"}}]}}]}")
                  .text,
              STR("{}"));
    check_str(answer_of("{\"choices\":[{\"text\":\"old\"}]}").text, STR("old"));
    check_str(answer_of("{\"choices\":[{\"message\":{\"content\":42}}]}").text, STR(""));
}

static void errors(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "{\"error\":{\"message\":\"no\"}}",
        "{\"error\":\"no\"}",
        "{\"object\":\"error\",\"message\":\"no\"}",
        "{\"detail\":\"no\"}",
        "{\"error\":{\"message\":\"no\"},\"choices\":[{\"message\":{\"content\":\"x\"}}]}",
        ("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: "
         "{\"error\":{\"message\":\"no\"}}\n\ndata: [DONE]\n\n"),
    };
    for (size_t i = 0; i < LENGTH(bodies); i++) {
        struct answer got = answer_of(bodies[i]);
        assert_int_equal(got.kind, ANSWER_ERROR);
        check_str(got.said, STR("no"));
    }
    struct answer long_one = answer_of(str_format(&arena, "{\"error\":\"%0300d\\n\"}", 0).p);
    assert_int_equal(long_one.said.n, 200);
    check_str(answer_of("{\"error\":\"a\\r\\nb\"}").said, STR("a  b"));
    assert_int_equal(answer_of("{\"error\":null,\"choices\":[{\"message\":{\"content\":\"x\"}}]}").kind,
                     ANSWER_TEXT);
}

static void refusals(void **state)
{
    (void)state;
    assert_int_equal(answer_of("{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"no\"}}]}").kind,
                     ANSWER_REFUSAL);
    assert_int_equal(
        answer_of("{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"content_filter\"}]}")
            .kind,
        ANSWER_REFUSAL);
    assert_int_equal(answer_of("{\"choices\":[{\"message\":{\"content\":\"x\",\"refusal\":null}}]}").kind,
                     ANSWER_TEXT);
}

static void foreign(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "  ",
        "<html>",
        "null",
        "[]",
        "7",
        "{}",
        "{\"choices\":[]}",
        "{\"choices\":{}}",
        "{\"choices\":",
        "data: [DONE]\n\n",
        ": comment",
        "data: {",
        "\xff\xfe",
    };
    for (size_t i = 0; i < LENGTH(bodies); i++) {
        struct answer got = answer_of(bodies[i]);
        if (got.kind != ANSWER_FOREIGN || got.text.n != 0) {
            fail_msg("%s: kind %d", bodies[i], (int)got.kind);
        }
    }
}

static void streams(void **state)
{
    (void)state;
    const char *body =
        ": hello\r\n\r\ndata: {\"model\":\"m\",\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\r\n\r\n"
        "data: {\"choices\":[{\"delta\":{\"content\":\"On\"}}]}\r\n\r\nevent: x\r\n"
        "data:{\"choices\":[{\"delta\":{\"content\":\"e\"},\"finish_reason\":\"stop\"}]}\r\n\r\n"
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\r\n\r\n";
    struct answer got = answer_of(str_format(&arena, "%sdata: [DONE]\r\n\r\n", body).p);
    assert_int_equal(got.kind, ANSWER_TEXT);
    check_str(got.text, STR("One"));
    check_str(got.model, STR("m"));
    assert_int_equal(got.completion_tokens, 4);
    assert_true(got.ended && !got.cut);
    got = answer_of("data: {\"choices\":[{\"delta\":{\"content\":\"On\"}}]}\n\ndata: {\"choices\":[{\"del");
    check_str(got.text, STR("On"));
    assert_true(got.cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(completions), TEST(where_the_text_is), TEST(errors),
                                       TEST(refusals),    TEST(foreign),           TEST(streams)};
    return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
