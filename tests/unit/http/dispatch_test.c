/* http/dispatch: the stages around a handler, asked through the whole program with a stand-in for the database.
 * What handlers do is in tests/golden. */
#include "http/dispatch.h"

#include <string.h>

#include "base/json_in.h"
#include "models/session.h"
#include "support/fake_db.h"
#include "support/site.h"
#include "support/unit.h"

static struct site site;
static struct value bearer[BEARER__MAX];
static const unsigned char user_uid[16] = {0x01, 0x89, 0x0a, 0x5d};
static const char *token;

static int set_up_with(void **state, const char *const *settings)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    site_open(&site, settings);
    fake_db_bearer(bearer, user_uid);
    token = site_token(&site, 7, 12);
    return 0;
}

static int set_up(void **state)
{
    return set_up_with(state, NULL);
}

static int tear_down(void **state)
{
    site_close(&site);
    return arena_teardown(state);
}

static struct answer ask(const char *method, const char *target)
{
    return site_ask(&site, &(struct ask){.method = method, .target = target});
}

static void check_error(const struct answer *a, unsigned status, const char *code)
{
    assert_int_equal(a->status, status);
    check_str(answer_header(a, "X-Error-Code"), str_of(code));
    check_str(answer_header(a, "Content-Type"), STR("application/json"));
    assert_int_equal(answer_header(a, "X-Request-ID").n, 36);
}

static void paths_and_methods(void **state)
{
    (void)state;
    struct answer a = ask("GET", "/nowhere");
    check_error(&a, 404, "no_route");
    check_str(a.body, STR("{\"detail\":\"Not Found\"}"));
    a = ask("PUT", "/api/v1/posts");
    check_error(&a, 405, "method_not_allowed");
    check_str(answer_header(&a, "Allow"), STR("GET, HEAD, POST, OPTIONS"));
    a = ask("TRACE", "/api/v1/posts/1");
    check_error(&a, 405, "method_not_allowed");
    check_str(answer_header(&a, "Allow"), STR("GET, HEAD, PUT, PATCH, DELETE, OPTIONS"));
    a = ask("TRACE", "/nowhere");
    check_error(&a, 404, "no_route");
    assert_int_equal(fake_db_count(), 0);
}

static void options(void **state)
{
    (void)state;
    struct answer a = ask("OPTIONS", "/api/v1/posts/");
    assert_int_equal(a.status, 204);
    assert_int_equal(a.body.n, 0);
    check_str(answer_header(&a, "Allow"), STR("GET, HEAD, POST, OPTIONS"));
    a = ask("OPTIONS", "/nowhere");
    check_error(&a, 404, "no_route");
    assert_int_equal(fake_db_count(), 0);
}

static void preflights(void **state)
{
    (void)state;
    static const char *const headers[] = {"HTTP_ORIGIN=http://localhost:3000",
                                          "HTTP_ACCESS_CONTROL_REQUEST_METHOD=PUT", NULL};
    struct ask q = {.method = "OPTIONS", .target = "/api/v1/posts/1", .headers = headers};
    struct answer a = site_ask(&site, &q);
    assert_int_equal(a.status, 204);
    check_str(answer_header(&a, "Access-Control-Allow-Origin"), STR("http://localhost:3000"));
    check_str(answer_header(&a, "Access-Control-Allow-Methods"), STR("GET, HEAD, POST, PUT, PATCH, DELETE"));
    check_str(answer_header(&a, "Allow"), STR("GET, HEAD, PUT, PATCH, DELETE, OPTIONS"));
    q.target = "/nowhere"; /* so that the browser gets to see the 404 */
    a = site_ask(&site, &q);
    assert_int_equal(a.status, 204);
    check_str(answer_header(&a, "Access-Control-Allow-Origin"), STR("http://localhost:3000"));
}

static void errors_carry_the_cors_headers(void **state)
{
    (void)state;
    static const char *const headers[] = {"HTTP_ORIGIN=http://localhost:3000", NULL};
    struct answer a =
        site_ask(&site, &(struct ask){.method = "GET", .target = "/nowhere", .headers = headers});
    check_str(answer_header(&a, "Access-Control-Allow-Origin"), STR("http://localhost:3000"));
    check_str(answer_header(&a, "Vary"), STR("Accept, Origin"));
}

/* Whoever has given up waiting to log in costs no hash and no statement; other work is done all the same. */
static void who_has_gone(void **state)
{
    (void)state;
    struct ask q = {.method = "POST",
                    .target = "/api/v1/auth/login",
                    .body = STR("{\"email\":\"ada@example.com\",\"password\":\"correct horse\"}"),
                    .gone = true};
    unsigned before = fake_db_count();
    struct answer a = site_ask(&site, &q);
    assert_int_equal(a.status, 400);
    check_str(answer_header(&a, "X-Error-Code"), STR("bad_request"));
    assert_int_equal(fake_db_count(), before);
    q = (struct ask){.method = "GET", .target = "/health/live", .gone = true};
    assert_int_equal(site_ask(&site, &q).status, 200);
}

