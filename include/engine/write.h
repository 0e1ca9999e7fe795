/*
 * write: rows inserted, changed and deleted, with everything that a declaration says goes with it: generated
 * identifiers, folded keys, stored counters, sentences for taken keys. Each is part of the transaction that
 * dispatch has asked for.
 *
 *     TRY(write_insert(db, a, &post_resource, row, &id));
 *     TRY(write_update(db, a, &post_resource, row, &where, &matched));
 */
#ifndef QUIRE_ENGINE_WRITE_H
#define QUIRE_ENGINE_WRITE_H

#include "engine/plan.h"
#include "io/stmt.h"
#include "schema/registry.h"

/* Inserts a row. Absent values get the schema's defaults; GENERATED and FOLD fields are filled into row. *id
 * is the AUTO_INCREMENT key, or 0. ERROR_DUPLICATE names the taken field. */
MUST_USE err write_insert(struct db *db, struct arena *a, const struct resource *r, struct value *row,
                          int64_t *id);
/* Changes the rows that w selects to what is not absent in row. *matched says how many there were. */
MUST_USE err write_update(struct db *db, struct arena *a, const struct resource *r, struct value *row,
                          const struct where *w, uint64_t *matched);
/* Deletes the rows that w selects, and brings into line the counters elsewhere that their going moves: those
 * they feed themselves, and those fed by rows that go with them. A resource whose rows take others with them
 * is locked first, so that none is added meanwhile. */
MUST_USE err write_delete(struct db *db, struct arena *a, const struct registry *all,
                          const struct resource *r, const struct where *w, uint64_t *matched);

/* A named statement that writes; *matched says how many rows it found. */
MUST_USE err write_statement(struct db *db, struct arena *a, const struct statement *s,
                             const struct value *values, uint64_t *matched);

#endif
