/*
 * faults: the client library of the database, made to fail at will. The linker puts these functions before the
 * library's (-Wl,--wrap), so that the program under test is the very one that is shipped.
 *
 * Calls that talk to the server are counted: connecting, a query as text (BEGIN, COMMIT, ROLLBACK, …), preparing,
 * executing, fetching a row. One of them, or that and all after it, can be told to fail in one of several ways.
 *
 * Chance is taken out, too: http/purge's purge_is_due() says what faults_purge() wants.
 *
 *     faults_at(7, false, FAULT_DEADLOCK);
 *     ... a request ...
 *     if (faults_hit() == CALL_COMMIT) ...
 *     faults_off();
 */
#ifndef QUIRE_TESTS_FAULTS_H
#define QUIRE_TESTS_FAULTS_H

#include <stdbool.h>

enum fault {
    FAULT_LOST_BEFORE,  /* the connection is lost, the server has not seen the call */
    FAULT_LOST_AFTER,   /* the connection is lost, the server has done what was asked */
    FAULT_DEADLOCK,     /* 1213: the server has undone the transaction */
    FAULT_LOCK_TIMEOUT, /* 1205: the transaction is still open */
    FAULT_FORGOTTEN,    /* 1243: the server does not know the prepared statement; only executing fails so */
    FAULT_NOT_READY,    /* 1047: the node has no quorum, and has not begun */
    FAULT_VAGUE_NO,  /* 1180: the node lost its quorum over the commit, which is not made; only on a commit */
    FAULT_VAGUE_YES, /* 1180, and the commit is made all the same; likewise */
    FAULT_READ_ONLY, /* 1290: the server takes no writes any more; only executing fails so */
    FAULT_DISK_FULL, /* 1021 */
    FAULT_UNKNOWN,   /* 1105 */
    FAULT__MAX
};

/* What kind of call it was. */
enum call_kind {
    CALL_NONE,
    CALL_CONNECT, /* and what is sent to set the session up */
    CALL_BEGIN,
    CALL_COMMIT,
    CALL_ROLLBACK,
    CALL_QUERY,
    CALL_PREPARE,
    CALL_EXECUTE,
    CALL_FETCH,
    CALL_SINGLE,      /* execute, of an INSERT … RETURNING without a transaction around it */
    CALL_SINGLE_FETCH /* of what that gives back: it is done by then */
};

/* What every failing call says; it must not get out. */
#define FAULT_MESSAGE "torture said no"

/* Starts to count at 0; nothing fails. */
void faults_off(void);
/* Starts to count at 0; call number nth (from 1), with `lasting` all after it too, fails so. A fault that is none for
 * the kind of call (only a connection can be lost while connecting) does not happen. With nth 0 nothing fails, and the
 * calls are remembered for faults_can_hit(). */
void faults_at(unsigned nth, bool lasting, enum fault fault);
/* Whether the fault is one for call number nth, when the calls are those of the last play with nth 0. */
bool faults_can_hit(unsigned nth, enum fault fault);
/* Old rows are dropped by every request that may do so, or, at first, by none: the calls of a request are then the same
 * at every play. */
void faults_purge(bool yes);
/* Calls since then. */
unsigned faults_calls(void);
/* Statements prepared since the program began. */
unsigned faults_prepared(void);
/* The kind of the first call that failed, or CALL_NONE. */
enum call_kind faults_hit(void);
const char *fault_name(enum fault fault);

#endif
