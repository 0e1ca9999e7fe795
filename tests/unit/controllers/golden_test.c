/*
 * What the database is asked for each request: tests/golden/lists.txt and tests/golden/writes.txt. The whole program
 * below its socket runs, with a stand-in for the database (support/fake_db.h).
 *
 * A line that begins with `> ` is a request, in parts with ` | ` between:
 *
 *     > METHOD target | {json body} | form a=b | as 7 | as 1 admin | empty 2 | fail 3 duplicate uq_users_uid |
 *       cell 2 -1
 *
 * "as" signs in (as 5 moderator, too); "empty N": statement N finds nothing; "fail N code [key]" (N may be ready,
 * begin, commit); "cell N i": the first cell it finds is the number i; "if T": If-Match. The indented lines below are
 * what came of it, and are written by UPDATE=1.
 */
#include <string.h>

#include "base/buf.h"
#include "base/uuid.h"
#include "io/password.h"
#include "models/role.h"
#include "models/session.h"
#include "support/cases.h"
#include "support/fake_db.h"
#include "support/golden.h"
#include "support/site.h"
#include "support/unit.h"

enum { SESSION_NUMBER = 12, COST = 4 };

#define PASSWORD_TEXT "correct horse"

static struct site site;
static str hash;
static const char user_uid[] = "uid of who asks.";

/* A request and what is to happen to it. */
struct scene {
    struct ask ask;
    struct value bearer[BEARER__MAX];
    struct value rights;
    const char *headers[2];
};

static uint64_t number(str s)
{
    uint64_t n = 0;
    if (!str_to_uint(s, &n)) {
        fail_msg("no number: %.*s", STR_ARGS(s));
    }
    return n;
}

static enum error_code code_named(str name)
{
    for (int code = 0; code < ERROR__MAX; code++) {
        if (str_eq(name, str_of(error_name((enum error_code)code)))) {
            return (enum error_code)code;
        }
    }
    fail_msg("no error is called %.*s", STR_ARGS(name));
    return ERROR_INTERNAL;
}

/* What somebody is who asks "as 1 admin". */
static int64_t rights_named(str name)
{
    return str_eq(name, STR("admin")) ? RIGHT_ADMIN : str_eq(name, STR("moderator")) ? RIGHT_MODERATOR : 0;
}

static void sign_in(struct scene *s, str rest)
{
    int64_t user = (int64_t)number(cases_part(&rest, " "));
    s->ask.token = site_token(&site, user, SESSION_NUMBER);
    s->bearer[BEARER_EXPIRES_AT] = value_time(INT64_MAX);
    s->bearer[BEARER_IS_ACTIVE] = value_bool(true);
    s->bearer[BEARER_USER_UID] = value_bytes(user_uid, sizeof user_uid - 1);
    s->rights = value_int(rights_named(rest));
    s->bearer[BEARER_USERNAME] = value_text(STR("somebody"));
    s->bearer[BEARER_ROLE_ID] = s->rights.i == 0 ? value_null() : value_int(1);
    fake_db_row(&session_bearer, s->bearer);
    fake_db_row(&session_bearer_alone, s->bearer);
    fake_db_row(&role_rights, &s->rights);
}

static void read_fault(str rest)
{
    static const char *const steps[] = {
        [FAKE_DB_READY] = "ready", [FAKE_DB_BEGIN] = "begin", [FAKE_DB_COMMIT] = "commit"};
    str where = cases_part(&rest, " ");
    enum error_code code = code_named(cases_part(&rest, " "));
    for (int step = FAKE_DB_READY; step <= FAKE_DB_COMMIT; step++) {
        if (str_eq(where, str_of(steps[step]))) {
            fake_db_fail_step((enum fake_db_step)step, code);
            return;
        }
    }
    fake_db_fail((unsigned)number(where), code, rest.n == 0 ? NULL : str_c(&arena, rest));
}

static void read_cell(str rest)
{
    unsigned nth = (unsigned)number(cases_part(&rest, " "));
    bool negative = str_starts(rest, STR("-"));
    int64_t i = (int64_t)number(str_slice(rest, negative ? 1 : 0, rest.n));
    fake_db_cell(nth, value_int(negative ? -i : i));
}

