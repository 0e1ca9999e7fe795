#include "compose/params.h"

#include "base/json_out.h"
#include "conf/settings.h"

enum { PARAMS_BYTES = 16 << 10 };

void params_json(struct buf *out, const char *name, str json)
{
    buf_char(out, out->n == 0 ? '{' : ',');
    buf_printf(out, "\"%s\":", name);
    buf_str(out, json);
}

static void put_str(struct buf *out, const char *name, str value)
{
    params_json(out, name, STR(""));
    json_put_dirty(out, value);
}

void params_c(struct buf *out, const char *name, const char *value)
{
    put_str(out, name, str_of(value));
}

void params_int(struct buf *out, const char *name, int64_t value)
{
    params_json(out, name, STR(""));
    buf_int(out, value);
}

void params_bool(struct buf *out, const char *name, bool value)
{
    params_json(out, name, value ? STR("true") : STR("false"));
}

static void put_count(struct buf *out, const char *name, int64_t count)
{
    if (count < 0) {
        params_json(out, name, STR("null"));
    } else {
        params_int(out, name, count);
    }
}

void params_usage(struct buf *out, const struct draft *d)
{
    if (d->model.n > 0) {
        put_str(out, "model", d->model);
    } else {
        params_json(out, "model", STR("null"));
    }
    put_count(out, "prompt_tokens", d->prompt_tokens);
    put_count(out, "completion_tokens", d->completion_tokens);
}

void params_open(struct buf *out, struct arena *a, const char *provider, const struct brief *b)
{
    buf_init(out, a, 512, PARAMS_BYTES);
    params_c(out, "provider", provider);
    if (b->tone.n > 0) {
        put_str(out, "tone", b->tone);
    } else {
        params_json(out, "tone", STR("null"));
    }
    params_int(out, "max_tweets", b->max_tweets);
    params_bool(out, "numbered", b->numbered);
}

str params_close(struct buf *out)
{
    buf_char(out, '}');
    return buf_view(out);
}

str composer_params(struct arena *a, const struct settings *settings, const struct brief *b)
{
    struct buf out;
    bool extracts = str_eq(settings->composer, STR("extract"));
    const struct draft unmade = {
        .model = extracts ? STR("") : settings->openai_model, .prompt_tokens = -1, .completion_tokens = -1};
    params_open(&out, a, str_c(a, settings->composer), b);
    params_usage(&out, &unmade);
    return params_close(&out);
}
