/* http/idempotency: which requests have a key, what is kept of them, and what who comes second is told. */
#include "http/idempotency.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/route.h"
#include "io/db.h"
#include "io/digest.h"
#include "models/idempotency.h"
#include "support/fake_db.h"
#include "support/unit.h"

enum { KEY_BYTES = 32 };

static struct request request;
static struct route route;
static struct reply reply;
static struct call call;

static int set_up(void **state)
{
    (void)arena_setup(state);
    fake_db_start(&arena);
    request = (struct request){.method = METHOD_POST,
                               .path = STR("/api/v1/posts"),
                               .query = STR(""),
                               .body = STR("{\"a\":1}"),
                               .has_idempotency_key = true,
                               .idempotency_key = STR("key")};
    route = (struct route){.method = METHOD_POST};
    reply_init(&reply, &arena);
    call = (struct call){.arena = &arena,
                         .db = db_new(NULL),
                         .digest_key = digest_key_new(&arena, STR("secret")),
                         .request = &request,
                         .route = &route,
                         .actor = {.signed_in = true, .user_id = 7},
                         .reply = &reply};
    db_want_transaction(call.db);
    return log_open("/dev/null") ? 0 : 1;
}

/* --- the form of a key ---------------------------------------------------------------------------------------- */

static void check_key(str key, const char *type)
{
    struct problems problems;
    problems_init(&problems, &arena);
    request.idempotency_key = key;
    idempotency_check(&call, &problems);
    if (type == NULL) {
        assert_null(problems_err(&problems));
        return;
    }
    str start =
        str_format(&arena, "[{\"type\":\"%s\",\"loc\":[\"header\",\"idempotency-key\"],\"msg\":\"", type);
    assert_non_null(problems_err(&problems));
    assert_true(str_starts(problems_err(&problems)->problems, start));
    assert_int_equal(problems.count, 1);
}

static void keys_as_they_should_be(void **state)
{
    (void)state;
    char text[IDEMPOTENCY_KEY_MAX + 1];
    memset(text, 'k', sizeof text);
    check_key(STR("k"), NULL);
    check_key(STR("\"8e03978e-40d5-43e8-bc93-6894a57f9324\" !~"), NULL);
    check_key((str){text, IDEMPOTENCY_KEY_MAX}, NULL);
    check_key((str){text, IDEMPOTENCY_KEY_MAX + 1}, "string_too_long");
    check_key(STR(""), "string_too_short");
    check_key(STR("a\tb"), "string_pattern_mismatch");
    check_key(STR("\x7f"), "string_pattern_mismatch");
    check_key(STR("\xc3\xa4"), "string_pattern_mismatch");
    check_key((str){"a\0b", 3}, "string_pattern_mismatch");
}

/* Without a key, for another method, and where an answer is secret, nothing is asked of the database. */
static void where_a_key_means_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        bool replayed = true;
        request.has_idempotency_key = i != 0;
        route.method = i == 1 ? METHOD_PUT : METHOD_POST;
        route.no_replay = i == 2;
        check_key(STR(""), NULL);
        assert_null(idempotency_begin(&call, &replayed));
        assert_false(replayed);
        assert_int_equal(call.taken_key.kind, VALUE_ABSENT);
        assert_null(idempotency_keep(&call));
        idempotency_keep_refusal(&call);
    }
    call.route = NULL; /* none was found */
    check_key(STR(""), NULL);
    assert_int_equal(fake_db_count(), 0);
}

/* --- whose key it is ------------------------------------------------------------------------------------------ */

/* The identifier that a request's answer is stored under, and what stands for the request. */
static void identity(str *id, str *fingerprint)
{
    bool replayed = true;
    fake_db_start(&arena);
    db_want_transaction(call.db);
    assert_null(idempotency_begin(&call, &replayed));
    assert_false(replayed);
    assert_int_equal(call.taken_key.kind, VALUE_BYTES);
    assert_int_equal(call.taken_key.text.n, KEY_BYTES);
    *id = str_copy(&arena, call.taken_key.text);
    str log = fake_db_log(); /* the first statement holds it, and the identifier */
    *fingerprint = str_copy(&arena, str_slice(log, 0, str_find(log, '\n', sizeof "BEGIN\n")));
    assert_true(str_starts(
        *fingerprint,
        STR("BEGIN\nINSERT INTO idempotency_keys (id, user_id, fingerprint) VALUES (?, ?, ?)  [")));
}

