/*
 * runner: carries out one section, up or down, of one migration, statement by statement, and keeps the ledger so that
 * a run that ends at any moment is continued at the right statement by the next.
 *
 * A statement of data and its entry in the ledger are one transaction. A statement that changes the schema commits by
 * itself: it is announced in the ledger with the schema's fingerprint, and when a later run finds it announced, the
 * schema shows whether it was carried out. SET statements are sent again when a section is continued; sql_mode,
 * foreign_key_checks and unique_checks are put back after each section.
 *
 * The caller holds the lock that makes it the only runner. The schema must have no other author meanwhile: a change
 * made by hand between a crash and the next run can be taken for the interrupted statement.
 *
 *     struct runner r = {.db = db, .a = a, .progress = stderr};
 *     TRY(runner_prepare(&r));
 *     TRY(runner_run(&r, m, row, RUNNER_UP));
 */
#ifndef QUIRE_MIGRATE_RUNNER_H
#define QUIRE_MIGRATE_RUNNER_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct arena;
struct db;
struct ledger_row;
struct migration;
struct statements;
struct watch;

enum runner_direction { RUNNER_UP, RUNNER_DOWN };

/* Seconds that a statement waits for a table that others are using. */
enum { RUNNER_LOCK_WAIT = 60 };

struct runner {
    struct db *db;
    struct arena *a;
    FILE *progress; /* a line for each section, what was found half done, what takes long; NULL: nowhere */
    bool verbose;   /* a line for each statement, too */
    struct watch *watch; /* set by runner_prepare() */
};

/* Sets the session up, and somebody who watches statements that take long (migrate/watch.h), until the arena goes;
 * once, before the first section. */
MUST_USE err runner_prepare(struct runner *r);
/* Carries out what is not yet done of the section. row is the migration's row in the ledger, which the
 * caller has begun, or found half done. Fails with ERROR_CONFLICT when what was done is no longer what the
 * file says, and with the code of a failed statement; the detail says which statement, why, and what is
 * done and stays. */
MUST_USE err runner_run(struct runner *r, const struct migration *m, const struct ledger_row *row,
                        enum runner_direction direction);
/* For a script that does the same (migrate/offline.h), and for repairs: what a session's settings are saved and put
 * back with, and the running checksum after i statements, for i from 0 to list->n. */
extern const str runner_save_sql;
extern const str runner_restore_sql;
str *runner_sums(struct arena *a, const struct statements *list);

#endif
