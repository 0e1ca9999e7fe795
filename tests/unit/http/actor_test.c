/* http/actor: who asks: the header, the token, and what the row behind it says. */
#include "http/actor.h"

#include "base/clock.h"
#include "conf/settings.h"
#include "http/cors.h"
#include "http/crud.h"
#include "io/db.h"
#include "io/jwt.h"
#include "models/role.h"
#include "models/session.h"
#include "support/fake_db.h"
#include "support/unit.h"

static struct settings settings;
static struct request request;
static struct jwt_ring ring;
static struct call call;
static struct value bearer[BEARER__MAX];
static const unsigned char user_uid[16] = {0x01, 0x89, 0x0a, 0x5d};

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    settings = (struct settings){.public_read = true};
    request = (struct request){0};
    ring = (struct jwt_ring){.algorithm = STR("HS256"), .issuer = STR("quire"), .audience = STR("quire")};
    call = (struct call){
        .arena = &arena, .db = db_new(NULL), .settings = &settings, .token_key = &ring, .request = &request};
    fake_db_bearer(bearer, user_uid);
    return jwt_add_secret(&arena, &ring, STR("0123456789abcdef0123456789abcdef")) == NULL ? 0 : 1;
}

static void send(const char *header)
{
    request.authorization = str_of(header);
    request.has_authorization = true;
}

static str token(int64_t lives)
{
    str text = {0};
    int64_t now = clock_now() / 1000000;
    const struct jwt_claims claims = {.user_id = 7, .session_id = 12, .issued = now, .expires = now + lives};
    assert_null(jwt_sign(&arena, &ring, &claims, &text));
    return text;
}

static void send_token(void)
{
    send(str_format(&arena, "Bearer %.*s", STR_ARGS(token(60))).p);
}

static void check_refused(enum access access, enum error_code code, const char *says)
{
    err e = actor_identify(&call, access);
    assert_non_null(e);
    assert_int_equal(e->code, code);
    check_str(e->detail, str_of(says));
}

static void check_passes(enum access access, bool signed_in, unsigned statements)
{
    call.actor = (struct actor){0};
    err e = actor_identify(&call, access);
    if (e != NULL) {
        fail_msg("%.*s", STR_ARGS(e->detail));
    }
    assert_int_equal(call.actor.signed_in, signed_in);
    assert_int_equal(fake_db_count(), statements);
}

static void without_a_token(void **state)
{
    (void)state;
    check_passes(ACCESS_OPEN, false, 0);
    check_passes(ACCESS_READ, false, 0);
    check_refused(ACCESS_USER, ERROR_UNAUTHENTICATED, "Not authenticated");
    check_refused(ACCESS_ADMIN, ERROR_UNAUTHENTICATED, "Not authenticated");
    settings.public_read = false;
    check_refused(ACCESS_READ, ERROR_UNAUTHENTICATED, "Not authenticated");
    check_passes(ACCESS_OPEN, false, 0);
    assert_int_equal(fake_db_count(), 0);
}

static void headers_that_are_no_bearer(void **state)
{
    (void)state;
    static const char *const headers[] = {"",          "Bearer",  "Bearer ",   "Bearer    ", "Basic YTpi",
                                          "bearerx y", "Token x", "xBearer y", " Bearer x"};
    for (size_t i = 0; i < LENGTH(headers); i++) {
        send(headers[i]);
        check_refused(ACCESS_USER, ERROR_UNAUTHENTICATED, "Not authenticated");
        check_refused(ACCESS_READ, ERROR_UNAUTHENTICATED, "Not authenticated"); /* sent, so it must be good */
        assert_null(actor_identify(&call, ACCESS_OPEN)); /* … where it is looked at */
    }
    assert_int_equal(fake_db_count(), 0);
}

