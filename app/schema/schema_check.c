#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "schema/registry.h"
#include "schema/shape.h"

/* The bytes of a code point, and how deep forms that hold forms are looked into. */
enum { UTF8_MOST = 4, FORM_MAX_DEPTH = 4 };

/* Where mistakes are collected, a line each. */
struct findings {
    struct buf text;
    struct arena *arena;
    const struct registry *all;
};

#define SAY(s, r, f, ...)                                                                       \
    do {                                                                                        \
        buf_printf(&(s)->text, "%s%s.%s: ", (s)->text.n > 0 ? "\n" : "", (r)->name, (f)->name); \
        buf_printf(&(s)->text, __VA_ARGS__);                                                    \
    } while (0)
#define SAY_OF(s, r, ...)                                                         \
    do {                                                                          \
        buf_printf(&(s)->text, "%s%s: ", (s)->text.n > 0 ? "\n" : "", (r)->name); \
        buf_printf(&(s)->text, __VA_ARGS__);                                      \
    } while (0)

/* Where the resource stands in the list of models, or how long that is. */
static size_t place_of(const struct findings *s, const struct resource *r)
{
    size_t i = 0;
    while (i < s->all->count && s->all->resources[i] != r) {
        i++;
    }
    return i;
}

static bool registered(const struct findings *s, const struct resource *r)
{
    return place_of(s, r) < s->all->count;
}

static bool points_here(const struct resource *from, int field, const struct resource *here)
{
    return field >= 0 && (size_t)field < from->field_count && from->fields[field].type == FIELD_REF &&
           from->fields[field].to == here;
}

/* The kind of the field's cells, whatever else is wrong with it. */
static bool is_kind(const struct field *f, enum value_kind kind)
{
    return f->type != FIELD_REF && field_kind(f) == kind;
}

static void check_show(struct findings *s, const struct resource *r, const struct field *f)
{
    if (f->show == NULL || f->show->resource != f->to || shape_mistake(s->arena, f->show, true) != NULL ||
        (f->to->fields[f->show->fields[0]].flags & NULLABLE) != 0) {
        SAY(s, r, f, "`show` must be a shape of `to` that begins with a field that is never null");
        return;
    }
    const char *excess = f->type == FIELD_MANY ? shape_excess(s->arena, f->show, false) : NULL;
    if (excess != NULL) {
        SAY(s, r, f, "`show` %s", excess);
    }
}

/* Whether no two rows can have the same value there. */
static bool is_unique(const struct resource *r, size_t field)
{
    for (size_t i = 0; i < r->key_count; i++) {
        const struct key *k = &r->keys[i];
        if ((k->kind == KEY_PRIMARY || k->kind == KEY_UNIQUE) && k->count == 1 && k->fields[0] == field) {
            return true;
        }
    }
    return false;
}

static void check_one(struct findings *s, const struct resource *r, const struct field *f)
{
    if (!points_here(r, f->key, f->to)) {
        SAY(s, r, f, "`key` is no reference to the same resource as `to`");
    }
    check_show(s, r, f);
}

/* The row that refers here is one: its reference is a key by itself. */
static void check_has(struct findings *s, const struct resource *r, const struct field *f)
{
    if (!points_here(f->to, f->key, r) || !is_unique(f->to, (size_t)f->key)) {
        SAY(s, r, f, "`key` is no reference back to this resource that is unique");
    }
    check_show(s, r, f);
}

static void check_average(struct findings *s, const struct resource *r, const struct field *f)
{
    if ((size_t)f->of >= r->field_count || r->fields[f->of].type != FIELD_SUM ||
        (size_t)f->key >= r->field_count || r->fields[f->key].type != FIELD_COUNT ||
        (f->flags & NULLABLE) == 0) {
        SAY(s, r, f, "wants a SUM as `of`, a COUNT as `key`, and NULLABLE");
    }
}

/* Whether what a reference holds, itself perhaps a reference, is read as numbers and UUIDs are, and is always there. */
static bool holds_a_key(const struct field *ref)
{
    const struct field *f = ref;
    for (size_t steps = 0; f->type == FIELD_REF && steps <= ROW_MAX_FIELDS; steps++) {
        if (f->to == NULL || (size_t)f->of >= f->to->field_count) {
            return false;
        }
        f = field_target(f);
        if ((f->flags & NULLABLE) != 0) {
            return false;
        }
    }
    return f->type == FIELD_ID || f->type == FIELD_INT || f->type == FIELD_UUID;
}

