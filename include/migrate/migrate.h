/*
 * migrate: `quire migrate up | down | status`: brings a database's schema forward and back through the files of a
 * folder (migrate/migration.h), keeping books in the table quire_migrations (migrate/ledger.h).
 *
 * One runner works on a database at a time, under a named lock of the server; another waits, says so, and gives up
 * after MIGRATE_LOCK_WAIT seconds. The lock goes with its connection, so after a kill it is free as soon as the
 * server has ended the killed runner's last statement. (It is per node in a Galera cluster: run migrations against
 * one node.) A run that was killed or failed is continued by the next one (migrate/runner.h).
 *
 * Refused, naming what is wrong: a folder whose graph is not sound (migrate/graph.h), an applied migration whose file
 * is gone or was edited since, going up while a way down is half done and the other way round. DDL commits by itself:
 * a migration that fails in the middle stays half done until it is repaired and run again; the error says where.
 *
 *     struct db_target target = {…, .timeout = MIGRATE_DB_TIMEOUT};     // an ALTER TABLE can take its time
 *     struct db *db = db_new(&target);
 *     TRY(db_wait(db, a, NULL));
 *     TRY(migrate_up(db, a, STR("migrations"), stderr));
 */
#ifndef QUIRE_MIGRATE_MIGRATE_H
#define QUIRE_MIGRATE_MIGRATE_H

#include <stdio.h>

#include "base/err.h"

struct arena;
struct db;

enum {
    MIGRATE_LOCK_WAIT = 600,   /* seconds that a runner waits for another */
    MIGRATE_DB_TIMEOUT = 86400 /* for struct db_target: seconds that one statement may take */
};

/* Applies everything that is pending. progress gets a line for each migration, and while it waits. Fails
 * with ERROR_INVALID (files), ERROR_CONFLICT (the database and the files do not fit), ERROR_BUSY (the
 * lock), or as a statement did; the detail is for a human, in several lines. */
MUST_USE err migrate_up(struct db *db, struct arena *a, str dir, FILE *progress);
/* Takes back the last `steps` (> 0) migrations; a half-done way down counts as one. Nothing is begun when
 * fewer are applied, or one of them is irreversible: ERROR_CONFLICT. */
MUST_USE err migrate_down(struct db *db, struct arena *a, str dir, unsigned steps, FILE *progress);
/* Prints a line for each migration: state, revision, name, and when it was applied. Changes nothing and
 * needs no lock. Everything is printed before it fails with ERROR_CONFLICT when the database and the files
 * do not fit. */
MUST_USE err migrate_status(struct db *db, struct arena *a, str dir, FILE *out);

#endif
