/* http/limit: whom a limit counts, what it says, and what it asks of the database. That the counting is right is shown
 * by tests/api/limits.test.mjs on a real one. */
#include "http/limit.h"

#include <string.h>

#include "conf/settings.h"
#include "http/route.h"
#include "io/db.h"
#include "io/digest.h"
#include "models/account.h"
#include "support/fake_db.h"
#include "support/unit.h"

enum { SECOND = 1000000 };

static struct settings settings;
static struct request request;
static struct route route;
static struct reply reply;
static struct value body[LOGIN__MAX];
static struct call call;

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    settings = (struct settings){.limit_login = STR("10/60s"),
                                 .limit_login_account = STR("4/60s"),
                                 .login_failures = 3,
                                 .limit_register = STR("off"),
                                 .limit_generate = STR("5/10s"),
                                 .limit_mail_account = STR("1/1h")};
    request = (struct request){.method = METHOD_POST, .remote_address = STR("192.0.2.7")};
    route = (struct route){
        .method = METHOD_POST, .body = &login_form, .limits = {&limit_login, &limit_login_place}};
    body[LOGIN_EMAIL] = value_text(STR("Ada@example.com"));
    reply_init(&reply, &arena);
    call = (struct call){.arena = &arena,
                         .db = db_new(NULL),
                         .settings = &settings,
                         .digest_key = digest_key_new(&arena, STR("secret")),
                         .request = &request,
                         .route = &route,
                         .body = body,
                         .actor = {.signed_in = true, .user_id = 7},
                         .reply = &reply};
    return 0;
}

static int tear_down(void **state)
{
    db_free(call.db);
    return arena_teardown(state);
}

static void only(const struct limit *limit)
{
    route.limits[0] = limit;
    route.limits[1] = NULL;
}

static void check_headers(const char *want)
{
    reply_init(&reply, &arena);
    limits_show(&call);
    check_str(buf_view(&reply.headers), str_of(want));
}

/* What is asked, and of which row. */
static str asked(void)
{
    fake_db_start(&arena);
    call.limited = (struct limited){0};
    assert_null(limits_take(&call));
    return str_copy(&arena, fake_db_log());
}

static void without_limits_nothing_is_asked(void **state)
{
    (void)state;
    only(NULL);
    assert_null(limits_take(&call));
    only(&limit_register); /* off */
    call.limited.taken = 0;
    (void)asked();
    assert_true(call.limited.limit == 0);
    check_headers("");
}

static void what_an_answer_says(void **state)
{
    (void)state;
    only(&limit_login);
    fake_db_key(0); /* a new row */
    assert_null(limits_take(&call));
    check_headers("RateLimit-Limit: 10\r\nRateLimit-Remaining: 9\r\nRateLimit-Reset: 6\r\n");
    call.limited = (struct limited){0};
    fake_db_key(59 * SECOND + 1);
    assert_null(limits_take(&call));
    check_headers("RateLimit-Limit: 10\r\nRateLimit-Remaining: 0\r\nRateLimit-Reset: 60\r\n");
    call.limited = (struct limited){0};
    fake_db_key(60 * SECOND); /* the last one */
    assert_null(limits_take(&call));
    call.limited = (struct limited){0};
    fake_db_key(60 * SECOND + 1);
    err e = limits_take(&call);
    assert_int_equal(error_sure(e)->code, ERROR_TOO_MANY);
    assert_int_equal(e->retry_after, 1);
    check_str(e->detail, STR("too many requests: try again in 1 s"));
    assert_string_equal(call.limited.refused_by, "login");
    check_headers("RateLimit-Limit: 10\r\nRateLimit-Remaining: 0\r\nRateLimit-Reset: 1\r\n");
}

