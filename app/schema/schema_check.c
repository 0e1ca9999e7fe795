#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "schema/check_part.h"
#include "schema/reserved.h"
#include "schema/shape.h"

/* How deep forms that hold forms are looked into, and the longest name that the database takes. */
enum { FORM_MAX_DEPTH = 4, NAME_MAX_BYTES = 64 };

/* Whether each of them can be told from the others, and is stored. */
static bool are_choices(const struct field *f)
{
    for (const struct choice *c = f->choices; c->name != NULL; c++) {
        if (c->stored < INT8_MIN || c->stored > INT8_MAX) {
            return false;
        }
        for (const struct choice *before = f->choices; before < c; before++) {
            if (before->stored == c->stored || strcmp(before->name, c->name) == 0) {
                return false;
            }
        }
    }
    return true;
}

/* The parameter of a filter. */
static str parameter_of(const struct field *f)
{
    return str_of(f->type == FIELD_MANY && f->alias != NULL ? f->alias : f->name);
}

/* engine/query reads a parameter once: for what a list has anyway, or for the first field of the name. */
static void check_parameter_name(struct findings *s, const struct resource *r, const struct field *f)
{
    static const char *const taken[] = {"limit",  "skip", "cursor", "count",  "sort_by",
                                        "search", "q",    "fields", "include"};
    str name = parameter_of(f);
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (str_eq(name, str_of(taken[i]))) {
            SAY(s, r, f, "FILTER cannot be: every list has a parameter %s of its own", taken[i]);
        }
    }
    for (const struct field *before = r->fields; before < f; before++) {
        if ((before->flags & FILTER) != 0 && before->name != NULL && str_eq(name, parameter_of(before))) {
            SAY(s, r, f, "FILTER cannot be: the parameter %.*s is that of another field", STR_ARGS(name));
        }
    }
}

static void check_search(struct findings *s, const struct resource *r, const struct field *f)
{
    if (!(field_has_column(f) && check_is_kind(f, VALUE_TEXT))) {
        SAY(s, r, f, "SEARCH wants a column that is a text");
    }
    for (const struct field *before = r->fields; before < f; before++) {
        if ((before->flags & SEARCH) != 0) {
            SAY(s, r, f, "SEARCH is of one field, and another has it");
            return;
        }
    }
}

/* What clients name in a list's parameters becomes a part of its statement. */
static void check_parameters(struct findings *s, const struct resource *r, const struct field *f)
{
    if ((f->flags & FILTER) != 0 && f->type != FIELD_MANY && !(field_is_scalar(f) && field_has_column(f))) {
        SAY(s, r, f, "FILTER wants a column whose values can be sent");
    }
    if ((f->flags & SORT) != 0 && !field_has_column(f)) {
        SAY(s, r, f, "SORT wants a column");
    }
    if ((f->flags & FILTER) != 0) {
        check_parameter_name(s, r, f);
    }
    if ((f->flags & SEARCH) != 0) {
        check_search(s, r, f);
    }
}

static void check_average(struct findings *s, const struct resource *r, const struct field *f)
{
    if ((size_t)f->of >= r->field_count || r->fields[f->of].type != FIELD_SUM ||
        (size_t)f->key >= r->field_count || r->fields[f->key].type != FIELD_COUNT ||
        (f->flags & NULLABLE) == 0) {
        SAY(s, r, f, "wants a SUM as `of`, a COUNT as `key`, and NULLABLE");
    }
}

static bool is_text_good(const struct field *f, const char *text)
{
    return check_is_kind(f, VALUE_TEXT) && f->type != FIELD_TEXTS && text != NULL &&
           strpbrk(text, "'\\") == NULL && (int64_t)text_length(str_of(text)) >= f->min &&
           (int64_t)text_length(str_of(text)) <= f->max;
}

static bool is_number_good(const struct field *f, int64_t i)
{
    if (f->type == FIELD_CHOICE) {
        return f->choices == NULL || field_choice(f, i) != NULL; /* without choices that is the mistake */
    }
    bool least = f->bounded || f->min != 0;
    bool most = f->bounded || f->max != 0;
    return f->type == FIELD_BOOL ? i == 0 || i == 1
                                 : f->type == FIELD_INT && (!least || i >= f->min) && (!most || i <= f->max);
}

/* What stands in the table's declaration and, where nothing was sent, in the row. */
static bool is_initial_good(const struct field *f)
{
    switch (f->initial.kind) {
    case INITIAL_NONE:
        return true;
    case INITIAL_INT:
        return is_number_good(f, f->initial.i);
    case INITIAL_TEXT:
        return is_text_good(f, f->initial.text);
    case INITIAL_NOW:
        return f->type == FIELD_TIME;
    }
    return false;
}

