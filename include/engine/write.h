/*
 * write: rows inserted and changed, with everything that a declaration says goes with it: generated
 * identifiers, folded keys, stored counters, sentences for taken keys. Each is part of the transaction that
 * dispatch has asked for.
 *
 *     TRY(write_insert(db, a, &post_resource, row, &id));
 *     TRY(write_update(db, a, &post_resource, row, &where, &matched));
 */
#ifndef QUIRE_ENGINE_WRITE_H
#define QUIRE_ENGINE_WRITE_H

#include "engine/load.h"
#include "engine/plan.h"
#include "io/stmt.h"
#include "schema/registry.h"

/* Inserts a row. Absent values get the schema's defaults; GENERATED and FOLD fields are filled into row. *id
 * is the AUTO_INCREMENT key, or 0. ERROR_DUPLICATE names the taken field. */
MUST_USE err write_insert(struct db *db, struct arena *a, const struct resource *r, struct value *row,
                          int64_t *id);
/* The same, and loads the new row as p shows it; nothing may be in p->where. The server gives back what it has
 * inserted, where it can (db_can_return()); else the row is read. */
MUST_USE err write_insert_shown(struct db *db, struct arena *a, const struct resource *r, struct value *row,
                                struct plan *p, struct page *out);
/* Whether that is one statement, and could do without a transaction around it. */
bool write_insert_is_single(const struct db *db, const struct resource *r, const struct plan *p);
/* Changes the rows that w selects to what is not absent in row. *matched says how many there were. */
MUST_USE err write_update(struct db *db, struct arena *a, const struct resource *r, struct value *row,
                          const struct where *w, uint64_t *matched);
/* Takes what is about to be changed to row (NULL: to go) off the counters that those rows feed. For engine/remove; a
 * handler has no need of it. */
MUST_USE err write_count_off(struct db *db, struct arena *a, const struct resource *r,
                             const struct value *row, const struct where *w);
/* A refused key or reference, in a sentence that names the field; other errors as they are. */
MUST_USE err write_explain(struct db *db, struct arena *a, const struct resource *r, err e);

/* Fills the FOLD fields of a row whose sources are given. write_insert() and write_update() do it by themselves. */
void write_fold(struct arena *a, const struct resource *r, struct value *row);

/* A named statement that writes; *matched says how many rows it found. */
MUST_USE err write_statement(struct db *db, struct arena *a, const struct statement *s,
                             const struct value *values, uint64_t *matched);

#endif
