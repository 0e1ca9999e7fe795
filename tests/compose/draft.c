/*
 * draft: what the composers make of briefs, for tests/api/composers.test.mjs and provider.test.mjs.
 *
 * The settings come from the environment. Reads one brief a line from standard input, as JSON, and prints one JSON
 * object a line:
 *
 *     {"composer":"extract","topic":"…","tone":"…","source":"…","max_tweets":5,"numbered":false,
 *      "found":[{"title":"…","text":"…","link":"…"}],"stop_after":2}
 *
 *     {"tweets":["…"],"params":{…},"model":"","prompt_tokens":-1,"completion_tokens":-1,"beats":0}
 *     {"error":"provider_failed","status":502,"detail":"…","cause":"…","beats":1}
 *
 * Everything but composer and topic may be missing. With stop_after the beat of that number fails. Exit status 1 when
 * the settings or a line are wrong, with a sentence on standard error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "compose/composer.h"
#include "conf/settings.h"

enum { LINE_BYTES = 64 << 20 };

struct pulse {
    int64_t beats;
    int64_t stop_after; /* 0: never */
};

static err beat(void *ctx, struct arena *a)
{
    struct pulse *p = ctx;
    p->beats++;
    return p->beats == p->stop_after ? error_new(a, ERROR_CONFLICT, "stopped at beat %d", (int)p->beats)
                                     : NULL;
}

static str text_of(const struct json *object, str name)
{
    const struct json *m = json_member(object, name);
    return m != NULL && m->type == JSON_STRING ? m->text : (str){"", 0};
}

static int64_t number_of(const struct json *object, str name, int64_t otherwise)
{
    const struct json *m = json_member(object, name);
    return m != NULL && m->type == JSON_INT ? strtoll(m->text.p, NULL, 10) : otherwise;
}

static void read_brief(struct arena *a, const struct json *line, struct brief *out)
{
    const struct json *numbered = json_member(line, STR("numbered"));
    const struct json *list = json_member(line, STR("found"));
    *out = (struct brief){
        .topic = text_of(line, STR("topic")),
        .tone = text_of(line, STR("tone")),
        .source = text_of(line, STR("source")),
        .max_tweets = (int)number_of(line, STR("max_tweets"), 5),
        .numbered = numbered != NULL && numbered->truth,
    };
    if (list == NULL || list->type != JSON_ARRAY) {
        return;
    }
    struct found *found = ARENA_ARRAY(a, struct found, list->count);
    for (const struct json *f = list->first; f != NULL; f = f->next) {
        found[out->found_count++] = (struct found){.title = text_of(f, STR("title")),
                                                   .text = text_of(f, STR("text")),
                                                   .link = text_of(f, STR("link"))};
    }
    out->found = found;
}

static void put_draft(struct buf *out, const struct draft *d)
{
    buf_lit(out, "{\"tweets\":[");
    for (size_t i = 0; i < d->n; i++) {
        buf_str(out, i == 0 ? STR("") : STR(","));
        json_put_str(out, d->tweets[i]);
    }
    buf_lit(out, "],\"params\":");
    buf_str(out, d->params);
    buf_lit(out, ",\"model\":");
    json_put_str(out, d->model);
    buf_lit(out, ",\"prompt_tokens\":");
    buf_int(out, d->prompt_tokens);
    buf_lit(out, ",\"completion_tokens\":");
    buf_int(out, d->completion_tokens);
}

static void put_error(struct buf *out, err e)
{
    buf_printf(out, "{\"error\":\"%s\",\"status\":%u,\"detail\":", error_name(e->code),
               error_status(e->code));
    json_put_str(out, e->detail);
    buf_lit(out, ",\"cause\":");
    json_put_str(out, e->cause);
}

static bool answer(struct arena *a, const struct settings *settings, struct composer_memory *memory, str text)
{
    struct json *line = NULL;
    struct json_failure why;
    if (json_read(a, text, &json_default_limits, &line, &why) != JSON_READ_OK) {
        (void)fprintf(stderr, "draft: no JSON: %.*s\n", STR_ARGS(str_slice(text, 0, 200)));
        return false;
    }
    const struct composer *composer = composer_named(text_of(line, STR("composer")));
    if (composer == NULL) {
        (void)fprintf(stderr, "draft: there is no such composer\n");
        return false;
    }
    struct pulse pulse = {.stop_after = number_of(line, STR("stop_after"), 0)};
    struct composing with = {.settings = settings, .memory = memory, .beat = beat, .ctx = &pulse};
    struct brief brief;
    struct draft draft;
    struct buf out;
    read_brief(a, line, &brief);
    buf_init(&out, a, 4096, LINE_BYTES);
    err failed = composer->compose(&with, a, &brief, &draft);
    if (failed == NULL) {
        put_draft(&out, &draft);
    } else {
        put_error(&out, failed);
    }
    buf_lit(&out, ",\"beats\":");
    buf_int(&out, pulse.beats);
    buf_lit(&out, "}\n");
    (void)fwrite(out.p, 1, out.n, stdout);
    return fflush(stdout) == 0;
}

int main(void)
{
    struct arena settings_arena;
    struct arena a;
    struct settings settings;
    struct composer_memory memory = {0};
    char *line = NULL;
    size_t room = 0;
    arena_init(&settings_arena, 64 << 10);
    arena_init(&a, 64 << 10);
    err failed = settings_load(&settings_arena, environ, "/nonexistent", &settings);
    if (failed != NULL) {
        (void)fprintf(stderr, "draft: %.*s\n", STR_ARGS(failed->detail));
    }
    bool good = failed == NULL;
    for (ssize_t n = 0; good && (n = getline(&line, &room, stdin)) > 0;) {
        good = answer(&a, &settings, &memory, str_trim((str){line, (size_t)n}));
        arena_reset(&a);
    }
    free(line);
    arena_free(&a);
    arena_free(&settings_arena);
    return good ? 0 : 1;
}
