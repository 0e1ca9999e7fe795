/*
 * sql: plans and rows turned into statements. Pure text: identifiers come from declared tables only, every
 * value is a `?`. The same plan gives the same text, so that prepared statements are found again.
 *
 *     struct sql s;
 *     sql_select(&s, a, &plan);
 *     stmt_read(db, a, buf_view(&s.text), s.values, s.count, …);
 */
#ifndef QUIRE_ENGINE_SQL_H
#define QUIRE_ENGINE_SQL_H

#include "base/buf.h"
#include "engine/plan.h"

/* Of a row, conditions, a position; or the parents of a page's relation, to a power of two, each with its limit. */
enum { SQL_MAX_VALUES = ROW_MAX_FIELDS + WHERE_MAX + 2 * 128 };

/* A statement and what it binds. */
struct sql {
    struct buf text;
    struct value values[SQL_MAX_VALUES];
    unsigned count;
};

void sql_select(struct sql *s, struct arena *a, const struct plan *p);
/* How many rows the plan selects in all, wherever its page begins. */
void sql_count(struct sql *s, struct arena *a, const struct plan *p);
/* The rows of the FIELD_MANY for n parents (at least one; different ones, or null, which has none), of each at most
 * many->max: first the parent's key, then the columns of p, a plan over many->to. Ordered by parent. */
void sql_many(struct sql *s, struct arena *a, const struct field *many, const struct plan *p,
              const struct value *parents, size_t n);
/* Of row, the values that are not absent. */
void sql_insert(struct sql *s, struct arena *a, const struct resource *r, const struct value *row);
/* The same, and gives back the columns of p, for which sql_can_return(); what p->known tells is not looked for. */
void sql_insert_returning(struct sql *s, struct arena *a, const struct resource *r, const struct value *row,
                          const struct plan *p);
/* Whether an INSERT can give back the columns of p: the row's own, and those of rows that it refers to itself. */
bool sql_can_return(const struct plan *p);
/* Sets the values that are not absent, every TOUCHED field to now, and counts the VERSION up. */
void sql_update(struct sql *s, struct arena *a, const struct resource *r, const struct value *row,
                const struct where *w);
/* With last_first, in the falling order of that field; NULL: in any order. */
void sql_delete(struct sql *s, struct arena *a, const struct resource *r, const struct where *w,
                const struct field *last_first);
/* Brings the stored counters of f->to (REF f of `child`) up to date with what is about to happen to the rows
 * of child that w selects: removed (row NULL), or changed to row. False when no counter is touched: then
 * there is nothing to run. */
bool sql_count_off(struct sql *s, struct arena *a, const struct resource *child, const struct field *ref,
                   const struct value *row, const struct where *w);
/* The same for a row that is about to be inserted. */
bool sql_count_on(struct sql *s, struct arena *a, const struct resource *child, const struct field *ref,
                  const struct value *row);
/* Whether there are counters of the rows of child by its reference ref. */
bool sql_is_counted(const struct resource *child, const struct field *ref);

#endif
