/*
 * migrate: `quire migrate` as it is shipped, but that it kills itself, with SIGKILL, at one moment that KILL_AT names:
 *
 *     KILL_AT=up:0002:3:sent build/release/kill/migrate up
 *
 * is: going up, in revision 0002, the third statement. The moments of a statement: `before` it is sent (it has been
 * announced by then), `sent` (and nobody waits for the answer), `answered` (and not recorded), `recorded`. With the
 * statement 0, those of the ledger's own writes, each before and after it: `begin` and `begun`, `adopt` and `adopted`,
 * `finish` and `finished`. When the moment does not come, it is the program itself, and its exit status.
 *
 * The linker puts the functions below before the client library's (-Wl,--wrap).
 */
#include <mysql.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cmd/command.h"
#include "migrate/graph.h"

int __real_mysql_real_query(MYSQL *mysql, const char *sql, unsigned long n);
int __real_mysql_stmt_prepare(MYSQL_STMT *stmt, const char *sql, unsigned long n);
int __real_mysql_stmt_execute(MYSQL_STMT *stmt);
int __wrap_mysql_real_query(MYSQL *mysql, const char *sql, unsigned long n);
int __wrap_mysql_stmt_prepare(MYSQL_STMT *stmt, const char *sql, unsigned long n);
int __wrap_mysql_stmt_execute(MYSQL_STMT *stmt);

/* What main.c has for the whole program. */
const char *const installed_migrations_dir = "migrations";
const char *const installed_mail_templates = "mails";
const struct command commands[] = {{"migrate", command_migrate, "", ""}, {NULL, NULL, NULL, NULL}};

enum { WRITES_MAX = 64, WORDS = 4 };

static struct {
    struct arena a;
    str revision;
    str statement; /* empty: a write of the ledger is meant */
    enum statement_kind kind;
    const char *moment;
    bool is_answered; /* the statement */
} plan;

/* The beginnings of the ledger's own writes (app/migrate/ledger.c). */
static const struct {
    const char *sql;
    const char *before, *after;
} writes[] = {
    {"INSERT INTO quire_migrations", "begin", "begun"},
    {"UPDATE quire_migrations SET state = ?, total", "begin", "begun"},
    {"UPDATE quire_migrations SET name", "adopt", "adopted"},
    {"UPDATE quire_migrations SET state = ?, checksum", "finish", "finished"},
    {"DELETE FROM quire_migrations", "finish", "finished"},
};

/* Which prepared statement is which write. */
static struct {
    const MYSQL_STMT *stmt;
    size_t write;
} prepared[WRITES_MAX];
static size_t prepared_count;

static void die_at(const char *moment)
{
    if (strcmp(plan.moment, moment) == 0) {
        (void)raise(SIGKILL);
    }
}

static bool is_ours(const char *sql, unsigned long n)
{
    return plan.statement.n > 0 && str_eq((str){sql, n}, plan.statement);
}

int __wrap_mysql_real_query(MYSQL *mysql, const char *sql, unsigned long n)
{
    bool ours = is_ours(sql, n);
    if (ours) {
        die_at("before");
        if (strcmp(plan.moment, "sent") == 0) {
            (void)mysql_send_query(mysql, sql, n);
            die_at("sent");
        }
    }
    int failed = __real_mysql_real_query(mysql, sql, n);
    if (ours) {
        die_at("answered");
        plan.is_answered = true;
    } else if (plan.is_answered && plan.kind == STATEMENT_DATA && n == 6 && memcmp(sql, "COMMIT", 6) == 0) {
        die_at("recorded");
    }
    return failed;
}

int __wrap_mysql_stmt_prepare(MYSQL_STMT *stmt, const char *sql, unsigned long n)
{
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
        if (str_starts((str){sql, n}, str_of(writes[i].sql)) && prepared_count < WRITES_MAX) {
            prepared[prepared_count].stmt = stmt;
            prepared[prepared_count++].write = i;
        }
    }
    return __real_mysql_stmt_prepare(stmt, sql, n);
}

static bool binds_revision(const MYSQL_STMT *stmt)
{
    for (unsigned i = 0; i < stmt->param_count; i++) {
        const MYSQL_BIND *b = &stmt->params[i];
        size_t n = b->length != NULL ? *b->length : b->buffer_length;
        if (b->buffer != NULL && n == plan.revision.n && memcmp(b->buffer, plan.revision.p, n) == 0) {
            return true;
        }
    }
    return false;
}

/* Kills at a write of the ledger, before or after it. */
static void around_write(const MYSQL_STMT *stmt, bool after)
{
    for (size_t i = 0; i < prepared_count; i++) {
        if (prepared[i].stmt == stmt && plan.statement.n == 0 && binds_revision(stmt)) {
            die_at(after ? writes[prepared[i].write].after : writes[prepared[i].write].before);
        }
    }
}

int __wrap_mysql_stmt_execute(MYSQL_STMT *stmt)
{
    around_write(stmt, false);
    int failed = __real_mysql_stmt_execute(stmt);
    around_write(stmt, true);
    if (plan.is_answered && plan.kind != STATEMENT_DATA) {
        die_at("recorded"); /* the first thing that is written after the statement */
    }
    return failed;
}

static int complain(const char *what)
{
    (void)fprintf(stderr, "migrate: %s\n", what);
    return EXIT_USAGE;
}

/* Cuts KILL_AT at its colons. */
static bool read_words(const char *at, str *words)
{
    str rest = str_of(at == NULL ? "" : at);
    size_t from = 0;
    for (size_t i = 0; i < WORDS; i++) {
        size_t end = str_find(rest, ':', from);
        words[i] = str_slice(rest, from, end);
        from = end < rest.n ? end + 1 : end;
    }
    return words[WORDS - 1].n > 0 && from == rest.n;
}

static int make_plan(void)
{
    str words[WORDS];
    const char *dir = getenv("MIGRATIONS_DIR");
    struct graph g;
    if (dir == NULL || !read_words(getenv("KILL_AT"), words)) {
        return complain("KILL_AT=up|down:REVISION:STATEMENT:MOMENT and MIGRATIONS_DIR must be set");
    }
    if (graph_load(&plan.a, str_of(dir), &g) != NULL) {
        return complain("the folder of the migrations cannot be read");
    }
    plan.revision = words[1];
    plan.moment = str_c(&plan.a, words[3]);
    size_t i = graph_find(&g, plan.revision);
    uint64_t nth = 0;
    if (i == g.n || !str_to_uint(words[2], &nth)) {
        return complain("KILL_AT names no migration, or no number of a statement");
    }
    const struct statements *list = str_eq(words[0], STR("up")) ? &g.items[i].up : &g.items[i].down;
    if (nth > list->n) {
        return complain("KILL_AT names a statement that the section does not have");
    }
    if (nth > 0) {
        plan.statement = list->items[nth - 1].text;
        plan.kind = list->items[nth - 1].kind;
    }
    return EXIT_DONE;
}

int main(int argc, char **argv)
{
    arena_init(&plan.a, 64 << 10);
    plan.moment = "";
    int status = make_plan();
    if (status == EXIT_DONE) {
        status = command_migrate(argc, argv);
    }
    arena_free(&plan.a);
    return status;
}
