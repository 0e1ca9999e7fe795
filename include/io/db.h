/*
 * db: the door to the database: one connection, its transaction, and what its failures mean.
 *
 * A connection is opened after the fork and never reconnects by itself (FACTS of the client library: a silent
 * reconnect forgets the transaction). Before the first statement of a request db_ready() looks at the socket
 * and reopens a connection that the server has closed. A transaction is asked for with db_want_transaction()
 * and begins with the first statement that writes or locks; a request that never gets there costs no round
 * trip.
 *
 * A target may name several hosts (io/hosts): replicas of one another of which one takes the writes, or nodes of a
 * Galera cluster. One that cannot be reached, is read-only or has no quorum is avoided for a while, and the next one is
 * taken; a connection goes back to a host that it likes better when that is well again. Which host says no does not
 * matter to callers (and with max_lag the hosts are replicas, of which one that does not follow closely is avoided,
 * too): what it has not done is ERROR_CONNECTION_LOST, and is done on another host when the work is run again.
 *
 * Failures come as err: ERROR_UNAVAILABLE (no connection; or a statement was too slow and the server has ended it,
 * which has undone that statement alone), ERROR_CONNECTION_LOST (lost before COMMIT was sent: the whole
 * transaction may run again), ERROR_DEADLOCK (deadlock, snapshot conflict, or a certification that failed:
 * likewise), ERROR_LOCK_TIMEOUT (a lock was waited for too long, or, with NOWAIT, would have to be waited for:
 * likewise), ERROR_OUTCOME_UNKNOWN (lost, ended, or out of the quorum, on COMMIT or on a write outside a
 * transaction: never repeated), ERROR_DUPLICATE, ERROR_CONFLICT (a foreign key), ERROR_INTERNAL for all else; the
 * cause holds number and message.
 *
 *     struct db *db = db_new(&target);
 *     TRY(db_ready(db, a));
 *     db_want_transaction(db);
 *     TRY(stmt_write(db, a, sql, values, n, &done));
 *     TRY(db_commit(db, a));
 */
#ifndef QUIRE_IO_DB_H
#define QUIRE_IO_DB_H

#include <stdbool.h>

#include "base/err.h"

struct arena;
struct db;
struct host;
struct trace;

struct db_target {
    str hosts; /* a list as io/hosts reads it; when it is empty, socket, and else host are where to connect */
    str host;
    int64_t port; /* also of those in hosts that name none */
    str socket;
    bool spread;     /* begin with any of the hosts, else with the first */
    int64_t max_lag; /* > 0: the hosts are replicas, only read, and so many seconds behind at most */
    bool causal;     /* each reading sees what was committed on any node of a Galera cluster before it */
    str user;
    str password;
    str name;
    str ssl_ca;
    int64_t timeout; /* seconds for a read, a write; the server ends a statement half a second before */
    int64_t connect_timeout; /* seconds for a connect to one host; 0: timeout */
};

struct db_figures {
    uint64_t statements; /* executed since the connection object was made; preparing one is not counted */
    uint64_t reconnects;
};

/* A connection object, not yet connected; target must outlive it. */
struct db *db_new(const struct db_target *target);
/* Closes and frees; NULL is allowed. */
void db_free(struct db *db);
/* Connected and idle, reconnecting once when need be. ERROR_UNAVAILABLE. */
MUST_USE err db_ready(struct db *db, struct arena *a);
/* Whether db_ready() would be more than trying again what has just failed: it is connected, or a host need not be
 * avoided. */
bool db_worth_trying(const struct db *db);
/* Whether the connection stands, as far as is known. */
bool db_is_connected(const struct db *db);
/* Waits until the database answers, trying every two seconds for ever (or until give_up() is true), with a
 * log line at every try. give_up may be NULL. A refusal that waiting cannot mend (wrong password, unknown
 * database) fails at once. */
MUST_USE err db_wait(struct db *db, struct arena *a, bool (*give_up)(void));
/* The server does not close this connection because it is idle: for who holds a lock by it while others work. */
MUST_USE err db_stay(struct db *db, struct arena *a);
/* Runs one statement as text, for DDL and administration; a result is dropped. */
MUST_USE err db_run(struct db *db, struct arena *a, str sql);
/* Every following statement belongs to one transaction, begun when first needed. */
void db_want_transaction(struct db *db);
/* Takes that back, unless it has begun: one statement will be all there is to do, and is a transaction by itself. Lost,
 * it is ERROR_OUTCOME_UNKNOWN, as a COMMIT is. */
void db_single(struct db *db);
/* Whether the server gives back what it has inserted (INSERT … RETURNING: MariaDB from 10.5 on). After db_ready(). */
bool db_can_return(const struct db *db);
/* Begins a transaction that only reads, and sees the database as it is now until db_commit() or db_rollback(), whatever
 * others write meanwhile. Outside of any other transaction. ERROR_CONNECTION_LOST, ERROR_UNAVAILABLE. */
MUST_USE err db_snapshot(struct db *db, struct arena *a);
/* Whether BEGIN has been sent. */
bool db_in_transaction(const struct db *db);
/* Ends the transaction; nothing when none was begun. */
MUST_USE err db_commit(struct db *db, struct arena *a);
/* Ends the transaction, undoing it; never fails (a lost connection has undone it already). */
void db_rollback(struct db *db);
/* What every session is set to, as text for a script that the server's own client runs. */
str db_session_script(struct arena *a);
/* Where it connects to: what db_new() was given. */
const struct db_target *db_target_of(const struct db *db);
/* Which host it is connected to, or was last; a name that begins with / is a socket. */
const struct host *db_host_of(const struct db *db);
/* Notes every following statement there, and connecting as one; NULL: no more. It must outlive that. */
void db_trace(struct db *db, struct trace *trace);
/* Figures for the log. */
struct db_figures db_figures(const struct db *db);
/* Whether others were in the way, and the same work may well succeed when it is run again from its start. */
static inline bool db_contended(err e)
{
    return e != NULL && (e->code == ERROR_DEADLOCK || e->code == ERROR_LOCK_TIMEOUT);
}
/* After ERROR_DUPLICATE: the name of the key that was hit, without its table (MariaDB and MySQL write it
 * differently); empty when the last error was another. Valid until the next statement. */
str db_duplicate_key(const struct db *db);

#endif
