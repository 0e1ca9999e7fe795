#include "schema/check_part.h"
#include "schema/shape.h"

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

/* By its first column engine/render tells a row from none. */
static bool begins_with_a_column(const struct shape *shape)
{
    const struct field *first = &shape->resource->fields[shape->fields[0]];
    return field_has_column(first) && (first->flags & NULLABLE) == 0;
}

static void check_show(struct findings *s, const struct resource *r, const struct field *f)
{
    if (f->show == NULL || f->show->resource != f->to || shape_mistake(s->arena, f->show, true) != NULL ||
        !begins_with_a_column(f->show)) {
        SAY(s, r, f, "`show` must be a shape of `to` that begins with a column that is never null");
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
    } else if ((f->flags & FLAT) != 0 && (r->fields[f->key].flags & NULLABLE) != 0) {
        SAY(s, r, f, "FLAT wants a row that is always there, and `key` is NULLABLE");
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

bool check_holds_a_key(const struct field *ref)
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
    } else if (!check_holds_a_key(f)) {
        SAY(s, r, f, "field `of` of `to` must be a number or a UUID that is never null");
    }
    if (f->on_delete == CASCADE) {
        check_cascade(s, r, f);
    }
}

static void check_sum(struct findings *s, const struct resource *r, const struct field *f)
{
    const struct field *of = (size_t)f->of < f->to->field_count ? &f->to->fields[f->of] : NULL;
    if (of == NULL || !check_is_kind(of, VALUE_INT) || (of->flags & REQUIRED) == 0 ||
        (of->flags & NULLABLE) != 0) {
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
    /* else all rows of a parent are sorted for the first of them */
    if (f->via == NULL && points_here(f->to, f->key, r) &&
        !resource_is_ordered_by(f->to, (size_t)f->key, false)) {
        SAY(s, r, f, "no key of `to` begins with the reference and has behind it at most the primary key");
    }
    if ((f->flags & FILTER) != 0 &&
        (f->alias == NULL || f->via == NULL || (size_t)f->of >= f->to->field_count ||
         !check_is_kind(&f->to->fields[f->of], VALUE_TEXT))) {
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

void check_relation(struct findings *s, const struct resource *r, const struct field *f)
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
