#include <errmsg.h>
#include <mysqld_error.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "io/db_door.h"

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
/* A statement ends by itself half a second before it is given up here: the server would go on with it, on a connection
 * that nobody counts any more, and one after another until it takes no more connections. MySQL ends readings alone. */
static const char limit_setup[] =
    "/*M! , max_statement_time = %lld.5 *//*!80000 , max_execution_time = %lld500 */";
static const char isolation_setup[] = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
static const char causal_setup[] = "SET SESSION wsrep_sync_wait = 1";

/* A lock is waited for shorter than an answer: else the connection is given up while the server goes on waiting. */
enum { LOCK_WAIT_SECONDS = 3 };
enum { MARIADB_RETURNS = 100500, HOME_SECONDS = 1, MICROS = 1000000 };

struct db *db_new(const struct db_target *target)
{
    struct db *db = calloc(1, sizeof *db);
    if (db == NULL) {
        abort();
    }
    db->target = target;
    if (target->hosts.n == 0) {
        bool by_socket = target->socket.n > 0;
        db->hosts.n = 1;
        db->hosts.at[0].name = by_socket ? target->socket : target->host;
        db->hosts.at[0].port = by_socket ? 0 : target->port;
    } else if (!hosts_read(&db->hosts, target->hosts, target->port)) {
        abort(); /* the settings were checked */
    }
    db->hosts.home = target->spread ? rand_below((uint32_t)db->hosts.n) : 0;
    db->host = db->hosts.home;
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

static void set_options(MYSQL *mysql, const struct db_target *t, unsigned connect, struct arena *a)
{
    unsigned timeout = (unsigned)t->timeout;
    mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect);
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

/* A server that is no MariaDB does not know the setting, and has no cluster that it could be behind. */
static bool set_causal(MYSQL *mysql)
{
    return mysql_real_query(mysql, causal_setup, sizeof causal_setup - 1) == 0 ||
           mysql_errno(mysql) == ER_UNKNOWN_SYSTEM_VARIABLE;
}

static bool open_session(const struct db *db, struct arena *a, MYSQL *mysql, const struct host *h)
{
    const struct db_target *t = db->target;
    bool by_socket = str_starts(h->name, STR("/"));
    int64_t half = t->timeout / 2;
    int64_t wait = half < 1 ? 1 : half < LOCK_WAIT_SECONDS ? half : LOCK_WAIT_SECONDS;
    long long whole = t->timeout - 1;
    str setup = str_format(a, session_setup, (long long)wait);
    str limit = str_format(a, limit_setup, whole, whole);
    setup = str_format(a, "%.*s%.*s", STR_ARGS(setup), STR_ARGS(limit));
    const char *name = str_c(a, h->name);
    /* CLIENT_FOUND_ROWS: an UPDATE that changes nothing still says that its row is there */
    return mysql_real_connect(mysql, by_socket ? NULL : name, str_c(a, t->user), str_c(a, t->password),
                              str_c(a, t->name), (unsigned)h->port, by_socket ? name : NULL,
                              CLIENT_FOUND_ROWS) != NULL &&
           mysql_real_query(mysql, setup.p, setup.n) == 0 &&
           mysql_real_query(mysql, isolation_setup, sizeof isolation_setup - 1) == 0 &&
           (!t->causal || set_causal(mysql));
}

/* The cell of a row by the beginning of its column's name; NULL when it is NULL, or there is none. */
static const char *cell_named(MYSQL_RES *result, MYSQL_ROW row, const char *start)
{
    const MYSQL_FIELD *fields = mysql_fetch_fields(result);
    for (unsigned i = 0; i < mysql_num_fields(result); i++) {
        if (strncmp(fields[i].name, start, strlen(start)) == 0) {
            return row[i];
        }
    }
    return NULL;
}

/* Whether this replica is at most so many seconds behind. *why says no, unless the server itself does. */
static bool follows(MYSQL *mysql, int64_t most, const char **why)
{
    static const char ask[] = "SHOW SLAVE STATUS";
    uint64_t seconds = 0;
    *why = NULL;
    if (mysql_real_query(mysql, ask, sizeof ask - 1) != 0) {
        return false;
    }
    MYSQL_RES *result = mysql_store_result(mysql);
    MYSQL_ROW row = result == NULL ? NULL : mysql_fetch_row(result);
    const char *behind = row == NULL ? NULL : cell_named(result, row, "Seconds_Behind_");
    if (behind == NULL || !str_to_uint(str_of(behind), &seconds)) {
        *why = "its replication stands still";
    } else if (seconds > (uint64_t)most) {
        *why = "it lags behind";
    }
    mysql_free_result(result);
    return *why == NULL;
}

/* Whether this host takes writes now: one without a quorum does not even begin a transaction. *why says no. */
static bool takes_writes(MYSQL *mysql, const char **why)
{
    static const char ask[] = "SELECT @@global.read_only";
    static const char begin[] = "BEGIN";
    static const char undo[] = "ROLLBACK";
    *why = NULL;
    if (mysql_real_query(mysql, ask, sizeof ask - 1) != 0) {
        return false;
    }
    MYSQL_RES *result = mysql_store_result(mysql);
    MYSQL_ROW row = result == NULL ? NULL : mysql_fetch_row(result);
    bool writes = row != NULL && row[0] != NULL && (strcmp(row[0], "0") == 0 || strcmp(row[0], "OFF") == 0);
    mysql_free_result(result);
    if (!writes) {
        *why = "it is read-only";
        return false;
    }
    return mysql_real_query(mysql, begin, sizeof begin - 1) == 0 &&
           mysql_real_query(mysql, undo, sizeof undo - 1) == 0;
}

/* Whether this host is what it is wanted for. */
static bool is_fit(struct db *db, MYSQL *mysql, const char **why)
{
    if (db->target->max_lag > 0) {
        db->followed = clock_steady();
        return follows(mysql, db->target->max_lag, why);
    }
    return !db_has_others(db) || takes_writes(mysql, why);
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

/* Why a host was not to be had. */
static err not_to_be_had(struct db *db, struct arena *a, MYSQL *mysql, const struct host *h, const char *why)
{
    unsigned number = why == NULL ? mysql_errno(mysql) : 0;
    const char *said = why == NULL ? mysql_error(mysql) : why;
    db->refused = why == NULL && !may_come_back(number);
    return db_has_others(db)
               ? error_cause(a, ERROR_UNAVAILABLE, "cannot connect to the database at %.*s:%lld: %u %s",
                             STR_ARGS(h->name), (long long)h->port, number, said)
               : error_cause(a, ERROR_UNAVAILABLE, "cannot connect to the database: %u %s", number, said);
}

static bool can_return(MYSQL *mysql)
{
    return strstr(mysql_get_server_info(mysql), "MariaDB") != NULL &&
           mysql_get_server_version(mysql) >= MARIADB_RETURNS;
}

/* Connects to host i, and lets go of the connection there was. */
static err connect_to(struct db *db, struct arena *a, size_t i, unsigned seconds)
{
    const struct host *h = &db->hosts.at[i];
    const char *why = NULL;
    MYSQL *mysql = mysql_init(NULL);
    if (mysql == NULL) {
        abort();
    }
    set_options(mysql, db->target, seconds, a);
    if (!open_session(db, a, mysql, h) || !is_fit(db, mysql, &why)) {
        err e = not_to_be_had(db, a, mysql, h, why);
        mysql_close(mysql);
        hosts_failed(&db->hosts, i, clock_steady());
        return e;
    }
    disconnect(db);
    db->mysql = mysql;
    db->can_return = can_return(mysql);
    db->refused = false;
    hosts_well(&db->hosts, i);
    if (i != db->host) {
        log_line(LOG_WARN, "the database is another host now", "host", str_c(a, h->name), "port",
                 str_format(a, "%lld", (long long)h->port).p);
        db->host = i;
    }
    return NULL;
}

/* Connects to the first host that is to be had, within the time that one answer may take. */
static err connect_now(struct db *db, struct arena *a)
{
    const struct db_target *t = db->target;
    unsigned seconds = (unsigned)(t->connect_timeout > 0 ? t->connect_timeout : t->timeout);
    int64_t end = clock_steady() + t->timeout * MICROS;
    unsigned tried = 0;
    bool all_refused = true;
    err e = NULL;
    for (;;) {
        size_t i = hosts_next(&db->hosts, clock_steady(), tried);
        if (i == db->hosts.n || (tried != 0 && clock_steady() >= end)) {
            db->refused = all_refused;
            return error_sure(e);
        }
        e = connect_to(db, a, i, seconds);
        if (e == NULL) {
            return NULL;
        }
        tried |= 1U << i;
        all_refused = all_refused && db->refused;
    }
}

/* Back to a host that is liked better, when one is well again. Nobody is made to wait for it for long. */
static void go_home(struct db *db, struct arena *a)
{
    size_t i = hosts_better(&db->hosts, db->host, clock_steady());
    if (i < db->hosts.n) {
        err e = connect_to(db, a, i, HOME_SECONDS);
        if (e != NULL) {
            log_line(LOG_INFO, "a host of the database is not back yet", "cause", str_c(a, error_reason(e)));
        }
    }
}

/* A replica is asked every second whether it still follows. */
static bool still_follows(struct db *db)
{
    const char *why = NULL;
    if (db->target->max_lag == 0 || clock_steady() - db->followed < MICROS) {
        return true;
    }
    if (is_fit(db, db->mysql, &why)) {
        return true;
    }
    hosts_failed(&db->hosts, db->host, clock_steady());
    log_line(LOG_WARN, "a replica is not read", "cause", why != NULL ? why : mysql_error(db->mysql));
    return false;
}

bool db_is_connected(const struct db *db)
{
    return db->mysql != NULL && !db->broken;
}

bool db_worth_trying(const struct db *db)
{
    int64_t now = clock_steady();
    return db_is_connected(db) || db->hosts.at[hosts_next(&db->hosts, now, 0)].avoid_until <= now;
}

/* Between requests the server has nothing to say: readable means that it has hung up. */
static bool hung_up(MYSQL *mysql)
{
    struct pollfd p = {.fd = (int)mysql_get_socket(mysql), .events = POLLIN};
    return poll(&p, 1, 0) != 0;
}

err db_ready(struct db *db, struct arena *a)
{
    if (db->mysql != NULL && !db->broken && !hung_up(db->mysql) && still_follows(db)) {
        db->want_transaction = false;
        go_home(db, a);
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
        const struct arena_mark before = arena_mark(a);
        err e = db_ready(db, a);
        if (e == NULL || db->refused || (give_up != NULL && give_up())) {
            return e;
        }
        log_line(LOG_WARN, "the database is not there yet, trying again in 2 s", "cause",
                 str_c(a, error_reason(e)));
        arena_rewind(a, before); /* it may take days */
        (void)nanosleep(&(struct timespec){.tv_sec = 2}, NULL);
    }
}

str db_session_script(struct arena *a)
{
    str setup = str_format(a, session_setup, (long long)LOCK_WAIT_SECONDS);
    return str_format(a, "SET NAMES utf8mb4;\n%.*s;\n%s;\n", STR_ARGS(setup), isolation_setup);
}