static void what_makes_another_key(void **state)
{
    (void)state;
    str id;
    str print;
    str other;
    str other_print;
    identity(&id, &print);
    identity(&other, &other_print);
    check_str(other, id);
    request.path = STR("/api/v1/posts/"); /* the slash means nothing */
    identity(&other, &other_print);
    check_str(other_print, print);
    request.path = STR("/api/v1/posts");
    /* another request is found under the same key, and then told apart */
    request.body = STR("{\"a\":2}");
    identity(&other, &other_print);
    check_str(other, id);
    assert_false(str_eq(other_print, print));
    request.body = STR("{\"a\":1}");
    request.path = STR("/api/v1/books");
    identity(&other, &other_print);
    check_str(other, id);
    assert_false(str_eq(other_print, print));
    request.path = STR("/api/v1/posts");
    request.query = STR("x=1");
    identity(&other, &other_print);
    check_str(other, id);
    assert_false(str_eq(other_print, print));
    request.query = STR("");
    /* another key, another user, nobody, another secret */
    request.idempotency_key = STR("kez");
    identity(&other, &other_print);
    assert_false(str_eq(other, id));
    request.idempotency_key = STR("key");
    call.actor.user_id = 8;
    identity(&other, &other_print);
    assert_false(str_eq(other, id));
    call.actor.user_id = 7;
    call.digest_key = digest_key_new(&arena, STR("secreu"));
    identity(&other, &other_print);
    assert_false(str_eq(other, id));
}

/* Who is nobody shares a key only with who sends the same. */
static void keys_of_nobody(void **state)
{
    (void)state;
    str id;
    str other;
    str print;
    call.actor = (struct actor){.signed_in = false};
    identity(&id, &print);
    identity(&other, &print);
    check_str(other, id);
    request.body = STR("{}");
    identity(&other, &print);
    assert_false(str_eq(other, id));
}

/* --- the second time ------------------------------------------------------------------------------------------ */

static str fingerprint_of_request(void)
{
    unsigned char *mac = arena_alloc(&arena, DIGEST_BYTES);
    str text = str_format(&arena, "request\n%.*s\n%.*s\n%.*s", STR_ARGS(request.path),
                          STR_ARGS(request.query), STR_ARGS(request.body));
    digest_hmac(call.digest_key, text, mac);
    return (str){(const char *)mac, DIGEST_BYTES};
}

#define STORED                                                                              \
    "SELECT t0.fingerprint, t0.created_at, t0.status, t0.headers, t0.body, t0.waits_until " \
    "FROM idempotency_keys t0 WHERE t0.id = ?"

/* The key is taken: by that request, so long ago; whoever has taken it waits till then. */
static void taken(str fingerprint, int64_t age, struct value waits_until)
{
    static const struct statement stored = {.name = "stored", .sql = STR_INIT(STORED)};
    struct value *row = ARENA_ARRAY(&arena, struct value, 6);
    row[0] = value_bytes(fingerprint.p, fingerprint.n);
    row[1] = value_time(clock_now() - age);
    row[2] = value_int(201);
    static const char headers[] = "text/x\nLocation: /x\r\n";
    static const char body[] = "{\"id\":1}";
    row[3] = value_bytes(headers, sizeof headers - 1);
    row[4] = value_bytes(body, sizeof body - 1);
    row[5] = waits_until;
    fake_db_row(&stored, row);
}

static err second(str fingerprint, int64_t age, bool *replayed)
{
    taken(fingerprint, age, value_null());
    fake_db_fail(1, ERROR_DUPLICATE, "PRIMARY");
    return idempotency_begin(&call, replayed);
}

static const int64_t hour = 3600 * 1000000LL;

