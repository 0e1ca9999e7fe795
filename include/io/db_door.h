/*
 * db_door: what io/db.c, io/db_connect.c and io/stmt.c share, and nobody else includes: the client library's handle,
 * and the one function that says what its errors mean. Differences between MariaDB's and MySQL's client are settled
 * here.
 */
#ifndef QUIRE_IO_DB_DOOR_H
#define QUIRE_IO_DB_DOOR_H

#include <mysql.h>

#include "io/db.h"
#include "io/hosts.h"
#include "io/trace.h"

/* Error numbers that the headers of one client or the other do not name. */
enum {
    NUMBER_CONNECTION_KILLED = 1927,
    NUMBER_STATEMENT_TIMEOUT = 1969,
    NUMBER_STATEMENT_TIMEOUT_MYSQL = 3024,
    NUMBER_LOCK_HELD_MYSQL = 3572, /* to NOWAIT; MariaDB says that a lock was waited for too long */
    NUMBER_SNAPSHOT_CONFLICT = 1020,
    NUMBER_GALERA_NOT_READY = 1047,
    NUMBER_COMMIT_FAILED = 1180 /* of Galera: the quorum was lost over it */
};

struct stmt_cache;

struct db {
    const struct db_target *target;
    MYSQL *mysql;       /* NULL: not connected */
    struct hosts hosts; /* where it may connect to */
    int64_t followed;   /* clock_steady() when a replica was last found to follow */
    size_t host;        /* where it is connected, or was last */
    struct stmt_cache *cache;
    bool refused; /* the last attempt to connect met a no that waiting cannot mend */
    bool broken;  /* the connection was lost; db_ready() makes a new one */
    bool want_transaction;
    bool in_transaction;
    bool can_return; /* INSERT … RETURNING */
    struct db_figures figures;
    struct trace *trace; /* NULL: nobody wants to know */
    char duplicate_key[128];
};

/* What was going on when a call failed: it decides whether the work may be repeated. */
enum db_phase {
    DB_READING,     /* outside a transaction, nothing written */
    DB_WRITING,     /* outside a transaction: lost means unknown */
    DB_TRANSACTION, /* between BEGIN and COMMIT: lost means undone */
    DB_COMMITTING   /* lost means unknown */
};

/* Whether another host may do what this one cannot. */
static inline bool db_has_others(const struct db *db)
{
    return db->hosts.n > 1;
}

/* The err for the client library's error number and message. Marks the connection as broken where it is. */
MUST_USE err db_failure(struct db *db, struct arena *a, unsigned number, const char *message,
                        enum db_phase phase);
/* Sends BEGIN when a transaction is wanted and not begun. */
MUST_USE err db_begin_if_wanted(struct db *db, struct arena *a);
/* Drops all cached statements, when the connection goes. */
void stmt_cache_free(struct stmt_cache *cache);

#endif