static void tokens_that_do_not_hold(void **state)
{
    (void)state;
    str good = token(60);
    const char *const headers[] = {"Bearer x", "Bearer a.b.c", "Bearer a b",
                                   str_format(&arena, "Bearer %.*sx", STR_ARGS(good)).p,
                                   str_format(&arena, "Bearer %.*s", STR_ARGS(token(-1))).p};
    for (size_t i = 0; i < LENGTH(headers); i++) {
        send(headers[i]);
        err e = actor_identify(&call, ACCESS_USER);
        assert_non_null(e);
        assert_int_equal(e->code, ERROR_INVALID_TOKEN);
        assert_false(call.actor.signed_in);
    }
    assert_int_equal(fake_db_count(), 0); /* the database is not asked about such */
}

static void a_good_token(void **state)
{
    (void)state;
    send_token();
    check_passes(ACCESS_USER, true, 1);
    assert_int_equal(call.actor.user_id, 7);
    assert_int_equal(call.actor.session_id, 12);
    check_str(call.actor.username, STR("ada"));
    assert_false(call.actor.admin);
    check_str(fake_db_log(), STR("statement session_bearer  [12, 7]\n"));
    send(str_format(&arena, "bEARER   %.*s ", STR_ARGS(token(60))).p);
    check_passes(ACCESS_READ, true, 2);
    check_passes(ACCESS_OPEN, false, 2);
}

/* Who makes a row of their own is not asked for roles, but where times are shown to admins. */
static void who_makes_a_row(void **state)
{
    const struct route makes = {METHOD_POST, "/posts", crud_create, ACCESS_USER, .crud = NULL};
    const struct route makes_tags = {METHOD_POST, "/tags", crud_create, ACCESS_MODERATOR, .crud = NULL};
    struct value rights = value_int(RIGHT_ADMIN);
    (void)state;
    bearer[BEARER_ROLE_ID] = value_int(1);
    fake_db_row(&role_rights, &rights);
    send_token();
    call.route = &makes;
    check_passes(ACCESS_USER, true, 1);
    assert_false(call.actor.admin);
    check_str(fake_db_log(), STR("statement session_bearer_alone  [12, 7]\n"));
    settings.server_timing = true;
    check_passes(ACCESS_USER, true, 3);
    assert_true(call.actor.admin);
    settings.server_timing = false;
    call.route = &makes_tags;
    check_passes(ACCESS_MODERATOR, true, 5);
}

static void what_the_session_says(void **state)
{
    (void)state;
    send_token();
    bearer[BEARER_EXPIRES_AT] = value_time(clock_now() - 1);
    check_refused(ACCESS_USER, ERROR_INVALID_TOKEN, "Could not validate credentials");
    bearer[BEARER_EXPIRES_AT] = value_time(clock_now() + 1000000);
    bearer[BEARER_IS_ACTIVE] = value_bool(false);
    check_refused(ACCESS_READ, ERROR_INVALID_TOKEN, "Inactive user");
    bearer[BEARER_IS_ACTIVE] = value_bool(true);
    fake_db_find_nothing(3);
    check_refused(ACCESS_USER, ERROR_INVALID_TOKEN, "Could not validate credentials");
    fake_db_fail(4, ERROR_CONNECTION_LOST, NULL);
    check_refused(ACCESS_USER, ERROR_CONNECTION_LOST, "Service Unavailable");
    assert_false(call.actor.signed_in);
    assert_int_equal(fake_db_count(), 4);
}

static void admins(void **state)
{
    (void)state;
    send_token();
    check_refused(ACCESS_ADMIN, ERROR_FORBIDDEN, "Not authorized to perform requested action");
    struct value rights = value_int(RIGHT_MODERATOR);
    bearer[BEARER_ROLE_ID] = value_int(5);
    fake_db_row(&role_rights, &rights);
    check_refused(ACCESS_ADMIN, ERROR_FORBIDDEN, "Not authorized to perform requested action");
    assert_true(call.actor.moderator);
    rights = value_int(RIGHT_ADMIN);
    check_passes(ACCESS_ADMIN, true, 5); /* who has a role costs a second statement */
    assert_true(call.actor.admin);
    assert_true(call.actor.moderator);
    rights = value_int(0); /* a role that gives no rights, or none any more */
    check_refused(ACCESS_MODERATOR, ERROR_FORBIDDEN, "Not authorized to perform requested action");
    fake_db_fail(9, ERROR_CONNECTION_LOST, NULL);
    check_refused(ACCESS_ADMIN, ERROR_CONNECTION_LOST, "Service Unavailable");
}

