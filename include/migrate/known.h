/*
 * known: whether a database's schema is the one that this program was built for: every migration of its folder applied,
 * none that it has no file for, none half done. `quire serve` asks before it starts (setting SCHEMA_CHECK).
 *
 *     TRY(known_check(db, a, STR("migrations"), &problem));
 *     if (problem.n > 0) printf("%.*s\n", STR_ARGS(problem));
 */
#ifndef QUIRE_MIGRATE_KNOWN_H
#define QUIRE_MIGRATE_KNOWN_H

#include "base/err.h"

struct arena;
struct db;
struct held;

/* What is wrong, as a sentence with the database's revision, the program's newest, and what to do; else empty. Changes
 * nothing and takes no lock. Fails when the folder cannot be read (ERROR_NOT_FOUND, ERROR_INVALID), or as a statement
 * did. */
MUST_USE err known_check(struct db *db, struct arena *a, str dir, str *problem);

/* ERROR_CONFLICT when a restore of it is under way, or was interrupted: for commands that write. */
MUST_USE err known_refuse_half_restored(struct db *db, struct arena *a);

/* The revisions of a program's migrations. */
struct known_revisions {
    const str *list;
    size_t n;
};

/* Reads them from the folder; what is held of another process (conf/held.h) counts instead. Fails as known_check() does
 * of a folder, and as held_make(). */
MUST_USE err known_load(struct arena *a, str dir, struct held *held, struct known_revisions *out);

/* How the database's schema stands to this program's: the same; it has all that is known here, and more; something that
 * is known here is missing or half done, or a restore is. */
enum known_state { KNOWN_SAME, KNOWN_AHEAD, KNOWN_BEHIND };

/* The same question, asked by a program that serves, of the migrations that it was started with: while it does, a
 * database may go ahead, and files of its successor may lie in the folder. Fails as a statement did. */
MUST_USE err known_compare(struct db *db, struct arena *a, const struct known_revisions *mine,
                           enum known_state *out);

#endif