static void read_part(struct scene *s, str part)
{
    str rest = part;
    str word = cases_part(&rest, " ");
    if (str_starts(part, STR("{"))) {
        s->ask.body = part;
    } else if (str_eq(word, STR("form"))) {
        s->ask.body = rest;
        s->ask.type = "application/x-www-form-urlencoded";
    } else if (str_eq(word, STR("as"))) {
        sign_in(s, rest);
    } else if (str_eq(word, STR("empty"))) {
        fake_db_find_nothing((unsigned)number(rest));
    } else if (str_eq(word, STR("fail"))) {
        read_fault(rest);
    } else if (str_eq(word, STR("if"))) {
        s->headers[0] = str_format(&arena, "HTTP_IF_MATCH=%.*s", STR_ARGS(rest)).p;
        s->ask.headers = s->headers;
    } else if (str_eq(word, STR("cell"))) {
        read_cell(rest);
    } else {
        fail_msg("what is `%.*s`?", STR_ARGS(part));
    }
}

/* An identifier that was just made is different in each run: it is only named. */
static void put_location(struct buf *out, str location)
{
    size_t dash = str_find(location, '-', 0);
    bool made = location.n > UUID_TEXT && dash == location.n - UUID_TEXT + 8;
    buf_printf(out, " %.*s%s", (int)(made ? location.n - UUID_TEXT : location.n), location.p,
               made ? "<a new uuid>" : "");
}

static void put_outcome(struct buf *out, const struct answer *a)
{
    str log = fake_db_log();
    for (size_t at = 0; at < log.n;) {
        size_t end = str_find(log, '\n', at);
        buf_printf(out, "    %.*s\n", STR_ARGS(str_slice(log, at, end)));
        at = end + 1;
    }
    str location = answer_header(a, "Location");
    buf_printf(out, "    = %u", a->status);
    if (location.n > 0) {
        put_location(out, location);
    }
    if (a->status >= 400) {
        buf_printf(out, " %.*s", STR_ARGS(a->body));
    }
    buf_lit(out, "\n");
}

static void play(struct buf *out, str request)
{
    struct scene s = {.ask = {.method = NULL}};
    str rest = str_slice(request, 2, request.n);
    str line = cases_part(&rest, " | ");
    fake_db_start(&arena);
    fake_db_text(hash);
    s.ask.method = str_c(&arena, cases_part(&line, " "));
    s.ask.target = str_c(&arena, line);
    while (rest.n > 0) {
        read_part(&s, cases_part(&rest, " | "));
    }
    struct answer a = site_ask(&site, &s.ask);
    put_outcome(out, &a);
    site_forget(&site);
}

/* The file once more, with what comes of its requests today. */
static void check_file(const char *path)
{
    struct cases c;
    struct buf out;
    unsigned requests = 0;
    cases_open(&c, &arena, path);
    buf_init(&out, &arena, 2 * c.text.n + 4096, 16 << 20);
    for (size_t at = 0; at < c.text.n;) {
        size_t end = str_find(c.text, '\n', at);
        str line = str_slice(c.text, at, end);
        at = end + 1;
        if (str_starts(line, STR("    "))) {
            continue;
        }
        buf_str(&out, line);
        buf_char(&out, '\n');
        if (str_starts(line, STR("> "))) {
            play(&out, line);
            requests++;
        }
    }
    assert_true(requests > 20);
    golden_check(&arena, path, buf_view(&out));
}

static void lists(void **state)
{
    (void)state;
    check_file("tests/golden/lists.txt");
}

static void writes(void **state)
{
    (void)state;
    check_file("tests/golden/writes.txt");
}

static int set_up(void **state)
{
    (void)arena_setup(state);
    site_open(&site, NULL);
    return password_hash(&arena, COST, STR(PASSWORD_TEXT), &hash) == NULL ? 0 : 1;
}

static int tear_down(void **state)
{
    site_close(&site);
    return arena_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lists, set_up, tear_down),
        cmocka_unit_test_setup_teardown(writes, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
