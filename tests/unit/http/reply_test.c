/* http/reply: answers in CGI form, and the wire form of errors. */
#include "http/reply.h"

#include <string.h>

#include "base/json_in.h"
#include "support/unit.h"

static struct reply r;

static int set_up(void **state)
{
    (void)arena_setup(state);
    reply_init(&r, &arena);
    return 0;
}

static void check_answer(bool head_only, const char *want)
{
    str head = reply_head(&r, &arena);
    str body = reply_body(&r, head_only);
    check_str(str_format(&arena, "%.*s%.*s", STR_ARGS(head), STR_ARGS(body)), str_of(want));
}

static void an_untouched_reply_is_an_empty_200(void **state)
{
    (void)state;
    check_answer(false, "Status: 200 OK\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n");
}

static void a_body_and_its_head(void **state)
{
    (void)state;
    r.status = 201;
    reply_header(&r, "Location", "/posts/%d", 7);
    reply_header_str(&r, "X-A", STR("b"));
    buf_lit(&r.body, "{\"id\":7}");
    check_answer(false,
                 "Status: 201 Created\r\nLocation: /posts/7\r\nX-A: b\r\nContent-Type: application/json\r\n"
                 "Content-Length: 8\r\n\r\n{\"id\":7}");
    /* of HEAD the length, too */
    check_answer(true,
                 "Status: 201 Created\r\nLocation: /posts/7\r\nX-A: b\r\nContent-Type: application/json\r\n"
                 "Content-Length: 8\r\n\r\n");
}

static void some_statuses_have_no_body(void **state)
{
    (void)state;
    buf_lit(&r.body, "x");
    reply_empty(&r);
    check_answer(false, "Status: 204 No Content\r\n\r\n");
    buf_lit(&r.body, "x");
    r.status = 304;
    check_answer(false, "Status: 304 Not Modified\r\n\r\n");
}

/* Every status that an error has is known by its words, and so are the others that the contract names. */
static void reasons(void **state)
{
    (void)state;
    static const struct {
        unsigned status;
        const char *line;
    } others[] = {{200, "OK"},
                  {201, "Created"},
                  {202, "Accepted"},
                  {204, "No Content"},
                  {304, "Not Modified"},
                  {412, "Precondition Failed"},
                  {428, "Precondition Required"},
                  {502, "Bad Gateway"},
                  {504, "Gateway Timeout"},
                  {299, "Status"}};
    for (size_t i = 0; i < LENGTH(others); i++) {
        r.status = others[i].status;
        str want = str_format(&arena, "Status: %u %s\r\n", others[i].status, others[i].line);
        assert_true(str_starts(reply_head(&r, &arena), want));
    }
    for (int code = 0; code < ERROR__MAX; code++) {
        r.status = error_status((enum error_code)code);
        str want = str_format(&arena, "Status: %u %s\r\n", r.status, error_title((enum error_code)code));
        assert_true(str_starts(reply_head(&r, &arena), want));
    }
}

static void a_header_cannot_be_split(void **state)
{
    (void)state;
    reply_header(&r, "X-A", "%s", "a\r\nSet-Cookie: b=c\r\n\r\nbody\t\x7f\x01\xc3\xa4");
    reply_header_str(&r, "X-B", STR("a\r\nb\0\x7f"));
    check_str(buf_view(&r.headers), STR("X-A: a  Set-Cookie: b=c    body   \xc3\xa4\r\nX-B: a  b  \r\n"));
}

/* Every byte at every place of a value, also where it is looked at together with others. */
static void what_cannot_stand_in_a_header_becomes_a_blank(void **state)
{
    (void)state;
    enum { LENGTH_OF_VALUE = 19 };
    for (unsigned c = 0; c < 256; c++) {
        for (size_t at = 0; at < LENGTH_OF_VALUE; at++) {
            char value[] = "0123456789\xc3\xa4\xff"
                           "3456~9";
            char want[] = "X: 0123456789\xc3\xa4\xff"
                          "3456~9\r\n";
            value[at] = (char)c;
            want[3 + at] = (char)(c < 0x20 || c == 0x7F ? ' ' : c);
            r.headers.n = 0;
            reply_header_str(&r, "X", (str){value, LENGTH_OF_VALUE});
            str wanted = {want, LENGTH_OF_VALUE + 5};
            check_str(buf_view(&r.headers), wanted);
        }
    }
}

