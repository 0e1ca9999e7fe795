/*
 * marker: the table quire_restore, which is there while a restore is under way: a database that has it is half
 * restored. `quire serve`, `quire work` and `quire backup` leave such a one alone (migrate/known).
 *
 *     TRY(marker_find(db, a, &found));
 */
#ifndef QUIRE_BACKUP_MARKER_H
#define QUIRE_BACKUP_MARKER_H

#include <stdbool.h>

#include "base/err.h"

struct arena;
struct db;

/* Its name, which a restore leaves alone. */
#define MARKER_TABLE "quire_restore"

/* Errors are those of the database. */
MUST_USE err marker_find(struct db *db, struct arena *a, bool *found);
MUST_USE err marker_set(struct db *db, struct arena *a);
MUST_USE err marker_clear(struct db *db, struct arena *a);

#endif