/* engine/remove follows these references: from earlier to later resources, and once through a tree. */
static void check_cascade(struct findings *s, const struct resource *r, const struct field *f)
{
    if (f->to != r) {
        if (place_of(s, f->to) > place_of(s, r)) {
            SAY(s, r, f, "takes along, so `to` must stand earlier in the list of models");
        }
        return;
    }
    if (r->fields[f->of].type != FIELD_ID || (f->flags & READ_ONLY) == 0) {
        SAY(s, r, f, "a reference to the own kind that takes along must be READ_ONLY and hold a FIELD_ID");
    }
    for (const struct field *before = r->fields; before < f; before++) {
        if (before->type == FIELD_REF && before->to == r && before->on_delete == CASCADE) {
            SAY(s, r, f, "only one reference to the own kind can take along");
            return;
        }
    }
}

static void check_ref(struct findings *s, const struct resource *r, const struct field *f)
{
    if (f->on_delete == SET_NULL && (f->flags & NULLABLE) == 0) {
        SAY(s, r, f, "SET_NULL needs NULLABLE");
    }
    if (f->of < 0 || !is_unique(f->to, (size_t)f->of)) {
        SAY(s, r, f, "field `of` of `to` is no key by itself, so nothing can refer to it");
    } else if (!holds_a_key(f)) {
        SAY(s, r, f, "field `of` of `to` must be a number or a UUID that is never null");
    }
    if (f->on_delete == CASCADE) {
        check_cascade(s, r, f);
    }
}

static void check_sum(struct findings *s, const struct resource *r, const struct field *f)
{
    const struct field *of = (size_t)f->of < f->to->field_count ? &f->to->fields[f->of] : NULL;
    if (of == NULL || !is_kind(of, VALUE_INT) || (of->flags & REQUIRED) == 0 || (of->flags & NULLABLE) != 0) {
        SAY(s, r, f, "`of` is no number of `to` that is REQUIRED and never null");
    }
}

static void check_back(struct findings *s, const struct resource *r, const struct field *f)
{
    const struct resource *from = f->via == NULL ? f->to : f->via;
    if (!points_here(from, f->key, r)) {
        SAY(s, r, f, "`key` is no reference back to this resource");
    }
    if (f->via != NULL && (!points_here(f->via, f->far_key, f->to) || !resource_has_key(f->to) ||
                           resource_key(f->to) != f->via->fields[f->far_key].of)) {
        SAY(s, r, f, "`far_key` is no reference from `via` to the key of `to`");
    }
}

static void check_many(struct findings *s, const struct resource *r, const struct field *f)
{
    check_show(s, r, f);
    if (f->max <= 0) {
        SAY(s, r, f, "every list has a limit: `max` is missing");
    }
    if ((f->flags & FILTER) != 0 &&
        (f->alias == NULL || f->via == NULL || (size_t)f->of >= f->to->field_count ||
         !is_kind(&f->to->fields[f->of], VALUE_TEXT))) {
        SAY(s, r, f, "FILTER wants the parameter's name as `alias`, and a text of `to` behind `via` as `of`");
    }
}

/* What is counted stays where it is: a change of the reference would have to move two counters. */
static void check_counted(struct findings *s, const struct resource *r, const struct field *f)
{
    if ((size_t)f->key < f->to->field_count && (f->to->fields[f->key].flags & READ_ONLY) == 0) {
        SAY(s, r, f, "the reference it counts by must be READ_ONLY");
    }
}

static bool is_relation(const struct field *f)
{
    return f->type == FIELD_REF || field_is_one(f) || f->type == FIELD_MANY || f->type == FIELD_COUNT ||
           f->type == FIELD_SUM;
}

static void check_relation(struct findings *s, const struct resource *r, const struct field *f)
{
    if (!is_relation(f)) {
        return;
    }
    if (f->to == NULL || !registered(s, f->to)) {
        SAY(s, r, f, "`to` is missing or not in the list of models");
        return;
    }
    if (f->type == FIELD_ONE) {
        check_one(s, r, f);
    } else if (f->type == FIELD_HAS) {
        check_has(s, r, f);
    } else if (f->type == FIELD_REF) {
        check_ref(s, r, f);
    } else {
        check_back(s, r, f);
        if (f->type == FIELD_MANY) {
            check_many(s, r, f);
        } else {
            check_counted(s, r, f);
        }
        if (f->type == FIELD_SUM) {
            check_sum(s, r, f);
        }
    }
}