static void a_header_is_whole_or_not_there(void **state)
{
    (void)state;
    char *lots = arena_alloc(&arena, REPLY_HEADER_BYTES + 1);
    memset(lots, 'x', REPLY_HEADER_BYTES);
    lots[REPLY_HEADER_BYTES] = '\0';
    reply_header(&r, "X-A", "%.5000s", lots);
    size_t before = r.headers.n;
    assert_int_equal(before, 5000 + 7);
    reply_header(&r, "X-B", "%s", lots);
    reply_header_str(&r, "X-B", str_of(lots));
    assert_int_equal(r.headers.n, before);
    reply_header_str(&r, "X-C", STR("c"));
    check_str(str_slice(buf_view(&r.headers), before, r.headers.n), STR("X-C: c\r\n"));
}

/* --- errors ---------------------------------------------------------------------------------------------------- */

static void check_error(err e, bool as_problem, const char *head, const char *body)
{
    reply_error(&r, e);
    if (as_problem) {
        reply_as_problem(&r, STR("/api/v1/x"));
    }
    check_str(buf_view(&r.headers), str_of(head));
    check_str(buf_view(&r.body), str_of(body));
    assert_int_equal(r.status, error_status(e->code));
    assert_string_equal(r.content_type, as_problem ? "application/problem+json" : "application/json");
}

static void an_error_is_a_detail(void **state)
{
    (void)state;
    check_error(error_new(&arena, ERROR_NOT_FOUND, "post with id: %d \"x\" not found", 7), false,
                "X-Error-Code: not_found\r\n", "{\"detail\":\"post with id: 7 \\\"x\\\" not found\"}");
}

static void as_a_problem(void **state)
{
    (void)state;
    check_error(error_new(&arena, ERROR_NOT_FOUND, "not here"), true, "X-Error-Code: not_found\r\n",
                "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"not here\","
                "\"instance\":\"/api/v1/x\",\"code\":\"not_found\"}");
}

static void what_was_there_before(void **state)
{
    (void)state;
    reply_header(&r, "Allow", "GET");
    r.status = 201;
    buf_lit(&r.body, "half a");
    r.body.full = true;
    check_error(error_new(&arena, ERROR_METHOD_NOT_ALLOWED, "Method Not Allowed"), false,
                "Allow: GET\r\nX-Error-Code: method_not_allowed\r\n", "{\"detail\":\"Method Not Allowed\"}");
    assert_false(r.body.full);
}

static void a_list_of_problems(void **state)
{
    (void)state;
    err e = error_invalid(&arena, ERROR_INVALID, STR("[{\"type\":\"missing\"}]"));
    check_error(e, false, "X-Error-Code: validation_error\r\n", "{\"detail\":[{\"type\":\"missing\"}]}");
    reply_init(&r, &arena);
    check_error(e, true, "X-Error-Code: validation_error\r\n",
                "{\"type\":\"about:blank\",\"title\":\"Unprocessable Content\",\"status\":422,"
                "\"detail\":\"the request has mistakes, see errors\",\"instance\":\"/api/v1/x\","
                "\"code\":\"validation_error\",\"errors\":[{\"type\":\"missing\"}]}");
}

static void who_are_you(void **state)
{
    (void)state;
    check_error(error_new(&arena, ERROR_UNAUTHENTICATED, "Not authenticated"), false,
                "X-Error-Code: unauthenticated\r\nWWW-Authenticate: Bearer\r\n",
                "{\"detail\":\"Not authenticated\"}");
    reply_init(&r, &arena);
    check_error(error_new(&arena, ERROR_INVALID_TOKEN, "no"), false,
                "X-Error-Code: invalid_token\r\nWWW-Authenticate: Bearer error=\"invalid_token\"\r\n",
                "{\"detail\":\"no\"}");
    reply_init(&r, &arena);
    check_error(error_new(&arena, ERROR_FORBIDDEN, "no"), false, "X-Error-Code: forbidden\r\n",
                "{\"detail\":\"no\"}");
}