static void the_same_again(void **state)
{
    (void)state;
    bool replayed = false;
    assert_null(second(fingerprint_of_request(), 23 * hour, &replayed));
    assert_true(replayed);
    assert_int_equal(reply.status, 201);
    assert_string_equal(reply.content_type, "text/x");
    check_str(buf_view(&reply.headers), STR("Location: /x\r\nIdempotent-Replayed: true\r\n"));
    check_str(buf_view(&reply.body), STR("{\"id\":1}"));
    assert_int_equal(call.taken_key.kind, VALUE_ABSENT); /* nothing is to be kept */
    assert_int_equal(fake_db_count(), 2);
}

/* After a day the key is anybody's: the old row goes, a new one is taken. */
static void what_has_expired_is_done_anew(void **state)
{
    (void)state;
    bool replayed = true;
    assert_null(second(STR("another request's"), 25 * hour, &replayed));
    assert_false(replayed);
    assert_int_equal(call.taken_key.kind, VALUE_BYTES);
    assert_int_equal(reply.body.n, 0);
    const char *log = str_c(&arena, fake_db_log());
    const char *gone = strstr(log, "DELETE FROM idempotency_keys WHERE id = ?");
    assert_non_null(gone);
    assert_non_null(strstr(gone, "INSERT INTO idempotency_keys "));
}

/* Before a limit counts anything, an answer is looked for under each secret; one that has expired is none. */
static void what_is_looked_for_before_it_is_counted(void **state)
{
    (void)state;
    struct digest_key *newer = digest_key_new(&arena, STR("newer"));
    const str before = fingerprint_of_request();
    bool replayed = false;
    digest_key_follow(newer, call.digest_key);
    call.digest_key = newer;
    taken(before, 23 * hour, value_null());
    fake_db_find_nothing(1); /* under the newer one */
    assert_null(idempotency_look(&call, &replayed));
    assert_true(replayed);
    assert_int_equal(reply.status, 201);
    assert_int_equal(fake_db_count(), 2);
    fake_db_start(&arena);
    taken(before, 25 * hour, value_null());
    fake_db_find_nothing(1);
    assert_null(idempotency_look(&call, &replayed));
    assert_false(replayed);
    assert_int_equal(fake_db_count(), 2);
}

static void another_request_under_the_same_key(void **state)
{
    (void)state;
    bool replayed = false;
    str fingerprint = fingerprint_of_request();
    request.body = STR("{\"a\":2}");
    err e = second(fingerprint, hour, &replayed);
    assert_int_equal(e->code, ERROR_KEY_REUSED);
    assert_int_equal(error_status(e->code), 422);
    assert_false(replayed);
    assert_int_equal(call.taken_key.kind, VALUE_ABSENT);
}

/* The row went between the two looks: everything from the start. */
static void a_key_that_is_gone_again(void **state)
{
    (void)state;
    bool replayed = false;
    fake_db_fail(1, ERROR_DUPLICATE, "PRIMARY");
    fake_db_find_nothing(2);
    assert_int_equal(idempotency_begin(&call, &replayed)->code, ERROR_DEADLOCK);
    assert_int_equal(call.taken_key.kind, VALUE_ABSENT);
}

static void while_the_first_is_running(void **state)
{
    (void)state;
    bool replayed = false;
    fake_db_fail(1, ERROR_DEADLOCK, NULL);
    assert_int_equal(idempotency_begin(&call, &replayed)->code, ERROR_DEADLOCK); /* is tried again */
    fake_db_fail(2, ERROR_LOCK_TIMEOUT, NULL);
    fake_db_fail(3, ERROR_LOCK_TIMEOUT, NULL); /* the row of the key is held */
    err e = idempotency_begin(&call, &replayed);
    assert_int_equal(e->code, ERROR_CONFLICT);
    check_str(e->detail, STR("the first request with this Idempotency-Key is still running"));
    assert_int_equal(call.taken_key.kind, VALUE_ABSENT);
}

