#include "engine/plan.h"

#include <stdlib.h>
#include <string.h>

static void add_shape(struct plan *p, const struct shape *shape, unsigned table)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        if (f->type == FIELD_ONE) {
            if (p->join_count == PLAN_MAX_JOINS) {
                abort();
            }
            p->joins[p->join_count++] = (struct plan_join){f, table, shape->resource};
            add_shape(p, f->show, p->join_count);
        } else if (field_has_column(f)) {
            if (p->column_count == PLAN_MAX_COLUMNS) {
                abort();
            }
            p->columns[p->column_count++] = (struct plan_column){f, table};
        } else {
            abort(); /* a shape names only what can be shown */
        }
    }
}

void plan_init(struct plan *p, const struct resource *r, const struct shape *shape)
{
    p->resource = r;
    p->shape = shape;
    p->where.count = 0;
    p->column_count = 0;
    p->join_count = 0;
    p->order_count = 0;
    p->limit = 0;
    p->offset = 0;
    p->lock = false;
    add_shape(p, shape, 0);
}

void plan_order(struct plan *p, const struct field *f, bool descending)
{
    if (p->order_count == PLAN_MAX_ORDER) {
        abort();
    }
    p->order[p->order_count++] = (struct order){f, descending};
}

static bool ordered_by(const struct plan *p, const struct field *f)
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
            if (!ordered_by(p, f)) {
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

void where_related(struct where *w, const struct resource *link, const struct field *near,
                   const struct field *far, struct value v)
{
    *next_condition(w) =
        (struct condition){.field = near, .op = OP_RELATED, .value = v, .link = link, .far = far};
}

unsigned shape_width(const struct shape *shape)
{
    unsigned width = 0;
    for (size_t i = 0; i < shape->count; i++) {
        const struct field *f = &shape->resource->fields[shape->fields[i]];
        width += f->type == FIELD_ONE ? shape_width(f->show) : 1;
    }
    return width;
}
