#include "engine/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static void add_many(struct plan *p, const struct field *many)
{
    const struct resource *from = many->via != NULL ? many->via : many->to;
    if (p->many_count == PLAN_MAX_MANY) {
        abort();
    }
    /* its column is known only when those of the shape are all there */
    p->many[p->many_count++] =
        (struct plan_many){many, (unsigned)(field_target(&from->fields[many->key]) - p->resource->fields)};
}

static void add_shape(struct plan *p, const struct shape *shape, unsigned table)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        if (field_is_one(f)) {
            if (p->join_count == PLAN_MAX_JOINS) {
                abort();
            }
            p->joins[p->join_count++] = (struct plan_join){f, table, shape->resource};
            add_shape(p, f->show, p->join_count);
        } else if (field_has_column(f) || (f->type == FIELD_MARK && table == 0)) {
            if (p->column_count == PLAN_MAX_COLUMNS) {
                abort();
            }
            const struct field *read = f->type == FIELD_MARK ? &shape->resource->fields[f->of] : f;
            p->columns[p->column_count++] = (struct plan_column){read, table};
        } else if (f->type == FIELD_MANY && table == 0) {
            add_many(p, f);
        } else {
            abort(); /* a shape names only what can be shown */
        }
    }
}

void plan_start(struct plan *p, const struct resource *r)
{
    p->resource = r;
    p->shape = NULL;
    p->only_count = 0;
    p->where.count = 0;
    p->match.key = NULL;
    p->column_count = 0;
    p->join_count = 0;
    p->many_count = 0;
    p->order_count = 0;
    p->mark = value_null();
    p->known.row = NULL;
    p->seek.given = false;
    p->seek.backward = false;
    p->limit = 0;
    p->offset = 0;
    p->count = false;
    p->peek = false;
    p->lock = false;
}

void plan_show(struct plan *p, const struct shape *shape)
{
    p->shape = shape;
    add_shape(p, shape, 0);
    for (unsigned i = 0; i < p->many_count; i++) {
        p->many[i].column = plan_column(p, &p->resource->fields[p->many[i].column]);
    }
}

void plan_init(struct plan *p, const struct resource *r, const struct shape *shape)
{
    plan_start(p, r);
    plan_show(p, shape);
}

bool plan_shows(const struct plan *p, const struct field *f)
{
    for (unsigned i = 0; i < p->only_count; i++) {
        if (str_eq(p->only[i], str_of(f->name))) {
            return true;
        }
    }
    return p->only_count == 0;
}

unsigned plan_column(struct plan *p, const struct field *f)
{
    for (unsigned i = 0; i < p->column_count; i++) {
        if (p->columns[i].table == 0 && p->columns[i].field == f) {
            return i;
        }
    }
    if (p->column_count == PLAN_MAX_COLUMNS) {
        abort();
    }
    p->columns[p->column_count] = (struct plan_column){f, 0};
    return p->column_count++;
}

void plan_close(struct plan *p)
{
    for (unsigned i = 0; i < p->order_count; i++) {
        p->order[i].column = plan_column(p, p->order[i].field);
    }
}

void plan_order(struct plan *p, const struct field *f, bool descending)
{
    if (p->order_count == PLAN_MAX_ORDER) {
        abort();
    }
    p->order[p->order_count++] = (struct order){.field = f, .descending = descending};
}

bool plan_is_ordered_by(const struct plan *p, const struct field *f)
{
    for (unsigned i = 0; i < p->order_count; i++) {
        if (p->order[i].field == f) {
            return true;
        }
    }
    return false;
}

void plan_order_by_key(struct plan *p)
{
    bool descending = p->order_count > 0 && p->order[p->order_count - 1].descending;
    for (size_t i = 0; i < p->resource->key_count; i++) {
        const struct key *k = &p->resource->keys[i];
        for (unsigned j = 0; k->kind == KEY_PRIMARY && j < k->count; j++) {
            const struct field *f = &p->resource->fields[k->fields[j]];
            if (!plan_is_ordered_by(p, f)) {
                plan_order(p, f, descending);
            }
        }
    }
}

static struct condition *next_condition(struct where *w)
{
    if (w->count == WHERE_MAX) {
        abort();
    }
    return &w->list[w->count++];
}

void where_add(struct where *w, const struct field *f, enum op op, struct value v)
{
    where_either(w, 0, f, op, v);
}

void where_either(struct where *w, unsigned group, const struct field *f, enum op op, struct value v)
{
    *next_condition(w) = (struct condition){.field = f, .op = op, .group = group, .value = v};
}

void where_related(struct where *w, unsigned group, const struct field *f, const struct relation *by,
                   struct value v)
{
    *next_condition(w) =
        (struct condition){.field = f, .op = OP_RELATED, .group = group, .value = v, .by = *by};
}

unsigned shape_width(const struct shape *shape)
{
    unsigned width = 0;
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        width += field_is_one(f) ? shape_width(f->show) : f->type != FIELD_MANY;
    }
    return width;
}

str match_words(struct arena *a, str text)
{
    char *words = arena_alloc(a, text.n);
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        words[i] = (char)(alnum || c == '_' || c == '\'' || c >= 0x80 ? c : ' ');
    }
    return (str){words, text.n};
}
