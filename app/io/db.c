#include "io/db.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "io/db_door.h"

/* `shown` is what a trace may know of it. */
static unsigned query(struct db *db, str sql, str shown)
{
    db->figures.statements++;
    trace_begin(db->trace, shown);
    if (mysql_real_query(db->mysql, sql.p, sql.n) != 0) {
        return mysql_errno(db->mysql);
    }
    MYSQL_RES *result = mysql_store_result(db->mysql);
    unsigned number = mysql_errno(db->mysql); /* some failures show only here */
    mysql_free_result(result);
    trace_end(db->trace, 0);
    return number;
}

/* Runs one statement of constant text, which a trace may show. The library's error, 0 when it went well. */
static unsigned query_plain(struct db *db, str sql)
{
    return query(db, sql, sql);
}

err db_run(struct db *db, struct arena *a, str sql)
{
    unsigned number = query(db, sql, str_slice(sql, 0, str_find(sql, ' ', 0))); /* it may hold values */
    if (number == 0) {
        return NULL;
    }
    return db_failure(db, a, number, mysql_error(db->mysql),
                      db->in_transaction ? DB_TRANSACTION : DB_WRITING);
}

/* In seconds: a year, the most that a server takes. */
err db_stay(struct db *db, struct arena *a)
{
    return db_run(db, a, STR("SET SESSION wait_timeout = 31536000"));
}

void db_want_transaction(struct db *db)
{
    db->want_transaction = true;
}

void db_single(struct db *db)
{
    db->want_transaction = false;
}

bool db_can_return(const struct db *db)
{
    return db->can_return;
}

bool db_in_transaction(const struct db *db)
{
    return db->in_transaction;
}

err db_begin_if_wanted(struct db *db, struct arena *a)
{
    if (!db->want_transaction || db->in_transaction) {
        return NULL;
    }
    unsigned number = query_plain(db, STR("BEGIN"));
    if (number != 0) {
        return db_failure(db, a, number, mysql_error(db->mysql), DB_READING);
    }
    db->in_transaction = true;
    return NULL;
}