static void check_type(struct findings *s, const struct resource *r, const struct field *f)
{
    if ((f->type == FIELD_TEXT || f->type == FIELD_EMAIL || f->type == FIELD_URL || f->type == FIELD_BYTES ||
         f->type == FIELD_FOLD) &&
        f->max <= 0 && f->pattern == NULL) {
        SAY(s, r, f, "every text has a limit: `max` is missing");
    }
    if (f->type == FIELD_INT && f->max != 0 && f->min == 0 && !f->bounded) {
        SAY(s, r, f,
            "`max` alone leaves `min` open, be it written as 0: write `.bounded = true`, and "
            "`.min = INT64_MIN` where there is none");
    }
    if (f->type == FIELD_CHOICE && (f->choices == NULL || f->choices[0].name == NULL)) {
        SAY(s, r, f, "`choices` is missing");
    } else if (f->type == FIELD_CHOICE && !are_choices(f)) {
        SAY(s, r, f, "`choices` has a name or a number twice, or a number that no TINYINT holds");
    }
    if (f->type == FIELD_LIST && (f->to == NULL || f->max <= 0)) {
        SAY(s, r, f, "`max` is missing, or the form `to`");
    }
    if (f->type == FIELD_TEXTS &&
        (f->item == NULL || f->item->type != FIELD_TEXT || f->item->max <= 0 || f->max <= 0)) {
        SAY(s, r, f, "`max` is missing, or `item` is no text with a limit");
    }
    if (f->type == FIELD_FOLD &&
        ((size_t)f->of >= r->field_count || !check_is_kind(&r->fields[f->of], VALUE_TEXT) ||
         (r->fields[f->of].flags & NULLABLE) != 0)) {
        SAY(s, r, f, "`of` is no text of the same row that is never null");
    } else if (f->type == FIELD_FOLD && f->max > 0 && f->max < r->fields[f->of].max * UTF8_MOST) {
        SAY(s, r, f, "`max` counts bytes, so it must be four times that of `of`");
    }
    if (f->type == FIELD_AVERAGE) {
        check_average(s, r, f);
    }
    if (f->type == FIELD_MARK && ((size_t)f->of >= r->field_count || !field_has_column(&r->fields[f->of]))) {
        SAY(s, r, f, "`of` is no column of the same row");
    }
    if (f->type == FIELD_VERSION && resource_version(r) != (int)(f - r->fields)) {
        SAY(s, r, f, "a row has one version");
    }
    if ((f->flags & ON_REQUEST) != 0 && !field_is_one(f) && f->type != FIELD_MANY) {
        SAY(s, r, f, "only relations are ON_REQUEST");
    }
    if ((f->flags & FLAT) != 0 && f->type != FIELD_ONE) {
        SAY(s, r, f, "only a ONE is FLAT");
    }
    if ((f->flags & REQUIRED) != 0 && f->initial.kind != INITIAL_NONE) {
        SAY(s, r, f, "a required field has no use for `initial`");
    } else if (!is_initial_good(f)) {
        SAY(s, r, f, "`initial` is no value that it can have, or one that would want quotes in SQL");
    }
    if (f->type == FIELD_PASSWORD && (f->flags & SECRET) == 0) {
        SAY(s, r, f, "a password is SECRET");
    }
}

/* Whether there is a field at all, with a name of its own. */
static bool is_field(struct findings *s, const struct resource *r, size_t i)
{
    const struct field *f = &r->fields[i];
    if (f->type == FIELD_NONE || f->name == NULL) {
        SAY_OF(s, r, "field %zu is a hole", i);
        return false;
    }
    if (f->member.n == 0 || !str_eq(field_name(f), str_of(f->name))) {
        SAY(s, r, f, "fields are made by the macros of their types");
        return false;
    }
    if (resource_find(r, str_of(f->name)) != (int)i) {
        SAY(s, r, f, "the name is used twice");
    }
    return true;
}

/* It stands in statements without quotes. */
static bool is_name(str name)
{
    bool plain = name.n > 0 && name.n <= NAME_MAX_BYTES && name.p[0] >= 'a' && name.p[0] <= 'z';
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        plain = plain && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
    }
    return plain && !reserved_is(name);
}

static void check_field(struct findings *s, const struct resource *r, size_t i)
{
    const struct field *f = &r->fields[i];
    if (!is_field(s, r, i)) {
        return;
    }
    check_type(s, r, f);
    check_parameters(s, r, f);
    check_relation(s, r, f);
    check_served(s, r, i);
    if (r->table != NULL && field_has_column(f) && !is_name(str_of(f->name))) {
        SAY(s, r, f, "a column's name is of a to z, 0 to 9 and _, and no word of SQL");
    }
    bool stored = r->table != NULL && field_has_column(f);
    bool filled = (f->flags & (REQUIRED | NULLABLE | GENERATED | READ_ONLY | HIDDEN)) != 0 ||
                  f->initial.kind != INITIAL_NONE || f->type == FIELD_COUNT || f->type == FIELD_SUM ||
                  (f->flags & KEY) != 0;
    if (stored && !filled) {
        SAY(s, r, f, "can be absent but has neither `initial` nor NULLABLE");
    }
}

