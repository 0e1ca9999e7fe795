#include "migrate/ledger.h"

#include "base/arena.h"
#include "base/clock.h"
#include "io/db.h"
#include "io/stmt.h"
#include "migrate/migration.h"

static const char *const state_names[] = {
    [LEDGER_APPLYING] = "applying",
    [LEDGER_APPLIED] = "applied",
    [LEDGER_REVERTING] = "reverting",
};

static struct value state_value(enum ledger_state state)
{
    return value_text(str_of(state_names[state]));
}

const str ledger_table_sql = STR_INIT("CREATE TABLE IF NOT EXISTS quire_migrations ("
                                      " revision VARCHAR(32) NOT NULL,"
                                      " name VARCHAR(160) NOT NULL,"
                                      " checksum CHAR(64) NOT NULL,"
                                      " state VARCHAR(9) NOT NULL,"
                                      " total INT NOT NULL DEFAULT 0,"
                                      " done INT NOT NULL DEFAULT 0,"
                                      " done_sum VARCHAR(64) NOT NULL DEFAULT '',"
                                      " under_way_sum VARCHAR(64) NOT NULL DEFAULT '',"
                                      " schema_before VARCHAR(64) NOT NULL DEFAULT '',"
                                      " started_at DATETIME(6) NOT NULL,"
                                      " applied_at DATETIME(6) NULL,"
                                      " CONSTRAINT pk_quire_migrations PRIMARY KEY (revision)"
                                      ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");

err ledger_create(struct db *db, struct arena *a)
{
    return db_run(db, a, ledger_table_sql);
}

static err table_exists(struct db *db, struct arena *a, bool *out)
{
    static const enum value_kind kinds[] = {VALUE_INT};
    struct rows rows;
    TRY(stmt_read(db, a,
                  STR("SELECT COUNT(*) FROM information_schema.tables"
                      " WHERE table_schema = DATABASE() AND table_name = 'quire_migrations'"),
                  NULL, 0, kinds, 1, &rows));
    *out = rows.n == 1 && rows.cells[0].i > 0;
    return NULL;
}

static bool read_state(str name, enum ledger_state *out)
{
    for (int s = LEDGER_APPLYING; s <= LEDGER_REVERTING; s++) {
        if (str_eq(name, str_of(state_names[s]))) {
            *out = (enum ledger_state)s;
            return true;
        }
    }
    return false;
}

err ledger_read(struct db *db, struct arena *a, struct ledger *out)
{
    enum {
        REVISION,
        NAME,
        CHECKSUM,
        STATE,
        TOTAL,
        DONE,
        DONE_SUM,
        UNDER_WAY_SUM,
        SCHEMA_BEFORE,
        APPLIED_AT,
        COLUMNS
    };
    static const enum value_kind kinds[COLUMNS] = {
        VALUE_TEXT, VALUE_TEXT, VALUE_TEXT, VALUE_TEXT, VALUE_INT,
        VALUE_INT,  VALUE_TEXT, VALUE_TEXT, VALUE_TEXT, VALUE_TIME,
    };
    bool exists = false;
    struct rows rows = {.n = 0};
    TRY(table_exists(db, a, &exists));
    if (exists) {
        TRY(stmt_read(db, a,
                      STR("SELECT revision, name, checksum, state, total, done, done_sum, under_way_sum,"
                          " schema_before, applied_at FROM quire_migrations ORDER BY revision"),
                      NULL, 0, kinds, COLUMNS, &rows));
    }
    struct ledger l = {ARENA_ARRAY(a, struct ledger_row, rows.n), rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        const struct value *c = &rows.cells[i * COLUMNS];
        l.rows[i] = (struct ledger_row){
            .revision = c[REVISION].text,
            .name = c[NAME].text,
            .checksum = c[CHECKSUM].text,
            .total = c[TOTAL].i,
            .done = c[DONE].i,
            .done_sum = c[DONE_SUM].text,
            .under_way_sum = c[UNDER_WAY_SUM].text,
            .schema_before = c[SCHEMA_BEFORE].text,
            .applied_at = c[APPLIED_AT].kind == VALUE_NULL ? 0 : c[APPLIED_AT].i,
        };
        if (!read_state(c[STATE].text, &l.rows[i].state)) {
            return error_new(a, ERROR_CONFLICT,
                             "quire_migrations: revision %.*s is in the unknown state \"%.*s\"",
                             STR_ARGS(c[REVISION].text), STR_ARGS(c[STATE].text));
        }
    }
    *out = l;
    return NULL;
}

const struct ledger_row *ledger_find(const struct ledger *l, str revision)
{
    for (size_t i = 0; i < l->n; i++) {
        if (str_eq(l->rows[i].revision, revision)) {
            return &l->rows[i];
        }
    }
    return NULL;
}

/* Writes one row, which must be there: under the lock nobody else can have taken it away. */
static err write_row(struct db *db, struct arena *a, str sql, const struct value *values, size_t count)
{
    struct written done;
    TRY(stmt_write(db, a, sql, values, count, &done));
    if (done.matched != 1) {
        return error_new(a, ERROR_CONFLICT, "quire_migrations was changed by somebody else during the run");
    }
    return NULL;
}

err ledger_begin(struct db *db, struct arena *a, const struct migration *m)
{
    const struct value values[] = {value_text(m->revision),     value_text(m->name),
                                   value_text(m->checksum),     state_value(LEDGER_APPLYING),
                                   value_int((int64_t)m->up.n), value_time(clock_now())};
    return write_row(db, a,
                     STR("INSERT INTO quire_migrations (revision, name, checksum, state, total, started_at)"
                         " VALUES (?, ?, ?, ?, ?, ?)"),
                     values, 6);
}

err ledger_begin_down(struct db *db, struct arena *a, const struct migration *m)
{
    const struct value values[] = {state_value(LEDGER_REVERTING), value_int((int64_t)m->down.n),
                                   value_time(clock_now()), value_text(m->revision)};
    return write_row(
        db, a,
        STR("UPDATE quire_migrations SET state = ?, total = ?, started_at = ?, done = 0, done_sum = '',"
            " under_way_sum = '', schema_before = '' WHERE revision = ?"),
        values, 4);
}

err ledger_adopt(struct db *db, struct arena *a, const struct migration *m, size_t total)
{
    const struct value values[] = {value_text(m->name), value_text(m->checksum), value_int((int64_t)total),
                                   value_text(m->revision)};
    return write_row(db, a,
                     STR("UPDATE quire_migrations SET name = ?, checksum = ?, total = ? WHERE revision = ?"),
                     values, 4);
}

err ledger_announce(struct db *db, struct arena *a, str revision, str under_way_sum, str schema_before)
{
    const struct value values[] = {value_text(under_way_sum), value_text(schema_before),
                                   value_text(revision)};
    return write_row(
        db, a, STR("UPDATE quire_migrations SET under_way_sum = ?, schema_before = ? WHERE revision = ?"),
        values, 3);
}

err ledger_withdraw(struct db *db, struct arena *a, str revision)
{
    return ledger_announce(db, a, revision, STR(""), STR(""));
}

err ledger_advance(struct db *db, struct arena *a, str revision, size_t done, str done_sum)
{
    const struct value values[] = {value_int((int64_t)done), value_text(done_sum), value_text(revision)};
    return write_row(
        db, a,
        STR("UPDATE quire_migrations SET done = ?, done_sum = ?, under_way_sum = '', schema_before = ''"
            " WHERE revision = ?"),
        values, 3);
}

err ledger_finish_up(struct db *db, struct arena *a, const struct migration *m)
{
    const struct value values[] = {state_value(LEDGER_APPLIED), value_text(m->checksum),
                                   value_time(clock_now()), value_text(m->revision)};
    return write_row(
        db, a, STR("UPDATE quire_migrations SET state = ?, checksum = ?, applied_at = ? WHERE revision = ?"),
        values, 4);
}

err ledger_finish_down(struct db *db, struct arena *a, str revision)
{
    const struct value values[] = {value_text(revision)};
    return write_row(db, a, STR("DELETE FROM quire_migrations WHERE revision = ?"), values, 1);
}
