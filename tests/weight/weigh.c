/*
 * weigh: weights and threads, for tests/api/weight.test.mjs.
 *
 * Reads one JSON value a line from standard input and prints one a line:
 *
 *     "text"                                         {"weight":27,"parts":[[4,40,23]]}
 *     {"pieces":["a","b"],"max":5,"numbered":true}   {"tweets":["a 1/2","b 2/2"],"cut":false}
 *
 * Each of the parts is [first byte in form C, bytes, weight]; those of a single code point are not shown. A thread that
 * is refused gives {"refused":"…"}. With "weight" or "fit" and a number as arguments, instead, it reads one line and
 * prints how many nanoseconds that takes, on average over so many times. Exit status 1 when a line is no such JSON.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "base/text.h"
#include "compose/fit.h"
#include "compose/weight.h"
#include "io/icu.h"

enum { PIECES_MAX = 1000 };

static err put_weight(struct arena *a, str text, struct buf *out)
{
    unsigned weight;
    struct weight_part *parts;
    size_t n;
    str form;
    TRY(weight_of(a, text, &weight));
    TRY(icu_nfc(a, text, &form));
    TRY(weight_parts(a, form, &parts, &n));
    buf_printf(out, "{\"weight\":%u,\"parts\":[", weight);
    const char *comma = "";
    for (size_t i = 0; i < n; i++) {
        if (parts[i].url || text_length(str_slice(form, parts[i].at, parts[i].at + parts[i].n)) > 1) {
            buf_printf(out, "%s[%zu,%zu,%u]", comma, parts[i].at, parts[i].n, parts[i].weight);
            comma = ",";
        }
    }
    buf_lit(out, "]}\n");
    return NULL;
}

static err make_thread(struct arena *a, const struct json *ask, struct thread *t)
{
    static str pieces[PIECES_MAX];
    const struct json *max = json_member(ask, STR("max"));
    const struct json *numbered = json_member(ask, STR("numbered"));
    const struct json *list = json_member(ask, STR("pieces"));
    uint64_t most = 0;
    size_t n = 0;
    if (max == NULL || numbered == NULL || list == NULL || !str_to_uint(max->text, &most)) {
        return error_new(a, ERROR_BAD_REQUEST, "pieces, max and numbered are wanted");
    }
    for (const struct json *one = list->first; one != NULL && n < PIECES_MAX; one = one->next) {
        pieces[n++] = one->text;
    }
    struct fit how = {.max_tweets = (unsigned)most, .numbered = numbered->truth};
    return thread_fit(a, pieces, n, &how, t);
}

static err put_thread(struct arena *a, const struct json *ask, struct buf *out)
{
    struct thread t;
    err e = make_thread(a, ask, &t);
    if (e != NULL && e->code == ERROR_INVALID) {
        buf_lit(out, "{\"refused\":");
        json_put_str(out, e->detail);
        buf_lit(out, "}\n");
        return NULL;
    }
    TRY(e);
    buf_lit(out, "{\"tweets\":[");
    for (size_t i = 0; i < t.n; i++) {
        buf_c(out, i > 0 ? "," : "");
        json_put_str(out, t.tweets[i]);
    }
    buf_lit(out, "],\"cut\":");
    json_put_bool(out, t.cut);
    buf_lit(out, "}\n");
    return NULL;
}

static err answer(struct arena *a, str line, struct buf *out)
{
    struct json *ask;
    struct json_failure why;
    if (json_read(a, line, &json_default_limits, &ask, &why) != JSON_READ_OK) {
        return error_new(a, ERROR_BAD_REQUEST, "a line is no JSON");
    }
    return ask->type == JSON_STRING ? put_weight(a, ask->text, out) : put_thread(a, ask, out);
}

static err measure(struct arena *a, str line, bool fit, unsigned long times)
{
    struct json *ask;
    struct json_failure why;
    struct thread t;
    struct timespec from;
    struct timespec to;
    unsigned weight;
    if (json_read(a, line, &json_default_limits, &ask, &why) != JSON_READ_OK) {
        return error_new(a, ERROR_BAD_REQUEST, "the line is no JSON");
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    for (unsigned long i = 0; i < times; i++) {
        struct arena_mark mark = arena_mark(a);
        if (fit) {
            TRY(make_thread(a, ask, &t));
        } else {
            TRY(weight_of(a, ask->text, &weight));
        }
        arena_rewind(a, mark);
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    double ns = (double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
    printf("%.0f\n", ns / (double)times);
    return NULL;
}

int main(int argc, char *const *argv)
{
    struct arena a;
    char *line = NULL;
    size_t room = 0;
    err e = NULL;
    arena_init(&a, 1 << 20);
    for (ssize_t n; e == NULL && (n = getline(&line, &room, stdin)) > 0;) {
        struct buf out;
        str text = {line, (size_t)n};
        buf_init(&out, &a, 4096, SIZE_MAX / 4);
        if (argc == 3) {
            e = measure(&a, text, strcmp(argv[1], "fit") == 0, strtoul(argv[2], NULL, 10));
        } else {
            e = answer(&a, text, &out);
        }
        (void)fwrite(out.p, 1, out.n, stdout);
        if (e != NULL) {
            (void)fprintf(stderr, "weigh: %.*s %.*s\n", STR_ARGS(e->detail), STR_ARGS(e->cause));
        }
        arena_reset(&a);
    }
    free(line);
    arena_free(&a);
    return e == NULL ? 0 : 1;
}