/* What is shown of the rows, and what a request can add: every relation ON_REQUEST at once. */
static void check_shape(struct findings *s, const struct resource *r)
{
    unsigned many = 0;
    if (r->shape == NULL && r->table == NULL) {
        return;
    }
    if (r->shape == NULL || r->shape->resource != r) {
        SAY_OF(s, r, "`shape` must show fields of its own that may be shown");
        return;
    }
    const char *mistake = shape_mistake(s->arena, r->shape, false);
    mistake = mistake == NULL ? shape_excess(s->arena, r->shape, true) : mistake;
    if (mistake != NULL) {
        SAY_OF(s, r, "`shape` %s", mistake);
    }
    for (size_t i = 0; i < r->field_count; i++) {
        many += r->fields[i].type == FIELD_MANY;
    }
    if (many > SHAPE_MAX_MANY) {
        SAY_OF(s, r, "shows %u relations to many, the limit is %d", many, SHAPE_MAX_MANY);
    }
}

/* The conditions that a client can ask for at once: equality and four ranges of each filter, and search. */
static void check_filters(struct findings *s, const struct resource *r)
{
    unsigned most = 1;
    for (size_t i = 0; i < r->field_count; i++) {
        const struct field *f = &r->fields[i];
        if ((f->flags & FILTER) != 0 && f->type != FIELD_NONE) {
            most += f->type == FIELD_REF || (f->type != FIELD_MANY && field_is_ordered(f)) ? 5 : 1;
        }
    }
    if (most > WHERE_MAX - WHERE_RESERVE) {
        SAY_OF(s, r, "its filters allow %u conditions at once, the limit is %d", most,
               WHERE_MAX - WHERE_RESERVE);
    }
}

err schema_check(struct arena *a, const struct registry *all)
{
    struct findings s = {.arena = a, .all = all};
    buf_init(&s.text, a, 256, 64 << 10);
    for (size_t i = 0; i < all->count; i++) {
        const struct resource *r = all->resources[i];
        if (r->field_count > ROW_MAX_FIELDS) {
            SAY_OF(&s, r, "over %d fields", ROW_MAX_FIELDS);
            continue;
        }
        for (size_t f = 0; f < r->field_count; f++) {
            check_field(&s, r, f);
        }
        check_keys(&s, r);
        check_sizes(&s, r);
        if (r->table != NULL && !is_name(str_of(r->table))) {
            SAY_OF(&s, r, "the name `table` must be of a to z, 0 to 9 and _, and no word of SQL");
        }
        check_filters(&s, r);
        check_shape(&s, r);
    }
    if (s.text.n == 0) {
        return NULL;
    }
    return error_new(a, ERROR_INTERNAL, "the declared tables are wrong:\n%.*s", STR_ARGS(buf_view(&s.text)));
}

/* What a member of a form is. A table's is checked with its table. */
static void check_member(struct findings *s, const struct resource *form, const struct field *f, bool texts)
{
    bool list = f->type == FIELD_LIST || f->type == FIELD_TEXTS;
    if (form->table == NULL) {
        check_type(s, form, f);
    }
    if (field_is_input(f) && !field_is_scalar(f) && (texts || !list)) {
        SAY(s, form, f, list ? "a list cannot be sent in a form or a query" : "cannot be sent");
    }
    if (f->type == FIELD_REF && !check_holds_a_key(f)) {
        SAY(s, form, f, "`to` is missing, or field `of` of it is no number and no UUID that is never null");
    }
}

/* A form may hold others, and in the end itself: so deep nobody looks. */
static void check_form(struct findings *s, const struct resource *form, bool texts, unsigned depth)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const struct field *f = &form->fields[i];
        if (form->table != NULL ? f->type == FIELD_NONE : !is_field(s, form, i)) {
            continue;
        }
        check_member(s, form, f, texts);
        if (f->type == FIELD_LIST && f->to != NULL && depth < FORM_MAX_DEPTH) {
            check_form(s, f->to, false, depth + 1);
        }
    }
}

const char *schema_form_mistakes(struct arena *a, const struct resource *form, bool texts)
{
    struct findings s = {.arena = a, .all = NULL};
    buf_init(&s.text, a, 256, 64 << 10);
    check_form(&s, form, texts, 1);
    return s.text.n == 0 ? NULL : str_c(a, buf_view(&s.text));
}
