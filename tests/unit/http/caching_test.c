/* http/caching: who may keep which answer. */
#include "http/caching.h"

#include "conf/settings.h"
#include "http/route.h"
#include "support/unit.h"

#define MOMENT "public, max-age=0, must-revalidate, s-maxage=1, stale-while-revalidate=1, stale-if-error=10"

static struct settings settings;
static struct request request;
static struct reply reply;
static struct call call;

static err nothing(struct call *c)
{
    (void)c;
    return NULL;
}

#define ROUTE(method, access, ...)                 \
    {                                              \
        method, "/x", nothing, access, __VA_ARGS__ \
    }

static const struct route list = ROUTE(METHOD_GET, ACCESS_READ, .crud = NULL);
static const struct route mine = ROUTE(METHOD_GET, ACCESS_USER, .crud = NULL);
static const struct route secret = ROUTE(METHOD_GET, ACCESS_USER, .caching = CACHING_NEVER);
static const struct route health = ROUTE(METHOD_GET, ACCESS_OPEN, .crud = NULL);
static const struct route document = ROUTE(METHOD_GET, ACCESS_OPEN, .caching = CACHING_MOMENT);
static const struct route keys = ROUTE(METHOD_GET, ACCESS_OPEN, .caching = CACHING_MINUTES);
static const struct route admins = ROUTE(METHOD_GET, ACCESS_ADMIN, .crud = NULL);
static const struct route login = ROUTE(METHOD_POST, ACCESS_OPEN, .caching = CACHING_MOMENT);

static int set_up(void **state)
{
    (void)arena_setup(state);
    settings = (struct settings){.public_read = true};
    request = (struct request){.method = METHOD_GET};
    call = (struct call){.arena = &arena, .settings = &settings, .request = &request, .reply = &reply};
    return 0;
}

/* The headers of an answer by that route. */
static str kept(const struct route *route, err e, bool by_origin)
{
    reply_init(&reply, &arena);
    call.route = route;
    caching_put(&call, e, by_origin);
    return buf_view(&reply.headers);
}

static void check_kept(const struct route *route, const char *value)
{
    str expected = str_format(&arena, "Cache-Control: %s\r\n", value);
    check_str(str_slice(kept(route, NULL, true), 0, expected.n), expected);
}

static void who_does_not_say_who_they_are(void **state)
{
    (void)state;
    check_kept(&list, MOMENT);
    check_kept(&document, MOMENT);
    check_kept(&keys, "public, max-age=300");
    check_kept(&mine, "private, no-cache");
    check_kept(&admins, "private, no-cache");
    check_kept(&secret, "no-store");
    check_kept(&health, "no-store");
    check_kept(&login, "no-store");
    request.method = METHOD_HEAD;
    check_kept(&list, MOMENT);
}

/* Whatever they say, if only that there is something: an empty Authorization, a cookie that is none of ours. */
static void who_says_something(void **state)
{
    (void)state;
    static const struct request saying[] = {
        {.method = METHOD_GET, .has_authorization = true},
        {.method = METHOD_GET, .has_authorization = true, .authorization = STR_INIT("Basic eA==")},
        {.method = METHOD_GET, .cookie = STR_INIT("theme=dark")},
        {.method = METHOD_HEAD, .cookie = STR_INIT(" ")},
    };
    for (size_t i = 0; i < LENGTH(saying); i++) {
        request = saying[i];
        check_kept(&list, "private, no-cache");
        check_kept(&document, "private, no-cache");
        check_kept(&keys, "private, no-cache");
        check_kept(&mine, "private, no-cache");
        check_kept(&secret, "no-store");
    }
}

static void nobody_without_public_read(void **state)
{
    (void)state;
    settings.public_read = false;
    check_kept(&list, "private, no-cache");
    check_kept(&document, MOMENT);
}

static void no_error(void **state)
{
    (void)state;
    err e = error_new(&arena, ERROR_NOT_FOUND, "no such post");
    check_str(kept(&list, e, false),
              STR("Cache-Control: no-store\r\nVary: Authorization, Cookie, Accept\r\n"));
    check_str(kept(&keys, e, true), STR("Cache-Control: no-store\r\nVary: Accept, Origin\r\n"));
    check_str(kept(NULL, e, false), STR("Cache-Control: no-store\r\nVary: Accept\r\n"));
}

static void what_answers_differ_by(void **state)
{
    (void)state;
    str by_actor = STR("Cache-Control: " MOMENT "\r\nVary: Authorization, Cookie");
    check_str(kept(&list, NULL, false), str_format(&arena, "%.*s\r\n", STR_ARGS(by_actor)));
    check_str(kept(&list, NULL, true), str_format(&arena, "%.*s, Origin\r\n", STR_ARGS(by_actor)));
    check_str(kept(&health, NULL, false), STR("Cache-Control: no-store\r\n"));
    check_str(kept(&health, NULL, true), STR("Cache-Control: no-store\r\nVary: Origin\r\n"));
    request.method = METHOD_OPTIONS; /* no cache keeps it */
    check_str(kept(NULL, NULL, true), STR("Vary: Origin\r\n"));
    check_str(kept(NULL, NULL, false), STR(""));
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(caching_name(&list), "public");
    assert_string_equal(caching_name(&mine), "private");
    assert_string_equal(caching_name(&secret), "never");
    assert_string_equal(caching_name(&login), "never");
    assert_string_equal(caching_name(&health), "never");
    assert_string_equal(caching_name(&document), "public");
    assert_string_equal(caching_name(&keys), "minutes");
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(who_does_not_say_who_they_are), CASE(who_says_something),
        CASE(nobody_without_public_read),    CASE(no_error),
        CASE(what_answers_differ_by),        CASE(names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
