#include "support/fake_db.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "engine/render.h"
#include "http/purge.h"
#include "io/db.h"
#include "io/stmt.h"
#include "io/trace.h"
#include "models/all.h"
#include "models/mail.h"
#include "models/session.h"

enum { ORDERS_MAX = 64, ROWS_MAX = 4, LOG_BYTES = 1 << 20, YEAR_2100 = 130 };

/* What is to happen at one statement. */
struct order_to {
    unsigned nth;
    bool nothing;
    bool fails;
    enum error_code code;
    const char *key;
    const struct value *cells; /* the first cell of each row; NULL: one row, as ever */
    size_t rows;
    struct value cell; /* what cells points to for one row */
};

struct known_row {
    const struct statement *statement;
    const struct value *cells;
};

struct db {
    struct arena *arena;
    struct buf log;
    unsigned count;
    struct order_to orders[ORDERS_MAX];
    unsigned order_count;
    struct known_row rows[ROWS_MAX];
    unsigned row_count;
    bool step_fails[FAKE_DB_COMMIT + 1];
    enum error_code step_codes[FAKE_DB_COMMIT + 1];
    str text;
    int64_t key;
    const char *duplicate;
    bool purge;
    bool wanted;
    bool old;
    bool begun;
    struct db_target target;
    struct trace *trace;
};

static struct db fake;

void fake_db_start(struct arena *a)
{
    fake = (struct db){.arena = a, .trace = fake.trace, .text = STR("text"), .key = 1};
    buf_init(&fake.log, a, 1024, LOG_BYTES);
}

str fake_db_log(void)
{
    return buf_view(&fake.log);
}

unsigned fake_db_count(void)
{
    return fake.count;
}

static struct order_to *new_order(unsigned nth)
{
    if (fake.order_count == ORDERS_MAX) {
        abort();
    }
    struct order_to *o = &fake.orders[fake.order_count++];
    *o = (struct order_to){.nth = nth};
    return o;
}

void fake_db_find_nothing(unsigned nth)
{
    new_order(nth)->nothing = true;
}

void fake_db_fail(unsigned nth, enum error_code code, const char *key)
{
    struct order_to *o = new_order(nth);
    o->fails = true;
    o->code = code;
    o->key = key;
}

void fake_db_fail_step(enum fake_db_step step, enum error_code code)
{
    fake.step_fails[step] = true;
    fake.step_codes[step] = code;
}

void fake_db_row(const struct statement *s, const struct value *cells)
{
    if (fake.row_count == ROWS_MAX) {
        abort();
    }
    fake.rows[fake.row_count++] = (struct known_row){s, cells};
}

void fake_db_bearer(struct value *bearer, const unsigned char uid[UUID_BYTES])
{
    bearer[BEARER_EXPIRES_AT] = value_time(INT64_MAX);
    bearer[BEARER_IS_ACTIVE] = value_bool(true);
    bearer[BEARER_USER_UID] = value_bytes(uid, UUID_BYTES);
    bearer[BEARER_USERNAME] = value_text(STR("ada"));
    bearer[BEARER_ROLE_ID] = value_null();
    fake_db_row(&session_bearer, bearer);
    fake_db_row(&session_bearer_alone, bearer);
}

void fake_db_cell(unsigned nth, struct value cell)
{
    struct order_to *o = new_order(nth);
    o->cell = cell;
    o->cells = &o->cell;
    o->rows = 1;
}

void fake_db_cells(unsigned nth, const struct value *cells, size_t rows)
{
    struct order_to *o = new_order(nth);
    o->cells = cells;
    o->rows = rows;
}

void fake_db_old(void)
{
    fake.old = true;
}

void fake_db_causal(void)
{
    fake.target.causal = true;
}

void fake_db_key(int64_t id)
{
    fake.key = id;
}

void fake_db_purge(bool due)
{
    fake.purge = due;
}

bool purge_is_due(void)
{
    return fake.purge;
}

void fake_db_text(str text)
{
    fake.text = text;
}

/* --- the log ------------------------------------------------------------------------------------------------ */

/* A time near now, a made identifier, the seed of a mail and a hash are different in each run: they are only named. Of
 * a hash its cost is told. */
