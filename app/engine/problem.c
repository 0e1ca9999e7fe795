#include "engine/problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/json_out.h"

#define MASK "\"**********\""

/* All entries together; what one takes at most beside its echo, its message and its ctx; and what becomes of a byte
 * at most when it is escaped. */
enum { PROBLEMS_BYTES = 8 << 20, ENTRY_BYTES = 16 << 10, ESCAPED = 6 };

void problems_init(struct problems *p, struct arena *a)
{
    *p = (struct problems){.count = 0};
    buf_init(&p->text, a, 0, PROBLEMS_BYTES);
}

bool problem_is_secret(str name)
{
    static const char *const words[] = {"password", "secret", "token"};
    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
        str word = str_of(words[w]);
        for (size_t i = 0; i + word.n <= name.n; i++) {
            if (str_starts_nocase(str_slice(name, i, name.n), word)) {
                return true;
            }
        }
    }
    return false;
}

static void put_place(struct buf *b, const struct place *at)
{
    if (at->within != NULL) {
        put_place(b, at->within);
        buf_char(b, ',');
    }
    if (at->name.n > 0) {
        json_put_dirty(b, at->name);
    } else {
        buf_int(b, at->index);
    }
}

static void put_input(struct buf *b, struct input input)
{
    if (input.secret) {
        buf_lit(b, MASK);
    } else if (input.is_text) {
        json_put_dirty(b, input.text);
    } else if (input.json != NULL) {
        json_put(b, input.json, problem_is_secret);
    } else {
        buf_lit(b, "null");
    }
}

static void put_entry(struct buf *b, const struct place *at, const char *type, str message,
                      struct input input, const char *ctx)
{
    buf_lit(b, "{\"type\":");
    json_put_str(b, str_of(type));
    buf_lit(b, ",\"loc\":[");
    put_place(b, at);
    buf_lit(b, "],\"msg\":");
    json_put_str(b, message);
    buf_lit(b, ",\"input\":");
    put_input(b, input);
    if (ctx != NULL) {
        buf_lit(b, ",\"ctx\":");
        buf_c(b, ctx);
    }
    buf_char(b, '}');
}

/* Adds an entry; when the echo of what was sent would exceed the limit, without that echo. */
static void add_entry(struct problems *p, const struct place *at, const char *type, str message,
                      struct input input, const char *ctx)
{
    struct buf *b = &p->text;
    const char *comma = p->count++ > 0 ? "," : "";
    size_t before = b->n;
    buf_c(b, comma);
    put_entry(b, at, type, message, input, ctx);
    if (b->full) {
        b->n = before;
        b->full = false;
        b->limit += ENTRY_BYTES + ESCAPED * message.n + (ctx == NULL ? 0 : strlen(ctx));
        buf_c(b, comma);
        put_entry(b, at, type, message, input_json(NULL), ctx);
    }
}

void problem_add(struct problems *p, const struct place *at, const char *type, struct input input,
                 const char *ctx, const char *message, ...)
{
    if (p->count >= PROBLEMS_MAX) {
        return;
    }
    char text[512];
    va_list args;
    va_start(args, message);
    (void)vsnprintf(text, sizeof text, message, args);
    va_end(args);
    add_entry(p, at, type, str_of(text), input, ctx);
}

void problem_value(struct problems *p, const struct place *at, struct input input, const char *key,
                   const char *prefix, str reason)
{
    if (p->count >= PROBLEMS_MAX) {
        return;
    }
    struct arena *a = p->text.arena;
    struct buf ctx;
    buf_init(&ctx, a, 64 + reason.n, 64 + strlen(key) + ESCAPED * reason.n);
    buf_printf(&ctx, "{\"%s\":", key);
    json_put_str(&ctx, reason);
    buf_char(&ctx, '}');
    str message = str_format(a, "%s%.*s", prefix, STR_ARGS(reason));
    add_entry(p, at, "value_error", message, input, str_c(a, buf_view(&ctx)));
}

void problem_count(struct problems *p, const struct place *at, struct input input, bool more, int64_t bound,
                   size_t n)
{
    char ctx[128];
    (void)snprintf(ctx, sizeof ctx, "{\"field_type\":\"List\",\"%s_length\":%lld,\"actual_length\":%zu}",
                   more ? "max" : "min", (long long)bound, n);
    problem_add(p, at, more ? "too_long" : "too_short", input, ctx,
                "List should have at %s %lld item%s after validation, not %zu", more ? "most" : "least",
                (long long)bound, bound == 1 ? "" : "s", n);
}

err problems_err(const struct problems *p)
{
    if (p->count == 0 || p->broken != NULL) {
        return p->broken;
    }
    struct arena *a = p->text.arena;
    return error_invalid(a, ERROR_INVALID, str_format(a, "[%.*s]", STR_ARGS(buf_view(&p->text))));
}
