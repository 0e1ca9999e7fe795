#include "support/site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "controllers/all.h"
#include "http/dispatch.h"
#include "http/document.h"
#include "http/openapi.h"
#include "http/route.h"
#include "support/fake_fcgi.h"

enum { SETTINGS_MAX = 48, PARAMS_MAX = 32, TOKEN_SECONDS = 600 };

static const char *const usual[] = {
    "APP_ENV=test",
    "SECRET_KEY=0123456789abcdef0123456789abcdef",
    "BCRYPT_COST=4",
    "CORS_ORIGINS=http://localhost:3000,https://yourfrontend.com",
    "LOG_LEVEL=error",
    /* whoever tests a limit sets it */
    "LOGIN_FAILURES=0",
    "LIMIT_LOGIN=off",
    "LIMIT_LOGIN_ACCOUNT=off",
    "LIMIT_REGISTER=off",
    "LIMIT_REFRESH=off",
    "LIMIT_MAIL=off",
    "LIMIT_MAIL_ACCOUNT=off",
    "LIMIT_GENERATE=off",
    "LIMIT_GENERATE_ADDRESS=off",
    "LIMIT_CREATE=off",
};

static void must(err e)
{
    if (e != NULL) {
        fail_msg("%.*s %.*s", STR_ARGS(e->detail), STR_ARGS(e->cause));
    }
}

static void add_all(char **list, size_t *n, size_t most, const char *const *from, size_t count,
                    struct arena *a)
{
    for (size_t i = 0; i < count && from[i] != NULL; i++) {
        assert_true(*n + 1 < most);
        list[(*n)++] = str_c(a, str_of(from[i]));
    }
}

static struct document *make_document(struct site *s)
{
    const struct openapi_source source = {"0.0.0", &s->settings, controllers, bare_controllers};
    struct document *d = ARENA_NEW(&s->life, struct document);
    *d = document_of(&s->life, openapi_make(&s->life, &source));
    return d;
}

void site_open(struct site *s, const char *const *settings)
{
    site_open_with(s, settings, NULL);
}

void site_open_with(struct site *s, const char *const *settings, struct document *openapi)
{
    char *environment[SETTINGS_MAX] = {NULL};
    size_t n = 0;
    fake_fcgi_use();
    assert_true(log_open("/dev/null"));
    *s = (struct site){0};
    arena_init(&s->life, 64 << 10);
    arena_init(&s->answers, 64 << 10);
    /* of a setting given twice the first counts */
    if (settings != NULL) {
        add_all(environment, &n, SETTINGS_MAX, settings, SETTINGS_MAX, &s->life);
    }
    add_all(environment, &n, SETTINGS_MAX, usual, sizeof usual / sizeof usual[0], &s->life);
    must(settings_load(&s->life, environment, "/nonexistent", &s->settings));
    must(router_new(&s->life, s->settings.base_path, controllers, bare_controllers, &s->router));
    s->openapi = openapi == NULL ? make_document(s) : openapi;
    must(dispatch_open(&s->life, &s->settings, s->router, s->openapi, &s->dispatch));
    must(keyring_open(&s->life, &s->settings, &s->keys));
}

static char *param(struct site *s, const char *name, str value)
{
    return str_c(&s->answers, str_format(&s->answers, "%s=%.*s", name, STR_ARGS(value)));
}

static struct answer parse(str text)
{
    struct answer a = {0};
    uint64_t status = 0;
    const char *blank = memmem(text.p, text.n, "\r\n\r\n", 4);
    assert_non_null(blank);
    a.head = str_slice(text, 0, (size_t)(blank - text.p) + 2);
    a.body = str_slice(text, a.head.n + 2, text.n);
    assert_true(str_starts(text, STR("Status: ")));
    assert_true(str_to_uint(str_slice(text, 8, 11), &status));
    a.status = (unsigned)status;
    return a;
}

struct answer site_ask(struct site *s, const struct ask *ask)
{
    char *params[PARAMS_MAX] = {NULL};
    size_t n = 0;
    params[n++] = param(s, "REQUEST_METHOD", str_of(ask->method));
    params[n++] = param(s, "REQUEST_URI", str_of(ask->target));
    params[n++] = param(s, "REMOTE_ADDR", STR("127.0.0.1"));
    if (ask->body.n > 0) {
        params[n++] = param(s, "CONTENT_TYPE", str_of(ask->type == NULL ? "application/json" : ask->type));
        params[n++] = str_c(&s->answers, str_format(&s->answers, "CONTENT_LENGTH=%zu", ask->body.n));
    }
    if (ask->token != NULL) {
        params[n++] = str_c(&s->answers, str_format(&s->answers, "HTTP_AUTHORIZATION=Bearer %s", ask->token));
    }
    if (ask->headers != NULL) {
        add_all(params, &n, PARAMS_MAX, ask->headers, PARAMS_MAX, &s->answers);
    }
    struct fcgi f = {.params = params, .body = ask->body, .gone = ask->gone, .arena = &s->answers};
    dispatch_serve(s->dispatch, &f);
    return parse(f.answer);
}

const char *site_token(struct site *s, int64_t user_id, int64_t session_id)
{
    int64_t now = clock_now() / 1000000;
    str token = {0};
    const struct jwt_claims claims = {
        .user_id = user_id, .session_id = session_id, .issued = now, .expires = now + TOKEN_SECONDS};
    must(jwt_sign(&s->answers, &s->keys.tokens, &claims, &token));
    return str_c(&s->answers, token);
}

str answer_header(const struct answer *a, const char *name)
{
    str wanted = str_of(name);
    for (size_t at = 0; at < a->head.n;) {
        size_t end = str_find(a->head, '\r', at);
        str line = str_slice(a->head, at, end);
        if (str_starts_nocase(line, wanted) && line.n > wanted.n && line.p[wanted.n] == ':') {
            return str_trim(str_slice(line, wanted.n + 1, line.n));
        }
        at = end + 2;
    }
    return (str){0};
}

void site_forget(struct site *s)
{
    arena_reset(&s->answers);
}

void site_close(struct site *s)
{
    dispatch_close(s->dispatch);
    arena_free(&s->answers);
    arena_free(&s->life);
}
