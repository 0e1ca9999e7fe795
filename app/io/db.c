#include "io/db.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "io/db_door.h"

/* Error numbers that the headers of one client or the other do not name. */
enum {
    NUMBER_CONNECTION_KILLED = 1927,
    NUMBER_STATEMENT_TIMEOUT = 1969,
    NUMBER_STATEMENT_TIMEOUT_MYSQL = 3024,
    NUMBER_SNAPSHOT_CONFLICT = 1020,
    NUMBER_GALERA_NOT_READY = 1047,
    NUMBER_GALERA_NO_QUORUM = 1180
};

/* What every session is set to, the lock wait in seconds apart. The two comments are read by MariaDB and by MySQL: how
 * deep a tree may be. Fewer gaps are locked than under REPEATABLE READ;
 * what must not change meanwhile is locked by name. */
static const char session_setup[] =
    "SET time_zone = '+00:00', "
    "sql_mode = "
    "'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION', "
    "autocommit = 1, innodb_lock_wait_timeout = %lld"
    "/*M! , max_recursive_iterations = 1000000 *//*!80000 , cte_max_recursion_depth = 1000000 */";
static const char isolation_setup[] = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

/* A lock is waited for shorter than an answer: else the connection is given up while the server goes on waiting. */
enum { LOCK_WAIT_SECONDS = 3 };

struct db *db_new(const struct db_target *target)
{
    struct db *db = calloc(1, sizeof *db);
    if (db == NULL) {
        abort();
    }
    db->target = target;
    return db;
}

static void disconnect(struct db *db)
{
    stmt_cache_free(db->cache);
    db->cache = NULL;
    if (db->mysql != NULL) {
        mysql_close(db->mysql);
        db->mysql = NULL;
    }
    db->broken = false;
    db->want_transaction = false;
    db->in_transaction = false;
}

void db_free(struct db *db)
{
    if (db != NULL) {
        disconnect(db);
        free(db);
    }
}

static void set_options(MYSQL *mysql, const struct db_target *t, struct arena *a)
{
    unsigned timeout = (unsigned)t->timeout;
    mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &timeout);
    mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &timeout);
    mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &timeout);
    mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (t->ssl_ca.n > 0) {
        /* without a CA file, TLS would be spoken to anybody: the file is what makes it a check */
        mysql_options(mysql, MYSQL_OPT_SSL_CA, str_c(a, t->ssl_ca));
        my_bool verify = 1;
        mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
    }
}

static bool open_session(struct db *db, struct arena *a, MYSQL *mysql)
{
    const struct db_target *t = db->target;
    bool by_socket = t->socket.n > 0;
    int64_t half = t->timeout / 2;
    int64_t wait = half < 1 ? 1 : half < LOCK_WAIT_SECONDS ? half : LOCK_WAIT_SECONDS;
    str setup = str_format(a, session_setup, (long long)wait);
    /* CLIENT_FOUND_ROWS: an UPDATE that changes nothing still says that its row is there */
    return mysql_real_connect(mysql, by_socket ? NULL : str_c(a, t->host), str_c(a, t->user),
                              str_c(a, t->password), str_c(a, t->name), by_socket ? 0 : (unsigned)t->port,
                              by_socket ? str_c(a, t->socket) : NULL, CLIENT_FOUND_ROWS) != NULL &&
           mysql_real_query(mysql, setup.p, setup.n) == 0 &&
           mysql_real_query(mysql, isolation_setup, sizeof isolation_setup - 1) == 0;
}

/* Whether waiting may help: nobody is there, or there is no room; a wrong password stays wrong. */
static bool may_come_back(unsigned number)
{
    switch (number) {
    case ER_CON_COUNT_ERROR:
    case ER_SERVER_SHUTDOWN:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_USER_LIMIT_REACHED:
    case NUMBER_GALERA_NOT_READY:
    case NUMBER_CONNECTION_KILLED:
        return true;
    default:
        return number >= CR_MIN_ERROR;
    }
}

static err connect_now(struct db *db, struct arena *a)
{
    MYSQL *mysql = mysql_init(NULL);
    if (mysql == NULL) {
        abort();
    }
    set_options(mysql, db->target, a);
    if (!open_session(db, a, mysql)) {
        unsigned number = mysql_errno(mysql);
        err e = error_cause(a, ERROR_UNAVAILABLE, "cannot connect to the database: %u %s", number,
                            mysql_error(mysql));
        db->refused = !may_come_back(number);
        mysql_close(mysql);
        return e;
    }
    db->mysql = mysql;
    db->refused = false;
    return NULL;
}

