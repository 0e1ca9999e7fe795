#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/email.h"
#include "base/json_out.h"
#include "base/text.h"
#include "base/url.h"
#include "base/uuid.h"
#include "engine/coerce.h"

/* bcrypt cuts what is longer. */
enum { PASSWORD_BYTES = 72 };

static bool refuse_length(const struct source *s, bool longer, int64_t bound)
{
    char ctx[48];
    (void)snprintf(ctx, sizeof ctx, "{\"%s_length\":%lld}", longer ? "max" : "min", (long long)bound);
    problem_add(s->problems, s->at, longer ? "string_too_long" : "string_too_short", s->input, ctx,
                "String should have at %s %lld character%s", longer ? "most" : "least", (long long)bound,
                bound == 1 ? "" : "s");
    return false;
}

static bool check_length(const struct source *s, str text)
{
    int64_t length = (int64_t)text_length(text);
    if (length < s->field->min) {
        return refuse_length(s, false, s->field->min);
    }
    if (s->field->max > 0 && length > s->field->max) {
        return refuse_length(s, true, s->field->max);
    }
    return true;
}

/* A string only from a string; *out is its text. */
static bool string_of(const struct source *s, str *out, bool *has_nul)
{
    const struct json *j = s->input.json;
    if (j == NULL) {
        *out = s->input.text;
        *has_nul = out->n > 0 && memchr(out->p, '\0', out->n) != NULL;
        return true;
    }
    if (j->type != JSON_STRING) {
        problem_add(s->problems, s->at, "string_type", s->input, NULL, "Input should be a valid string");
        return false;
    }
    if (j->lone_surrogate) {
        problem_add(s->problems, s->at, "string_unicode", s->input, NULL,
                    "Input should be a valid string, unable to parse raw data as a "
                    "unicode string");
        return false;
    }
    *out = j->text;
    *has_nul = j->has_nul;
    return true;
}

static bool check_pattern(const struct source *s, str text)
{
    const char *pattern = s->field->pattern;
    if (pattern == NULL || str_eq(text, str_of(pattern))) {
        return true;
    }
    str ctx = str_format(s->arena, "{\"pattern\":\"%s\"}", pattern);
    problem_add(s->problems, s->at, "string_pattern_mismatch", s->input, ctx.p,
                "String should match pattern '%s'", pattern);
    return false;
}

static bool finish_email(const struct source *s, str text, struct value *out)
{
    str normal = {0};
    str why = {0};
    if (!email_check(s->arena, text, &normal, &why)) {
        problem_value(s->problems, s->at, s->input, "reason", "value is not a valid email address: ", why);
        return false;
    }
    if (!check_length(s, normal)) {
        return false; /* of what is stored: the bounds are those of the column */
    }
    *out = value_text(normal);
    return true;
}

/* As pydantic refuses what is no address of the web. */
static bool check_url(const struct source *s, str text)
{
    bool scheme = false;
    const char *why = url_mistake(text, &scheme);
    if (why == NULL || ((s->field->flags & LOCAL) != 0 && url_is_local(text))) {
        return true;
    }
    if (scheme) {
        problem_add(s->problems, s->at, "url_scheme", s->input,
                    "{\"expected_schemes\":\"'http' or 'https'\"}", "URL scheme should be 'http' or 'https'");
    } else {
        str ctx = str_format(s->arena, "{\"error\":\"%s\"}", why);
        problem_add(s->problems, s->at, "url_parsing", s->input, ctx.p, "Input should be a valid URL, %s",
                    why);
    }
    return false;
}

bool coerce_text(const struct source *s, struct value *out)
{
    str text = {0};
    bool has_nul = false;
    if (!string_of(s, &text, &has_nul)) {
        return false;
    }
    if (s->field->type == FIELD_EMAIL) {
        return finish_email(s, text, out);
    }
    if (!check_length(s, text) || !check_pattern(s, text)) {
        return false;
    }
    if (s->field->type == FIELD_PASSWORD && (has_nul || text.n > PASSWORD_BYTES)) {
        problem_value(s->problems, s->at, s->input, "error", "Value error, ",
                      STR("password must be at most 72 bytes and contain no NUL"));
        return false;
    }
    if (has_nul) {
        problem_value(s->problems, s->at, s->input, "error", "Value error, ",
                      STR("text must not contain NUL"));
        return false;
    }
    if (s->field->type == FIELD_URL && !check_url(s, text)) {
        return false;
    }
    *out = value_text(text);
    return true;
}

/* 'a', 'b' or 'c' */
static str list_choices(struct arena *a, const struct choice *choices)
{
    struct buf b;
    buf_init(&b, a, 64, 4096);
    for (size_t i = 0; choices[i].name != NULL; i++) {
        const char *before = i == 0 ? "" : choices[i + 1].name == NULL ? " or " : ", ";
        buf_printf(&b, "%s'%s'", before, choices[i].name);
    }
    return buf_view(&b);
}