static void put_value(struct buf *b, struct value v)
{
    const int64_t year = 365LL * 86400 * 1000000;
    bool soon = v.kind == VALUE_TIME && v.i > clock_now() - year && v.i < clock_now() + year;
    bool binary = v.kind == VALUE_BYTES && v.text.n == 16 && v.text.p[6] >> 4 == 7;
    if (soon) {
        buf_lit(b, "<about now>");
    } else if (binary) {
        buf_lit(b, "<a new uuid>");
    } else if (v.kind == VALUE_BYTES && v.text.n == MAIL_SEED_BYTES) {
        buf_lit(b, "<a new seed>");
    } else if (v.kind == VALUE_TEXT && v.text.n == 60 && str_starts(v.text, STR("$2b$"))) {
        buf_printf(b, "<a hash of cost %.2s>", v.text.p + 4);
    } else if (v.kind == VALUE_TEXT && v.text.n >= 60 && memmem(v.text.p, v.text.n, "$2b$", 4) != NULL) {
        buf_lit(b, "<a hash>");
    } else if (v.kind == VALUE_TEXT || v.kind == VALUE_BYTES) {
        json_put_dirty(b, v.text);
    } else {
        render_plain(b, v);
    }
}

static void put_text(struct buf *b, str sql)
{
    for (size_t i = 0; model_statements[i] != NULL; i++) {
        if (str_eq(model_statements[i]->sql, sql)) {
            buf_printf(b, "statement %s", model_statements[i]->name);
            return;
        }
    }
    buf_str(b, sql);
}

static void note(str sql, const struct value *values, size_t count)
{
    put_text(&fake.log, sql);
    for (size_t i = 0; i < count; i++) {
        buf_c(&fake.log, i == 0 ? "  [" : ", ");
        if (i == 0 && str_starts(sql, STR("INSERT INTO refresh_tokens (digest,"))) {
            buf_lit(&fake.log, "<a digest>"); /* of what is random */
        } else {
            put_value(&fake.log, values[i]);
        }
    }
    buf_c(&fake.log, count == 0 ? "\n" : "]\n");
}

/* --- the door ----------------------------------------------------------------------------------------------- */

static err step(enum fake_db_step which, struct arena *a)
{
    if (!fake.step_fails[which]) {
        return NULL;
    }
    fake.step_fails[which] = false;
    return error_cause(a, fake.step_codes[which], "as the test wants it");
}

/* Counts a statement; *o is what is to happen at it, or NULL. */
static err statement(struct arena *a, str sql, const struct value *values, size_t count,
                     const struct order_to **o)
{
    *o = NULL;
    fake.count++;
    trace_begin(fake.trace, sql);
    trace_end(fake.trace, 1);
    note(sql, values, count);
    for (unsigned i = 0; i < fake.order_count; i++) {
        if (fake.orders[i].nth == fake.count) {
            *o = &fake.orders[i];
        }
    }
    if (*o == NULL || !(*o)->fails) {
        return NULL;
    }
    fake.duplicate = (*o)->key;
    return error_cause(a, (*o)->code, "as the test wants it");
}

static err begin(struct arena *a)
{
    if (!fake.wanted || fake.begun) {
        return NULL;
    }
    buf_lit(&fake.log, "BEGIN\n");
    TRY(step(FAKE_DB_BEGIN, a));
    fake.begun = true;
    return NULL;
}

static struct value usual_cell(enum value_kind kind)
{
    static const char zeros[16];
    switch (kind) {
    case VALUE_TEXT:
        return value_text(fake.text);
    case VALUE_BYTES:
        return value_bytes(zeros, sizeof zeros);
    case VALUE_TIME:
        return value_time(clock_from_civil(&(struct civil){.year = 1970 + YEAR_2100, .month = 1, .day = 1}));
    case VALUE_DOUBLE:
        return (struct value){.kind = VALUE_DOUBLE, .d = 1.0};
    case VALUE_INT:
    case VALUE_BOOL:
    case VALUE_DATE:
        return (struct value){.kind = kind, .i = 1};
    case VALUE_ABSENT:
    case VALUE_NULL:
    case VALUE_LIST:
        break;
    }
    abort(); /* no column is read so */
}

static const struct value *known(str sql)
{
    for (unsigned i = 0; i < fake.row_count; i++) {
        if (str_eq(fake.rows[i].statement->sql, sql)) {
            return fake.rows[i].cells;
        }
    }
    return NULL;
}