/* HEAD is GET without its body, and with its length. */
static void head(void **state)
{
    (void)state;
    static const char *const targets[] = {"/api/v1/posts/5", "/api/v1/posts", "/health/live", "/nowhere",
                                          "/api/v1/users/me"};
    for (size_t i = 0; i < LENGTH(targets); i++) {
        struct answer get = ask("GET", targets[i]);
        struct answer a = ask("HEAD", targets[i]);
        assert_int_equal(a.status, get.status);
        assert_int_equal(a.body.n, 0);
        assert_true(get.body.n > 0);
        check_str(answer_header(&a, "Content-Length"), answer_header(&get, "Content-Length"));
        check_str(answer_header(&a, "Content-Length"), str_format(&arena, "%zu", get.body.n));
    }
}

static void request_ids(void **state)
{
    (void)state;
    static const char *const headers[] = {"HTTP_X_REQUEST_ID=from-nginx\r\nX: y", NULL};
    struct answer a =
        site_ask(&site, &(struct ask){.method = "GET", .target = "/health/live", .headers = headers});
    check_str(answer_header(&a, "X-Request-ID"), STR("from-nginx  X: y"));
}

static void problems_as_rfc_9457_has_them(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        bool problem;
    } cases[] = {
        {"application/problem+json", true},
        {"text/html, Application/Problem+JSON;q=0.5 ,*/*", true},
        {"application/json", false},
        {"*/*", false},
        {"", false},
        {"application/problem+xml", false},
        {"application/problem+jsonx", false},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        const char *const headers[] = {str_format(&arena, "HTTP_ACCEPT=%s", cases[i].accept).p, NULL};
        struct answer a =
            site_ask(&site, &(struct ask){.method = "GET", .target = "/no%20where?x", .headers = headers});
        assert_int_equal(a.status, 404);
        check_str(answer_header(&a, "Content-Type"),
                  cases[i].problem ? STR("application/problem+json") : STR("application/json"));
        check_str(
            a.body,
            cases[i].problem
                ? STR("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"Not "
                      "Found\",\"instance\":\"/no%20where\",\"code\":\"no_route\"}")
                : STR("{\"detail\":\"Not Found\"}"));
    }
}

/* --- the order of the stages ----------------------------------------------------------------------------------- */

static struct answer post_body(const char *who, const char *type, str body)
{
    return site_ask(
        &site,
        &(struct ask){.method = "POST", .target = "/api/v1/posts", .token = who, .type = type, .body = body});
}

/* Route, size, syntax, person, input: whatever comes later is not looked at. */
static void what_is_found_first(void **state)
{
    (void)state;
    struct answer a = post_body("nonsense", NULL, STR("{"));
    check_error(&a, 422, "json_invalid"); /* malformed JSON before authentication */
    a = post_body("nonsense", "text/plain", STR("{}"));
    check_error(&a, 415, "unsupported_media_type");
    a = post_body("nonsense", NULL, STR("\xff"));
    check_error(&a, 400, "body_unreadable");
    a = post_body("nonsense", NULL, STR("{}"));
    check_error(&a, 401, "invalid_token"); /* authentication before validation */
    a = post_body(NULL, NULL, STR("{}"));
    check_error(&a, 401, "unauthenticated");
    assert_int_equal(fake_db_count(), 0);
    a = post_body(token, NULL, STR("{}"));
    check_error(&a, 422, "validation_error");
    assert_int_equal(fake_db_count(), 1); /* the session, nothing else */
}

static void bodies_that_are_too_large(void **state)
{
    (void)state;
    enum { LIMIT = 1 << 20 };
    char *bytes = arena_alloc(&arena, LIMIT + 1);
    memset(bytes, ' ', LIMIT + 1);
    struct answer a = post_body(token, NULL, (str){bytes, LIMIT});
    check_error(&a, 422, "json_invalid");
    a = post_body(token, NULL, (str){bytes, LIMIT + 1});
    check_error(&a, 413, "body_too_large");
    a = site_ask(&site,
                 &(struct ask){.method = "GET", .target = "/api/v1/posts", .body = {bytes, LIMIT + 1}});
    check_error(&a, 413, "body_too_large");
    a = site_ask(&site, &(struct ask){.method = "PUT", .target = "/nowhere", .body = {bytes, LIMIT + 1}});
    check_error(&a, 404, "no_route");
}

