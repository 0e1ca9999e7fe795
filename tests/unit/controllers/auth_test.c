/* controllers/auth: what a log-in keeps, and what it does with passwords. Its statements are in tests/golden. */
#include "controllers/auth.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/json_in.h"
#include "io/jwt.h"
#include "io/password.h"
#include "models/session.h"
#include "models/user.h"
#include "support/fake_db.h"
#include "support/site.h"
#include "support/unit.h"

enum { COST = 4, OTHER_COST = 5 };

static struct site site;
static struct value account[ACCOUNT__MAX];

/* An account with a password of that cost. */
static void store(unsigned cost)
{
    str hash = {0};
    assert_null(password_hash(&arena, cost, STR("correct horse"), &hash));
    account[ACCOUNT_ID] = value_int(7);
    account[ACCOUNT_PASSWORD_HASH] = value_text(hash);
    account[ACCOUNT_IS_ACTIVE] = value_bool(true);
}

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    site_open(&site, NULL);
    store(COST);
    fake_db_row(&user_by_login, account);
    return 0;
}

static int tear_down(void **state)
{
    site_close(&site);
    return arena_teardown(state);
}

static struct answer log_in(const char *password, const char *const *headers)
{
    str body = str_format(&arena, "{\"email\":\"ada@example.com\",\"password\":\"%s\"}", password);
    return site_ask(
        &site,
        &(struct ask){.method = "POST", .target = "/api/v1/auth/login", .body = body, .headers = headers});
}

static const struct json *parse(str text)
{
    struct json *json = NULL;
    struct json_failure why;
    assert_int_equal(json_read(&arena, text, &json_default_limits, &json, &why), JSON_READ_OK);
    return json;
}

static void the_token_is_good(void **state)
{
    (void)state;
    struct jwt_claims claims;
    struct answer a = log_in("correct horse", NULL);
    const struct json *token = parse(a.body);
    assert_int_equal(a.status, 200);
    check_str(answer_header(&a, "Cache-Control"), STR("no-store"));
    check_str(json_member(token, STR("token_type"))->text, STR("bearer"));
    check_str(json_member(token, STR("expires_in"))->text, STR("1800"));
    str text = json_member(token, STR("access_token"))->text;
    assert_null(jwt_verify(&arena, &site.keys.tokens, text, clock_now() / 1000000, &claims));
    assert_int_equal(claims.user_id, 7);
    assert_int_equal(claims.session_id, 1);
    assert_int_equal(claims.expires - claims.issued, 1800);
}

/* The line of the log that begins so. */
static str statement(const char *start)
{
    str log = fake_db_log();
    for (size_t at = 0; at < log.n; at = str_find(log, '\n', at) + 1) {
        str line = str_slice(log, at, str_find(log, '\n', at));
        if (str_starts(line, str_of(start))) {
            return line;
        }
    }
    return (str){0};
}

static void check_session(const char *agent, const char *want)
{
    const char *const headers[] = {str_format(&arena, "HTTP_USER_AGENT=%s", agent).p, NULL};
    fake_db_start(&arena);
    fake_db_row(&user_by_login, account);
    assert_int_equal(log_in("correct horse", headers).status, 200);
    str line = statement("INSERT INTO sessions ");
    str end = str_format(&arena, "%s, \"127.0.0.1\"]", want);
    check_str(str_slice(line, line.n - end.n, line.n), end);
    check_str(str_slice(line, line.n - end.n - 2, line.n - end.n), STR(", "));
}

/* So much of the browser's name as there is room for, cut between characters. */
static void what_is_kept_of_a_browser(void **state)
{
    (void)state;
    char long_name[1000];
    struct buf umlauts;
    check_session("", "null");
    check_session("curl/8", "\"curl/8\"");
    check_session("a\xff", "\"a\xef\xbf\xbd\"");
    memset(long_name, 'x', sizeof long_name);
    long_name[201] = '\0';
    check_session(long_name, str_format(&arena, "\"%.200s\"", long_name).p);
    long_name[200] = '\0';
    check_session(long_name, str_format(&arena, "\"%s\"", long_name).p);
    buf_init(&umlauts, &arena, 64, 1 << 16);
    for (int i = 0; i < 300; i++) {
        buf_lit(&umlauts, "ä");
    }
    str all = buf_view(&umlauts);
    check_session(str_c(&arena, all), str_format(&arena, "\"%.*s\"", 400, all.p).p);
}

