/*
 * Every operation that writes, with each of its calls to the database failing in turn, in every way there is: the
 * answer is the one the contract has for it, nothing is written by halves, nothing of the failure gets out, no row
 * stays locked, and the next request works. tests/api/torture.test.mjs gives it a database.
 *
 * Each play begins with a new connection, so that connecting and preparing can fail, too.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json_in.h"
#include "support/site.h"
#include "support/unit.h"
#include "torture/faults.h"
#include "torture/outcome.h"
#include "torture/stage.h"

/* A request, and its answer when nothing fails. */
struct act {
    const char *name;
    struct ask ask;
    int64_t user, session; /* 0: nobody */
    unsigned status;
    bool purges; /* old rows are dropped */
    bool noted;  /* a security event is written behind the refusal, by the last calls */
};

#define JSON(text) .body = STR_INIT(text)
#define NOTHING    .body = STR_INIT("")
#define AS_ADA     .user = STAGE_ADA, .session = STAGE_ADA_SESSION
#define AS_BOB     .user = STAGE_BOB, .session = STAGE_BOB_SESSION
#define AS_ADMIN   .user = STAGE_ADMIN, .session = STAGE_ADMIN_SESSION
#define API        "/api/v1"

static const char *const hurried[] = {"HTTP_PREFER=respond-async", NULL};
static const char *const keyed[] = {"HTTP_IDEMPOTENCY_KEY=a key", NULL};
static const char *const fresh[] = {"HTTP_IF_MATCH=\"1-0\"", NULL};
static const char *const stale[] = {"HTTP_IF_MATCH=\"7-0\"", NULL};

