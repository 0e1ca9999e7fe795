/* http/request: many lists of parameters, as a web server and as nobody would send them. */
#include "http/request.h"

#include <string.h>

#include "support/unit.h"

#define READ(...) read_params((char *[]){__VA_ARGS__, NULL})

static struct request r;

static err read_params(char *const *params)
{
    memset(&r, 0xFF, sizeof r); /* all of it must be written */
    return request_read(&r, &arena, params);
}

static void must_read(char *const *params)
{
    err e = read_params(params);
    if (e != NULL) {
        fail_msg("%.*s", STR_ARGS(e->detail));
    }
}

#define MUST_READ(...) must_read((char *[]){__VA_ARGS__, NULL})

static void what_is_kept(void **state)
{
    (void)state;
    MUST_READ("QUERY_STRING=a=1", "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json; charset=utf-8",
              "CONTENT_LENGTH=12", "REQUEST_URI=/api/v1/posts?a=1&b=%20", "DOCUMENT_URI=/other",
              "REMOTE_ADDR=::1", "HTTP_AUTHORIZATION=Bearer x=y", "HTTP_ORIGIN=http://a", "HTTP_ACCEPT=*/*",
              "HTTP_USER_AGENT=ua", "HTTP_X_REQUEST_ID=abc", "HTTP_ACCESS_CONTROL_REQUEST_METHOD=PUT",
              "HTTP_ACCESS_CONTROL_REQUEST_HEADERS=x-a, x-b", "HTTP_COOKIE=c=d");
    assert_int_equal(r.method, METHOD_POST);
    check_str(r.method_name, STR("POST"));
    check_str(r.path, STR("/api/v1/posts"));
    check_str(r.query, STR("a=1&b=%20"));
    assert_int_equal(r.segment_count, 3);
    check_str(r.segments[0], STR("api"));
    check_str(r.segments[2], STR("posts"));
    assert_false(r.too_many_segments);
    assert_int_equal(r.content_length, 12);
    check_str(r.content_type, STR("application/json; charset=utf-8"));
    assert_true(r.has_authorization);
    check_str(r.authorization, STR("Bearer x=y"));
    check_str(r.origin, STR("http://a"));
    check_str(r.accept, STR("*/*"));
    check_str(r.user_agent, STR("ua"));
    check_str(r.request_id, STR("abc"));
    check_str(r.preflight_method, STR("PUT"));
    check_str(r.preflight_headers, STR("x-a, x-b"));
    check_str(r.remote_address, STR("::1"));
    assert_int_equal(r.body.n, 0);
}

static void what_is_not_sent_is_empty(void **state)
{
    (void)state;
    MUST_READ("REQUEST_METHOD=GET", "REQUEST_URI=/");
    assert_int_equal(r.content_length, -1);
    assert_false(r.has_authorization);
    const str *const empty[] = {&r.query,         &r.content_type,     &r.authorization,     &r.origin,
                                &r.accept,        &r.preflight_method, &r.preflight_headers, &r.user_agent,
                                &r.remote_address};
    for (size_t i = 0; i < LENGTH(empty); i++) {
        assert_int_equal(empty[i]->n, 0);
    }
}

/* Nothing points into the parameters: they die before the request does. */
static void everything_is_copied(void **state)
{
    (void)state;
    char uri[] = "REQUEST_URI=/a/b?c=d";
    char method[] = "REQUEST_METHOD=PUT";
    char agent[] = "HTTP_USER_AGENT=ua";
    MUST_READ(uri, method, agent);
    memset(uri, 'x', sizeof uri - 1);
    memset(method, 'x', sizeof method - 1);
    memset(agent, 'x', sizeof agent - 1);
    check_str(r.path, STR("/a/b"));
    check_str(r.segments[1], STR("b"));
    check_str(r.query, STR("c=d"));
    check_str(r.method_name, STR("PUT"));
    check_str(r.user_agent, STR("ua"));
}

