#include "compose/openai.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/rand.h"
#include "compose/answer.h"
#include "compose/fit.h"
#include "compose/loose.h"
#include "compose/params.h"
#include "compose/prompt.h"
#include "compose/script.h"
#include "conf/settings.h"
#include "io/fetch.h"

enum {
    ANSWER_BYTES = 1 << 20,
    CONNECT_MS = 10000,
    SLICE_MS = 500,
    FIRST_PAUSE_MS = 500,
    LONGEST_PAUSE_MS = 8000
};

/* Where a composing stands. */
struct session {
    const struct composing *with;
    const struct settings *settings;
    const struct brief *brief;
    struct arena *a;
    int64_t deadline; /* clock_steady() */
    struct prompt how;
    int attempts;
    int retries;
    struct answer answer; /* the last one that was understood */
    struct loose pieces;  /* of it */
    bool other_script;
};

/* What to do after an attempt. */
enum next { NEXT_TAKE, NEXT_REPAIR, NEXT_RETRY, NEXT_FAIL };

struct outcome {
    enum next next;
    int64_t wait_ms; /* NEXT_RETRY: what the server asked for; 0: nothing */
    bool late;       /* the time is over */
    const char *detail;
    str cause;
};

static int64_t ms_left(const struct session *s)
{
    return (s->deadline - clock_steady()) / 1000;
}

/* -- failing -- */

/* The text without the key, which a server may have put into its message. */
static str mask(struct session *s, str text)
{
    str key = s->settings->openai_api_key;
    struct buf out;
    buf_init(&out, s->a, text.n + 16, text.n * 12 + 16);
    for (size_t i = 0; i < text.n;) {
        if (key.n > 0 && str_starts(str_slice(text, i, text.n), key)) {
            buf_lit(&out, "**********");
            i += key.n;
        } else {
            buf_char(&out, text.p[i++]);
        }
    }
    return buf_view(&out);
}

static err fail(struct session *s, enum error_code code, const char *detail, str cause)
{
    struct error *e = ARENA_NEW(s->a, struct error);
    str masked = mask(s, cause);
    e->code = code;
    e->detail = str_of(detail);
    e->cause = str_format(s->a, "openai: attempt %d: %.*s", s->attempts, STR_ARGS(masked));
    return e;
}

static err fail_late(struct session *s, str cause)
{
    return fail(s, ERROR_PROVIDER_TIMEOUT, "the thread provider took too long", cause);
}

/* -- one attempt -- */

static bool names_response_format(str body)
{
    return memmem(body.p, body.n, "response_format", 15) != NULL ||
           memmem(body.p, body.n, "json_schema", 11) != NULL;
}

static struct outcome judge_status(struct session *s, const struct fetch_answer *got)
{
    unsigned status = got->status;
    struct outcome o = {.next = NEXT_FAIL, .detail = "the thread provider refused the request"};
    answer_read(s->a, got->body, &s->answer);
    o.cause = str_format(s->a, "status %u: %.*s", status, STR_ARGS(s->answer.said));
    if ((status == 400 || status == 404 || status == 422) && s->how.schema &&
        names_response_format(got->body)) {
        s->how.schema = false;
        if (s->with->memory != NULL) {
            s->with->memory->no_schema = true;
        }
        o.next = NEXT_REPAIR;
    } else if (status == 429) {
        /* A quota that is used up will not be filled while we wait. */
        bool quota = memmem(got->body.p, got->body.n, "insufficient_quota", 18) != NULL;
        o = (struct outcome){.next = quota ? NEXT_FAIL : NEXT_RETRY,
                             .wait_ms = got->retry_after * 1000,
                             .detail = "the thread provider is busy",
                             .cause = o.cause};
    } else if (status >= 500 || status == 408) {
        o = (struct outcome){.next = NEXT_RETRY,
                             .wait_ms = got->retry_after * 1000,
                             .detail = "the thread provider failed",
                             .cause = o.cause};
    }
    return o;
}

