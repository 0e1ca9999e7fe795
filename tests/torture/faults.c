#include "torture/faults.h"

#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <stdlib.h>
#include <string.h>

/* __wrap_x is called instead of x; __real_x is x itself: see --wrap in the manual of ld. */
MYSQL *__real_mysql_real_connect(MYSQL *mysql, const char *host, const char *user, const char *password,
                                 const char *name, unsigned port, const char *socket, unsigned long flags);
int __real_mysql_real_query(MYSQL *mysql, const char *sql, unsigned long n);
int __real_mysql_stmt_prepare(MYSQL_STMT *stmt, const char *sql, unsigned long n);
int __real_mysql_stmt_execute(MYSQL_STMT *stmt);
int __real_mysql_stmt_fetch(MYSQL_STMT *stmt);
my_bool __real_mysql_stmt_close(MYSQL_STMT *stmt);
unsigned __real_mysql_errno(MYSQL *mysql);
const char *__real_mysql_error(MYSQL *mysql);
unsigned __real_mysql_stmt_errno(MYSQL_STMT *stmt);
const char *__real_mysql_stmt_error(MYSQL_STMT *stmt);

MYSQL *__wrap_mysql_real_connect(MYSQL *mysql, const char *host, const char *user, const char *password,
                                 const char *name, unsigned port, const char *socket, unsigned long flags);
int __wrap_mysql_real_query(MYSQL *mysql, const char *sql, unsigned long n);
int __wrap_mysql_stmt_prepare(MYSQL_STMT *stmt, const char *sql, unsigned long n);
int __wrap_mysql_stmt_execute(MYSQL_STMT *stmt);
int __wrap_mysql_stmt_fetch(MYSQL_STMT *stmt);
my_bool __wrap_mysql_stmt_close(MYSQL_STMT *stmt);
unsigned __wrap_mysql_errno(MYSQL *mysql);
const char *__wrap_mysql_error(MYSQL *mysql);
unsigned __wrap_mysql_stmt_errno(MYSQL_STMT *stmt);
const char *__wrap_mysql_stmt_error(MYSQL_STMT *stmt);

bool __wrap_purge_is_due(void);

static const struct {
    const char *name;
    unsigned number;
} kinds[FAULT__MAX] = {
    [FAULT_LOST_BEFORE] = {"lost before", CR_SERVER_LOST},
    [FAULT_LOST_AFTER] = {"lost after", CR_SERVER_GONE_ERROR},
    [FAULT_DEADLOCK] = {"deadlock", ER_LOCK_DEADLOCK},
    [FAULT_LOCK_TIMEOUT] = {"lock timeout", ER_LOCK_WAIT_TIMEOUT},
    [FAULT_FORGOTTEN] = {"forgotten statement", ER_UNKNOWN_STMT_HANDLER},
    [FAULT_NOT_READY] = {"not ready", ER_UNKNOWN_COM_ERROR},
    [FAULT_VAGUE_NO] = {"commit failed", ER_ERROR_DURING_COMMIT},
    [FAULT_VAGUE_YES] = {"commit failed, and is made", ER_ERROR_DURING_COMMIT},
    [FAULT_READ_ONLY] = {"read-only", ER_OPTION_PREVENTS_STATEMENT},
    [FAULT_DISK_FULL] = {"disk full", ER_DISK_FULL},
    [FAULT_UNKNOWN] = {"unknown error", ER_UNKNOWN_ERROR},
};

static struct {
    unsigned nth; /* 0: nothing fails */
    bool lasting;
    enum fault fault;
    unsigned calls;
    unsigned prepared;
    enum call_kind hit;
    bool
        fitting; /* a new connection is asked whether its server takes writes, to the ROLLBACK at the end of that */
    unsigned number; /* what the last call failed with, 0 when it was not made to */
} plan;

/* The calls of the last play in which nothing failed. */
enum { SCRIPT_MAX = 512 };
static struct {
    enum call_kind kinds[SCRIPT_MAX];
    bool writing;
} script;

static bool purging;

void faults_purge(bool yes)
{
    purging = yes;
}

bool __wrap_purge_is_due(void)
{
    return purging;
}