static const struct act acts[] = {
    {"register",
     {"POST", API "/auth/register",
      JSON("{\"username\":\"Cyd\",\"email\":\"cyd@example.com\",\"password\":\"battery staple\"}")},
     .status = 201},
    {"register a taken name",
     {"POST", API "/users",
      JSON("{\"username\":\"ada\",\"email\":\"cyd@example.com\",\"password\":\"battery staple\"}")},
     .status = 409},
    {"log in",
     {"POST", API "/auth/login", JSON("{\"email\":\"ada@example.com\",\"password\":\"" STAGE_PASSWORD "\"}")},
     .status = 200},
    {"log in, and old rows go",
     {"POST", API "/auth/login", JSON("{\"email\":\"ada@example.com\",\"password\":\"" STAGE_PASSWORD "\"}")},
     .status = 200,
     .purges = true},
    {"log in by form",
     {"POST", API "/login", JSON("username=Ada&password=correct+horse"),
      .type = "application/x-www-form-urlencoded"},
     .status = 200},
    {"log in wrongly",
     {"POST", API "/auth/login", JSON("{\"email\":\"ada@example.com\",\"password\":\"wrong horse\"}")},
     .status = 401,
     .noted = true},
    {"log in with cookies",
     {"POST", API "/auth/login",
      JSON("{\"email\":\"ada@example.com\",\"password\":\"" STAGE_PASSWORD "\",\"mode\":\"cookie\"}")},
     .status = 200},
    {"renew a session",
     {"POST", API "/auth/refresh", JSON("{\"refresh_token\":\"" STAGE_REFRESH "\"}")},
     .status = 200},
    {"renew it by a token that was used",
     {"POST", API "/auth/refresh", JSON("{\"refresh_token\":\"" STAGE_STOLEN "\"}")},
     .status = 401},
    {"end another session", {"DELETE", API "/auth/sessions/13", NOTHING}, AS_ADA, .status = 204},
    {"end another's session", {"DELETE", API "/auth/sessions/14", NOTHING}, AS_ADA, .status = 404},
    {"end all other sessions", {"DELETE", API "/auth/sessions", NOTHING}, AS_ADA, .status = 204},
    {"log out", {"POST", API "/auth/logout", NOTHING}, AS_ADA, .status = 204},
    {"change a password",
     {"PUT", API "/users/me/password",
      JSON("{\"current_password\":\"" STAGE_PASSWORD "\",\"new_password\":\"battery staple\"}")},
     AS_ADA,
     .status = 204},
    {"change a name", {"PATCH", API "/users/me", JSON("{\"username\":\"Ada2\"}")}, AS_ADA, .status = 200},
    {"change to a taken name",
     {"PATCH", API "/users/me", JSON("{\"username\":\"BOB\"}")},
     AS_ADA,
     .status = 409},
    {"change an address",
     {"PATCH", API "/users/me", JSON("{\"email\":\"ada@example.org\"}")},
     AS_ADA,
     .status = 200},
    {"ask to verify an address",
     {"POST", API "/auth/verify-email", JSON("{\"email\":\"bob@example.com\"}")},
     .status = 202},
    {"verify an address",
     {"POST", API "/auth/verify-email/confirm", JSON("{\"token\":\"" STAGE_VERIFY_TOKEN "\"}")},
     .status = 204},
    {"verify an address by another token",
     {"POST", API "/auth/verify-email/confirm", JSON("{\"token\":\"" STAGE_RESET_TOKEN "\"}")},
     .status = 400},
    {"ask for a new password",
     {"POST", API "/auth/password-reset", JSON("{\"email\":\"nobody@example.com\"}")},
     .status = 202},
    {"set a new password",
     {"POST", API "/auth/password-reset/confirm",
      JSON("{\"token\":\"" STAGE_RESET_TOKEN "\",\"new_password\":\"battery staple\"}")},
     .status = 204},
    {"switch somebody off",
     {"PATCH", API "/users/2", JSON("{\"is_active\":false}")},
     AS_ADMIN,
     .status = 200},
    {"switch the last admin off",
     {"PATCH", API "/users/1", JSON("{\"is_active\":false}")},
     AS_ADMIN,
     .status = 409},
    {"leave",
     {"DELETE", API "/users/me", JSON("{\"current_password\":\"" STAGE_PASSWORD "\"}")},
     AS_ADA,
     .status = 204},
    {"delete a user", {"DELETE", API "/users/3", NOTHING}, AS_ADMIN, .status = 204},
    {"delete the last admin", {"DELETE", API "/users/1", NOTHING}, AS_ADMIN, .status = 409},
    {"create a post",
     {"POST", API "/posts", JSON("{\"title\":\"new\",\"content\":\"n\"}")},
     AS_ADA,
     .status = 201},
    {"replace a post",
     {"PUT", API "/posts/7", JSON("{\"title\":\"new\",\"content\":\"n\"}")},
     AS_ADA,
     .status = 200},
    {"patch a post", {"PATCH", API "/posts/5", JSON("{\"title\":\"new\"}")}, AS_ADA, .status = 200},
    {"patch another's post", {"PATCH", API "/posts/6", JSON("{\"title\":\"new\"}")}, AS_ADA, .status = 403},
    {"delete a post", {"DELETE", API "/posts/5", NOTHING}, AS_ADA, .status = 204},
    {"delete a post that is not there", {"DELETE", API "/posts/99", NOTHING}, AS_ADA, .status = 404},
    {"vote", {"PUT", API "/posts/5/vote", JSON("{\"vote_type\":\"downvote\"}")}, AS_ADA, .status = 201},
    {"vote the same again",
     {"PUT", API "/posts/6/vote", JSON("{\"vote_type\":\"upvote\"}")},
     AS_ADA,
     .status = 200},
    {"change a vote",
     {"PUT", API "/posts/6/vote", JSON("{\"vote_type\":\"downvote\"}")},
     AS_ADA,
     .status = 200},
    {"take a vote back", {"DELETE", API "/posts/5/vote", NOTHING}, AS_BOB, .status = 204},
    {"vote the older way", {"POST", API "/vote", JSON("{\"post_id\":5,\"dir\":1}")}, AS_ADA, .status = 201},
    {"vote twice the older way",
     {"POST", API "/vote", JSON("{\"post_id\":6,\"dir\":1}")},
     AS_ADA,
     .status = 409},
    {"take it back the older way",
     {"POST", API "/vote", JSON("{\"post_id\":6,\"dir\":0}")},
     AS_ADA,
     .status = 201},
    {"vote on what is not to be seen",
     {"PUT", API "/posts/7/vote", JSON("{\"vote_type\":\"upvote\"}")},
     AS_BOB,
     .status = 404},
    {"comment", {"POST", API "/posts/5/comments", JSON("{\"text\":\"new\"}")}, AS_BOB, .status = 201},
    {"reply",
     {"POST", API "/posts/5/comments", JSON("{\"text\":\"new\",\"parent_id\":23}")},
     AS_ADA,
     .status = 201},
    {"patch a comment", {"PATCH", API "/comments/21", JSON("{\"text\":\"new\"}")}, AS_ADA, .status = 200},
    {"delete a comment with replies", {"DELETE", API "/comments/21", NOTHING}, AS_ADA, .status = 204},
    {"make a tag", {"POST", API "/tags", JSON("{\"name\":\"New\"}")}, AS_ADA, .status = 201},
    {"rename a tag", {"PUT", API "/tags/" STAGE_TAG, JSON("{\"name\":\"New\"}")}, AS_BOB, .status = 200},
    {"delete a tag", {"DELETE", API "/tags/" STAGE_TAG, NOTHING}, AS_ADMIN, .status = 204},
    {"tag a post",
     {"POST", API "/posts/5/tags",
      JSON("{\"tags\":[{\"name\":\"old\"},{\"name\":\"new\"},{\"name\":\"newer\"}]}")},
     AS_ADA,
     .status = 200},
    {"tag a book",
     {"POST", API "/books/" STAGE_BOOK "/tags", JSON("{\"tags\":[{\"name\":\"new\"}]}")},
     AS_ADA,
     .status = 200},
    {"untag a post", {"DELETE", API "/posts/5/tags/" STAGE_TAG, NOTHING}, AS_ADA, .status = 204},
    {"delete a book", {"DELETE", API "/books/" STAGE_BOOK, NOTHING}, AS_ADA, .status = 204},
    {"review",
     {"POST", API "/books/" STAGE_FRESH_BOOK "/reviews", JSON("{\"rating\":5,\"review_text\":\"new\"}")},
     AS_ADA,
     .status = 201},
    {"review twice",
     {"POST", API "/books/" STAGE_BOOK "/reviews", JSON("{\"rating\":5,\"review_text\":\"new\"}")},
     AS_BOB,
     .status = 409},
    {"change a rating",
     {"PATCH", API "/reviews/" STAGE_REVIEW, JSON("{\"rating\":1}")},
     AS_BOB,
     .status = 200},
    {"delete a review", {"DELETE", API "/reviews/" STAGE_REVIEW, NOTHING}, AS_BOB, .status = 204},
    {"put a profile that is new",
     {"PUT", API "/users/me/profile", JSON("{\"bio\":\"new\"}")},
     AS_ADA,
     .status = 201},
    {"put a profile that is there",
     {"PUT", API "/users/me/profile", JSON("{\"bio\":\"new\"}")},
     AS_BOB,
     .status = 200},
    {"delete a profile", {"DELETE", API "/users/me/profile", NOTHING}, AS_BOB, .status = 204},
    {"delete a role", {"DELETE", API "/roles/2", NOTHING}, AS_ADMIN, .status = 204},
    {"give a role", {"PUT", API "/users/2/roles/2", NOTHING}, AS_ADMIN, .status = 201},
    {"give a role that is held", {"PUT", API "/users/3/roles/2", NOTHING}, AS_ADMIN, .status = 200},
    {"take a role", {"DELETE", API "/users/3/roles/2", NOTHING}, AS_ADMIN, .status = 204},
    {"take the last admin's role", {"DELETE", API "/users/1/roles/1", NOTHING}, AS_ADMIN, .status = 409},
    {"want a thread",
     {"POST", API "/tweets/generate", JSON("{\"topic\":\"ten letters\"}"), .headers = hurried},
     AS_ADA,
     .status = 202},
    {"want a thread again",
     {"POST", API "/tweets/threads/71/regenerate", NOTHING, .headers = hurried},
     AS_ADA,
     .status = 202},
    {"replace a thread",
     {"PUT", API "/tweets/threads/71", JSON("{\"topic\":\"new letters\",\"tweets\":[\"new\",\"newer\"]}")},
     AS_ADA,
     .status = 200},
    {"patch a thread",
     {"PATCH", API "/tweets/threads/71", JSON("{\"tweets\":[\"new\"]}")},
     AS_ADA,
     .status = 200},
    {"delete a thread", {"DELETE", API "/tweets/threads/71", NOTHING}, AS_ADA, .status = 204},
    {"create a post with a key",
     {"POST", API "/posts", JSON("{\"title\":\"new\",\"content\":\"n\"}"), .headers = keyed},
     AS_ADA,
     .status = 201},
    {"create a post with a key, and old keys go",
     {"POST", API "/posts", JSON("{\"title\":\"new\",\"content\":\"n\"}"), .headers = keyed},
     AS_ADA,
     .status = 201,
     .purges = true},
    {"comment with a key",
     {"POST", API "/posts/5/comments", JSON("{\"text\":\"new\"}"), .headers = keyed},
     AS_BOB,
     .status = 201},
    {"edit what has been read",
     {"PATCH", API "/posts/5", JSON("{\"title\":\"new\"}"), .headers = fresh},
     AS_ADA,
     .status = 200},
    {"edit what is stale",
     {"PATCH", API "/posts/5", JSON("{\"title\":\"new\"}"), .headers = stale},
     AS_ADA,
     .status = 412},
};

