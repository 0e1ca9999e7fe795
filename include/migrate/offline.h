/*
 * offline: what a command would do, as a script for the mariadb client (`mariadb --comments DATABASE <script`): the
 * same session, lock, statements and rows of quire_migrations as a run of Quire itself, made without a connection.
 *
 * The script cannot look at the database while it is made: it is told where the database is (FROM:TO, FROM being base
 * when it is left out) and begins by refusing another state. It stops at the first failure, as the client does, and
 * `quire migrate upgrade` goes on after the last statement that is recorded; but it cannot tell whether a statement
 * that was interrupted in the middle was carried out, since no fingerprint of the schema is recorded.
 *
 *     str to;
 *     TRY(offline_begin(s, STR("0001:0003"), &to));        // the ledger is now what FROM says
 *     TRY(plan_upgrade(s, to, &plan));
 *     offline_print(s, &plan, RUNNER_UP);
 */
#ifndef QUIRE_MIGRATE_OFFLINE_H
#define QUIRE_MIGRATE_OFFLINE_H

#include "migrate/plan.h"
#include "migrate/runner.h"

/* Makes the session's ledger that of a database which is at FROM; *to is what follows the colon. ERROR_NOT_FOUND and
 * ERROR_CONFLICT as target_read(). */
MUST_USE err offline_begin(struct session *s, str range, str *to);
/* Prints the script that carries a plan out. */
void offline_print(struct session *s, const struct plan_list *plan, enum runner_direction direction);
/* Prints the script that records exactly the migrations of the set as applied. */
void offline_print_stamp(struct session *s, const bool *in);

#endif