void faults_off(void)
{
    plan.nth = 0;
    plan.calls = 0;
    plan.number = 0;
    plan.hit = CALL_NONE;
    script.writing = false;
}

void faults_at(unsigned nth, bool lasting, enum fault fault)
{
    faults_off();
    plan.nth = nth;
    plan.lasting = lasting;
    plan.fault = fault;
    script.writing = nth == 0;
}

unsigned faults_calls(void)
{
    return plan.calls;
}

unsigned faults_prepared(void)
{
    return plan.prepared;
}

enum call_kind faults_hit(void)
{
    return plan.hit;
}

const char *fault_name(enum fault fault)
{
    return kinds[fault].name;
}

/* Whether there is such a failure of such a call. */
static bool can_fail_so(enum call_kind kind, enum fault fault)
{
    switch (fault) {
    case FAULT_LOST_BEFORE:
    case FAULT_LOST_AFTER:
        return true;
    case FAULT_FORGOTTEN:
    case FAULT_READ_ONLY:
        return kind == CALL_EXECUTE || kind == CALL_SINGLE;
    case FAULT_VAGUE_NO:
    case FAULT_VAGUE_YES:
        return kind == CALL_COMMIT;
    case FAULT_NOT_READY:
        return kind != CALL_SINGLE_FETCH && (kind != CALL_CONNECT || plan.fitting);
    case FAULT_DEADLOCK:
    case FAULT_LOCK_TIMEOUT:
    case FAULT_DISK_FULL:
    case FAULT_UNKNOWN:
    case FAULT__MAX:
        break;
    }
    return kind != CALL_CONNECT && kind != CALL_SINGLE_FETCH;
}

bool faults_can_hit(unsigned nth, enum fault fault)
{
    enum call_kind kind = nth <= SCRIPT_MAX ? script.kinds[nth - 1] : CALL_NONE;
    bool connecting = kind == CALL_CONNECT && fault == FAULT_NOT_READY; /* some of these calls can */
    return kind == CALL_NONE || connecting || can_fail_so(kind, fault);
}

/* Counts a call; true when it has to fail. */
static bool fails(enum call_kind kind)
{
    plan.number = 0;
    plan.calls++;
    if (script.writing && plan.calls <= SCRIPT_MAX) {
        script.kinds[plan.calls - 1] = kind;
    }
    bool its_turn = plan.nth > 0 && (plan.calls == plan.nth || (plan.lasting && plan.calls > plan.nth));
    if (!its_turn || !can_fail_so(kind, plan.fault)) {
        return false;
    }
    if (plan.hit == CALL_NONE) {
        plan.hit = kind;
    }
    plan.number = kinds[plan.fault].number;
    return true;
}

/* The prepared statements that are an INSERT … RETURNING. */
enum { RETURNING_MAX = 64 };
static struct {
    MYSQL_STMT *all[RETURNING_MAX];
    unsigned n;
    bool in_transaction;
} returning;

static bool is_returning(const MYSQL_STMT *stmt)
{
    for (unsigned i = 0; i < returning.n; i++) {
        if (returning.all[i] == stmt) {
            return true;
        }
    }
    return false;
}

static void forget(const MYSQL_STMT *stmt)
{
    for (unsigned i = 0; i < returning.n; i++) {
        if (returning.all[i] == stmt) {
            returning.all[i] = returning.all[--returning.n];
        }
    }
}

/* A handle may be prepared a second time. */
static void note_prepared(MYSQL_STMT *stmt, const char *sql, unsigned long n)
{
    forget(stmt);
    if (memmem(sql, n, " RETURNING ", 11) != NULL) {
        if (returning.n == RETURNING_MAX) {
            abort();
        }
        returning.all[returning.n++] = stmt;
    }
}

static bool is_single(const MYSQL_STMT *stmt)
{
    return !returning.in_transaction && is_returning(stmt);
}

/* Whether the server does what was asked all the same. */
static bool done_all_the_same(void)
{
    return plan.fault == FAULT_LOST_AFTER || plan.fault == FAULT_VAGUE_YES;
}

