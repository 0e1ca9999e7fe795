/*
 * backup: a database as one file (backup/archive), and back. The database's own programs do the reading and the
 * writing; this decides what they are asked, and whether it came out right.
 *
 * A backup holds every table as it is at one moment, whatever others write meanwhile, but for changes of the schema: no
 * migration runs while it is made. A database that has more than plain tables is refused: a trigger, a view, a routine,
 * an event, a sequence, a table with system versions. The ledger of migrations comes last. A restore checks the file's
 * checksum before it touches anything, and then either ends with the rows of every table counted, or leaves the marker
 * (backup/marker).
 *
 *     struct backup_order o = {.path = "quire.backup", .version = program_version, .watch = &watch};
 *     TRY(backup_make(db, a, &o, &done));
 *     TRY(backup_restore(db, a, &o, &done));
 */
#ifndef QUIRE_BACKUP_BACKUP_H
#define QUIRE_BACKUP_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct db;

/* How far it is. say() is called often, stop() looked at likewise; both may be NULL. */
struct backup_watch {
    bool (*stop)(void);
    void (*say)(struct backup_watch *w);
    uint64_t bytes, all; /* of the dump; all is 0 while nobody knows */
    uint64_t rows;
    bool touched; /* something has been begun: the file, or the database */
};

struct backup_order {
    const char *path;
    const char *version; /* of the program */
    str migrations;      /* the folder: restore wants to know every revision */
    bool replace;        /* restore: what the database holds goes */
    struct backup_watch *watch;
};

struct backup_done {
    size_t tables;
    uint64_t rows;
    uint64_t bytes; /* of the dump */
    size_t pending; /* restore: migrations of this program that are not in it */
};

/* Errors: ERROR_CONFLICT (the file is there already; a migration runs; a restore has not ended; nothing to back up; a
 * table whose name no restore takes, or something that is no plain table), ERROR_STORAGE (the disk), ERROR_INTERNAL (a
 * child failed, or stop() was true), and those of the database. Whatever it is, there is no file then. */
MUST_USE err backup_make(struct db *db, struct arena *a, const struct backup_order *o,
                         struct backup_done *out);
/* Errors before anything is touched: ERROR_NOT_FOUND, ERROR_INVALID (the file), ERROR_CONFLICT (a database that is not
 * empty without `replace`, in use, or has more than plain tables; a revision that this program does not know). Later
 * ones leave the marker. */
MUST_USE err backup_restore(struct db *db, struct arena *a, const struct backup_order *o,
                            struct backup_done *out);

/* What the two share. */
struct backup_tables {
    str *names; /* the ledger last */
    size_t n;
    uint64_t bytes; /* about how many their rows have */
};
/* The tables of the database, without the marker. */
MUST_USE err backup_tables(struct db *db, struct arena *a, struct backup_tables *out);
/* Whether the database has nothing else. ERROR_CONFLICT names what no backup keeps. */
MUST_USE err backup_only_tables(struct db *db, struct arena *a);
/* Keeps migrations, and others of us, away while the connection lives, be it idle for long. ERROR_CONFLICT. */
MUST_USE err backup_lock(struct db *db, struct arena *a);
/* Whether it has done so all the time. ERROR_CONFLICT, or the connection's. */
MUST_USE err backup_still_locked(struct db *db, struct arena *a);
/* Whether a table's name can stand in a statement between backquotes: ours have no others, and a restore takes no
 * others. */
bool backup_is_plain(str name);
bool backup_stopped(const struct backup_watch *w);

#endif