err stmt_read(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
              const enum value_kind *kinds, size_t columns, struct rows *out)
{
    (void)db;
    const struct order_to *o;
    TRY(statement(a, sql, values, count, &o));
    *out = (struct rows){.columns = columns};
    if (o != NULL && o->nothing) {
        return NULL;
    }
    const struct value *row = known(sql);
    bool told = o != NULL && o->cells != NULL;
    out->n = told ? o->rows : 1;
    out->cells = ARENA_ARRAY(a, struct value, columns * out->n);
    for (size_t i = 0; i < out->n * columns; i++) {
        size_t column = i % columns;
        out->cells[i] = row != NULL ? row[column] : usual_cell(kinds[column]);
        if (told && column == 0) {
            out->cells[i] = o->cells[i / columns];
        }
    }
    return NULL;
}

err stmt_lock(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
              const enum value_kind *kinds, size_t columns, struct rows *out)
{
    TRY(begin(a));
    return stmt_read(db, a, sql, values, count, kinds, columns, out);
}

err stmt_read_page(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
                   const enum value_kind *kinds, size_t columns, struct rows *out)
{
    return stmt_read(db, a, sql, values, count, kinds, columns, out);
}

err stmt_insert(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
                const enum value_kind *kinds, size_t columns, struct rows *out)
{
    TRY(begin(a));
    return stmt_read(db, a, sql, values, count, kinds, columns, out);
}

err stmt_write(struct db *db, struct arena *a, str sql, const struct value *values, size_t count,
               struct written *out)
{
    (void)db;
    const struct order_to *o;
    TRY(begin(a));
    TRY(statement(a, sql, values, count, &o));
    bool matches = o == NULL || !o->nothing;
    *out = (struct written){.matched = matches, .insert_id = str_starts(sql, STR("INSERT")) ? fake.key : 0};
    return NULL;
}

err stmt_check(struct db *db, struct arena *a, str sql)
{
    (void)db;
    (void)a;
    note(sql, NULL, 0);
    return NULL;
}

struct db *db_new(const struct db_target *target)
{
    (void)target;
    return &fake;
}

void db_free(struct db *db)
{
    (void)db;
}

err db_ready(struct db *db, struct arena *a)
{
    db->wanted = false;
    return step(FAKE_DB_READY, a);
}

bool db_is_connected(const struct db *db)
{
    (void)db;
    return true;
}

bool db_worth_trying(const struct db *db)
{
    (void)db;
    return true;
}

err db_wait(struct db *db, struct arena *a, bool (*give_up)(void))
{
    (void)give_up;
    return db_ready(db, a);
}

err db_run(struct db *db, struct arena *a, str sql)
{
    const struct order_to *o;
    (void)db;
    return statement(a, sql, NULL, 0, &o);
}

void db_want_transaction(struct db *db)
{
    db->wanted = true;
}

void db_single(struct db *db)
{
    (void)db;
    fake.wanted = false;
}

bool db_can_return(const struct db *db)
{
    (void)db;
    return !fake.old;
}

err db_snapshot(struct db *db, struct arena *a)
{
    (void)a;
    buf_lit(&db->log, "SNAPSHOT\n");
    db->begun = true;
    return NULL;
}

bool db_in_transaction(const struct db *db)
{
    return db->begun;
}

err db_commit(struct db *db, struct arena *a)
{
    db->wanted = false;
    if (!db->begun) {
        return NULL;
    }
    buf_lit(&db->log, "COMMIT\n");
    TRY(step(FAKE_DB_COMMIT, a));
    db->begun = false;
    return NULL;
}

void db_rollback(struct db *db)
{
    db->wanted = false;
    if (db->begun) {
        buf_lit(&db->log, "ROLLBACK\n");
    }
    db->begun = false;
}

const struct db_target *db_target_of(const struct db *db)
{
    return &db->target;
}

void db_trace(struct db *db, struct trace *trace)
{
    db->trace = trace;
}

struct db_figures db_figures(const struct db *db)
{
    return (struct db_figures){.statements = db->count};
}

str db_duplicate_key(const struct db *db)
{
    return str_of(db->duplicate);
}