/* What a deadlock does on the server's side. */
static void undo(MYSQL *mysql)
{
    if (plan.fault == FAULT_DEADLOCK || plan.fault == FAULT_VAGUE_NO) {
        (void)__real_mysql_real_query(mysql, "ROLLBACK", 8);
    }
}

static bool begins(const char *sql, unsigned long n, const char *word)
{
    return n >= strlen(word) && memcmp(sql, word, strlen(word)) == 0;
}

/* Of a connection that is being made everything is connecting. */
static enum call_kind kind_in_fitting(const char *sql, unsigned long n)
{
    plan.fitting = !begins(sql, n, "ROLLBACK");
    return CALL_CONNECT;
}

static enum call_kind kind_of(const char *sql, unsigned long n)
{
    static const struct {
        const char *word;
        enum call_kind kind;
    } words[] = {
        {"SET ", CALL_CONNECT}, {"BEGIN", CALL_BEGIN}, {"COMMIT", CALL_COMMIT}, {"ROLLBACK", CALL_ROLLBACK}};
    if (plan.fitting || begins(sql, n, "SELECT @@global.read_only")) {
        return kind_in_fitting(sql, n);
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (begins(sql, n, words[i].word)) {
            return words[i].kind;
        }
    }
    return CALL_QUERY;
}

MYSQL *__wrap_mysql_real_connect(MYSQL *mysql, const char *host, const char *user, const char *password,
                                 const char *name, unsigned port, const char *socket, unsigned long flags)
{
    plan.fitting = false;
    if (fails(CALL_CONNECT)) {
        plan.number = CR_CONNECTION_ERROR;
        return NULL;
    }
    return __real_mysql_real_connect(mysql, host, user, password, name, port, socket, flags);
}

int __wrap_mysql_real_query(MYSQL *mysql, const char *sql, unsigned long n)
{
    enum call_kind kind = kind_of(sql, n);
    returning.in_transaction = kind == CALL_BEGIN;
    if (!fails(kind)) {
        return __real_mysql_real_query(mysql, sql, n);
    }
    undo(mysql);
    if (done_all_the_same()) {
        (void)__real_mysql_real_query(mysql, sql, n);
    }
    return 1;
}

int __wrap_mysql_stmt_prepare(MYSQL_STMT *stmt, const char *sql, unsigned long n)
{
    if (!fails(CALL_PREPARE)) {
        plan.prepared++;
        note_prepared(stmt, sql, n);
        return __real_mysql_stmt_prepare(stmt, sql, n);
    }
    undo(stmt->mysql);
    return 1;
}

int __wrap_mysql_stmt_execute(MYSQL_STMT *stmt)
{
    if (!fails(is_single(stmt) ? CALL_SINGLE : CALL_EXECUTE)) {
        return __real_mysql_stmt_execute(stmt);
    }
    undo(stmt->mysql);
    if (done_all_the_same()) {
        (void)__real_mysql_stmt_execute(stmt);
    }
    return 1;
}

/* A row that is not fetched stays on the connection: nothing can be undone on it now. */
int __wrap_mysql_stmt_fetch(MYSQL_STMT *stmt)
{
    return fails(is_single(stmt) ? CALL_SINGLE_FETCH : CALL_FETCH) ? 1 : __real_mysql_stmt_fetch(stmt);
}

my_bool __wrap_mysql_stmt_close(MYSQL_STMT *stmt)
{
    forget(stmt);
    return __real_mysql_stmt_close(stmt);
}

unsigned __wrap_mysql_errno(MYSQL *mysql)
{
    return plan.number != 0 ? plan.number : __real_mysql_errno(mysql);
}

const char *__wrap_mysql_error(MYSQL *mysql)
{
    return plan.number != 0 ? FAULT_MESSAGE : __real_mysql_error(mysql);
}

unsigned __wrap_mysql_stmt_errno(MYSQL_STMT *stmt)
{
    return plan.number != 0 ? plan.number : __real_mysql_stmt_errno(stmt);
}

const char *__wrap_mysql_stmt_error(MYSQL_STMT *stmt)
{
    return plan.number != 0 ? FAULT_MESSAGE : __real_mysql_stmt_error(stmt);
}
