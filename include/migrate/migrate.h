/*
 * migrate: the commands of `quire migrate`, each a function of a session (migrate/session.h): they bring a database's
 * schema forward and back through the files of a folder (migrate/migration.h), keeping books in the table
 * quire_migrations (migrate/ledger.h), and tell and write the history.
 *
 * One runner works on a database at a time, under a named lock of the server; another waits, says so, and gives up
 * after MIGRATE_LOCK_WAIT seconds. The lock goes with its connection, so after a kill it is free as soon as the
 * server has ended the killed runner's last statement. (It is per node in a Galera cluster: run migrations against
 * one node.) A run that was killed or failed is continued by the next one (migrate/runner.h).
 *
 * Refused, naming what is wrong: a folder whose graph is not sound (migrate/graph.h), an applied migration whose file
 * is gone or was edited since, going up while a way down is half done and the other way round. DDL commits by itself:
 * a migration that fails in the middle stays half done until it is repaired and run again; the error says where.
 * Nothing is begun when any part of what was asked for is impossible.
 *
 * Failures: ERROR_INVALID (files), ERROR_NOT_FOUND and ERROR_CONFLICT (what was asked for does not fit the files or
 * the database), ERROR_BUSY (the lock), or as a statement did; the detail is for a human, in several lines. Wrong
 * usage is ERROR_BAD_REQUEST with SESSION_MISUSED as the answer. What a command does without failing but with a "no"
 * is SESSION_NO.
 *
 *     struct db_target target = {…, .timeout = MIGRATE_DB_TIMEOUT};     // an ALTER TABLE can take its time
 *     struct db *db = db_new(&target);
 *     TRY(db_wait(db, a, NULL));
 *     struct migrate_options o = {0};                                   // upgrade without words: to the head
 *     session_init(&s, db, a, STR("migrations"), &o);
 *     TRY(migrate_upgrade(&s));
 */
#ifndef QUIRE_MIGRATE_MIGRATE_H
#define QUIRE_MIGRATE_MIGRATE_H

#include "migrate/session.h"

/* upgrade [TARGET]: applies TARGET (else the head) and all that it comes from. */
MUST_USE err migrate_upgrade(struct session *s);
/* downgrade TARGET: takes back what comes from TARGET, or the last n for -n; a half-done way down counts as one. */
MUST_USE err migrate_downgrade(struct session *s);
/* down [N]: downgrade by N steps, else one. */
MUST_USE err migrate_down(struct session *s);
/* stamp TARGET…: writes into the ledger that the targets and all that they come from are applied and nothing else is,
 * without running a statement. ERROR_CONFLICT when something is half done. */
MUST_USE err migrate_stamp(struct session *s);
/* status: a line for each migration: state, name, and when it was applied. Changes nothing and needs no lock.
 * Everything is printed before it fails with ERROR_CONFLICT when the database and the files do not fit. */
MUST_USE err migrate_status(struct session *s);
/* repair: says what a human must decide before the next run, what the next run decides by itself, and how: an answer of
 * SESSION_NO when there is something to decide. With --done, --not-done, --accept REV or --forget REV it does that,
 * under the lock, and says so; ERROR_CONFLICT when there is nothing of the kind. */
MUST_USE err migrate_repair(struct session *s);
/* verify [--scratch NAME]: on a database that is made for it and dropped again, every migration up, down and up again,
 * the schemas compared, at the end also with the declared tables. Fails naming the first that differs, with what
 * differs. */
MUST_USE err migrate_verify(struct session *s);

/* current: the applied migrations that no applied one comes from, and what is half done. With --check-heads the answer
 * is no unless every head is applied. Fails after printing, as status does. */
MUST_USE err migrate_current(struct session *s);

/* check: whether everything is applied and the tables are as they are declared; the answer is no when migrations are
 * pending, which are listed, or else when the tables differ, which is listed in full. With --sql the statements that
 * would make them so are printed instead. */
MUST_USE err migrate_check(struct session *s);

/* What follows looks at the files alone, except where what is applied is asked for. */

/* heads: the migrations that are nobody's parent. */
MUST_USE err migrate_heads(struct session *s);
/* branches: the migrations that are the parent of several, and of which. */
MUST_USE err migrate_branches(struct session *s);
/* history: all of --rev-range A:B, the newest first. An end is a target, `current`, or nothing; A may be -n (so many
 * before B), B may be +n. */
MUST_USE err migrate_history(struct session *s);
/* show TARGET: all that a migration says, with its statements. */
MUST_USE err migrate_show(struct session *s);

/* What follows writes a file into the folder; with --sql its text is printed instead (migrate/author.h). */

/* revision -m MESSAGE: a new migration behind --head, else behind the head, with --rev-id or the next number.
 * ERROR_CONFLICT for a parent that is no head, without --splice, and for a revision that is there. With --autogenerate
 * its sections are what the declared tables ask for; ERROR_CONFLICT when the database does not have all migrations, or
 * data would be lost without --allow-loss; when nothing differs no file is written. */
MUST_USE err migrate_revision(struct session *s);
/* merge HEAD HEAD…: a new migration whose parents they are. ERROR_CONFLICT when they are no heads, or one. */
MUST_USE err migrate_merge(struct session *s);

#endif