bool coerce_choice(const struct source *s, struct value *out)
{
    const struct json *j = s->input.json;
    if (j == NULL || j->type == JSON_STRING) {
        str text = j == NULL ? s->input.text : j->text;
        for (const struct choice *c = s->field->choices; c->name != NULL; c++) {
            if (str_eq(text, str_of(c->name))) {
                *out = value_int(c->stored);
                return true;
            }
        }
    }
    str expected = list_choices(s->arena, s->field->choices);
    struct buf ctx;
    buf_init(&ctx, s->arena, 64, 8192);
    buf_lit(&ctx, "{\"expected\":");
    json_put_str(&ctx, expected);
    buf_char(&ctx, '}');
    problem_add(s->problems, s->at, "literal_error", s->input, str_c(s->arena, buf_view(&ctx)),
                "Input should be %.*s", STR_ARGS(expected));
    return false;
}

static void refuse_with_reason(const struct source *s, const char *type, const char *sentence, str why)
{
    struct buf ctx;
    buf_init(&ctx, s->arena, 64, 4096);
    buf_lit(&ctx, "{\"error\":");
    json_put_dirty(&ctx, why);
    buf_char(&ctx, '}');
    problem_add(s->problems, s->at, type, s->input, str_c(s->arena, buf_view(&ctx)), "%s%.*s", sentence,
                STR_ARGS(why));
}

static str text_or_empty(const struct source *s)
{
    const struct json *j = s->input.json;
    return j == NULL ? s->input.text : j->text;
}

static bool is_stringlike(const struct source *s)
{
    return s->input.json == NULL || s->input.json->type == JSON_STRING;
}

bool coerce_uuid(const struct source *s, struct value *out)
{
    if (!is_stringlike(s)) {
        problem_add(s->problems, s->at, "uuid_type", s->input, NULL,
                    "UUID input should be a string, bytes or UUID object");
        return false;
    }
    unsigned char *id = arena_alloc(s->arena, UUID_BYTES);
    str why = {0};
    if (!uuid_parse(s->arena, text_or_empty(s), id, &why)) {
        refuse_with_reason(s, "uuid_parsing", "Input should be a valid UUID, ", why);
        return false;
    }
    *out = value_bytes(id, UUID_BYTES);
    return true;
}

/* Why a text is no time: the same few sentences as the contract's original, by the first thing amiss. */
static str why_no_time(str text)
{
    static const size_t shortest = sizeof "2026-01-01" - 1;
    if (text.n < shortest) {
        return STR("input is too short");
    }
    int64_t days = 0;
    if (!clock_parse_date(str_slice(text, 0, shortest), &days)) {
        return STR("invalid character in year, month or day, or no such day");
    }
    return STR("unexpected or missing characters after the date");
}

bool coerce_time(const struct source *s, struct value *out)
{
    if (!is_stringlike(s)) {
        problem_add(s->problems, s->at, "datetime_type", s->input, NULL, "Input should be a valid datetime");
        return false;
    }
    str text = str_trim(text_or_empty(s));
    int64_t moment = 0;
    int64_t days = 0;
    if (clock_parse_time(text, &moment)) {
        *out = value_time(moment);
        return true;
    }
    if (clock_parse_date(text, &days)) {
        *out = value_time(days * 86400 * 1000000);
        return true;
    }
    refuse_with_reason(s, "datetime_from_date_parsing", "Input should be a valid datetime or date, ",
                       why_no_time(text));
    return false;
}

bool coerce_date(const struct source *s, struct value *out)
{
    if (!is_stringlike(s)) {
        problem_add(s->problems, s->at, "date_type", s->input, NULL, "Input should be a valid date");
        return false;
    }
    str text = str_trim(text_or_empty(s));
    int64_t days = 0;
    int east = 0;
    struct civil c = {0};
    if (clock_parse_date(text, &days)) {
        *out = value_date(days);
        return true;
    }
    if (clock_parse_local(text, &c, &east)) { /* the date as it is written, whatever it is in UTC */
        if (c.hour == 0 && c.minute == 0 && c.second == 0 && c.micro == 0) {
            *out = value_date(clock_from_civil(&c) / (86400 * 1000000LL));
            return true;
        }
        problem_add(s->problems, s->at, "date_from_datetime_inexact", s->input, NULL,
                    "Datetimes provided to dates should have zero time - e.g. be "
                    "exact dates");
        return false;
    }
    refuse_with_reason(s, "date_from_datetime_parsing", "Input should be a valid date or datetime, ",
                       why_no_time(text));
    return false;
}
