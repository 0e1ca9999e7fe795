/* http/tokens: what a refresh token stands for at what time. Its statements are in tests/golden, its races in
 * tests/api/refresh.test.mjs. */
#include "http/tokens.h"

#include <string.h>

#include "base/clock.h"
#include "conf/settings.h"
#include "http/cors.h"
#include "io/db.h"
#include "models/refresh.h"
#include "models/session.h"
#include "support/fake_db.h"
#include "support/unit.h"

static const int64_t second = 1000000;
static const int64_t day = 86400 * 1000000LL;

static struct settings settings;
static struct request request;
static struct reply reply;
static struct call call;
static struct value found[2];
static struct value session[2];
static struct value held[REFRESH_HELD__MAX];
static int64_t now;

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    now = clock_now();
    settings = (struct settings){
        .refresh_token_expire_days = 14, .session_expire_days = 30, .access_token_expire_minutes = 30};
    request = (struct request){0};
    reply_init(&reply, &arena);
    call = (struct call){
        .arena = &arena, .db = db_new(NULL), .settings = &settings, .request = &request, .reply = &reply};
    found[0] = value_int(12);
    found[1] = value_int(7);
    session[SESSION_HELD_CREATED_AT] = value_time(now - day);
    session[SESSION_HELD_EXPIRES_AT] = value_time(now + day);
    held[REFRESH_HELD_EXPIRES_AT] = value_time(now + day);
    held[REFRESH_HELD_USED_AT] = value_null();
    fake_db_row(&refresh_find, found);
    fake_db_row(&session_hold, session);
    fake_db_row(&refresh_hold, held);
    db_want_transaction(call.db);
    return 0;
}

static bool renewed(struct tokens *t)
{
    bool good = false;
    assert_null(tokens_renew(&call, STR("a token"), t, &good));
    return good;
}

static bool noted(const char *statement)
{
    return strstr(str_c(&arena, fake_db_log()), statement) != NULL;
}

static void a_fresh_one(void **state)
{
    (void)state;
    struct tokens t;
    assert_true(renewed(&t));
    assert_int_equal(t.user_id, 7);
    assert_int_equal(t.session_id, 12);
    assert_int_equal(t.refresh.n, TOKENS_REFRESH_TEXT);
    assert_in_range(t.refresh_expires, now + 14 * day, now + 14 * day + 60 * second);
    assert_true(noted("UPDATE refresh_tokens SET used_at = ?"));
    assert_true(noted("UPDATE sessions SET last_used_at = ?, expires_at = ?"));
    assert_true(noted("INSERT INTO refresh_tokens"));
    assert_false(noted("DELETE FROM sessions"));
}

/* The session's row comes first: so nobody waits for somebody who waits for them. */
static void the_order_of_locks(void **state)
{
    (void)state;
    struct tokens t;
    assert_true(renewed(&t));
    const char *log = str_c(&arena, fake_db_log());
    assert_true(strstr(log, "refresh_find") < strstr(log, "BEGIN"));
    assert_true(strstr(log, "BEGIN") < strstr(log, "session_hold"));
    assert_true(strstr(log, "session_hold") < strstr(log, "refresh_hold"));
    assert_true(strstr(log, "refresh_hold") < strstr(log, "UPDATE"));
}

/* Its first use is what counts: a second one does not lengthen the grace. */
static void within_the_grace(void **state)
{
    (void)state;
    static const int64_t ago[] = {-5, 0, 1, TOKENS_GRACE_SECONDS - 5};
    for (size_t i = 0; i < LENGTH(ago); i++) {
        struct tokens t;
        held[REFRESH_HELD_USED_AT] = value_time(clock_now() - ago[i] * second);
        assert_true(renewed(&t));
        assert_false(noted("SET used_at"));
        assert_false(noted("DELETE FROM sessions"));
    }
}

static void after_the_grace(void **state)
{
    (void)state;
    struct tokens t;
    held[REFRESH_HELD_USED_AT] = value_time(now - (TOKENS_GRACE_SECONDS + 1) * second);
    assert_false(renewed(&t));
    assert_true(noted("DELETE FROM sessions WHERE id = ?  [12]"));
    assert_true(noted("INSERT INTO audit_events"));
    assert_false(noted("INSERT INTO refresh_tokens"));
}

static void what_is_over(void **state)
{
    (void)state;
    struct tokens t;
    held[REFRESH_HELD_USED_AT] = value_time(now - day); /* and that tells of no theft any more */
    held[REFRESH_HELD_EXPIRES_AT] = value_time(now);
    assert_false(renewed(&t));
    held[REFRESH_HELD_USED_AT] = value_null();
    assert_false(renewed(&t));
    held[REFRESH_HELD_EXPIRES_AT] = value_time(now + day);
    session[SESSION_HELD_EXPIRES_AT] = value_time(now);
    assert_false(renewed(&t));
    session[SESSION_HELD_EXPIRES_AT] = value_time(now + day);
    session[SESSION_HELD_CREATED_AT] = value_time(now - 30 * day); /* the longest life, as it is set now */
    assert_false(renewed(&t));
    assert_false(noted("INSERT"));
    assert_false(noted("DELETE FROM sessions"));
}

static void nothing_found(void **state)
{
    (void)state;
    for (unsigned nth = 1; nth <= 3; nth++) {
        struct tokens t;
        fake_db_start(&arena);
        fake_db_row(&refresh_find, found);
        fake_db_row(&session_hold, session);
        fake_db_row(&refresh_hold, held);
        fake_db_find_nothing(nth);
        assert_false(renewed(&t));
        assert_false(noted("INSERT"));
    }
}

/* Not over the longest life of a session. */
static void the_end_comes_nearer(void **state)
{
    (void)state;
    struct tokens t;
    session[SESSION_HELD_CREATED_AT] = value_time(now - 29 * day);
    assert_true(renewed(&t));
    assert_int_equal(t.refresh_expires, now + day);
}

/* Where an access token is good for longer than a refresh token, the session lasts as long as that. */
static void an_access_token_that_lasts_longer(void **state)
{
    (void)state;
    struct tokens t;
    settings.refresh_token_expire_days = 1;
    settings.access_token_expire_minutes = 3 * 365 * 1440; /* what is further away than a year is shown */
    settings.session_expire_days = 10 * 365;
    assert_true(renewed(&t));
    assert_in_range(t.refresh_expires, now + day, now + day + 60 * second);
    assert_true(noted("SET last_used_at = ?, expires_at = ? WHERE id = ?  [<about now>, 2"));
}

static void tokens_are_never_the_same(void **state)
{
    (void)state;
    struct tokens a;
    struct tokens b;
    assert_true(renewed(&a));
    assert_true(renewed(&b));
    assert_false(str_eq(a.refresh, b.refresh));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_fresh_one),
        CASE(the_order_of_locks),
        CASE(within_the_grace),
        CASE(after_the_grace),
        CASE(what_is_over),
        CASE(nothing_found),
        CASE(the_end_comes_nearer),
        CASE(an_access_token_that_lasts_longer),
        CASE(tokens_are_never_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
