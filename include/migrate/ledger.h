/*
 * ledger: the table quire_migrations, in which each database keeps the books about its own history.
 *
 * One row a migration that is applied, being applied or being taken back. DDL commits by itself, so the books are
 * kept for each statement: how many of the section are done (with a running checksum over their texts, so that what
 * was done can be told from what a repaired file says now), and, while a statement that changes the schema is under
 * way, the fingerprint of the schema before it: whoever finds it there after a crash compares.
 *
 * Failures are those of io/stmt.h.
 *
 *     TRY(ledger_create(db, a));
 *     TRY(ledger_read(db, a, &ledger));
 *     TRY(ledger_begin(db, a, m));
 *     TRY(ledger_advance(db, a, m->revision, 1, sum));
 *     TRY(ledger_finish_up(db, a, m));
 */
#ifndef QUIRE_MIGRATE_LEDGER_H
#define QUIRE_MIGRATE_LEDGER_H

#include <stdbool.h>

#include "base/err.h"

struct arena;
struct db;
struct migration;

enum ledger_state { LEDGER_APPLYING, LEDGER_APPLIED, LEDGER_REVERTING };

struct ledger_row {
    str revision;
    str name;
    str checksum; /* of the file when it was last looked at */
    enum ledger_state state;
    int64_t total;      /* statements in the section that is under way */
    int64_t done;       /* of which so many are done */
    str done_sum;       /* the running checksum over them */
    str under_way_sum;  /* the same with the statement under way; empty when none is */
    str schema_before;  /* the fingerprint before it */
    int64_t applied_at; /* microseconds since the epoch; 0: not yet */
};

struct ledger {
    struct ledger_row *rows; /* by revision */
    size_t n;
};

/* The statement that makes the table when it is not there. */
extern const str ledger_table_sql;
/* Runs it. */
MUST_USE err ledger_create(struct db *db, struct arena *a);
/* Reads it; without the table an empty ledger. */
MUST_USE err ledger_read(struct db *db, struct arena *a, struct ledger *out);
/* The row of a revision, or NULL. */
const struct ledger_row *ledger_find(const struct ledger *l, str revision);

/* A migration begins to be applied. */
MUST_USE err ledger_begin(struct db *db, struct arena *a, const struct migration *m);
/* An applied migration begins to be taken back. */
MUST_USE err ledger_begin_down(struct db *db, struct arena *a, const struct migration *m);
/* A repaired file is taken for the rest of what is under way. */
MUST_USE err ledger_adopt(struct db *db, struct arena *a, const struct migration *m, size_t total);
/* A statement that changes the schema is about to run. */
MUST_USE err ledger_announce(struct db *db, struct arena *a, str revision, str under_way_sum,
                             str schema_before);
/* It has failed, and nothing is under way. */
MUST_USE err ledger_withdraw(struct db *db, struct arena *a, str revision);
/* `done` statements are done. */
MUST_USE err ledger_advance(struct db *db, struct arena *a, str revision, size_t done, str done_sum);
/* The migration is applied. */
MUST_USE err ledger_finish_up(struct db *db, struct arena *a, const struct migration *m);
/* The migration is taken back: its row goes. */
MUST_USE err ledger_finish_down(struct db *db, struct arena *a, str revision);

#endif
