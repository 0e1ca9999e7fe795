#include "migrate/session.h"

#include <inttypes.h>
#include <stdarg.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "io/db.h"
#include "io/stmt.h"
#include "migrate/known.h"

enum { DETAIL_BYTES = 1 << 20, JSON_BYTES = 64 << 20, TRY_SECONDS = 1, ANNOUNCE_SECONDS = 15 };

/* -- the lock -- */

/* One number from a SELECT; NULL is -1. */
static err read_number(struct session *s, str sql, const struct value *values, size_t count, int64_t *out)
{
    static const enum value_kind kinds[] = {VALUE_INT};
    struct rows rows;
    TRY(stmt_read(s->db, s->a, sql, values, count, kinds, 1, &rows));
    *out = rows.n == 1 && rows.cells[0].kind == VALUE_INT ? rows.cells[0].i : -1;
    return NULL;
}

err session_runner(struct session *s, int64_t *connection)
{
    return read_number(s, STR("SELECT IS_USED_LOCK(" MIGRATE_LOCK_NAME ")"), NULL, 0, connection);
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
        TRY(read_number(s, STR("SELECT GET_LOCK(" MIGRATE_LOCK_NAME ", ?)"), &seconds, 1, &taken));
        if (taken == 1) {
            return NULL;
        }
        TRY(session_runner(s, &holder));
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
    err failed = read_number(s, STR("SELECT RELEASE_LOCK(" MIGRATE_LOCK_NAME ")"), NULL, 0, &released);
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

err session_check_fit(const struct session *s)
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

err session_refuse_half_done(const struct session *s, enum ledger_state state)
{
    const char *word = state == LEDGER_APPLYING ? "up" : "down";
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

/* -- the session -- */

void session_init(struct session *s, struct db *db, struct arena *a, str dir,
                  const struct migrate_options *options)
{
    *s = (struct session){.db = db, .a = a, .dir = dir, .o = options, .out = stdout, .progress = stderr};
    buf_init(&s->json, a, 1024, JSON_BYTES);
}

err session_files(struct session *s)
{
    if (!s->loaded) {
        TRY(graph_load(s->a, s->dir, &s->graph));
        s->loaded = true;
    }
    return NULL;
}

err session_read(struct session *s)
{
    TRY(session_files(s));
    if (s->db == NULL) {
        return NULL;
    }
    TRY(db_ready(s->db, s->a));
    return ledger_read(s->db, s->a, &s->ledger);
}

static err read_books(struct session *s)
{
    TRY(ledger_create(s->db, s->a));
    return ledger_read(s->db, s->a, &s->ledger);
}

static err run_alone(struct session *s, err (*work)(struct session *s), bool fitting)
{
    TRY(session_files(s));
    TRY(db_ready(s->db, s->a));
    TRY(take_lock(s));
    err failed = known_refuse_half_restored(s->db, s->a);
    failed = failed == NULL ? read_books(s) : failed;
    if (failed == NULL && fitting) {
        failed = session_check_fit(s);
    }
    if (failed == NULL) {
        failed = work(s);
    }
    release_lock(s);
    return failed;
}

err session_locked(struct session *s, err (*work)(struct session *s))
{
    return run_alone(s, work, true);
}

err session_locked_as_it_is(struct session *s, err (*work)(struct session *s))
{
    return run_alone(s, work, false);
}

err session_misused(struct session *s, const char *format, ...)
{
    struct buf b;
    va_list args;
    buf_init(&b, s->a, 256, DETAIL_BYTES);
    va_start(args, format);
    buf_vprintf(&b, format, args);
    va_end(args);
    s->answer = SESSION_MISUSED;
    return error_new(s->a, ERROR_BAD_REQUEST, "%.*s", STR_ARGS(buf_view(&b)));
}

const struct ledger_row *session_row(const struct session *s, size_t i)
{
    return ledger_find(&s->ledger, s->graph.items[i].revision);
}

bool *session_applied(const struct session *s)
{
    bool *in = ARENA_ARRAY(s->a, bool, s->graph.n);
    for (size_t i = 0; i < s->graph.n; i++) {
        in[i] = session_row(s, i) != NULL;
    }
    return in;
}

size_t session_pending(const struct session *s, bool *in)
{
    size_t n = 0;
    for (size_t i = 0; i < s->graph.n; i++) {
        const struct ledger_row *row = session_row(s, i);
        in[i] = row == NULL || row->state != LEDGER_APPLIED;
        n += in[i] ? 1 : 0;
    }
    return n;
}

bool *session_current(const struct session *s)
{
    const struct graph *g = &s->graph;
    bool *in = ARENA_ARRAY(s->a, bool, g->n);
    for (size_t i = 0; i < g->n; i++) {
        const struct ledger_row *row = session_row(s, i);
        in[i] = row != NULL;
        for (size_t j = 0; row != NULL && row->state == LEDGER_APPLIED && j < g->items[i].parent_count; j++) {
            size_t parent = graph_find(g, g->items[i].parents[j]);
            const struct ledger_row *above = session_row(s, parent);
            in[parent] = above != NULL && above->state != LEDGER_APPLIED;
        }
    }
    return in;
}

/* -- what machines read -- */

void session_member(struct session *s, const char *name)
{
    buf_printf(&s->json, ",\"%s\":", name);
}

void session_member_text(struct session *s, const char *name, str text)
{
    session_member(s, name);
    json_put_dirty(&s->json, text);
}

void session_member_set(struct session *s, const char *name, const bool *in)
{
    bool first = true;
    session_member(s, name);
    buf_char(&s->json, '[');
    for (size_t i = 0; i < s->graph.n; i++) {
        if (in[i]) {
            buf_c(&s->json, first ? "" : ",");
            json_put_str(&s->json, s->graph.items[i].revision);
            first = false;
        }
    }
    buf_char(&s->json, ']');
}

str session_document(struct session *s, const char *command, err failed)
{
    struct buf whole;
    if (failed != NULL) {
        session_member_text(s, "error", error_reason(failed));
    }
    buf_init(&whole, s->a, s->json.n + 64, JSON_BYTES + 64);
    buf_printf(&whole, "{\"command\":\"%s\"", command);
    buf_str(&whole, buf_view(&s->json));
    buf_lit(&whole, "}\n");
    return buf_view(&whole);
}
