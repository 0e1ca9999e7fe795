/* http/access_log: one line a request, with what is needed and nothing that people send. */
#include "http/access_log.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json_in.h"
#include "base/log.h"
#include "models/session.h"
#include "support/fake_db.h"
#include "support/site.h"
#include "support/unit.h"

static struct site site;
static struct value bearer[BEARER__MAX];
static const unsigned char user_uid[16] = {0x01, 0x89, 0x0a, 0x5d};
static const char *token;
static char path[64];

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    site_open(&site, NULL);
    fake_db_bearer(bearer, user_uid);
    token = site_token(&site, 7, 12);
    (void)snprintf(path, sizeof path, "/tmp/quire-log-XXXXXX");
    int fd = mkstemp(path);
    return fd >= 0 && close(fd) == 0 && log_open(path) ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)unlink(path);
    site_close(&site);
    log_set_level(LOG_INFO);
    return log_open("/dev/null") ? arena_teardown(state) : 1;
}

/* Everything that was logged so far. */
static str logged(void)
{
    str text = {0};
    assert_null(file_read(&arena, path, 1 << 20, &text));
    return text;
}

/* The only line there is, as JSON. */
static const struct json *line(void)
{
    str text = logged();
    struct json *json = NULL;
    struct json_failure why;
    assert_true(text.n > 0);
    assert_int_equal(str_find(text, '\n', 0), text.n - 1);
    assert_int_equal(json_read(&arena, text, &json_default_limits, &json, &why), JSON_READ_OK);
    return json;
}

static void check_member(const struct json *object, const char *name, const char *want)
{
    const struct json *m = json_member(object, str_of(name));
    assert_non_null(m);
    check_str(m->text, str_of(want));
}

static void a_request(void **state)
{
    (void)state;
    static const char *const headers[] = {"HTTP_X_REQUEST_ID=abc", NULL};
    (void)site_ask(
        &site,
        &(struct ask){.method = "GET", .target = "/api/v1/posts/5", .token = token, .headers = headers});
    const struct json *l = line();
    check_member(l, "level", "info");
    check_member(l, "request_id", "abc");
    assert_int_equal(json_member(l, STR("trace_id"))->text.n, 32);
    assert_null(json_member(l, STR("parent_id")));
    check_member(l, "method", "GET");
    check_member(l, "route", "/posts/{id}");
    check_member(l, "status", "200");
    check_member(l, "statements", "2");
    check_member(l, "user_id", "7");
    assert_int_equal(json_member(l, STR("ms"))->type, JSON_FLOAT);
    assert_null(json_member(l, STR("error")));
    assert_null(json_member(l, STR("cause")));
    assert_null(json_member(l, STR("unsent")));
}

static void nobody_and_nowhere(void **state)
{
    (void)state;
    (void)site_ask(&site, &(struct ask){.method = "BREW", .target = "/pot"});
    const struct json *l = line();
    check_member(l, "method", "other");
    check_member(l, "status", "404");
    check_member(l, "error", "no_route");
    assert_int_equal(json_member(l, STR("route"))->type, JSON_NULL);
    assert_int_equal(json_member(l, STR("user_id"))->type, JSON_NULL);
    check_member(l, "statements", "0");
}

static void a_trace(void **state)
{
    (void)state;
    static const char *const good[] = {
        "HTTP_TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", NULL};
    (void)site_ask(&site, &(struct ask){.method = "GET", .target = "/health/live", .headers = good});
    check_member(line(), "trace_id", "0af7651916cd43dd8448eb211c80319c");
    check_member(line(), "parent_id", "b7ad6b7169203331");
}

static void two_traces_are_none(void **state)
{
    (void)state;
    static const char *const twice[] = {
        "HTTP_TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "HTTP_TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", NULL};
    (void)site_ask(&site, &(struct ask){.method = "GET", .target = "/health/live", .headers = twice});
    assert_null(json_member(line(), STR("parent_id")));
}

/* What the client is not told stands here. */
static void causes(void **state)
{
    (void)state;
    fake_db_fail(1, ERROR_INTERNAL, NULL);
    (void)site_ask(&site, &(struct ask){.method = "GET", .target = "/api/v1/posts/5"});
    const struct json *l = line();
    check_member(l, "level", "error");
    check_member(l, "status", "500");
    check_member(l, "error", "internal_error");
    check_member(l, "cause", "as the test wants it");
}

static void nothing_that_was_sent(void **state)
{
    (void)state;
    static const char *const headers[] = {"HTTP_USER_AGENT=hunter2", "HTTP_ORIGIN=hunter2",
                                          "HTTP_COOKIE=hunter2", NULL};
    static const struct ask asks[] = {
        {"POST", "/api/v1/auth/login?x=hunter2",
         STR_INIT("{\"email\":\"hunter2@example.com\",\"password\":\"hunter2\"}"), .headers = headers},
        {"POST", "/api/v1/auth/login", STR_INIT("{\"email\":\"hunter2\",\"password\":{\"a\":\"hunter2\"}}"),
         .headers = headers},
        {"POST", "/api/v1/login", STR_INIT("username=hunter2&password=hunter2"),
         .type = "application/x-www-form-urlencoded", .token = "hunter2"},
        {"GET", "/hunter2?hunter2=hunter2", STR_INIT("hunter2"), .headers = headers},
        {"GET", "/api/v1/posts/hunter2", STR_INIT(""), .headers = headers},
        {"GET", "/api/v1/posts?search=hunter2&limit=hunter2", STR_INIT(""), .headers = headers},
        {"hunter2", "/", STR_INIT(""), .headers = headers},
    };
    for (size_t i = 0; i < LENGTH(asks); i++) {
        (void)site_ask(&site, &asks[i]);
    }
    (void)site_ask(&site, &(struct ask){.method = "GET", .target = "/api/v1/users/me", .token = token});
    str text = logged();
    assert_null(memmem(text.p, text.n, "hunter2", 7));
    assert_null(memmem(text.p, text.n, token, strlen(token)));
    size_t lines = 0;
    for (size_t at = 0; at < text.n; at = str_find(text, '\n', at) + 1) {
        lines++;
    }
    assert_int_equal(lines, LENGTH(asks) + 1);
}

static void levels(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR);
    (void)site_ask(&site, &(struct ask){.method = "GET", .target = "/health/live"});
    assert_int_equal(logged().n, 0);
    fake_db_fail(1, ERROR_UNAVAILABLE, NULL);
    (void)site_ask(&site, &(struct ask){.method = "GET", .target = "/health/ready"});
    check_member(line(), "status", "503");
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_request), CASE(nobody_and_nowhere),    CASE(a_trace), CASE(two_traces_are_none),
        CASE(causes),    CASE(nothing_that_was_sent), CASE(levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
