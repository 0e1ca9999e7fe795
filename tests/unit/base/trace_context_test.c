/* base/trace_context: traceparent, as W3C Trace Context has it. */
#include "base/trace_context.h"

#include "support/unit.h"

#define TRACE  "0af7651916cd43dd8448eb211c80319c"
#define PARENT "b7ad6b7169203331"

static void good_ones(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "00-" TRACE "-" PARENT "-01",
        "00-" TRACE "-" PARENT "-00",
        "00-" TRACE "-" PARENT "-ff", /* flags that are not known */
        "01-" TRACE "-" PARENT "-03", /* versions that are not known */
        "cc-" TRACE "-" PARENT "-01-what-the-future-brings",
        "fe-" TRACE "-" PARENT "-01-",
    };
    for (size_t i = 0; i < LENGTH(headers); i++) {
        struct trace_context t;
        print_message("%s\n", headers[i]);
        assert_true(trace_context_read(str_of(headers[i]), &t));
        check_str(t.trace_id, STR(TRACE));
        check_str(t.parent_id, STR(PARENT));
    }
}

static void bad_ones(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "",
        "00",
        "00-" TRACE "-" PARENT,
        "00-" TRACE "-" PARENT "-",
        "00-" TRACE "-" PARENT "-1",
        "00-" TRACE "-" PARENT "-01-",
        "00-" TRACE "-" PARENT "-01-more",
        "00-" TRACE "-" PARENT "-011",
        "cc-" TRACE "-" PARENT "-01.more",
        "ff-" TRACE "-" PARENT "-01",
        "0-" TRACE "-" PARENT "-010",
        "0g-" TRACE "-" PARENT "-01",
        "0A-" TRACE "-" PARENT "-01",
        "00-0AF7651916cd43dd8448eb211c80319c-" PARENT "-01",
        "00-0af7651916cd43dd8448eb211c80319g-" PARENT "-01",
        "00-00000000000000000000000000000000-" PARENT "-01",
        "00-" TRACE "-0000000000000000-01",
        "00-" TRACE "-B7ad6b7169203331-01",
        "00-" TRACE "-" PARENT "-0G",
        "00_" TRACE "-" PARENT "-01",
        "00-" TRACE "_" PARENT "-01",
        "00-" TRACE "-" PARENT "_01",
        " 00-" TRACE "-" PARENT "-01",
        "00-" TRACE PARENT "--01",
    };
    for (size_t i = 0; i < LENGTH(headers); i++) {
        struct trace_context t;
        print_message("%s\n", headers[i]);
        assert_false(trace_context_read(str_of(headers[i]), &t));
    }
}

static void a_trace_of_its_own(void **state)
{
    (void)state;
    struct trace_context t = trace_context_of(&arena, STR("00-" TRACE "-" PARENT "-01"), STR(""));
    check_str(t.trace_id, STR(TRACE));
    /* nginx's $request_id has the form of one */
    t = trace_context_of(&arena, STR("x"), STR("00f7651916cd43dd8448eb211c80319d"));
    check_str(t.trace_id, STR("00f7651916cd43dd8448eb211c80319d"));
    assert_int_equal(t.parent_id.n, 0);
    static const char *const others[] = {"", "a-request", "00000000000000000000000000000000",
                                         "00F7651916cd43dd8448eb211c80319d"};
    str before = {0};
    for (size_t i = 0; i < LENGTH(others); i++) {
        t = trace_context_of(&arena, STR(""), str_of(others[i]));
        struct trace_context again;
        str header = str_format(&arena, "00-%.*s-" PARENT "-01", STR_ARGS(t.trace_id));
        assert_true(trace_context_read(header, &again));
        assert_false(str_eq(t.trace_id, before));
        before = t.trace_id;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(good_ones), TEST(bad_ones), TEST(a_trace_of_its_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
