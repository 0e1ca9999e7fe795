/* http/cors: who may read our answers, as the Fetch standard asks it. */
#include "http/cors.h"

#include "support/unit.h"

static struct cors cors;
static struct reply reply;

static int set_up(void **state)
{
    (void)arena_setup(state);
    reply_init(&reply, &arena);
    return 0;
}

static struct request from(const char *origin)
{
    return (struct request){.method = METHOD_GET, .origin = str_of(origin)};
}

static str applied(const char *origin)
{
    struct request q = from(origin);
    reply_init(&reply, &arena);
    cors_apply(&cors, &q, &reply);
    return buf_view(&reply.headers);
}

#define EXPOSED                                                                                        \
    "Access-Control-Expose-Headers: Link, ETag, Location, X-Total-Count, X-Request-ID, X-Error-Code, " \
    "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Idempotent-Replayed, "        \
    "Preference-Applied\r\n"
#define ALLOWED(origin) "Access-Control-Allow-Origin: " origin "\r\n"
#define CREDENTIALS     "Access-Control-Allow-Credentials: true\r\n"

static void listed_origins(void **state)
{
    (void)state;
    cors_init(&cors, STR(" http://localhost:3000 ,https://a.example,, ,"), true);
    assert_int_equal(cors.count, 2);
    assert_false(cors.any);
    check_str(applied("http://localhost:3000"), STR(ALLOWED("http://localhost:3000") CREDENTIALS EXPOSED));
    check_str(applied("https://a.example"), STR(ALLOWED("https://a.example") CREDENTIALS EXPOSED));
    cors.credentials = false;
    check_str(applied("https://a.example"), STR(ALLOWED("https://a.example") EXPOSED));
}

/* The answer differs by origin, so a cache must know, whoever asks. */
static void others_get_nothing(void **state)
{
    (void)state;
    static const char *const others[] = {"http://evil.example",
                                         "",
                                         "null",
                                         "https://a.example:443",
                                         "https://a.example/",
                                         "https://A.example",
                                         "http://a.example",
                                         "https://a.exampl",
                                         "https://a.example.evil",
                                         "*"};
    cors_init(&cors, STR("http://localhost:3000,https://a.example"), true);
    for (size_t i = 0; i < LENGTH(others); i++) {
        check_str(applied(others[i]), STR(""));
        assert_true(cors_varies(&cors));
    }
}

static void any_origin(void **state)
{
    (void)state;
    cors_init(&cors, STR("*"), false);
    assert_true(cors.any);
    check_str(applied("http://evil.example"), STR(ALLOWED("http://evil.example") EXPOSED));
    check_str(applied(""), STR(""));
    assert_true(cors_varies(&cors));
}

static void nobody(void **state)
{
    (void)state;
    cors_init(&cors, STR(""), true);
    check_str(applied("http://localhost:3000"), STR(""));
    assert_false(cors_varies(&cors));
    check_str(applied(""), STR(""));
}

static void no_more_origins_than_fit(void **state)
{
    (void)state;
    struct buf list;
    buf_init(&list, &arena, 64, 1 << 16);
    for (int i = 0; i < CORS_MAX_ORIGINS + 5; i++) {
        buf_printf(&list, "http://h%d,", i);
    }
    cors_init(&cors, buf_view(&list), true);
    assert_int_equal(cors.count, CORS_MAX_ORIGINS);
}

static void an_origin_cannot_split_the_head(void **state)
{
    (void)state;
    cors_init(&cors, STR("*"), false);
    check_str(applied("http://a\r\nX: y"), STR(ALLOWED("http://a  X: y") EXPOSED));
}

static void what_a_preflight_is(void **state)
{
    (void)state;
    struct request q = {.method = METHOD_OPTIONS, .origin = STR("http://a"), .preflight_method = STR("PUT")};
    assert_true(cors_is_preflight(&q));
    q.method = METHOD_GET;
    assert_false(cors_is_preflight(&q));
    q = (struct request){.method = METHOD_OPTIONS, .origin = STR("http://a")};
    assert_false(cors_is_preflight(&q));
    q = (struct request){.method = METHOD_OPTIONS, .preflight_method = STR("PUT")};
    assert_false(cors_is_preflight(&q));
}

static str preflight(const char *origin, const char *headers)
{
    struct request q = from(origin);
    q.preflight_headers = str_of(headers);
    reply_init(&reply, &arena);
    buf_lit(&reply.body, "x");
    cors_preflight(&cors, &q, &reply);
    assert_int_equal(reply.status, 204);
    assert_int_equal(reply.body.n, 0);
    return buf_view(&reply.headers);
}

#define VARY_PREFLIGHT "Vary: Access-Control-Request-Method, Access-Control-Request-Headers\r\n"
#define METHODS        "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE\r\n"

static void preflights(void **state)
{
    (void)state;
    cors_init(&cors, STR("https://a.example"), true);
    check_str(preflight("https://a.example", ""),
              STR(VARY_PREFLIGHT METHODS "Access-Control-Max-Age: 600\r\n"));
    check_str(preflight("https://a.example", "authorization, x-b"),
              STR(VARY_PREFLIGHT METHODS
                  "Access-Control-Allow-Headers: authorization, x-b\r\nAccess-Control-Max-Age: 600\r\n"));
    check_str(
        preflight("https://a.example", "x\r\ny"),
        STR(VARY_PREFLIGHT METHODS "Access-Control-Allow-Headers: x  y\r\nAccess-Control-Max-Age: 600\r\n"));
    check_str(preflight("http://evil.example", "authorization"), STR(VARY_PREFLIGHT));
    check_str(preflight("", ""), STR(VARY_PREFLIGHT));
    cors_init(&cors, STR(""), true);
    check_str(preflight("https://a.example", ""), STR(VARY_PREFLIGHT));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(listed_origins),
        CASE(others_get_nothing),
        CASE(any_origin),
        CASE(nobody),
        CASE(no_more_origins_than_fit),
        CASE(an_origin_cannot_split_the_head),
        CASE(what_a_preflight_is),
        CASE(preflights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