/* Behind its commit: what is stored is not the last word. */
static void while_the_first_waits_in_its_after(void **state)
{
    (void)state;
    bool replayed = false;
    taken(fingerprint_of_request(), 0, value_time(clock_now() + hour));
    assert_int_equal(error_sure(idempotency_look(&call, &replayed))->code, ERROR_CONFLICT);
    fake_db_fail(2, ERROR_DUPLICATE, "PRIMARY");
    assert_int_equal(error_sure(idempotency_begin(&call, &replayed))->code, ERROR_CONFLICT);
    assert_false(replayed);
    assert_int_equal(call.taken_key.kind, VALUE_ABSENT);
}

/* Then whoever waited has died, and what was committed is the answer. */
static void when_the_first_should_have_come_back(void **state)
{
    (void)state;
    bool replayed = false;
    taken(fingerprint_of_request(), 0, value_time(clock_now() - 1));
    assert_null(idempotency_look(&call, &replayed));
    assert_true(replayed);
    assert_int_equal(reply.status, 201);
}

/* It was some other lock: the row of the key is free, or there is none. */
static void a_lock_that_is_not_the_keys(void **state)
{
    (void)state;
    bool replayed = false;
    fake_db_fail(1, ERROR_LOCK_TIMEOUT, NULL);
    fake_db_find_nothing(2);
    assert_int_equal(idempotency_begin(&call, &replayed)->code, ERROR_LOCK_TIMEOUT);
    assert_non_null(strstr(str_c(&arena, fake_db_log()), "idempotency_held"));
    fake_db_fail(3, ERROR_LOCK_TIMEOUT, NULL);
    assert_int_equal(idempotency_begin(&call, &replayed)->code, ERROR_LOCK_TIMEOUT);
    assert_int_equal(call.taken_key.kind, VALUE_ABSENT);
}

static void other_failures_come_through(void **state)
{
    (void)state;
    bool replayed = false;
    fake_db_fail(1, ERROR_CONNECTION_LOST, NULL);
    assert_int_equal(idempotency_begin(&call, &replayed)->code, ERROR_CONNECTION_LOST);
    fake_db_fail(2, ERROR_DUPLICATE, "PRIMARY");
    fake_db_fail(3, ERROR_CONNECTION_LOST, NULL);
    assert_int_equal(idempotency_begin(&call, &replayed)->code, ERROR_CONNECTION_LOST);
    assert_false(replayed);
}

/* --- what is kept --------------------------------------------------------------------------------------------- */

static void an_answer_is_kept_whole(void **state)
{
    (void)state;
    bool replayed = true;
    assert_null(idempotency_begin(&call, &replayed));
    unsigned before = fake_db_count(); /* one in so many also drops what has expired */
    reply.status = 201;
    buf_lit(&reply.headers, "Location: /x\r\n");
    buf_lit(&reply.body, "{\"id\":1}");
    assert_null(idempotency_keep(&call));
    assert_int_equal(fake_db_count(), before + 1);
    const char *log = str_c(&arena, fake_db_log());
    assert_non_null(
        strstr(log, "UPDATE idempotency_keys SET status = ?, headers = ?, body = ? WHERE id = ?  [201, "
                    "\"application/json\\nLocation: /x\\r\\n\", \"{\\\"id\\\":1}\", "));
    assert_null(strstr(log, "\"key\""));    /* neither the key … */
    assert_null(strstr(log, "{\\\"a\\\"")); /* … nor what was sent */
    fake_db_fail(before + 2, ERROR_CONNECTION_LOST, NULL);
    assert_int_equal(idempotency_keep(&call)->code, ERROR_CONNECTION_LOST);
}

/* Till its after() is over: so long, and a little longer. */
static void an_answer_that_may_become_another(void **state)
{
    (void)state;
    bool replayed = true;
    assert_null(idempotency_begin(&call, &replayed));
    reply.status = 202;
    call.waits = hour;
    assert_null(idempotency_keep(&call));
    assert_non_null(strstr(str_c(&arena, fake_db_log()),
                           "UPDATE idempotency_keys SET status = ?, headers = ?, body = ?, "
                           "waits_until = ? WHERE id = ?  [202, "));
}