static void path_query_and_body_are_judged_together(void **state)
{
    (void)state;
    struct answer a = site_ask(&site, &(struct ask){.method = "PUT",
                                                    .target = "/api/v1/posts/x/vote",
                                                    .token = token,
                                                    .body = STR("{\"vote_type\":1}")});
    check_error(&a, 422, "validation_error");
    struct json *answer = NULL;
    struct json_failure why;
    assert_int_equal(json_read(&arena, a.body, &json_default_limits, &answer, &why), JSON_READ_OK);
    const struct json *detail = json_member(answer, STR("detail"));
    assert_int_equal(detail->count, 2);
    check_str(json_member(detail->first, STR("loc"))->first->text, STR("path"));
    check_str(json_member(detail->first->next, STR("loc"))->first->text, STR("body"));
}

static void a_body_where_none_is_read_is_ignored(void **state)
{
    (void)state;
    struct answer a = site_ask(
        &site,
        &(struct ask){.method = "GET", .target = "/health/live", .body = STR("{"), .type = "text/plain"});
    assert_int_equal(a.status, 200);
    check_str(a.body, STR("{\"status\":\"ok\"}"));
}

static void a_request_that_is_none(void **state)
{
    (void)state;
    static const char *const headers[] = {"CONTENT_LENGTH=x", NULL};
    struct answer a =
        site_ask(&site, &(struct ask){.method = "GET", .target = "/health/live", .headers = headers});
    check_error(&a, 400, "bad_request");
}

/* --- the database ---------------------------------------------------------------------------------------------- */

static void no_connection(void **state)
{
    (void)state;
    fake_db_fail_step(FAKE_DB_READY, ERROR_UNAVAILABLE);
    struct answer a = ask("GET", "/health/live"); /* needs none */
    assert_int_equal(a.status, 200);
    a = ask("GET", "/health/ready");
    check_error(&a, 503, "database_unavailable");
    check_str(answer_header(&a, "Retry-After"), STR("1"));
    a = ask("GET", "/health/ready");
    assert_int_equal(a.status, 200);
}

static void metrics_without_a_pool_or_a_database(void **state)
{
    (void)state;
    struct answer a = ask("GET", "/metrics");
    assert_int_equal(a.status, 200);
    check_str(answer_header(&a, "Content-Type"), STR("text/plain; version=0.0.4; charset=utf-8"));
    assert_non_null(memmem(a.body.p, a.body.n, "\nquire_pool_up{pool=\"web\"} 0\n", 28));
    assert_non_null(memmem(a.body.p, a.body.n, "\nquire_database_up 1\n", 21));
    assert_non_null(
        memmem(a.body.p, a.body.n, "\nquire_queue_depth{queue=\"text\",state=\"running\"} 1\n", 51));
    fake_db_fail_step(FAKE_DB_READY, ERROR_UNAVAILABLE);
    a = ask("GET", "/metrics");
    assert_int_equal(a.status, 200);
    assert_non_null(memmem(a.body.p, a.body.n, "\nquire_database_up 0\n", 21));
    assert_null(memmem(a.body.p, a.body.n, "quire_queue_depth", 17));
    fake_db_fail(2, ERROR_CONNECTION_LOST, NULL);
    a = ask("GET", "/metrics");
    assert_int_equal(a.status, 200);
    assert_non_null(memmem(a.body.p, a.body.n, "\nquire_database_up 0\n", 21));
}

/* How many lines begin so. */
static unsigned lines(str text, const char *with)
{
    unsigned n = 0;
    for (size_t at = 0; at < text.n; at = str_find(text, '\n', at) + 1) {
        n += str_starts(str_slice(text, at, text.n), str_of(with));
    }
    return n;
}

static unsigned occurrences(const char *what)
{
    return lines(fake_db_log(), what);
}

/* A deadlock is tried again, nine times in all; statement 2 of each attempt is the INSERT, in a transaction because it
 * is read back. */
static void deadlocks_are_tried_again(void **state)
{
    (void)state;
    fake_db_old();
    for (unsigned attempt = 0; attempt < 9; attempt++) {
        fake_db_fail(2 * attempt + 2, ERROR_DEADLOCK, NULL);
    }
    struct answer a = post_body(token, NULL, STR("{\"title\":\"t\",\"content\":\"c\"}"));
    check_error(&a, 503, "deadlock");
    assert_int_equal(fake_db_count(), 18);
    assert_int_equal(occurrences("BEGIN"), 9);
    assert_int_equal(occurrences("ROLLBACK"), 9);
    assert_int_equal(occurrences("COMMIT"), 0);
}

