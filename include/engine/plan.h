/*
 * plan: what will be asked of the database, as a value: a resource, the shape to show, conditions, order,
 * page, position.
 *
 * A plan is made without touching a connection: from declared tables and checked input only, with the access
 * rules folded in as conditions. engine/sql turns it into text, engine/load runs it, engine/render shows its
 * rows; the three walk plan->columns in the same order: first those of the shape, then those that are read but
 * not shown (what relations refer to, sort values for a cursor, the version for an ETag).
 *
 *     struct plan p;
 *     plan_init(&p, &post_resource, post_resource.shape);
 *     where_add(&p.where, &post_fields[POST_OWNER_ID], OP_EQ, value_int(7));
 *     plan_order(&p, &post_fields[POST_VOTES], true);
 *     TRY(load_page(db, a, &p, &page));
 */
#ifndef QUIRE_ENGINE_PLAN_H
#define QUIRE_ENGINE_PLAN_H

#include "base/str.h"
#include "schema/resource.h"

struct arena;

/* A column of the shape, or one that is read but not shown: for each relation, each sort key, and the version. */
enum {
    PLAN_MAX_ORDER = 8,
    PLAN_MAX_MANY = SHAPE_MAX_MANY,
    PLAN_MAX_COLUMNS = SHAPE_MAX_COLUMNS + PLAN_MAX_MANY + PLAN_MAX_ORDER + 1,
    PLAN_MAX_JOINS = SHAPE_MAX_JOINS,
    PLAN_MAX_ONLY = SHAPE_MAX_COLUMNS + SHAPE_MAX_MANY /* a member is a column, a row of columns, or a list */
};

enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_CONTAINS, OP_RELATED };

/* OP_RELATED: the field is among the `near` of those rows of link whose `far` is the value; with a `hop`, whose `far`
 * refers to a row in which that field is the value. */
struct relation {
    const struct resource *link;
    const struct field *near;
    const struct field *far;
    const struct field *hop;
};

/* One condition. Those with the same group other than 0 stand next to one another and are alternatives. */
struct condition {
    const struct field *field; /* of the base table */
    enum op op;
    unsigned group;
    struct value value; /* null: IS NULL or IS NOT NULL */
    struct relation by;
};

struct where {
    struct condition list[WHERE_MAX];
    unsigned count;
};

/* A column of the result: a field of table 0 (the base) or of join number table - 1. Without a field: how well the
 * row matches. */
struct plan_column {
    const struct field *field;
    unsigned table;
};

struct plan_join {
    const struct field *one; /* the FIELD_ONE or FIELD_HAS */
    unsigned from;           /* the table that refers, or is referred to */
    const struct resource *from_resource;
};

/* A to-many relation that is shown: one more statement for the whole page. */
struct plan_many {
    const struct field *many;
    unsigned column; /* of the page: what the rows of the relation refer to */
};

struct order {
    const struct field *field; /* NULL: how well the row matches */
    bool descending;
    unsigned column; /* of the page: its value, once plan_close() has run */
};

/* Full-text search: rows that match, by how well they do. */
struct match {
    const struct key *key; /* NULL: there is none */
    str text;
};

/* A position in the order, behind (or, backward, before) which the page begins: the sort values of a row. */
struct seek {
    bool given;
    bool backward;
    struct value values[PLAN_MAX_ORDER];
};

/* A row that one being inserted refers to, and that need not be looked for. */
struct known {
    const struct value *row; /* of the resource referred to, what is known of it; NULL: nothing */
    int key;                 /* the reference, a field of the row being inserted */
};

struct plan {
    const struct resource *resource;
    const struct shape *shape;
    str only[PLAN_MAX_ONLY]; /* with only_count > 0: the members to show */
    unsigned only_count;
    struct where where;
    struct match match;
    struct plan_column columns[PLAN_MAX_COLUMNS]; /* first those of the shape: shape_width() */
    unsigned column_count;
    struct plan_join joins[PLAN_MAX_JOINS];
    unsigned join_count;
    struct plan_many many[PLAN_MAX_MANY];
    unsigned many_count;
    struct order order[PLAN_MAX_ORDER];
    unsigned order_count;
    struct value mark;  /* what a FIELD_MARK is compared with; null: no row is marked */
    struct known known; /* of sql_insert_returning() alone */
    struct seek seek;
    int64_t limit; /* 0: no limit */
    int64_t offset;
    bool count; /* the number of all rows is asked for, too */
    bool peek;  /* one row more is read, to know whether there is one */
    bool lock;  /* FOR UPDATE */
};

/* A plan that shows `shape` of every row. */
void plan_init(struct plan *p, const struct resource *r, const struct shape *shape);
/* The same in two steps, where the shape is known only later. */
void plan_start(struct plan *p, const struct resource *r);
void plan_show(struct plan *p, const struct shape *shape);
/* Whether a member of that name is among those to show. */
bool plan_shows(const struct plan *p, const struct field *f);
/* Where a field of the base table is among the columns; adds it when it is not there yet. */
unsigned plan_column(struct plan *p, const struct field *f);
/* Adds the columns of the sort keys: then a page tells its position. */
void plan_close(struct plan *p);
/* Adds a sort key; later ones count less. */
void plan_order(struct plan *p, const struct field *f, bool descending);
/* Whether the field is a sort key already. */
bool plan_is_ordered_by(const struct plan *p, const struct field *f);
/* Ends the order with the primary key, in the direction of the last sort key, so that it is total. */
void plan_order_by_key(struct plan *p);
/* All of these: conditions joined by AND. Aborts past WHERE_MAX: what clients can add is
 * bounded far below. */
void where_add(struct where *w, const struct field *f, enum op op, struct value v);
/* An alternative of group `group`; alternatives of a group are added one after another. */
void where_either(struct where *w, unsigned group, const struct field *f, enum op op, struct value v);
/* f is related to v by way of `by`; group as in where_either(). */
void where_related(struct where *w, unsigned group, const struct field *f, const struct relation *by,
                   struct value v);
/* The words of a text: only as such may what people write stand in MATCH … AGAINST. What is neither letter nor
 * digit parts them anyway; but some of it the database takes for operators even where there are none, and gives
 * up on "*". */
str match_words(struct arena *a, str text);
/* How many columns a shape takes, embedded rows included. */
unsigned shape_width(const struct shape *shape);

#endif
