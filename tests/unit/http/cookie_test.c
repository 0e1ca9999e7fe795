/* http/cookie: which names count where, what is read and set, and whose pages may write. */
#include "http/cookie.h"

#include "conf/settings.h"
#include "http/cors.h"
#include "support/unit.h"

static struct settings settings;
static struct request request;
static struct reply reply;
static struct cors cors;
static struct call call;

static int set_up(void **state)
{
    (void)arena_setup(state);
    settings = (struct settings){.cookie_secure = STR("auto"), .site_url = STR("http://127.0.0.1:8080")};
    request = (struct request){.scheme = STR("http"), .host = STR("quire.example")};
    reply_init(&reply, &arena);
    cors_init(&cors, STR("http://localhost:3000, https://app.example"), true);
    call = (struct call){
        .arena = &arena, .settings = &settings, .request = &request, .reply = &reply, .cors = &cors};
    return 0;
}

/* Under which name the access token is read. */
static str name_read(void)
{
    str value = {0};
    request.cookie = STR("quire_access=plain; __Host-quire_access=secure");
    assert_true(cookie_read(&call, COOKIE_ACCESS, &value));
    return value;
}

static void names_by_host(void **state)
{
    (void)state;
    static const char *const own[] = {"localhost",    "LocalHost:8080", "app.localhost", "127.0.0.1",
                                      "127.0.0.1:80", "127.255.0.3",    "[::1]",         "[::1]:8080"};
    static const char *const others[] = {"",          "quire.example", "127.0.0.1.example.com",
                                         "128.0.0.1", "127.evil",      "mylocalhost",
                                         "127",       "[::2]",         "localhost.example.com:80"};
    for (size_t i = 0; i < LENGTH(own); i++) {
        request.host = str_of(own[i]);
        check_str(name_read(), STR("plain"));
    }
    for (size_t i = 0; i < LENGTH(others); i++) {
        request.host = str_of(others[i]);
        check_str(name_read(), STR("secure"));
    }
}

static void names_by_setting(void **state)
{
    (void)state;
    request.host = STR("localhost");
    request.scheme = STR("https");
    check_str(name_read(), STR("secure"));
    request.scheme = STR("http");
    settings.site_url = STR("https://quire.example");
    check_str(name_read(), STR("secure"));
    settings.cookie_secure = STR("off");
    check_str(name_read(), STR("plain"));
    settings.cookie_secure = STR("on");
    settings.site_url = STR("http://localhost");
    check_str(name_read(), STR("secure"));
}

static void what_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *sent, *read;
    } cases[] = {
        {"", NULL},
        {";", NULL},
        {"=x", NULL},
        {"__Host-quire_access", NULL},
        {"__Host-quire_access=", NULL},
        {"x__Host-quire_access=a", NULL},
        {"__host-quire_access=a", NULL},
        {"__Host-quire_access =a", NULL},
        {"__Host-quire_access=a", "a"},
        {"a=b;__Host-quire_access=c", "c"},
        {"a=b;  __Host-quire_access=c=d ; e=f", "c=d"},
        {"__Host-quire_access=a; __Host-quire_access=b", "a"},
        {"a=\"__Host-quire_access=x\"; ;;__Host-quire_access=y;", "y"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        str value = {0};
        request.cookie = str_of(cases[i].sent);
        assert_int_equal(cookie_read(&call, COOKIE_ACCESS, &value), cases[i].read != NULL);
        if (cases[i].read != NULL) {
            check_str(value, str_of(cases[i].read));
        }
    }
}

static void what_is_set(void **state)
{
    (void)state;
    cookie_set(&call, COOKIE_ACCESS, STR("a.b.c"), 1800);
    check_str(buf_view(&reply.headers), STR("Set-Cookie: __Host-quire_access=a.b.c; Path=/; Max-Age=1800; "
                                            "HttpOnly; Secure; SameSite=Lax\r\n"));
    reply_init(&reply, &arena);
    request.host = STR("localhost");
    cookie_set(&call, COOKIE_REFRESH, STR("x"), 60);
    check_str(buf_view(&reply.headers),
              STR("Set-Cookie: quire_refresh=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax\r\n"));
}

static void what_is_taken_back(void **state)
{
    (void)state;
    cookie_clear(&call);
    assert_int_equal(reply.headers.n, 0);
    request.cookie = STR("quire_access=a; __Host-quire_refresh=b");
    cookie_clear(&call);
    check_str(
        buf_view(&reply.headers),
        STR("Set-Cookie: __Host-quire_refresh=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax\r\n"));
}

static bool may_write(const char *origin, const char *fetch_site)
{
    request.origin = origin == NULL ? (str){0} : str_of(origin);
    request.fetch_site = fetch_site == NULL ? (str){0} : str_of(fetch_site);
    err e = cookie_check_origin(&call);
    assert_true(e == NULL || e->code == ERROR_FOREIGN_ORIGIN);
    return e == NULL;
}

static void whose_pages_may_write(void **state)
{
    (void)state;
    static const char *const good[] = {"http://quire.example", "http://127.0.0.1:8080",
                                       "http://localhost:3000", "https://app.example"};
    static const char *const bad[] = {"",
                                      "null",
                                      "http",
                                      "://",
                                      "http://",
                                      "https://quire.example",
                                      "http://quire.example.",
                                      "http://quire.example:80",
                                      "http://127.0.0.1:80801",
                                      "http://127.0.0.1",
                                      "http://app.example",
                                      "ftp://quire.example",
                                      "http//quire.example:",
                                      "http://evil.example"};
    for (size_t i = 0; i < LENGTH(good); i++) {
        assert_true(may_write(good[i], NULL));
        assert_true(may_write(good[i], "cross-site"));
    }
    for (size_t i = 0; i < LENGTH(bad); i++) {
        assert_false(may_write(bad[i], NULL));
        assert_false(may_write(bad[i], "same-origin"));
    }
    assert_true(may_write(NULL, "same-origin"));
    assert_false(may_write(NULL, NULL));
    assert_false(may_write(NULL, "same-site"));
    request.scheme = request.host = (str){0}; /* the web server did not say */
    assert_false(may_write("://", NULL));
    assert_false(may_write("", NULL));
}

static void a_site_below_a_path(void **state)
{
    (void)state;
    settings.site_url = STR("https://quire.example:8443/some/where");
    assert_true(may_write("https://quire.example:8443", NULL));
    assert_false(may_write("https://quire.example", NULL));
}

static void without_credentials(void **state)
{
    (void)state;
    cors_init(&cors, STR("http://localhost:3000"), false);
    assert_false(may_write("http://localhost:3000", NULL));
    cors_init(&cors, STR("*"), false);
    assert_false(may_write("http://localhost:3000", NULL));
    assert_true(may_write("http://quire.example", NULL));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(names_by_host),       CASE(names_by_setting),    CASE(what_is_read),
        CASE(what_is_set),         CASE(what_is_taken_back),  CASE(whose_pages_may_write),
        CASE(a_site_below_a_path), CASE(without_credentials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