/* That somebody held a lock for too long is no deadlock. */
static void locks_that_are_held_too_long(void **state)
{
    (void)state;
    fake_db_old();
    for (unsigned attempt = 0; attempt < 9; attempt++) {
        fake_db_fail(2 * attempt + 2, ERROR_LOCK_TIMEOUT, NULL);
    }
    struct answer a = post_body(token, NULL, STR("{\"title\":\"t\",\"content\":\"c\"}"));
    check_error(&a, 503, "lock_timeout");
    assert_int_equal(occurrences("ROLLBACK"), 9);
}

static void the_ninth_attempt_may_succeed(void **state)
{
    (void)state;
    fake_db_old();
    for (unsigned attempt = 0; attempt < 8; attempt++) {
        fake_db_fail(2 * attempt + 2, ERROR_DEADLOCK, NULL);
    }
    struct answer a = post_body(token, NULL, STR("{\"title\":\"t\",\"content\":\"c\"}"));
    assert_int_equal(a.status, 201);
    assert_int_equal(occurrences("COMMIT"), 1);
    /* nothing of the attempts before is left in the answer */
    assert_true(str_starts(a.body, STR("{\"id\":1,")));
    assert_int_equal(lines(a.head, "Location:"), 1);
}

static void a_failed_write_leaves_no_trace_in_the_answer(void **state)
{
    (void)state;
    fake_db_old();
    fake_db_fail_step(FAKE_DB_COMMIT, ERROR_OUTCOME_UNKNOWN);
    struct answer a = post_body(token, NULL, STR("{\"title\":\"t\",\"content\":\"c\"}"));
    check_error(&a, 503, "outcome_unknown");
    assert_int_equal(answer_header(&a, "Location").n, 0);
    check_str(a.body, STR("{\"detail\":\"Service Unavailable\"}"));
    check_str(answer_header(&a, "Retry-After"), STR("1"));
}

static void reads_need_no_transaction(void **state)
{
    (void)state;
    struct answer a = ask("GET", "/api/v1/posts/5/voters");
    assert_int_equal(a.status, 200);
    assert_int_equal(occurrences("BEGIN"), 0);
    assert_int_equal(occurrences("COMMIT"), 0);
}

static int set_up_private(void **state)
{
    static const char *const settings[] = {"PUBLIC_READ=false",      "BASE_PATH=/v9",
                                           "MAX_BODY_BYTES=1024",    "CORS_ORIGINS=*",
                                           "CORS_CREDENTIALS=false", NULL};
    return set_up_with(state, settings);
}

static void other_settings(void **state)
{
    (void)state;
    static const char *const headers[] = {"HTTP_ORIGIN=http://any.example", NULL};
    struct answer a =
        site_ask(&site, &(struct ask){.method = "GET", .target = "/v9/posts", .headers = headers});
    check_error(&a, 401, "unauthenticated");
    check_str(answer_header(&a, "WWW-Authenticate"), STR("Bearer"));
    check_str(answer_header(&a, "Access-Control-Allow-Origin"), STR("http://any.example"));
    assert_int_equal(answer_header(&a, "Access-Control-Allow-Credentials").n, 0);
    a = ask("GET", "/api/v1/posts");
    check_error(&a, 404, "no_route");
    a = site_ask(&site, &(struct ask){.method = "GET", .target = "/v9/posts", .token = token});
    assert_int_equal(a.status, 200);
    char large[1025];
    memset(large, ' ', sizeof large);
    a = site_ask(&site,
                 &(struct ask){.method = "POST", .target = "/v9/posts", .body = {large, sizeof large}});
    check_error(&a, 413, "body_too_large");
    a = site_ask(&site, &(struct ask){.method = "POST",
                                      .target = "/v9/posts",
                                      .token = token,
                                      .body = STR("{\"title\":\"t\",\"content\":\"c\"}")});
    check_str(answer_header(&a, "Location"), STR("/v9/posts/1"));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(paths_and_methods),
        CASE(options),
        CASE(preflights),
        CASE(errors_carry_the_cors_headers),
        CASE(who_has_gone),
        CASE(head),
        CASE(request_ids),
        CASE(problems_as_rfc_9457_has_them),
        CASE(what_is_found_first),
        CASE(bodies_that_are_too_large),
        CASE(path_query_and_body_are_judged_together),
        CASE(a_body_where_none_is_read_is_ignored),
        CASE(a_request_that_is_none),
        CASE(no_connection),
        CASE(metrics_without_a_pool_or_a_database),
        CASE(deadlocks_are_tried_again),
        CASE(locks_that_are_held_too_long),
        CASE(the_ninth_attempt_may_succeed),
        CASE(a_failed_write_leaves_no_trace_in_the_answer),
        CASE(reads_need_no_transaction),
        cmocka_unit_test_setup_teardown(other_settings, set_up_private, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