static void whom_it_counts(void **state)
{
    (void)state;
    only(&limit_login);
    str first = asked();
    call.actor.user_id = 8; /* no matter who */
    body[LOGIN_EMAIL] = value_text(STR("bob@example.com"));
    check_str(asked(), first);
    request.remote_address = STR("192.0.2.8");
    assert_false(str_eq(asked(), first));
    only(&limit_generate);
    first = asked();
    request.remote_address = STR("192.0.2.7"); /* no matter where */
    check_str(asked(), first);
    call.actor.user_id = 7;
    assert_false(str_eq(asked(), first));
    only(&limit_mail_verify);
    first = asked();
    body[LOGIN_EMAIL] = value_text(STR("BOB@example.com"));
    check_str(asked(), first);
    body[LOGIN_EMAIL] = value_text(STR("bob@example.org"));
    assert_false(str_eq(asked(), first));
}

/* Another limit has another row for the same address, and other secrets have other rows. */
static void rows_of_their_own(void **state)
{
    (void)state;
    settings.limit_register = settings.limit_login;
    only(&limit_login);
    str first = asked();
    only(&limit_register);
    assert_false(str_eq(asked(), first));
    only(&limit_login);
    call.digest_key = digest_key_new(&arena, STR("another"));
    assert_false(str_eq(asked(), first));
}

/* A replay counts nothing twice; what had not been counted yet is. */
static void a_request_that_is_run_again(void **state)
{
    (void)state;
    only(&limit_login);
    assert_null(limits_take(&call));
    unsigned before = fake_db_count();
    assert_null(limits_take(&call));
    assert_int_equal(fake_db_count(), before);
    tear_down(state);
    set_up(state);
    fake_db_fail(2, ERROR_OUTCOME_UNKNOWN, NULL);
    fake_db_key(0);
    err e = limits_take(&call);
    assert_int_equal(error_sure(e)->code, ERROR_CONNECTION_LOST); /* so dispatch runs it again */
    assert_int_equal(call.limited.taken, 1);
    assert_null(limits_take(&call));
    str log = fake_db_log();
    size_t takes = 0;
    for (size_t at = 0; at < log.n; at = str_find(log, '\n', at) + 1) {
        takes += str_starts(str_slice(log, at, log.n), STR("statement limit_take"));
    }
    assert_int_equal(takes, 2); /* of the address once, and that of unknown places */
}

static void a_deadlock_is_tried_again(void **state)
{
    (void)state;
    only(&limit_login);
    fake_db_fail(1, ERROR_DEADLOCK, NULL);
    fake_db_fail(2, ERROR_DEADLOCK, NULL);
    assert_null(limits_take(&call));
    assert_true(fake_db_count() >= 3);
}

static void places(void **state)
{
    (void)state;
    only(&limit_login_place);
    fake_db_key(1); /* known, and free */
    assert_true(str_starts(asked(), STR("statement place_try  [")));
    assert_true(call.limited.place_tried);
    assert_true(call.limited.limit == 0); /* it shares nothing with unknown ones */
    fake_db_start(&arena);
    call.limited = (struct limited){0};
    fake_db_key((int64_t)1500000 << 1 | 1); /* known, but it must wait */
    err e = limits_take(&call);
    assert_int_equal(error_sure(e)->code, ERROR_TOO_MANY);
    assert_int_equal(e->retry_after, 2);
    assert_string_equal(call.limited.refused_by, "login_failures");
    check_headers("RateLimit-Limit: 3\r\nRateLimit-Remaining: 0\r\nRateLimit-Reset: 2\r\n");
    fake_db_start(&arena);
    call.limited = (struct limited){0};
    fake_db_key(0); /* unknown */
    assert_null(limits_take(&call));
    check_headers("RateLimit-Limit: 4\r\nRateLimit-Remaining: 3\r\nRateLimit-Reset: 15\r\n");
    fake_db_start(&arena);
    assert_null(limits_welcome(&call));
    assert_true(str_starts(fake_db_log(), STR("statement place_welcome  [")));
}

static void without_a_place_nobody_is_welcomed(void **state)
{
    (void)state;
    settings.login_failures = 0;
    settings.limit_login_account = STR("off");
    only(&limit_login_place);
    assert_null(limits_take(&call));
    assert_false(call.limited.place_tried);
    fake_db_start(&arena);
    assert_null(limits_welcome(&call));
    assert_int_equal(fake_db_count(), 0);
}