/* The server is named twice, so that there is another host to go to. */
static bool two_hosts;

static struct stage *stage;
static struct site model; /* is never asked: its document serves all plays */
enum { HOSTS = 9 };       /* the place of DB_HOSTS below */

static const char *settings[12] = {NULL,
                                   NULL,
                                   NULL,
                                   NULL,
                                   "LIMIT_LOGIN=1000/1s",
                                   "LIMIT_LOGIN_ACCOUNT=1000/1s",
                                   "LOGIN_FAILURES=500",
                                   "LIMIT_REGISTER=1000/1s",
                                   "LIMIT_GENERATE=1000/1s"};

/* What came of one play. */
struct play {
    struct answer answer; /* lives in the site's arena */
    str code;
    str state;
    unsigned calls;
    enum call_kind hit;
};

static const char *scene = ""; /* for messages */

#define CHECK(condition, ...)           \
    do {                                \
        if (!(condition)) {             \
            print_error("%s: ", scene); \
            fail_msg(__VA_ARGS__);      \
        }                               \
    } while (0)

static void check_form(const struct answer *a)
{
    str body = a->body;
    CHECK(answer_header(a, "X-Request-ID").n == 36, "no request id");
    CHECK(memmem(a->head.p, a->head.n, FAULT_MESSAGE, strlen(FAULT_MESSAGE)) == NULL, "%.*s",
          STR_ARGS(a->head));
    CHECK(memmem(body.p, body.n, FAULT_MESSAGE, strlen(FAULT_MESSAGE)) == NULL, "%.*s", STR_ARGS(body));
    if (a->status == 204) {
        CHECK(body.n == 0, "204 with a body");
        return;
    }
    struct json *json = NULL;
    struct json_failure why;
    CHECK(json_read(&arena, body, &json_default_limits, &json, &why) == JSON_READ_OK, "no JSON: %.*s",
          STR_ARGS(body));
    CHECK(str_eq(answer_header(a, "Content-Type"), STR("application/json")), "%.*s", STR_ARGS(a->head));
    if (a->status >= 400) {
        CHECK(json_member(json, STR("detail")) != NULL, "%.*s", STR_ARGS(body));
        CHECK(answer_header(a, "X-Error-Code").n > 0, "no error code");
        CHECK(answer_header(a, "Location").n == 0, "an error with a Location");
    }
    if (a->status == 503) {
        CHECK(answer_header(a, "Retry-After").n > 0, "503 without Retry-After");
    }
}

