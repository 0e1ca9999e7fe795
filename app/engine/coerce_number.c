#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "engine/coerce.h"

/* Python refuses to turn longer texts into numbers; pydantic too. */
enum { MAX_DIGITS = 4300 };

enum int_reading { INT_OK, INT_NOT_ONE, INT_TOO_BIG, INT_OVER, INT_UNDER };

/* "1_000" is a number to Python; a leading, trailing or doubled underscore is not. */
static bool strip_underscores(struct arena *a, str *s)
{
    if (str_find(*s, '_', 0) == s->n) {
        return true;
    }
    char *digits = arena_alloc(a, s->n);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->p[i] != '_') {
            digits[n++] = s->p[i];
        } else if (i == 0 || i + 1 == s->n || s->p[i - 1] == '_' || s->p[i + 1] == '_' ||
                   s->p[i - 1] == '+' || s->p[i - 1] == '-') {
            return false;
        }
    }
    *s = (str){digits, n};
    return true;
}

/* "12.000" is a whole number; "12." and "12.5" are none. */
static bool strip_zero_fraction(str *s)
{
    size_t dot = str_find(*s, '.', 0);
    if (dot == s->n) {
        return true;
    }
    for (size_t i = dot + 1; i < s->n; i++) {
        if (s->p[i] != '0') {
            return false;
        }
    }
    bool digits_after = dot + 1 < s->n;
    *s = str_slice(*s, 0, dot);
    return digits_after;
}

static enum int_reading read_digits(str s, bool negative, int64_t *out)
{
    uint64_t value = 0;
    bool big = false;
    if (s.n == 0) {
        return INT_NOT_ONE;
    }
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return INT_NOT_ONE;
        }
        unsigned digit = (unsigned)(s.p[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            big = true;
        } else {
            value = value * 10 + digit;
        }
    }
    if (s.n > MAX_DIGITS) {
        return INT_TOO_BIG;
    }
    if (negative ? big || value > (uint64_t)INT64_MAX + 1 : big || value > INT64_MAX) {
        return negative ? INT_UNDER : INT_OVER;
    }
    *out = negative ? (int64_t)(0 - value) : (int64_t)value;
    return INT_OK;
}

static enum int_reading int_of_text(struct arena *a, str s, int64_t *out)
{
    s = str_trim(s);
    if (!strip_underscores(a, &s) || !strip_zero_fraction(&s)) {
        return INT_NOT_ONE;
    }
    bool negative = s.n > 0 && s.p[0] == '-';
    if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+')) {
        s = str_slice(s, 1, s.n);
    }
    return read_digits(s, negative, out);
}

static bool refuse_parsing(const struct source *s)
{
    problem_add(s->problems, s->at, "int_parsing", s->input, NULL,
                "Input should be a valid integer, unable to parse string as an integer");
    return false;
}

static bool refuse_size(const struct source *s)
{
    problem_add(s->problems, s->at, "int_parsing_size", s->input, NULL,
                "Unable to parse input string as an integer, exceeded maximum size");
    return false;
}

static bool refuse_bound(const struct source *s, bool above, int64_t bound)
{
    char ctx[48];
    (void)snprintf(ctx, sizeof ctx, "{\"%s\":%lld}", above ? "le" : "ge", (long long)bound);
    problem_add(s->problems, s->at, above ? "less_than_equal" : "greater_than_equal", s->input, ctx,
                "Input should be %s than or equal to %lld", above ? "less" : "greater", (long long)bound);
    return false;
}

static bool has_max(const struct field *f)
{
    return f->type == FIELD_INT && (f->bounded || f->max != 0);
}

static bool has_min(const struct field *f)
{
    return f->type == FIELD_INT && (f->bounded || f->min != 0);
}