/* Who is welcomed by another name, or after no try at all, is welcomed at the place of that name. */
static void welcome_as(void **state)
{
    (void)state;
    only(&limit_login_place);
    body[LOGIN_EMAIL] = value_text(STR("ada@example.com"));
    assert_null(limits_take(&call));
    fake_db_start(&arena);
    assert_null(limits_welcome(&call));
    str as_logged_in = str_copy(&arena, fake_db_log());
    fake_db_start(&arena);
    call.limited = (struct limited){0};
    assert_null(limits_welcome_as(&call, STR("ada@example.com")));
    check_str(fake_db_log(), as_logged_in);
    fake_db_start(&arena);
    assert_null(limits_welcome_as(&call, STR("ada")));
    assert_int_equal(fake_db_count(), 1);
    assert_false(str_eq(fake_db_log(), as_logged_in));
    settings.login_failures = 0;
    assert_null(limits_welcome_as(&call, STR("ada"))); /* what unknown places share is counted still */
    assert_int_equal(fake_db_count(), 2);
    settings.limit_login_account = STR("off");
    assert_null(limits_welcome_as(&call, STR("ada")));
    assert_int_equal(fake_db_count(), 2);
}

static void without_an_address_no_mail_is_counted(void **state)
{
    (void)state;
    settings.limit_mail = STR("3/1h");
    body[ACCOUNT_EMAIL] = (struct value){.kind = VALUE_ABSENT};
    route.body = &account_form;
    route.limits[0] = &limit_mail;
    route.limits[1] = &limit_mail_verify;
    check_str(asked(), STR(""));
    body[ACCOUNT_EMAIL] = value_text(STR("ada@example.com"));
    str both = asked();
    assert_int_equal(fake_db_count(), 2);
    only(&limit_mail_reset); /* counted apart */
    assert_true(str_starts(asked(), STR("statement limit_take")));
    assert_true(strstr(str_c(&arena, both), str_c(&arena, fake_db_log())) == NULL);
}

/* Both tables, behind what was counted; where nothing is counted, nothing is dropped. */
static void a_purge(void **state)
{
    (void)state;
    only(&limit_login);
    fake_db_purge(true);
    assert_null(limits_take(&call));
    str log = fake_db_log();
    size_t second = str_find(log, '\n', 0) + 1;
    check_str(str_slice(log, second, log.n), STR("statement limit_purge\nstatement place_purge\n"));
    fake_db_start(&arena);
    fake_db_purge(true);
    only(&limit_register); /* off */
    call.limited = (struct limited){0};
    assert_null(limits_take(&call));
    assert_int_equal(fake_db_count(), 0);
}

static void declarations(void **state)
{
    (void)state;
    assert_null(limits_mistake(&route));
    route.body = NULL;
    assert_non_null(limits_mistake(&route));
    only(&limit_login);
    assert_null(limits_mistake(&route));
    route.no_database = true;
    assert_non_null(limits_mistake(&route));
    route.no_database = false;
    only(&limit_generate);
    route.access = ACCESS_READ;
    assert_non_null(limits_mistake(&route));
    route.access = ACCESS_USER;
    assert_null(limits_mistake(&route));
    only(&limit_mail_verify);
    route.body = &grant_form; /* has a username, and no e-mail address */
    assert_non_null(limits_mistake(&route));
    only(&limit_login_place);
    assert_null(limits_mistake(&route));
    only(&limit_mail); /* by address, but of mails */
    assert_non_null(limits_mistake(&route));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(without_limits_nothing_is_asked),
        CASE(what_an_answer_says),
        CASE(whom_it_counts),
        CASE(rows_of_their_own),
        CASE(a_request_that_is_run_again),
        CASE(a_deadlock_is_tried_again),
        CASE(places),
        CASE(without_a_place_nobody_is_welcomed),
        CASE(welcome_as),
        CASE(without_an_address_no_mail_is_counted),
        CASE(a_purge),
        CASE(declarations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
