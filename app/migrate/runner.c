#include "migrate/runner.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "io/db.h"
#include "io/digest.h"
#include "io/stmt.h"
#include "migrate/fingerprint.h"
#include "migrate/ledger.h"
#include "migrate/migration.h"
#include "migrate/watch.h"

/* One section on its way. */
struct section {
    struct runner *r;
    const struct migration *m;
    const struct statements *list;
    const char *word; /* up or down */
    str *sums;        /* sums[i]: the running checksum after i statements */
};

const str runner_save_sql = STR_INIT("SET @quire_sql_mode = @@SESSION.sql_mode,"
                                     " @quire_foreign_key_checks = @@SESSION.foreign_key_checks,"
                                     " @quire_unique_checks = @@SESSION.unique_checks");
const str runner_restore_sql = STR_INIT("SET SESSION sql_mode = @quire_sql_mode,"
                                        " foreign_key_checks = @quire_foreign_key_checks,"
                                        " unique_checks = @quire_unique_checks");

static void say(const struct runner *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(const struct runner *r, const char *format, ...)
{
    va_list args;
    if (r->progress != NULL) {
        va_start(args, format);
        (void)vfprintf(r->progress, format, args);
        va_end(args);
        (void)fflush(r->progress);
    }
}

/* -- the session -- */

static void stop_watching(void *watch)
{
    watch_stop(watch);
}

static err start_watching(struct runner *r)
{
    static const enum value_kind kinds[] = {VALUE_INT};
    struct rows rows;
    TRY(stmt_read(r->db, r->a, STR("SELECT CONNECTION_ID()"), NULL, 0, kinds, 1, &rows));
    struct watch *watch = ARENA_NEW(r->a, struct watch);
    watch_start(watch, db_target_of(r->db), rows.cells[0].i, r->progress);
    arena_defer(r->a, stop_watching, watch);
    r->watch = watch;
    return NULL;
}

err runner_prepare(struct runner *r)
{
    TRY(start_watching(r));
    str wait = str_format(r->a, "SET SESSION lock_wait_timeout = %d", (int)RUNNER_LOCK_WAIT);
    TRY(db_run(r->db, r->a, wait));
    return db_run(r->db, r->a, runner_save_sql);
}

static err restore_session(struct runner *r)
{
    return db_run(r->db, r->a, runner_restore_sql);
}

/* Each sum covers the one before it and the next statement's text. */
str *runner_sums(struct arena *a, const struct statements *list)
{
    str *sums = ARENA_ARRAY(a, str, list->n + 1);
    sums[0] = STR("");
    for (size_t i = 0; i < list->n; i++) {
        unsigned char sum[DIGEST_BYTES];
        digest_sha256(str_format(a, "%.*s\n%.*s", STR_ARGS(sums[i]), STR_ARGS(list->items[i].text)), sum);
        sums[i + 1] = digest_hex(a, sum, sizeof sum);
    }
    return sums;
}

/* -- failures -- */

static str first_statements(struct arena *a, size_t n)
{
    return n == 1 ? STR("statement 1") : str_format(a, "statements 1 to %zu", n);
}

static str what_stays(const struct section *s, size_t done)
{
    struct arena *a = s->r->a;
    if (done == 0) {
        return str_format(a, "Nothing of its section %s is done.", s->word);
    }
    str which = first_statements(a, done);
    return str_format(a, "Of its section %s, %.*s %s done and cannot be undone by itself.", s->word,
                      STR_ARGS(which), done == 1 ? "is" : "are");
}

static err failure(const struct section *s, size_t i, err e, const char *aftermath)
{
    str stays = what_stays(s, i);
    str why = error_reason(e);
    return error_new(
        s->r->a, e->code,
        "%.*s:%u: statement %zu of %zu failed: %.*s\n%.*s%s\n"
        "Repair the file (from this statement on) and run `quire migrate %s` again: it goes on here.",
        STR_ARGS(s->m->path), s->list->items[i].line, i + 1, s->list->n, STR_ARGS(why), STR_ARGS(stays),
        aftermath, s->word);
}

static bool connection_failed(err e)
{
    return e->code == ERROR_CONNECTION_LOST || e->code == ERROR_OUTCOME_UNKNOWN ||
           e->code == ERROR_UNAVAILABLE;
}

static err lost(const struct section *s, size_t i, err e)
{
    str why = error_reason(e);
    return error_new(
        s->r->a, e->code,
        "%.*s:%u: the connection was lost during statement %zu of %zu: %.*s\n"
        "Run `quire migrate %s` again: it finds out whether the statement was carried out, and goes on.",
        STR_ARGS(s->m->path), s->list->items[i].line, i + 1, s->list->n, STR_ARGS(why), s->word);
}

/* -- statements -- */

static err run_data(const struct section *s, size_t i)
{
    struct db *db = s->r->db;
    struct arena *a = s->r->a;
    db_want_transaction(db);
    err failed = ledger_advance(db, a, s->m->revision, i + 1, s->sums[i + 1]);
    if (failed == NULL) {
        failed = db_run(db, a, s->list->items[i].text);
    }
    if (failed == NULL) {
        failed = db_commit(db, a);
    }
    if (failed == NULL) {
        return NULL;
    }
    db_rollback(db);
    return connection_failed(failed) ? lost(s, i, failed) : failure(s, i, failed, "");
}

/* A statement can fail and yet have done something: DROP TABLE a, b drops a when there is no b. */
static err schema_failure(const struct section *s, size_t i, err e, str before)
{
    struct db *db = s->r->db;
    struct arena *a = s->r->a;
    if (connection_failed(e)) {
        return lost(s, i, e);
    }
    str after;
    err unclear = fingerprint_read(db, a, &after);
    if (unclear == NULL) {
        unclear = ledger_withdraw(db, a, s->m->revision);
    }
    if (unclear != NULL) {
        return lost(s, i, unclear);
    }
    return failure(s, i, e,
                   str_eq(before, after)
                       ? ""
                       : "\nThe failed statement has changed the schema all the same, in part: look "
                         "at its tables, and leave out what is done.");
}

/* What went wrong with the books around a statement. */
static err unrecorded(const struct section *s, size_t i, err e)
{
    return e == NULL || !connection_failed(e) ? e : lost(s, i, e);
}

static err run_schema(const struct section *s, size_t i)
{
    struct db *db = s->r->db;
    struct arena *a = s->r->a;
    str before;
    TRY(unrecorded(s, i, fingerprint_read(db, a, &before)));
    TRY(unrecorded(s, i, ledger_announce(db, a, s->m->revision, s->sums[i + 1], before)));
    err failed = db_run(db, a, s->list->items[i].text);
    if (failed != NULL) {
        return schema_failure(s, i, failed, before);
    }
    return unrecorded(s, i, ledger_advance(db, a, s->m->revision, i + 1, s->sums[i + 1]));
}

static err run_session(const struct section *s, size_t i)
{
    err failed = db_run(s->r->db, s->r->a, s->list->items[i].text);
    if (failed != NULL) {
        return connection_failed(failed) ? lost(s, i, failed) : failure(s, i, failed, "");
    }
    return unrecorded(s, i, ledger_advance(s->r->db, s->r->a, s->m->revision, i + 1, s->sums[i + 1]));
}

static err run_by_kind(const struct section *s, size_t i)
{
    switch (s->list->items[i].kind) {
    case STATEMENT_SCHEMA:
        return run_schema(s, i);
    case STATEMENT_DATA:
        return run_data(s, i);
    case STATEMENT_SESSION:
        return run_session(s, i);
    }
    abort();
}

static err run_statement(const struct section *s, size_t i)
{
    struct runner *r = s->r;
    int64_t start = clock_steady();
    str what = str_format(r->a, "%.*s: statement %zu of %zu", STR_ARGS(s->m->name), i + 1, s->list->n);
    watch_begin(r->watch, what);
    err failed = run_by_kind(s, i);
    watch_end(r->watch);
    if (failed == NULL && r->verbose) {
        say(r, "%.*s (%s, %.3f s)\n", STR_ARGS(what), s->word, (double)(clock_steady() - start) / 1e6);
    }
    return failed;
}

/* -- going on -- */

static err edited(const struct section *s, size_t done)
{
    str which = first_statements(s->r->a, done);
    return error_new(
        s->r->a, ERROR_CONFLICT,
        "%.*s: of its section %s, %.*s had been carried out before the file was edited there\n"
        "Put that back (only what comes after may change) and run `quire migrate %s` again, or see "
        "`quire migrate repair`.",
        STR_ARGS(s->m->path), s->word, STR_ARGS(which), s->word);
}

/* How many statements are done, looking at the schema when one was under way. */
static err find_place(const struct section *s, const struct ledger_row *row, size_t *out)
{
    struct runner *r = s->r;
    size_t done = (size_t)row->done;
    if (done > s->list->n || !str_eq(s->sums[done], row->done_sum)) {
        return edited(s, done);
    }
    if (row->under_way_sum.n > 0) {
        str now;
        TRY(fingerprint_read(r->db, r->a, &now));
        bool carried_out = !str_eq(now, row->schema_before);
        if (carried_out && (done == s->list->n || !str_eq(s->sums[done + 1], row->under_way_sum))) {
            return edited(s, done + 1);
        }
        if (carried_out) {
            TRY(ledger_advance(r->db, r->a, s->m->revision, done + 1, s->sums[done + 1]));
        }
        say(r, "%.*s: statement %zu was interrupted; the schema shows that it %s carried out\n",
            STR_ARGS(s->m->name), done + 1, carried_out ? "had been" : "was not");
        done += carried_out ? 1 : 0;
    }
    *out = done;
    return NULL;
}

static err repeat_settings(const struct section *s, size_t done)
{
    for (size_t i = 0; i < done; i++) {
        if (s->list->items[i].kind == STATEMENT_SESSION) {
            TRY(db_run(s->r->db, s->r->a, s->list->items[i].text));
        }
    }
    return NULL;
}

static err finish(const struct section *s, enum runner_direction direction)
{
    struct runner *r = s->r;
    return direction == RUNNER_UP ? ledger_finish_up(r->db, r->a, s->m)
                                  : ledger_finish_down(r->db, r->a, s->m->revision);
}

err runner_run(struct runner *r, const struct migration *m, const struct ledger_row *row,
               enum runner_direction direction)
{
    bool up = direction == RUNNER_UP;
    const struct statements *list = up ? &m->up : &m->down;
    const struct section s = {
        .r = r, .m = m, .list = list, .word = up ? "up" : "down", .sums = runner_sums(r->a, list)};
    int64_t start = clock_steady();
    size_t first = 0;
    TRY(find_place(&s, row, &first));
    TRY(ledger_adopt(r->db, r->a, m, list->n));
    TRY(repeat_settings(&s, first));
    if (first > 0 && first < list->n) {
        say(r, "%.*s: going on at statement %zu of %zu\n", STR_ARGS(m->name), first + 1, list->n);
    }
    for (size_t i = first; i < list->n; i++) {
        struct arena_mark mark = arena_mark(r->a);
        TRY(run_statement(&s, i));
        arena_rewind(r->a, mark);
    }
    TRY(restore_session(r));
    TRY(finish(&s, direction));
    say(r, "%s %.*s (%zu statement%s, %.3f s)\n", up ? "applied" : "taken back", STR_ARGS(m->name), list->n,
        list->n == 1 ? "" : "s", (double)(clock_steady() - start) / 1e6);
    return NULL;
}
