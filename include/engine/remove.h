/*
 * remove: rows deleted, with all that goes with them.
 *
 * What a declaration lets go along (CASCADE) the database would delete by itself; but then stored counters elsewhere
 * would not hear of it, and it gives up when rows that refer to their own kind (replies to replies) go deeper than
 * fifteen. So wherever one of the two matters, rows that go along are found, locked and deleted first, from the leaves.
 *
 *     where_add(&w, &post_fields[POST_ID], OP_EQ, value_int(7));
 *     TRY(remove_rows(db, a, &models, &post_resource, &w, &matched));
 */
#ifndef QUIRE_ENGINE_REMOVE_H
#define QUIRE_ENGINE_REMOVE_H

#include "engine/plan.h"
#include "schema/registry.h"

struct db;

/* Deletes the rows that w selects; *matched says how many there were. Each statement is part of the wanted transaction.
 * ERROR_CONFLICT when something still refers to one of them (RESTRICT). */
MUST_USE err remove_rows(struct db *db, struct arena *a, const struct registry *all, const struct resource *r,
                         const struct where *w, uint64_t *matched);

#endif