/* Whether the pieces are in another script than the topic and the source. */
static bool is_other_script(struct session *s)
{
    struct buf all;
    enum script topic = script_of(s->brief->topic);
    enum script source = script_of(s->brief->source);
    buf_init(&all, s->a, 4096, LOOSE_MAX_BYTES * 2);
    for (size_t i = 0; i < s->pieces.n; i++) {
        buf_str(&all, s->pieces.pieces[i]);
        buf_char(&all, '\n');
    }
    enum script written = script_of(buf_view(&all));
    return topic != SCRIPT_UNKNOWN && written != SCRIPT_UNKNOWN && written != topic && written != source;
}

/* A 200: is there a thread in it? */
static struct outcome judge_answer(struct session *s, const struct fetch_answer *got)
{
    enum next otherwise = s->how.again ? NEXT_FAIL : NEXT_REPAIR;
    const char *useless = "the thread provider gave no usable answer";
    answer_read(s->a, got->body, &s->answer);
    if (s->answer.kind == ANSWER_ERROR) {
        return (struct outcome){
            .next = NEXT_RETRY,
            .detail = "the thread provider failed",
            .cause = str_format(s->a, "an error in the answer: %.*s", STR_ARGS(s->answer.said))};
    }
    loose_read(s->a, s->answer.text, &s->pieces);
    if (s->answer.kind != ANSWER_TEXT || s->pieces.n == 0) {
        s->how.again = true;
        return (struct outcome){
            .next = otherwise,
            .detail = useless,
            .cause = str_format(s->a, "%zu bytes of %.*s hold no thread (%s)", got->body.n,
                                STR_ARGS(str_slice(got->type, 0, 100)),
                                s->answer.kind == ANSWER_REFUSAL ? "refusal" : loose_name(s->pieces.form))};
    }
    if (s->answer.cut && s->pieces.n > 1 && s->pieces.form != LOOSE_PARTIAL) {
        s->pieces.n--; /* the last one has no end */
    }
    s->other_script = is_other_script(s);
    if (s->other_script && !s->how.again) {
        s->how.again = true;
        return (struct outcome){.next = NEXT_REPAIR, .detail = useless, .cause = STR("another script")};
    }
    return (struct outcome){.next = NEXT_TAKE};
}

static err attempt(struct session *s, struct outcome *out)
{
    const struct settings *set = s->settings;
    int64_t left = ms_left(s);
    left = left < 1 ? 1 : left;
    struct fetch_answer got;
    struct fetch_request request = {
        .url = str_format(s->a, "%.*s/chat/completions", STR_ARGS(set->openai_base_url)),
        .bearer = set->openai_api_key,
        .body = prompt_body(s->a, &s->how, s->brief),
        .connect_ms = left < CONNECT_MS ? left : CONNECT_MS,
        .total_ms = left,
        .most = ANSWER_BYTES,
        .beat = s->with->beat,
        .ctx = s->with->ctx,
    };
    s->attempts++;
    TRY(fetch_post(s->a, &request, &got));
    switch (got.result) {
    case FETCH_ANSWERED:
        *out = got.status == 200 ? judge_answer(s, &got) : judge_status(s, &got);
        return NULL;
    case FETCH_TIMEOUT:
    case FETCH_BROKEN:
        *out = (struct outcome){.next = NEXT_RETRY,
                                .late = got.result == FETCH_TIMEOUT && ms_left(s) < SLICE_MS,
                                .detail = "the thread provider cannot be reached",
                                .cause = got.why};
        return NULL;
    case FETCH_REFUSED:
        *out = (struct outcome){
            .next = NEXT_FAIL, .detail = "the thread provider cannot be reached", .cause = got.why};
        return NULL;
    case FETCH_TOO_LARGE:
        *out = (struct outcome){
            .next = NEXT_FAIL, .detail = "the thread provider gave no usable answer", .cause = got.why};
        return NULL;
    }
    abort();
}

/* -- several -- */

