#include "migrate/migrate.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "io/db.h"
#include "io/stmt.h"
#include "migrate/graph.h"
#include "migrate/ledger.h"
#include "migrate/runner.h"

enum { DETAIL_BYTES = 1 << 20, TRY_SECONDS = 1, ANNOUNCE_SECONDS = 15 };

/* What a command works on. */
struct session {
    struct db *db;
    struct arena *a;
    str dir;
    FILE *progress;
    struct graph graph;
    struct ledger ledger;
};

/* -- the lock -- */

#define LOCK_NAME "LEFT(CONCAT('quire_migrate.', DATABASE()), 64)"

/* One number from a SELECT; NULL is -1. */
static err read_number(struct session *s, str sql, const struct value *values, size_t count, int64_t *out)
{
    static const enum value_kind kinds[] = {VALUE_INT};
    struct rows rows;
    TRY(stmt_read(s->db, s->a, sql, values, count, kinds, 1, &rows));
    *out = rows.n == 1 && rows.cells[0].kind == VALUE_INT ? rows.cells[0].i : -1;
    return NULL;
}

/* The lock is asked for again and again rather than waited for in the server, so that a read timeout
 * cannot come first. */
static err take_lock(struct session *s)
{
    const struct value seconds = value_int(TRY_SECONDS);
    int64_t start = clock_steady();
    int64_t announced = 0;
    for (;;) {
        int64_t taken = 0;
        int64_t holder = -1;
        TRY(read_number(s, STR("SELECT GET_LOCK(" LOCK_NAME ", ?)"), &seconds, 1, &taken));
        if (taken == 1) {
            return NULL;
        }
        TRY(read_number(s, STR("SELECT IS_USED_LOCK(" LOCK_NAME ")"), NULL, 0, &holder));
        int64_t now = clock_steady();
        if (now - start > MIGRATE_LOCK_WAIT * INT64_C(1000000)) {
            return error_new(s->a, ERROR_BUSY,
                             "another migration has been running for more than %d s, on connection %" PRId64
                             " of the database; try again when it is done",
                             (int)MIGRATE_LOCK_WAIT, holder);
        }
        if (announced == 0 || now - announced > ANNOUNCE_SECONDS * INT64_C(1000000)) {
            (void)fprintf(s->progress,
                          "another migration is running, on connection %" PRId64
                          " of the database; waiting for it, "
                          "for %d s at most\n",
                          holder, (int)MIGRATE_LOCK_WAIT);
            (void)fflush(s->progress);
            announced = now;
        }
    }
}

static void release_lock(struct session *s)
{
    int64_t released = 0;
    err failed = read_number(s, STR("SELECT RELEASE_LOCK(" LOCK_NAME ")"), NULL, 0, &released);
    (void)failed; /* then the connection is gone, and the lock with it */
}

/* -- do the database and the files fit? -- */

static void add_line(struct buf *mistakes)
{
    if (mistakes->n > 0) {
        buf_char(mistakes, '\n');
    }
}

static void check_parents(const struct session *s, const struct migration *m, struct buf *mistakes)
{
    for (size_t j = 0; j < m->parent_count; j++) {
        const struct ledger_row *parent = ledger_find(&s->ledger, m->parents[j]);
        if (parent == NULL || parent->state != LEDGER_APPLIED) {
            add_line(mistakes);
            buf_printf(mistakes, "%.*s: is applied, and its parent %.*s is not", STR_ARGS(m->path),
                       STR_ARGS(m->parents[j]));
        }
    }
}

static err check_fit(const struct session *s)
{
    struct buf mistakes;
    buf_init(&mistakes, s->a, 256, DETAIL_BYTES);
    for (size_t i = 0; i < s->ledger.n; i++) {
        const struct ledger_row *row = &s->ledger.rows[i];
        size_t at = graph_find(&s->graph, row->revision);
        if (at == s->graph.n) {
            add_line(&mistakes);
            buf_printf(&mistakes,
                       "%.*s: is %s, and %.*s has no file for it: this program is older than the database",
                       STR_ARGS(row->name), row->state == LEDGER_APPLIED ? "applied" : "half done",
                       STR_ARGS(s->dir));
            continue;
        }
        const struct migration *m = &s->graph.items[at];
        if (row->state == LEDGER_APPLIED && !str_eq(row->checksum, m->checksum)) {
            add_line(&mistakes);
            buf_printf(&mistakes,
                       "%.*s: was edited after it had been applied: put it back, and make the change in a "
                       "new migration",
                       STR_ARGS(m->path));
        }
        check_parents(s, m, &mistakes);
    }
    str detail = buf_view(&mistakes);
    return detail.n == 0 ? NULL : error_new(s->a, ERROR_CONFLICT, "%.*s", STR_ARGS(detail));
}

static err refuse_half_done(const struct session *s, enum ledger_state state, const char *word)
{
    for (size_t i = 0; i < s->ledger.n; i++) {
        const struct ledger_row *row = &s->ledger.rows[i];
        if (row->state == state) {
            return error_new(s->a, ERROR_CONFLICT,
                             "%.*s: %" PRId64 " of the %" PRId64
                             " statements of its section %s are done: run "
                             "`quire migrate %s` first, which goes on there",
                             STR_ARGS(row->name), row->done, row->total, word, word);
        }
    }
    return NULL;
}

/* -- commands -- */

static err open_session(struct session *s)
{
    TRY(ledger_create(s->db, s->a));
    TRY(ledger_read(s->db, s->a, &s->ledger));
    return check_fit(s);
}