static void methods(void **state)
{
    (void)state;
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    static const char *const others[] = {"get", "TRACE", "GETX", "GE", "PROPFIND", "other"};
    for (size_t i = 0; i < LENGTH(names); i++) {
        MUST_READ(str_c(&arena, str_format(&arena, "REQUEST_METHOD=%s", names[i])), "REQUEST_URI=/");
        assert_int_equal(r.method, i);
        assert_string_equal(method_name(r.method), names[i]);
    }
    for (size_t i = 0; i < LENGTH(others); i++) {
        MUST_READ(str_c(&arena, str_format(&arena, "REQUEST_METHOD=%s", others[i])), "REQUEST_URI=/");
        assert_int_equal(r.method, METHOD_OTHER);
    }
}

/* The segments of a path, with | between. */
static str segments(void)
{
    str all = {0};
    for (unsigned i = 0; i < r.segment_count; i++) {
        all =
            i == 0 ? r.segments[0] : str_format(&arena, "%.*s|%.*s", STR_ARGS(all), STR_ARGS(r.segments[i]));
    }
    return all;
}

static void paths(void **state)
{
    (void)state;
    static const struct {
        const char *uri;
        unsigned count;
        const char *segments, *path, *query;
    } cases[] = {
        {"/", 0, "", "/", ""},
        {"", 0, "", "", ""},
        {"?a", 0, "", "", "a"},
        {"/?a=/b/c", 0, "", "/", "a=/b/c"},
        {"/posts", 1, "posts", "/posts", ""},
        {"/posts/", 1, "posts", "/posts/", ""},
        {"/posts/?x", 1, "posts", "/posts/", "x"},
        {"/posts?x?y", 1, "posts", "/posts", "x?y"},
        {"/a/b/c", 3, "a|b|c", "/a/b/c", ""},
        {"/a//b", 3, "a||b", "/a//b", ""},
        {"//a", 2, "|a", "//a", ""},
        {"/a%2Fb", 1, "a/b", "/a%2Fb", ""}, /* decoded once, after the splitting */
        {"/a%252Fb", 1, "a%2Fb", "/a%252Fb", ""},
        {"/%2e%2e/x", 2, "..|x", "/%2e%2e/x", ""},
        {"/../x", 2, "..|x", "/../x", ""},
        {"/a+b%20c", 1, "a+b c", "/a+b%20c", ""}, /* a plus is a plus in a path */
        {"/%ff", 1, "\xef\xbf\xbd", "/%ff", ""},
        {"/%", 1, "%", "/%", ""},
        {"/%4", 1, "%4", "/%4", ""},
        {"/%zz", 1, "%zz", "/%zz", ""},
        {"/\xc3\xa4", 1, "\xc3\xa4", "/\xc3\xa4", ""},
        {"/a#b", 1, "a#b", "/a#b", ""},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        MUST_READ("REQUEST_METHOD=GET", str_c(&arena, str_format(&arena, "REQUEST_URI=%s", cases[i].uri)));
        print_message("%s\n", cases[i].uri);
        assert_int_equal(r.segment_count, cases[i].count);
        check_str(segments(), str_of(cases[i].segments));
        check_str(r.path, str_of(cases[i].path));
        check_str(r.query, str_of(cases[i].query));
        assert_false(r.too_many_segments);
    }
}

static void a_nul_in_a_segment_stays(void **state)
{
    (void)state;
    MUST_READ("REQUEST_METHOD=GET", "REQUEST_URI=/posts/1%00");
    check_str(r.segments[1], STR("1\0"));
}

static void too_many_segments(void **state)
{
    (void)state;
    MUST_READ("REQUEST_METHOD=GET", "REQUEST_URI=/1/2/3/4/5/6/7/8/9/10/11/12/");
    assert_int_equal(r.segment_count, REQUEST_MAX_SEGMENTS);
    assert_false(r.too_many_segments);
    MUST_READ("REQUEST_METHOD=GET", "REQUEST_URI=/1/2/3/4/5/6/7/8/9/10/11/12/13");
    assert_true(r.too_many_segments);
    check_str(r.path, STR("/1/2/3/4/5/6/7/8/9/10/11/12/13"));
}

/* An absolute form or an asterisk begins with no slash: no route will be found for it. */
static void uris_that_are_no_path(void **state)
{
    (void)state;
    MUST_READ("REQUEST_METHOD=GET", "REQUEST_URI=http://host/api/v1/posts");
    check_str(r.path, STR("http://host/api/v1/posts"));
    MUST_READ("REQUEST_METHOD=OPTIONS", "REQUEST_URI=*");
    check_str(r.path, STR("*"));
}