static bool finish_int(const struct source *s, enum int_reading reading, int64_t i, struct value *out)
{
    const struct field *f = s->field;
    switch (reading) {
    case INT_NOT_ONE:
        return refuse_parsing(s);
    case INT_TOO_BIG:
        return refuse_size(s);
    case INT_OVER:
        return has_max(f) ? refuse_bound(s, true, f->max) : refuse_size(s);
    case INT_UNDER:
        return has_min(f) ? refuse_bound(s, false, f->min) : refuse_size(s);
    case INT_OK:
        break;
    }
    if (has_max(f) && i > f->max) {
        return refuse_bound(s, true, f->max);
    }
    if (has_min(f) && i < f->min) {
        return refuse_bound(s, false, f->min);
    }
    *out = value_int(i);
    return true;
}

static double number_of(struct arena *a, const struct json *j)
{
    return strtod(str_c(a, j->text), NULL);
}

static bool int_of_float(const struct source *s, struct value *out)
{
    double d = number_of(s->arena, s->input.json);
    if (!isfinite(d)) {
        problem_add(s->problems, s->at, "finite_number", s->input, NULL, "Input should be a finite number");
        return false;
    }
    if (d != trunc(d)) {
        problem_add(s->problems, s->at, "int_from_float", s->input, NULL,
                    "Input should be a valid integer, got a number with a fractional part");
        return false;
    }
    if (d >= 9223372036854775808.0 || d < -9223372036854775808.0) {
        return refuse_size(s);
    }
    return finish_int(s, INT_OK, (int64_t)d, out);
}

bool coerce_int(const struct source *s, struct value *out)
{
    const struct json *j = s->input.json;
    int64_t i = 0;
    if (j == NULL) {
        enum int_reading reading = int_of_text(s->arena, s->input.text, &i);
        return finish_int(s, reading, i, out);
    }
    switch (j->type) {
    case JSON_INT:
    case JSON_STRING: {
        enum int_reading reading = int_of_text(s->arena, j->text, &i);
        return finish_int(s, reading, i, out);
    }
    case JSON_BOOL:
        return finish_int(s, INT_OK, j->truth, out);
    case JSON_FLOAT:
        return int_of_float(s, out);
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    problem_add(s->problems, s->at, "int_type", s->input, NULL, "Input should be a valid integer");
    return false;
}

static bool bool_of_text(str s, bool *out)
{
    static const char *const no[] = {"0", "f", "n", "no", "off", "false"};
    static const char *const yes[] = {"1", "t", "y", "yes", "on", "true"};
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        if (str_eq_nocase(s, str_of(no[i])) || str_eq_nocase(s, str_of(yes[i]))) {
            *out = str_eq_nocase(s, str_of(yes[i]));
            return true;
        }
    }
    return false;
}

/* A number is a truth value when it is 0 or 1; any other 64-bit whole number was "unable to interpret". */
static bool bool_of_number(struct arena *a, const struct json *j, bool *out, bool *whole)
{
    double d = number_of(a, j);
    *whole = isfinite(d) && d == trunc(d) && d >= -9223372036854775808.0 && d < 9223372036854775808.0;
    *out = d == 1.0;
    return d == 0.0 || d == 1.0;
}

bool coerce_bool(const struct source *s, struct value *out)
{
    const struct json *j = s->input.json;
    bool truth = false;
    bool parsing = true;
    bool right = false;
    if (j == NULL || j->type == JSON_STRING) {
        right = bool_of_text(j == NULL ? s->input.text : j->text, &truth);
    } else if (j->type == JSON_BOOL) {
        truth = j->truth;
        right = true;
    } else if (j->type == JSON_INT || j->type == JSON_FLOAT) {
        right = bool_of_number(s->arena, j, &truth, &parsing);
    } else {
        parsing = false;
    }
    if (right) {
        *out = value_bool(truth);
    } else if (parsing) {
        problem_add(s->problems, s->at, "bool_parsing", s->input, NULL,
                    "Input should be a valid boolean, unable to interpret input");
    } else {
        problem_add(s->problems, s->at, "bool_type", s->input, NULL, "Input should be a valid boolean");
    }
    return right;
}
