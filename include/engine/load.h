/*
 * load: plans run; their rows, and those of the relations they show, in the arena.
 *
 *     struct page page;
 *     TRY(load_page(db, a, &plan, &page));
 *     render_list(&out, &plan, &page);
 */
#ifndef QUIRE_ENGINE_LOAD_H
#define QUIRE_ENGINE_LOAD_H

#include "engine/plan.h"
#include "io/stmt.h"
#include "schema/registry.h"

/* The rows of a plan in the order asked for, and for each of its relations the rows of all parents: a row's first cell
 * is the parent's key, those of one parent stand together. */
struct page {
    struct rows rows;
    struct rows many[PLAN_MAX_MANY];
    /* The plan peeked, and there is a row behind (backward: before) these; they may be fewer than its limit. */
    bool more;
};

/* The rows of the plan: one statement, and one for each relation shown, however many rows there are. */
MUST_USE err load_page(struct db *db, struct arena *a, const struct plan *p, struct page *out);
/* The same with exactly one row asked for: its first row, or ERROR_NOT_FOUND with the contract's sentence naming the
 * resource, `key` and its value. */
MUST_USE err load_one(struct db *db, struct arena *a, const struct plan *p, const struct field *key,
                      struct value value, struct page *out);
/* The relations of the rows that out has: a statement each. */
MUST_USE err load_relations(struct db *db, struct arena *a, const struct plan *p, struct page *out);
/* What the columns of a plan are read as, from kinds[0] on. */
void load_kinds(const struct plan *p, enum value_kind *kinds);
/* The rows alone, columns in the plan's order, without relations. */
MUST_USE err load_rows(struct db *db, struct arena *a, const struct plan *p, struct rows *out);
/* How many rows the plan selects in all; with p->lock they are locked. */
MUST_USE err load_count(struct db *db, struct arena *a, const struct plan *p, int64_t *out);
/* "post with id: 7 not found". */
MUST_USE err load_not_found(struct arena *a, const struct resource *r, const struct field *key,
                            struct value value);
/* A named statement that reads; one that locks begins the wanted transaction first. */
MUST_USE err load_statement(struct db *db, struct arena *a, const struct statement *s,
                            const struct value *values, struct rows *out);
/* The same for one that only reads: its first rows, where all would be more than a page holds (stmt_read_page). */
MUST_USE err load_statement_page(struct db *db, struct arena *a, const struct statement *s,
                                 const struct value *values, struct rows *out);

#endif