/* A key serves the field it begins with, and one behind references: lists below a parent fix those. */
static bool served_by_key(const struct resource *r, size_t field)
{
    for (size_t i = 0; i < r->key_count; i++) {
        const struct key *k = &r->keys[i];
        for (unsigned j = 0; j < k->count; j++) {
            if (k->fields[j] == field) {
                return true;
            }
            if (k->fields[j] >= r->field_count || r->fields[k->fields[j]].type != FIELD_REF) {
                break;
            }
        }
    }
    return false;
}

/* A yes-or-no column splits a table in two: an index on it alone serves nobody, so none is asked for. */
static bool wants_key(const struct field *f)
{
    return (f->flags & SORT) != 0 || ((f->flags & FILTER) != 0 && f->type != FIELD_BOOL) ||
           f->type == FIELD_REF;
}

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

/* What clients name in a list's parameters becomes a part of its statement. */
static void check_parameters(struct findings *s, const struct resource *r, const struct field *f)
{
    if ((f->flags & FILTER) != 0 && f->type != FIELD_MANY && !(field_is_scalar(f) && field_has_column(f))) {
        SAY(s, r, f, "FILTER wants a column whose values can be sent");
    }
    if ((f->flags & SORT) != 0 && !field_has_column(f)) {
        SAY(s, r, f, "SORT wants a column");
    }
    if ((f->flags & SEARCH) != 0 && !(field_has_column(f) && is_kind(f, VALUE_TEXT))) {
        SAY(s, r, f, "SEARCH wants a column that is a text");
    }
}

static void check_type(struct findings *s, const struct resource *r, const struct field *f)
{
    if ((f->type == FIELD_TEXT || f->type == FIELD_EMAIL || f->type == FIELD_URL || f->type == FIELD_BYTES ||
         f->type == FIELD_FOLD) &&
        f->max <= 0 && f->pattern == NULL) {
        SAY(s, r, f, "every text has a limit: `max` is missing");
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
        ((size_t)f->of >= r->field_count || !is_kind(&r->fields[f->of], VALUE_TEXT) ||
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
    if ((f->flags & REQUIRED) != 0 && f->initial.kind != INITIAL_NONE) {
        SAY(s, r, f, "a required field has no use for `initial`");
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

static void check_field(struct findings *s, const struct resource *r, size_t i)
{
    const struct field *f = &r->fields[i];
    if (!is_field(s, r, i)) {
        return;
    }
    check_type(s, r, f);
    check_parameters(s, r, f);
    check_relation(s, r, f);
    if (r->table != NULL && field_has_column(f) && wants_key(f) && !served_by_key(r, i)) {
        SAY(s, r, f, "is filtered, sorted by or a reference, but no key serves it");
    }
    bool stored = r->table != NULL && field_has_column(f);
    bool filled = (f->flags & (REQUIRED | NULLABLE | GENERATED | READ_ONLY | HIDDEN)) != 0 ||
                  f->initial.kind != INITIAL_NONE || f->type == FIELD_COUNT || f->type == FIELD_SUM ||
                  (f->flags & KEY) != 0;
    if (stored && !filled) {
        SAY(s, r, f, "can be absent but has neither `initial` nor NULLABLE");
    }
}

static void check_table(struct findings *s, const struct resource *r)
{
    unsigned primary = 0;
    for (size_t i = 0; i < r->key_count; i++) {
        const struct key *k = &r->keys[i];
        primary += k->kind == KEY_PRIMARY;
        for (unsigned j = 0; j < k->count; j++) {
            if (k->fields[j] >= r->field_count || !field_has_column(&r->fields[k->fields[j]])) {
                SAY_OF(s, r, "key %zu names a field that has no column", i);
            } else if (k->kind == KEY_FULLTEXT && !is_kind(&r->fields[k->fields[j]], VALUE_TEXT)) {
                SAY(s, r, &r->fields[k->fields[j]], "only texts can be in a FULLTEXT key");
            }
        }
    }
    if (r->table != NULL && primary != 1) {
        SAY_OF(s, r, "has %u primary keys", primary);
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
        check_table(&s, r);
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
    if (f->type == FIELD_REF && !holds_a_key(f)) {
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