/* The database is as good as before: another request is served, on the same connection. */
static void check_next_request(struct site *site)
{
    static const char *const next[] = {"/health/ready", API "/posts", API "/users/1"};
    for (size_t i = 0; i < LENGTH(next); i++) {
        struct answer a = site_ask(site, &(struct ask){.method = "GET", .target = next[i]});
        CHECK(a.status == 200, "then GET %s is %u: %.*s", next[i], a.status, STR_ARGS(a.body));
    }
}

/* Plays an act from the start; call number nth fails (0: none). */
static void play(const struct act *act, unsigned nth, bool lasting, enum fault fault, struct play *out)
{
    struct site site;
    struct ask ask = act->ask;
    faults_off();
    faults_purge(act->purges);
    stage_reset(stage);
    faults_at(1, true, FAULT_LOST_BEFORE); /* so that the request has to connect */
    site_open_with(&site, settings, model.openapi);
    if (act->user != 0) {
        ask.token = site_token(&site, act->user, act->session);
    }
    faults_at(nth, lasting, fault);
    struct answer a = site_ask(&site, &ask);
    out->calls = faults_calls();
    out->hit = faults_hit();
    faults_off();
    check_form(&a);
    out->answer.status = a.status;
    out->code = str_copy(&arena, answer_header(&a, "X-Error-Code"));
    check_next_request(&site);
    out->state = stage_state(stage, &arena);
    unsigned wrong = stage_miscounted(stage, &arena);
    CHECK(wrong == 0, "%u posts with wrong counters", wrong);
    site_close(&site);
}

