/*
 * plan: what will be asked of the database, as a value: a resource, the shape to show, conditions, order,
 * page.
 *
 * A plan is made without touching a connection: from declared tables and checked input only, with the access
 * rules folded in as conditions. engine/sql turns it into text, engine/load runs it, engine/render shows its
 * rows; the three walk plan->columns in the same order. Places kept for what comes: a cursor is a group of
 * conditions, an included relation a further plan over the keys of the page.
 *
 *     struct plan p;
 *     plan_init(&p, &post_resource, post_resource.shape);
 *     where_add(&p.where, &post_fields[POST_OWNER_ID], OP_EQ, value_int(7));
 *     plan_order(&p, &post_fields[POST_VOTES], true);
 *     TRY(load_page(db, a, &p, &rows));
 */
#ifndef QUIRE_ENGINE_PLAN_H
#define QUIRE_ENGINE_PLAN_H

#include "schema/resource.h"

enum { PLAN_MAX_COLUMNS = SHAPE_MAX_COLUMNS, PLAN_MAX_JOINS = SHAPE_MAX_JOINS, PLAN_MAX_ORDER = 8 };

enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_CONTAINS, OP_RELATED };

/* One condition. Those with the same group other than 0 stand next to one another and are alternatives. */
struct condition {
    const struct field *field; /* of the base table; OP_RELATED: the reference of
                                  `link` back to it */
    enum op op;
    unsigned group;
    struct value value;          /* null: IS NULL or IS NOT NULL */
    const struct resource *link; /* OP_RELATED: there is a row of link … */
    const struct field *far;     /* … whose `far` is the value */
};

struct where {
    struct condition list[WHERE_MAX];
    unsigned count;
};

/* A column of the result: a field of table 0 (the base) or of join number table - 1. */
struct plan_column {
    const struct field *field;
    unsigned table;
};

struct plan_join {
    const struct field *one; /* the FIELD_ONE */
    unsigned from;           /* the table that holds its reference */
    const struct resource *from_resource;
};

struct order {
    const struct field *field;
    bool descending;
};

struct plan {
    const struct resource *resource;
    const struct shape *shape;
    struct where where;
    struct plan_column columns[PLAN_MAX_COLUMNS];
    unsigned column_count;
    struct plan_join joins[PLAN_MAX_JOINS];
    unsigned join_count;
    struct order order[PLAN_MAX_ORDER];
    unsigned order_count;
    int64_t limit; /* 0: no limit */
    int64_t offset;
    bool lock; /* FOR UPDATE */
};

/* A plan that shows `shape` of every row. */
void plan_init(struct plan *p, const struct resource *r, const struct shape *shape);
/* Adds a sort key; later ones count less. */
void plan_order(struct plan *p, const struct field *f, bool descending);
/* Ends the order with the primary key, in the direction of the last sort key, so that it is total. */
void plan_order_by_key(struct plan *p);
/* All of these: conditions joined by AND. Aborts past WHERE_MAX: what clients can add is
 * bounded far below. */
void where_add(struct where *w, const struct field *f, enum op op, struct value v);
/* An alternative of group `group`; alternatives of a group are added one after another. */
void where_either(struct where *w, unsigned group, const struct field *f, enum op op, struct value v);
/* There is a row of `link` whose `near` points to this row and whose `far` is v. */
void where_related(struct where *w, const struct resource *link, const struct field *near,
                   const struct field *far, struct value v);
/* How many columns a shape takes, embedded rows included. */
unsigned shape_width(const struct shape *shape);

#endif
