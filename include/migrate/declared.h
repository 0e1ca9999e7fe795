/*
 * declared: whether a database's tables are those that this program declares.
 *
 *     TRY(declared_check(db, a));
 */
#ifndef QUIRE_MIGRATE_DECLARED_H
#define QUIRE_MIGRATE_DECLARED_H

#include "base/err.h"

struct arena;
struct db;

/* ERROR_CONFLICT with all that differs, a line each; or as reading the schema failed. */
MUST_USE err declared_check(struct db *db, struct arena *a);

#endif
