/*
 * load: plans run; their rows in the arena.
 *
 *     struct rows rows;
 *     TRY(load_page(db, a, &plan, &rows));
 */
#ifndef QUIRE_ENGINE_LOAD_H
#define QUIRE_ENGINE_LOAD_H

#include "engine/plan.h"
#include "io/stmt.h"
#include "schema/registry.h"

/* All rows of the plan, columns in the plan's order. */
MUST_USE err load_page(struct db *db, struct arena *a, const struct plan *p, struct rows *out);
/* The plan's first row, or ERROR_NOT_FOUND with the contract's sentence naming the resource, `key` and its
 * value. */
MUST_USE err load_one(struct db *db, struct arena *a, const struct plan *p, const struct field *key,
                      struct value value, struct rows *out);
/* "post with id: 7 not found". */
MUST_USE err load_not_found(struct arena *a, const struct resource *r, const struct field *key,
                            struct value value);
/* A named statement that reads; one that locks begins the wanted transaction first. */
MUST_USE err load_statement(struct db *db, struct arena *a, const struct statement *s,
                            const struct value *values, struct rows *out);

#endif