static void of_duplicates_the_first_wins(void **state)
{
    (void)state;
    MUST_READ("REQUEST_METHOD=GET", "REQUEST_URI=/a/b?x", "REQUEST_URI=/c?y",
              "HTTP_AUTHORIZATION=", "HTTP_AUTHORIZATION=Bearer x", "REQUEST_METHOD=DELETE",
              "HTTP_ORIGIN=http://a", "HTTP_ORIGIN=http://b", "HTTP_COOKIE=", "HTTP_COOKIE=a=1",
              "HTTP_COOKIE=b=2", "CONTENT_LENGTH=1", "CONTENT_LENGTH=x");
    assert_int_equal(r.method, METHOD_GET);
    check_str(segments(), STR("a|b"));
    check_str(r.query, STR("x"));
    check_str(r.origin, STR("http://a"));
    check_str(r.cookie, STR("a=1"));
    assert_int_equal(r.content_length, 1);
    assert_true(r.has_authorization); /* there, if only empty */
    assert_int_equal(r.authorization.n, 0);
    err e = READ("REQUEST_METHOD=GET", "REQUEST_URI=/", "CONTENT_LENGTH=x", "CONTENT_LENGTH=1");
    assert_int_equal(e->code, ERROR_BAD_REQUEST);
}

static void content_lengths(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int64_t length;
    } cases[] = {
        {"", true, -1}, /* as nginx passes it on when there is no body */
        {"0", true, 0},
        {"000", true, 0},
        {"999999999999999999", true, 999999999999999999},
        {"1000000000000000000", false, 0},
        {"99999999999999999999999", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1,1", false, 0},
        {"0x10", false, 0},
        {"1e3", false, 0},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char *length = str_c(&arena, str_format(&arena, "CONTENT_LENGTH=%s", cases[i].text));
        err e = READ("REQUEST_METHOD=POST", "REQUEST_URI=/", length);
        print_message("%s\n", length);
        assert_int_equal(e == NULL, cases[i].good);
        if (e == NULL) {
            assert_int_equal(r.content_length, cases[i].length);
        } else {
            assert_int_equal(e->code, ERROR_BAD_REQUEST);
        }
    }
}

static void requests_that_are_none(void **state)
{
    (void)state;
    static char *const bad[][3] = {{NULL},
                                   {"REQUEST_METHOD=GET", NULL},
                                   {"REQUEST_URI=/", NULL},
                                   {"REQUEST_METHOD=", "REQUEST_URI=/", NULL},
                                   {"REQUEST_METHOD", "REQUEST_URI=/", NULL},
                                   {"request_method=GET", "request_uri=/", NULL},
                                   {"=", "", NULL}};
    for (size_t i = 0; i < LENGTH(bad); i++) {
        err e = read_params(bad[i]);
        assert_non_null(e);
        assert_int_equal(e->code, ERROR_BAD_REQUEST);
        assert_int_equal(r.request_id.n, 36); /* the answer and the log want one all the same */
    }
}

static void a_request_id_is_made_when_there_is_no_usable_one(void **state)
{
    (void)state;
    char *const sixty_four =
        "HTTP_X_REQUEST_ID=0123456789012345678901234567890123456789012345678901234567890123";
    MUST_READ("REQUEST_METHOD=GET", "REQUEST_URI=/", sixty_four);
    assert_int_equal(r.request_id.n, 64);
    MUST_READ("REQUEST_METHOD=GET", "REQUEST_URI=/", str_c(&arena, str_format(&arena, "%s4", sixty_four)));
    assert_int_equal(r.request_id.n, 36);
    str first = r.request_id;
    MUST_READ("REQUEST_METHOD=GET", "REQUEST_URI=/", "HTTP_X_REQUEST_ID=");
    assert_int_equal(r.request_id.n, 36);
    assert_false(str_eq(first, r.request_id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_kept),
        TEST(what_is_not_sent_is_empty),
        TEST(everything_is_copied),
        TEST(methods),
        TEST(paths),
        TEST(a_nul_in_a_segment_stays),
        TEST(too_many_segments),
        TEST(uris_that_are_no_path),
        TEST(of_duplicates_the_first_wins),
        TEST(content_lengths),
        TEST(requests_that_are_none),
        TEST(a_request_id_is_made_when_there_is_no_usable_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