/* --- what must come of a fault -------------------------------------------------------------------------------- */

/* A key that somebody else holds for so long is not waited for again: their request is still running. */
static struct outcome outcome_of_act(const struct act *act, enum fault fault, bool lasting,
                                     const struct play *p, unsigned left)
{
    /* prepared and executed: when that fails, the refusal stands. What can only fail when a statement is
     * executed fails, when the account is fetched, at the statement executed next. */
    enum { NOTING = 2, FETCHING = 2 };
    bool only_executing = fault == FAULT_FORGOTTEN || fault == FAULT_READ_ONLY;
    if (act->noted && left < (only_executing ? NOTING + FETCHING : NOTING)) {
        return (struct outcome){0, NULL, EFFECT_DONE};
    }
    bool held = act->ask.headers == keyed && fault == FAULT_LOCK_TIMEOUT && p->answer.status == 409;
    return held ? (struct outcome){409, "conflict", EFFECT_NONE}
                : outcome_of(fault, lasting, p->hit, two_hosts);
}

static void check_play(const struct act *act, const struct play *p, struct outcome want, str before,
                       str after)
{
    unsigned status = want.status == 0 ? act->status : want.status;
    CHECK(p->answer.status == status, "status %u (%.*s), not %u", p->answer.status, STR_ARGS(p->code),
          status);
    CHECK(want.code == NULL || str_eq(p->code, str_of(want.code)), "code %.*s, not %s", STR_ARGS(p->code),
          want.code);
    str state = want.effect == EFFECT_DONE ? after : before;
    CHECK(str_eq(p->state, state), "the database holds\n%.*sbut should hold\n%.*s", STR_ARGS(p->state),
          STR_ARGS(state));
}

/* Deadlocks that go on are tried nine times, with pauses: it is enough to see that at the last call. What cannot fail
 * so is the play in which nothing fails, or, lasting, that from a later call on. */
static bool worth_playing(enum fault fault, bool lasting, unsigned nth, unsigned calls)
{
    bool slow = lasting && (fault == FAULT_DEADLOCK || fault == FAULT_LOCK_TIMEOUT);
    return (!slow || nth == calls) && (!two_hosts || outcome_is_of_hosts(fault)) &&
           faults_can_hit(nth, fault);
}