/* What after() has left: another answer, none, or nothing. */
static void what_is_settled(void **state)
{
    (void)state;
    static const struct {
        bool fails;
        bool in_vain;
        const char *want;
    } cases[] = {{false, false,
                  "BEGIN\nUPDATE idempotency_keys SET status = ?, headers = ?, body = ?, waits_until = ? "
                  "WHERE id = ?  [200, "},
                 {true, false, "BEGIN\nUPDATE idempotency_keys SET waits_until = ? WHERE id = ?  ["},
                 {true, true, "BEGIN\nDELETE FROM idempotency_keys WHERE id = ?  ["}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        bool replayed = true;
        assert_null(idempotency_begin(&call, &replayed));
        assert_null(db_commit(call.db, &arena));
        fake_db_start(&arena);
        call.in_vain = cases[i].in_vain;
        idempotency_settle(&call, cases[i].fails ? error_new(&arena, ERROR_PROVIDER, "no") : NULL);
        str log = fake_db_log();
        assert_non_null(strstr(str_c(&arena, log), cases[i].want));
        assert_true(str_eq(str_slice(log, log.n - 7, log.n), STR("COMMIT\n")));
        assert_int_equal(call.taken_key.kind, VALUE_ABSENT);
        idempotency_settle(&call, NULL); /* without a key there is nothing to settle */
        check_str(fake_db_log(), log);
    }
}

/* The handler refused and everything was undone: the refusal is stored by itself. */
static void a_refusal_is_kept(void **state)
{
    (void)state;
    bool replayed = true;
    assert_null(idempotency_begin(&call, &replayed));
    db_rollback(call.db);
    reply.status = 409;
    fake_db_start(&arena);
    idempotency_keep_refusal(&call);
    const char *log = str_c(&arena, fake_db_log());
    assert_true(str_starts(
        fake_db_log(), STR("BEGIN\nINSERT INTO idempotency_keys (id, user_id, fingerprint, status, headers, "
                           "body) VALUES (?, ?, ?, ?, ?, ?)  [")));
    assert_non_null(strstr(log, ", 409, \"application/json\\n\", \"\"]\nCOMMIT\n"));
}

/* Faults are no answers, nor is what was in vain; and whoever cannot store a refusal has still refused. */
static void what_is_not_kept(void **state)
{
    (void)state;
    bool replayed = true;
    assert_null(idempotency_begin(&call, &replayed));
    db_rollback(call.db);
    fake_db_start(&arena);
    reply.status = 500;
    idempotency_keep_refusal(&call);
    reply.status = 503;
    idempotency_keep_refusal(&call);
    reply.status = 400;
    call.in_vain = true;
    idempotency_keep_refusal(&call);
    call.in_vain = false;
    assert_int_equal(fake_db_count(), 0);
    reply.status = 422;
    fake_db_fail(1, ERROR_DUPLICATE, "PRIMARY");
    idempotency_keep_refusal(&call);
    fake_db_fail(2, ERROR_CONNECTION_LOST, NULL);
    idempotency_keep_refusal(&call);
    assert_non_null(strstr(str_c(&arena, fake_db_log()), "ROLLBACK\n"));
    assert_false(db_in_transaction(call.db));
    assert_int_equal(reply.status, 422);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, arena_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(keys_as_they_should_be),
        CASE(where_a_key_means_nothing),
        CASE(what_makes_another_key),
        CASE(keys_of_nobody),
        CASE(the_same_again),
        CASE(what_has_expired_is_done_anew),
        CASE(what_is_looked_for_before_it_is_counted),
        CASE(another_request_under_the_same_key),
        CASE(a_key_that_is_gone_again),
        CASE(while_the_first_is_running),
        CASE(while_the_first_waits_in_its_after),
        CASE(when_the_first_should_have_come_back),
        CASE(a_lock_that_is_not_the_keys),
        CASE(other_failures_come_through),
        CASE(an_answer_is_kept_whole),
        CASE(an_answer_that_may_become_another),
        CASE(what_is_settled),
        CASE(a_refusal_is_kept),
        CASE(what_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