/* Runs work under the lock. */
static err locked(struct session *s, err (*work)(struct session *s, unsigned steps), unsigned steps)
{
    TRY(graph_load(s->a, s->dir, &s->graph));
    TRY(db_ready(s->db, s->a));
    TRY(take_lock(s));
    err failed = open_session(s);
    if (failed == NULL) {
        failed = work(s, steps);
    }
    release_lock(s);
    return failed;
}

static err up(struct session *s, unsigned steps)
{
    (void)steps;
    struct runner r = {.db = s->db, .a = s->a, .progress = s->progress};
    TRY(refuse_half_done(s, LEDGER_REVERTING, "down"));
    TRY(runner_prepare(&r));
    size_t applied = 0;
    for (size_t i = 0; i < s->graph.n; i++) {
        const struct migration *m = &s->graph.items[i];
        const struct ledger_row *row = ledger_find(&s->ledger, m->revision);
        const struct ledger_row fresh = {.revision = m->revision, .state = LEDGER_APPLYING};
        if (row != NULL && row->state == LEDGER_APPLIED) {
            continue;
        }
        if (row == NULL) {
            TRY(ledger_begin(s->db, s->a, m));
            row = &fresh;
        }
        TRY(runner_run(&r, m, row, RUNNER_UP));
        applied++;
    }
    if (s->graph.n == 0) {
        (void)fprintf(s->progress, "there are no migrations in %.*s\n", STR_ARGS(s->dir));
    } else if (applied == 0) {
        (void)fprintf(s->progress, "nothing to do: everything up to %.*s is applied\n",
                      STR_ARGS(s->graph.items[s->graph.n - 1].name));
    }
    return NULL;
}

/* Chooses the last `steps` migrations that are in the ledger, the last first; all or nothing. */
static err choose(const struct session *s, unsigned steps, const struct migration **chosen)
{
    unsigned n = 0;
    for (size_t i = s->graph.n; i > 0 && n < steps; i--) {
        const struct migration *m = &s->graph.items[i - 1];
        if (ledger_find(&s->ledger, m->revision) == NULL) {
            continue;
        }
        if (m->irreversible) {
            return error_new(s->a, ERROR_CONFLICT, "%.*s: cannot be taken back: %.*s", STR_ARGS(m->path),
                             STR_ARGS(m->irreversible_why));
        }
        chosen[n++] = m;
    }
    if (n < steps) {
        return error_new(s->a, ERROR_CONFLICT, "%u migration%s cannot be taken back: %s", steps,
                         steps == 1 ? "" : "s",
                         n == 0   ? "nothing is applied"
                         : n == 1 ? "only 1 is applied"
                                  : str_format(s->a, "only %u are applied", n).p);
    }
    return NULL;
}

static err down(struct session *s, unsigned steps)
{
    struct runner r = {.db = s->db, .a = s->a, .progress = s->progress};
    TRY(refuse_half_done(s, LEDGER_APPLYING, "up"));
    const struct migration **chosen = ARENA_ARRAY(s->a, const struct migration *, s->graph.n);
    TRY(choose(s, steps, chosen));
    TRY(runner_prepare(&r));
    for (unsigned i = 0; i < steps; i++) {
        const struct migration *m = chosen[i];
        const struct ledger_row *row = ledger_find(&s->ledger, m->revision);
        const struct ledger_row fresh = {.revision = m->revision, .state = LEDGER_REVERTING};
        if (row->state == LEDGER_APPLIED) {
            TRY(ledger_begin_down(s->db, s->a, m));
            row = &fresh;
        }
        TRY(runner_run(&r, m, row, RUNNER_DOWN));
    }
    return NULL;
}

err migrate_up(struct db *db, struct arena *a, str dir, FILE *progress)
{
    struct session s = {.db = db, .a = a, .dir = dir, .progress = progress};
    return locked(&s, up, 0);
}

err migrate_down(struct db *db, struct arena *a, str dir, unsigned steps, FILE *progress)
{
    struct session s = {.db = db, .a = a, .dir = dir, .progress = progress};
    return locked(&s, down, steps);
}

/* -- status -- */

static void print_row(const struct session *s, FILE *out, const struct ledger_row *row, bool has_file)
{
    struct buf when;
    buf_init(&when, s->a, 64, 64);
    const char *state = has_file ? "applied" : "without file";
    if (row->state == LEDGER_APPLIED) {
        clock_put_time(&when, row->applied_at);
    } else {
        state = row->state == LEDGER_APPLYING ? "half applied" : "half taken back";
        buf_printf(&when, "%" PRId64 " of %" PRId64 " statements", row->done, row->total);
    }
    (void)fprintf(out, "%-15s  %.*s  %.*s\n", state, STR_ARGS(row->name), STR_ARGS(buf_view(&when)));
}

err migrate_status(struct db *db, struct arena *a, str dir, FILE *out)
{
    struct session s = {.db = db, .a = a, .dir = dir, .progress = out};
    TRY(graph_load(a, dir, &s.graph));
    TRY(db_ready(db, a));
    TRY(ledger_read(db, a, &s.ledger));
    for (size_t i = 0; i < s.graph.n; i++) {
        const struct ledger_row *row = ledger_find(&s.ledger, s.graph.items[i].revision);
        if (row == NULL) {
            (void)fprintf(out, "%-15s  %.*s\n", "pending", STR_ARGS(s.graph.items[i].name));
        } else {
            print_row(&s, out, row, true);
        }
    }
    for (size_t i = 0; i < s.ledger.n; i++) {
        if (graph_find(&s.graph, s.ledger.rows[i].revision) == s.graph.n) {
            print_row(&s, out, &s.ledger.rows[i], false);
        }
    }
    if (s.graph.n + s.ledger.n == 0) {
        (void)fprintf(out, "there are no migrations in %.*s\n", STR_ARGS(dir));
    }
    return check_fit(&s);
}