static err pause_for(struct session *s, int64_t ms)
{
    int64_t until = clock_steady() + ms * 1000;
    for (int64_t left = ms; left > 0; left = (until - clock_steady()) / 1000) {
        int64_t slice = left < SLICE_MS ? left : SLICE_MS;
        struct timespec t = {.tv_sec = slice / 1000, .tv_nsec = (long)(slice % 1000) * 1000000};
        (void)nanosleep(&t, NULL);
        if (s->with->beat != NULL) {
            TRY(s->with->beat(s->with->ctx, s->a));
        }
    }
    return NULL;
}

/* Between half of it and all of it, so that many that failed together do not come back together. */
static int64_t back_off(const struct session *s)
{
    int64_t pause = FIRST_PAUSE_MS;
    for (int i = 0; i < s->retries && pause < LONGEST_PAUSE_MS; i++) {
        pause *= 2;
    }
    pause = pause < LONGEST_PAUSE_MS ? pause : LONGEST_PAUSE_MS;
    return pause / 2 + rand_below((uint32_t)(pause / 2) + 1);
}

static err wait_to_retry(struct session *s, const struct outcome *o)
{
    int64_t wait = o->wait_ms > 0 ? o->wait_ms : back_off(s);
    if (o->late || ms_left(s) <= 0) {
        return fail_late(s, o->cause);
    }
    if (s->retries >= s->settings->openai_retries || wait >= ms_left(s)) {
        return fail(s, ERROR_PROVIDER, o->detail, o->cause);
    }
    s->retries++;
    return pause_for(s, wait);
}

/* Attempts until one can be taken. */
static err ask(struct session *s)
{
    struct outcome o = {.next = NEXT_REPAIR};
    while (o.next != NEXT_TAKE) {
        TRY(attempt(s, &o));
        if (o.next == NEXT_FAIL) {
            return fail(s, ERROR_PROVIDER, o.detail, o.cause);
        }
        if (o.next == NEXT_RETRY) {
            TRY(wait_to_retry(s, &o));
        } else if (o.next == NEXT_REPAIR && ms_left(s) <= 0) {
            return fail_late(s, o.cause);
        }
    }
    return NULL;
}

static str describe(struct session *s, const struct draft *d, bool truncated)
{
    struct buf out;
    params_open(&out, s->a, openai_composer.name, s->brief);
    params_usage(&out, d);
    if (s->how.temperature.n > 0) {
        params_json(&out, "temperature", s->how.temperature);
    }
    params_int(&out, "attempts", s->attempts);
    params_c(&out, "response_format", s->how.schema ? "json_schema" : "none");
    params_c(&out, "form", loose_name(s->pieces.form));
    params_bool(&out, "truncated", truncated);
    if (s->other_script) {
        params_bool(&out, "other_script", true);
    }
    return params_close(&out);
}

static err compose(const struct composing *with, struct arena *a, const struct brief *b, struct draft *out)
{
    const struct settings *set = with->settings;
    struct session s = {
        .with = with,
        .settings = set,
        .brief = b,
        .a = a,
        .deadline = clock_steady() + set->openai_timeout * 1000000,
        .how = {.model = set->openai_model,
                .temperature = set->openai_temperature,
                .schema = with->memory == NULL || !with->memory->no_schema},
    };
    struct thread thread;
    struct fit fit = {.max_tweets = (unsigned)b->max_tweets, .numbered = b->numbered};
    TRY(ask(&s));
    err unfit = thread_fit(a, s.pieces.pieces, s.pieces.n, &fit, &thread);
    if (unfit != NULL && unfit->code == ERROR_INVALID) {
        return fail(&s, ERROR_PROVIDER, "the thread provider gave no usable answer", unfit->detail);
    }
    TRY(unfit);
    *out = (struct draft){
        .tweets = thread.tweets,
        .n = thread.n,
        .model = s.answer.model.n > 0 ? s.answer.model : set->openai_model,
        .prompt_tokens = s.answer.prompt_tokens,
        .completion_tokens = s.answer.completion_tokens,
    };
    out->params = describe(&s, out, thread.cut || s.answer.cut || s.pieces.form == LOOSE_PARTIAL);
    return NULL;
}

const struct composer openai_composer = {.name = "openai", .compose = compose};