/* The token in a cookie, for the kinds of requests. */
static void a_cookie(void **state)
{
    (void)state;
    struct reply reply;
    struct cors cors = {.count = 0};
    reply_init(&reply, &arena);
    settings.cookie_secure = STR("on");
    settings.site_url = STR("https://quire.example");
    call.reply = &reply;
    call.cors = &cors;
    request.cookie = str_format(&arena, "__Host-quire_access=%.*s", STR_ARGS(token(60)));
    check_passes(ACCESS_USER, true, 1);
    request.method = METHOD_HEAD;
    check_passes(ACCESS_READ, true, 2);
    check_passes(ACCESS_OPEN, false, 2);
    for (int method = METHOD_POST; method <= METHOD_DELETE; method++) {
        request.method = (enum method)method;
        request.origin = STR("https://evil.example");
        call.actor = (struct actor){0};
        err e = actor_identify(&call, ACCESS_USER);
        assert_non_null(e);
        assert_int_equal(e->code, ERROR_FOREIGN_ORIGIN);
        assert_false(call.actor.signed_in);
        request.origin = STR("https://quire.example");
        check_passes(ACCESS_USER, true, 3 + (unsigned)(method - METHOD_POST));
    }
    request.has_authorization = true; /* that goes before the cookie, whatever it holds */
    check_refused(ACCESS_USER, ERROR_UNAUTHENTICATED, "Not authenticated");
    send_token();
    request.origin = STR("https://evil.example");
    check_passes(ACCESS_USER, true, 7);
}

/* Where the route says so, and only there, and only for who has no good access token and sends no other. */
static void a_refresh_cookie(void **state)
{
    (void)state;
    struct reply reply;
    struct cors cors = {.count = 0};
    struct route route = {.by_refresh = true};
    reply_init(&reply, &arena);
    settings.cookie_secure = STR("on");
    settings.site_url = STR("https://quire.example");
    call.reply = &reply;
    call.cors = &cors;
    request.method = METHOD_POST;
    request.origin = STR("https://quire.example");
    request.cookie = STR("__Host-quire_refresh=x; __Host-quire_access=a.b.c");
    check_refused(ACCESS_USER, ERROR_INVALID_TOKEN, "Unauthorized");
    call.route = &route;
    check_passes(ACCESS_USER, true, 2); /* the token, and the session */
    call.actor = (struct actor){0};
    fake_db_find_nothing(3);
    check_refused(ACCESS_USER, ERROR_INVALID_TOKEN, "Unauthorized");
    fake_db_fail(4, ERROR_UNAVAILABLE, NULL);
    err e = actor_identify(&call, ACCESS_USER);
    assert_int_equal(error_sure(e)->code, ERROR_UNAVAILABLE);
    request.origin = STR("https://evil.example");
    e = actor_identify(&call, ACCESS_USER);
    assert_int_equal(error_sure(e)->code, ERROR_FOREIGN_ORIGIN);
    request.cookie = STR("__Host-quire_refresh=x");
    e = actor_identify(&call, ACCESS_USER);
    assert_int_equal(error_sure(e)->code, ERROR_FOREIGN_ORIGIN);
    request.has_authorization = true;
    check_refused(ACCESS_USER, ERROR_UNAUTHENTICATED, "Not authenticated");
    assert_int_equal(fake_db_count(), 4);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(without_a_token),
        CASE(headers_that_are_no_bearer),
        CASE(tokens_that_do_not_hold),
        CASE(a_good_token),
        CASE(who_makes_a_row),
        CASE(what_the_session_says),
        CASE(admins),
        CASE(a_cookie),
        CASE(a_refresh_cookie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