/* The session reads what is committed at each statement; here every statement must read the same. */
err db_snapshot(struct db *db, struct arena *a)
{
    static const str steps[] = {STR_INIT("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"),
                                STR_INIT("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        unsigned number = query_plain(db, steps[i]);
        if (number != 0) {
            return db_failure(db, a, number, mysql_error(db->mysql), DB_READING);
        }
    }
    db->in_transaction = true;
    return NULL;
}

err db_commit(struct db *db, struct arena *a)
{
    db->want_transaction = false;
    if (!db->in_transaction) {
        return NULL;
    }
    unsigned number = query_plain(db, STR("COMMIT"));
    if (number != 0) {
        return db_failure(db, a, number, mysql_error(db->mysql), DB_COMMITTING);
    }
    db->in_transaction = false;
    return NULL;
}

void db_rollback(struct db *db)
{
    db->want_transaction = false;
    if (db->in_transaction && !db->broken && query_plain(db, STR("ROLLBACK")) != 0) {
        db->broken = true;
    }
    db->in_transaction = false;
}

const struct db_target *db_target_of(const struct db *db)
{
    return db->target;
}

const struct host *db_host_of(const struct db *db)
{
    return &db->hosts.at[db->host];
}

void db_trace(struct db *db, struct trace *trace)
{
    db->trace = trace;
}

struct db_figures db_figures(const struct db *db)
{
    return db->figures;
}

str db_duplicate_key(const struct db *db)
{
    return str_of(db->duplicate_key);
}

/* "… for key 'uq_users_email'" (MariaDB) or "… for key 'users.uq_users_email'" (MySQL). */
static void note_duplicate(struct db *db, const char *message)
{
    const char *end = strrchr(message, '\'');
    const char *start = end;
    while (start != NULL && start > message && start[-1] != '\'' && start[-1] != '.') {
        start--;
    }
    if (end != NULL && start != NULL) {
        (void)snprintf(db->duplicate_key, sizeof db->duplicate_key, "%.*s", (int)(end - start), start);
    }
}

static bool connection_is_gone(unsigned number)
{
    switch (number) {
    case CR_SERVER_GONE_ERROR:
    case CR_SERVER_LOST:
    case CR_COMMANDS_OUT_OF_SYNC:
    case CR_MALFORMED_PACKET:
    case ER_SERVER_SHUTDOWN:
    case NUMBER_CONNECTION_KILLED:
    case ER_ABORTING_CONNECTION:
    case ER_NEW_ABORTING_CONNECTION:
    case ER_NET_READ_ERROR_FROM_PIPE:
    case ER_NET_FCNTL_ERROR:
    case ER_NET_PACKETS_OUT_OF_ORDER:
    case ER_NET_UNCOMPRESS_ERROR:
    case ER_NET_READ_ERROR:
    case ER_NET_READ_INTERRUPTED:
    case ER_NET_ERROR_ON_WRITE:
    case ER_NET_WRITE_INTERRUPTED:
        return true;
    default:
        return number >= 2000 && number < 3000 && number != CR_NO_PREPARE_STMT;
    }
}

/* Ended by the server, as too slow or at a word of its administrator; the connection stands. */
static bool was_ended(unsigned number)
{
    return number == NUMBER_STATEMENT_TIMEOUT || number == NUMBER_STATEMENT_TIMEOUT_MYSQL ||
           number == ER_QUERY_INTERRUPTED;
}

static enum error_code code_of(unsigned number)
{
    switch (number) {
    case ER_LOCK_DEADLOCK:
    case NUMBER_SNAPSHOT_CONFLICT:
        return ERROR_DEADLOCK;
    case ER_LOCK_WAIT_TIMEOUT:
    case NUMBER_LOCK_HELD_MYSQL:
        return ERROR_LOCK_TIMEOUT;
    case ER_DUP_ENTRY:
        return ERROR_DUPLICATE;
    case ER_ROW_IS_REFERENCED_2:
    case ER_NO_REFERENCED_ROW_2:
        return ERROR_CONFLICT;
    case ER_CON_COUNT_ERROR:
    case ER_DISK_FULL:
    case ER_RECORD_FILE_FULL:
    case ER_OPTION_PREVENTS_STATEMENT:
    case ER_MAX_PREPARED_STMT_COUNT_REACHED:
    case ER_READ_ONLY_MODE:
    case NUMBER_GALERA_NOT_READY:
        return ERROR_UNAVAILABLE;
    default:
        return was_ended(number) ? ERROR_UNAVAILABLE : ERROR_INTERNAL;
    }
}

/* Some messages repeat the value that was refused, which may be secret: then the number must do. */
static const char *safe_message(unsigned number, const char *message)
{
    switch (number) {
    case ER_TRUNCATED_WRONG_VALUE:
    case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD:
        return "a value was refused";
    default:
        return message;
    }
}

/* A no that is the host's and not the statement's, which it has not begun: another host may say yes. A reading outside
 * of transactions waits for no row: it was the wait for the cluster (wsrep_sync_wait) that was too long. */
static bool is_the_hosts_no(unsigned number, enum db_phase phase)
{
    switch (number) {
    case NUMBER_GALERA_NOT_READY:
    case ER_OPTION_PREVENTS_STATEMENT:
    case ER_READ_ONLY_MODE:
        return true;
    case ER_LOCK_WAIT_TIMEOUT:
        return phase == DB_READING;
    default:
        return false;
    }
}

/* The connection is of no use any more; it is opened again, at another host when there is one. */
static err give_up(struct db *db, struct arena *a, unsigned number, const char *message, bool unknown)
{
    db->broken = true;
    hosts_failed(&db->hosts, db->host, clock_steady());
    return error_cause(a, unknown ? ERROR_OUTCOME_UNKNOWN : ERROR_CONNECTION_LOST, "%u %s", number, message);
}

err db_failure(struct db *db, struct arena *a, unsigned number, const char *message, enum db_phase phase)
{
    trace_end(db->trace, 0); /* of the statement that has failed */
    db->duplicate_key[0] = '\0';
    if (db_has_others(db) && is_the_hosts_no(number, phase)) {
        return give_up(db, a, number, message, false);
    }
    if (connection_is_gone(number) || number == NUMBER_COMMIT_FAILED) {
        return give_up(db, a, number, message, phase == DB_COMMITTING || phase == DB_WRITING);
    }
    /* the server looks at the clock once more when it has committed: the no of such a statement is none */
    bool unknown = was_ended(number) && (phase == DB_COMMITTING || phase == DB_WRITING);
    enum error_code code = unknown ? ERROR_OUTCOME_UNKNOWN : code_of(number);
    if (code == ERROR_DUPLICATE) {
        note_duplicate(db, message);
        return error_cause(a, code, "%u duplicate entry for key %s", number, db->duplicate_key);
    }
    return error_cause(a, code, "%u %s", number, safe_message(number, message));
}