/* A log-in is counted while the account has the hash that was checked; one of another cost is replaced by that. */
static void a_hash_of_another_cost_is_renewed(void **state)
{
    (void)state;
    assert_int_equal(log_in("correct horse", NULL).status, 200);
    check_str(statement("statement user_enter"),
              STR("statement user_enter  [<a hash of cost 04>, 7, <a hash of cost 04>]"));
    store(OTHER_COST);
    fake_db_start(&arena);
    fake_db_row(&user_by_login, account);
    assert_int_equal(log_in("correct horse", NULL).status, 200);
    check_str(statement("statement user_enter"),
              STR("statement user_enter  [<a hash of cost 04>, 7, <a hash of cost 05>]"));
    fake_db_start(&arena);
    fake_db_row(&user_by_login, account);
    assert_int_equal(log_in("wrong horse", NULL).status, 401);
    assert_int_equal(statement("statement user_enter").n, 0);
}

/* Somebody else has changed the password while this one was being checked. */
static void a_password_that_was_changed_meanwhile(void **state)
{
    (void)state;
    fake_db_find_nothing(2);
    struct answer a = log_in("correct horse", NULL);
    assert_int_equal(a.status, 401);
    check_str(a.body, STR("{\"detail\":\"Invalid credentials\"}"));
    assert_int_equal(statement("INSERT INTO sessions").n, 0);
    assert_int_equal(statement("COMMIT").n, 0);
}

static void who_may_not_enter(void **state)
{
    (void)state;
    account[ACCOUNT_IS_ACTIVE] = value_bool(false);
    struct answer a = log_in("correct horse", NULL);
    assert_int_equal(a.status, 403);
    check_str(answer_header(&a, "X-Error-Code"), STR("inactive_user"));
    a = log_in("wrong horse", NULL); /* of that only the owner hears */
    assert_int_equal(a.status, 401);
    check_str(answer_header(&a, "WWW-Authenticate"), STR("Bearer"));
}

/* Processor time that a refusal takes, the least of several. */
static double refusal(unsigned cost)
{
    double least = 1e9;
    for (int i = 0; i < 5; i++) {
        struct timespec before;
        struct timespec after;
        fake_db_start(&arena);
        if (cost == 0) {
            fake_db_find_nothing(1);
        } else {
            fake_db_row(&user_by_login, account);
        }
        (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
        assert_int_equal(log_in("wrong horse", NULL).status, 401);
        (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
        double seconds =
            (double)(after.tv_sec - before.tv_sec) + 1e-9 * (double)(after.tv_nsec - before.tv_nsec);
        least = seconds < least ? seconds : least;
    }
    return least;
}

static int set_up_costly(void **state)
{
    static const char *const settings[] = {"BCRYPT_COST=9", NULL};
    (void)arena_setup(state);
    fake_db_start(&arena);
    site_open(&site, settings);
    return 0;
}

/* Nobody can tell by the clock whether there is an account, nor how old its hash is. */
static void every_refusal_takes_as_long(void **state)
{
    (void)state;
    double unknown = refusal(0);
    for (unsigned cost = 4; cost <= 9; cost++) {
        store(cost);
        double known = refusal(cost);
        print_message("cost %u: %.4f s, nobody: %.4f s\n", cost, known, unknown);
        assert_true(known > 0.75 * unknown && known < 1.35 * unknown);
    }
}

/* POST /users gives a name to whoever brings none. */
static void names_that_are_made_up(void **state)
{
    (void)state;
    static const str body = STR_INIT("{\"email\":\"cyd@example.com\",\"password\":\"battery staple\"}");
    str names[2];
    for (int i = 0; i < 2; i++) {
        fake_db_start(&arena);
        struct answer a =
            site_ask(&site, &(struct ask){.method = "POST", .target = "/api/v1/users", .body = body});
        assert_int_equal(a.status, 201);
        str line = statement("INSERT INTO users");
        const char *name = memmem(line.p, line.n, "\"user-", 6);
        assert_non_null(name);
        names[i] = str_copy(&arena, (str){name, sizeof "\"user-b302099a8057\"" - 1});
        assert_int_equal(names[i].p[names[i].n - 1], '"');
    }
    assert_false(str_eq(names[0], names[1]));
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_token_is_good),
        CASE(what_is_kept_of_a_browser),
        CASE(a_hash_of_another_cost_is_renewed),
        CASE(a_password_that_was_changed_meanwhile),
        CASE(who_may_not_enter),
        CASE(names_that_are_made_up),
        cmocka_unit_test_setup_teardown(every_refusal_takes_as_long, set_up_costly, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