/* RFC 6749, section 5.2, beside our own form. */
static void errors_of_the_password_grant(void **state)
{
    (void)state;
    const struct error e = {
        .code = ERROR_INVALID_CREDENTIALS, .detail = STR("Invalid credentials"), .oauth = "invalid_grant"};
    check_error(&e, false, "X-Error-Code: invalid_credentials\r\nWWW-Authenticate: Bearer\r\n",
                "{\"detail\":\"Invalid credentials\",\"error\":\"invalid_grant\","
                "\"error_description\":\"Invalid credentials\"}");
    reply_as_problem(&r, STR("/login"));
    check_str(buf_view(&r.body), STR("{\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,"
                                     "\"detail\":\"Invalid credentials\",\"instance\":\"/login\","
                                     "\"code\":\"invalid_credentials\"}"));
}

/* What is one already, stored by an older program, stays as it is. */
static void a_problem_stays_one(void **state)
{
    (void)state;
    reply_error(&r, error_new(&arena, ERROR_NOT_FOUND, "not \"here\" \\"));
    reply_as_problem(&r, STR("/api/v1/x"));
    str once = str_copy(&arena, buf_view(&r.body));
    assert_non_null(strstr(str_c(&arena, once), "\"not \\\"here\\\" \\\\\","));
    reply_as_problem(&r, STR("/api/v1/y"));
    check_str(buf_view(&r.body), once);
    static const char *const others[] = {"", "{}", "{\"detail\":", "{\"detail\":\"cut o",
                                         "{\"detail\":\"cut o\\"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        r.body.n = 0;
        buf_str(&r.body, str_of(others[i]));
        reply_as_problem(&r, STR("/api/v1/y"));
        check_str(buf_view(&r.body), str_of(others[i]));
    }
}

/* Our own fault is nobody's business, and what a database said is for the log. */
static void nothing_of_the_inside_gets_out(void **state)
{
    (void)state;
    check_error(error_new(&arena, ERROR_INTERNAL, "secret %d", 5), false, "X-Error-Code: internal_error\r\n",
                "{\"detail\":\"Internal Server Error\"}");
    reply_init(&r, &arena);
    check_error(error_cause(&arena, ERROR_UNAVAILABLE, "2002 secret"), false,
                "X-Error-Code: database_unavailable\r\nRetry-After: 1\r\n",
                "{\"detail\":\"Service Unavailable\"}");
    reply_init(&r, &arena);
    check_error(
        error_cause(&arena, ERROR_INTERNAL, "secret"), true, "X-Error-Code: internal_error\r\n",
        "{\"type\":\"about:blank\",\"title\":\"Internal Server Error\",\"status\":500,"
        "\"detail\":\"Internal Server Error\",\"instance\":\"/api/v1/x\",\"code\":\"internal_error\"}");
}

/* A path is whatever was sent: bytes that are no text, too. */
static void every_error_is_json(void **state)
{
    (void)state;
    for (int code = 0; code < ERROR__MAX; code++) {
        for (int as_problem = 0; as_problem < 2; as_problem++) {
            struct json *json = NULL;
            struct json_failure why;
            reply_init(&r, &arena);
            reply_error(&r, error_new(&arena, (enum error_code)code, "\xff\"\\\n"));
            if (as_problem) {
                reply_as_problem(&r, STR("/\xff\"\\\x01"));
            }
            assert_int_equal(json_read(&arena, buf_view(&r.body), &json_default_limits, &json, &why),
                             JSON_READ_OK);
            assert_non_null(json_member(json, STR("detail")));
        }
    }
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_untouched_reply_is_an_empty_200),
        CASE(a_body_and_its_head),
        CASE(some_statuses_have_no_body),
        CASE(reasons),
        CASE(a_header_cannot_be_split),
        CASE(what_cannot_stand_in_a_header_becomes_a_blank),
        CASE(a_header_is_whole_or_not_there),
        CASE(an_error_is_a_detail),
        CASE(as_a_problem),
        CASE(what_was_there_before),
        CASE(a_list_of_problems),
        CASE(who_are_you),
        CASE(errors_of_the_password_grant),
        CASE(a_problem_stays_one),
        CASE(nothing_of_the_inside_gets_out),
        CASE(every_error_is_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