/* How many faults came to pass. */
static unsigned torture(const struct act *act, unsigned nth, unsigned calls, str before, str after)
{
    unsigned faults = 0;
    for (int fault = 0; fault < FAULT__MAX; fault++) {
        for (int lasting = 0; lasting < 2; lasting++) {
            if (!worth_playing((enum fault)fault, lasting, nth, calls)) {
                continue;
            }
            struct play p;
            struct arena_mark mark = arena_mark(&arena);
            scene = str_format(&arena, "%s, call %u of %u: %s%s", act->name, nth, calls,
                               fault_name((enum fault)fault), lasting ? ", and so on" : "")
                        .p;
            play(act, nth, lasting, (enum fault)fault, &p);
            struct outcome want = p.hit == CALL_NONE
                                      ? (struct outcome){0, NULL, EFFECT_DONE}
                                      : outcome_of_act(act, (enum fault)fault, lasting, &p, calls - nth);
            check_play(act, &p, want, before, after);
            arena_rewind(&arena, mark);
            faults += p.hit != CALL_NONE;
        }
    }
    return faults;
}

/* Whether this process plays the act, the nth: TORTURE_ONLY is a part of its name, TORTURE_PART=0 or 1 one half of
 * all. */
static bool is_ours(const struct act *act, size_t nth)
{
    const char *only = getenv("TORTURE_ONLY");
    const char *part = getenv("TORTURE_PART");
    return (only == NULL || strstr(act->name, only) != NULL) &&
           (part == NULL || nth % 2 == (strcmp(part, "1") == 0 ? 1 : 0));
}

/* Every step-th act. */
static void every_call(size_t step)
{
    unsigned played = 0;
    for (size_t i = 0; i < LENGTH(acts); i += step) {
        struct play undisturbed;
        if (!is_ours(&acts[i], i / step)) {
            continue;
        }
        stage_reset(stage);
        str before = stage_state(stage, &arena);
        scene = acts[i].name;
        play(&acts[i], 0, false, FAULT_UNKNOWN, &undisturbed);
        CHECK(undisturbed.answer.status == acts[i].status, "status %u (%.*s), not %u",
              undisturbed.answer.status, STR_ARGS(undisturbed.code), acts[i].status);
        unsigned faults = 0;
        for (unsigned nth = 1; nth <= undisturbed.calls; nth++) {
            faults += torture(&acts[i], nth, undisturbed.calls, before, undisturbed.state);
        }
        scene = acts[i].name;
        CHECK(faults >= undisturbed.calls && faults > 0, "%u calls, %u faults", undisturbed.calls, faults);
        print_message("%s: %u calls, %u faults\n", acts[i].name, undisturbed.calls, faults);
        played++;
    }
    /* of a few acts one half may be empty: tests/api/torture.test.mjs looks at both */
    scene = "all acts";
    CHECK(played > 0 || getenv("TORTURE_ONLY") != NULL, "none was played");
}

static void every_call_of_every_act(void **state)
{
    (void)state;
    two_hosts = false;
    settings[HOSTS] = NULL;
    every_call(1);
}

/* The hosts are below all acts, which do not know of them: some will do. */
static void every_call_of_some_acts_with_two_hosts(void **state)
{
    (void)state;
    enum { SOME = 4 };
    const char *socket = getenv("DB_SOCKET");
    two_hosts = true;
    settings[HOSTS] = str_format(&arena, "DB_HOSTS=%s,%s", socket, socket).p;
    every_call(getenv("TORTURE_ONLY") == NULL ? SOME : 1);
}

static int set_up(void **state)
{
    static const char *const names[] = {"DB_SOCKET", "DB_USER", "DB_PASSWORD", "DB_NAME"};
    (void)arena_setup(state);
    for (size_t i = 0; i < LENGTH(names); i++) {
        const char *value = getenv(names[i]);
        settings[i] = str_format(&arena, "%s=%s", names[i], value == NULL ? "" : value).p;
    }
    stage = stage_open(&arena);
    site_open(&model, settings);
    return 0;
}

static int tear_down(void **state)
{
    stage_close(stage);
    site_close(&model);
    return arena_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_call_of_every_act, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_call_of_some_acts_with_two_hosts, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