/* Between requests the server has nothing to say: readable means that it has hung up. */
static bool hung_up(MYSQL *mysql)
{
    struct pollfd p = {.fd = (int)mysql_get_socket(mysql), .events = POLLIN};
    return poll(&p, 1, 0) != 0;
}

err db_ready(struct db *db, struct arena *a)
{
    if (db->mysql != NULL && !db->broken && !hung_up(db->mysql)) {
        db->want_transaction = false;
        return NULL;
    }
    if (db->mysql != NULL) {
        db->figures.reconnects++;
    }
    disconnect(db);
    trace_begin(db->trace, STR("(connect)"));
    err e = connect_now(db, a);
    trace_end(db->trace, 0);
    return e;
}

err db_wait(struct db *db, struct arena *a, bool (*give_up)(void))
{
    for (;;) {
        err e = db_ready(db, a);
        if (e == NULL || db->refused || (give_up != NULL && give_up())) {
            return e;
        }
        log_line(LOG_WARN, "the database is not there yet, trying again in 2 s", "cause", str_c(a, e->cause));
        (void)nanosleep(&(struct timespec){.tv_sec = 2}, NULL);
    }
}

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

unsigned db_query(struct db *db, str sql)
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

void db_want_transaction(struct db *db)
{
    db->want_transaction = true;
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
    unsigned number = db_query(db, STR("BEGIN"));
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
        unsigned number = db_query(db, steps[i]);
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
    unsigned number = db_query(db, STR("COMMIT"));
    if (number != 0) {
        return db_failure(db, a, number, mysql_error(db->mysql), DB_COMMITTING);
    }
    db->in_transaction = false;
    return NULL;
}

void db_rollback(struct db *db)
{
    db->want_transaction = false;
    if (db->in_transaction && !db->broken && db_query(db, STR("ROLLBACK")) != 0) {
        db->broken = true;
    }
    db->in_transaction = false;
}

str db_session_script(struct arena *a)
{
    str setup = str_format(a, session_setup, (long long)LOCK_WAIT_SECONDS);
    return str_format(a, "SET NAMES utf8mb4;\n%.*s;\n%s;\n", STR_ARGS(setup), isolation_setup);
}

const struct db_target *db_target_of(const struct db *db)
{
    return db->target;
}

void db_trace(struct db *db, struct trace *trace)
{
    db->trace = trace;
}

struct db_figures db_figures(const struct db *db)
{
    return db->figures;
}

bool db_lock_timed_out(const struct db *db)
{
    return db->lock_timed_out;
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
        return true;
    default:
        return number >= 2000 && number < 3000 && number != CR_NO_PREPARE_STMT;
    }
}

static enum error_code code_of(unsigned number)
{
    switch (number) {
    case ER_LOCK_DEADLOCK:
    case ER_LOCK_WAIT_TIMEOUT:
    case NUMBER_SNAPSHOT_CONFLICT:
        return ERROR_DEADLOCK;
    case ER_DUP_ENTRY:
        return ERROR_DUPLICATE;
    case ER_ROW_IS_REFERENCED_2:
    case ER_NO_REFERENCED_ROW_2:
        return ERROR_CONFLICT;
    case ER_CON_COUNT_ERROR:
    case ER_DISK_FULL:
    case ER_RECORD_FILE_FULL:
    case ER_OPTION_PREVENTS_STATEMENT:
    case NUMBER_STATEMENT_TIMEOUT:
    case NUMBER_STATEMENT_TIMEOUT_MYSQL:
    case ER_QUERY_INTERRUPTED:
    case ER_MAX_PREPARED_STMT_COUNT_REACHED:
    case NUMBER_GALERA_NOT_READY:
    case NUMBER_GALERA_NO_QUORUM:
        return ERROR_UNAVAILABLE;
    default:
        return ERROR_INTERNAL;
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

err db_failure(struct db *db, struct arena *a, unsigned number, const char *message, enum db_phase phase)
{
    db->duplicate_key[0] = '\0';
    db->lock_timed_out = number == ER_LOCK_WAIT_TIMEOUT;
    if (connection_is_gone(number)) {
        db->broken = true;
        bool unknown = phase == DB_COMMITTING || phase == DB_WRITING;
        return error_cause(a, unknown ? ERROR_OUTCOME_UNKNOWN : ERROR_CONNECTION_LOST, "%u %s", number,
                           message);
    }
    enum error_code code = code_of(number);
    if (code == ERROR_DUPLICATE) {
        note_duplicate(db, message);
        return error_cause(a, code, "%u duplicate entry for key %s", number, db->duplicate_key);
    }
    return error_cause(a, code, "%u %s", number, safe_message(number, message));
}
