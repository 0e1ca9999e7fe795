#include "backup/backup.h"

#include "backup/archive.h"
#include "backup/client.h"
#include "backup/marker.h"
#include "backup/tally.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "io/db.h"
#include "io/stmt.h"
#include "migrate/ledger.h"
#include "migrate/session.h"

enum { PIECE = 64 << 10 };

bool backup_stopped(const struct backup_watch *w)
{
    return w->stop != NULL && w->stop();
}

bool backup_is_plain(str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) {
            return false;
        }
    }
    return name.n > 0 && name.n <= 64;
}

err backup_lock(struct db *db, struct arena *a)
{
    static const enum value_kind kinds[] = {VALUE_INT};
    struct rows rows;
    TRY(db_stay(db, a));
    TRY(stmt_read(db, a, STR("SELECT GET_LOCK(" MIGRATE_LOCK_NAME ", 0)"), NULL, 0, kinds, 1, &rows));
    return rows.cells[0].kind == VALUE_INT && rows.cells[0].i == 1
               ? NULL
               : error_new(
                     a, ERROR_CONFLICT,
                     "a migration, a backup or a restore works on the database: try again when it has ended");
}

err backup_still_locked(struct db *db, struct arena *a)
{
    static const enum value_kind kinds[] = {VALUE_INT};
    struct rows rows;
    TRY(stmt_read(db, a, STR("SELECT IS_USED_LOCK(" MIGRATE_LOCK_NAME ") = CONNECTION_ID()"), NULL, 0, kinds,
                  1, &rows));
    return rows.cells[0].kind == VALUE_INT && rows.cells[0].i == 1
               ? NULL
               : error_new(a, ERROR_CONFLICT, "the lock that keeps migrations away was lost");
}

err backup_tables(struct db *db, struct arena *a, struct backup_tables *out)
{
    static const enum value_kind kinds[] = {VALUE_TEXT, VALUE_INT};
    struct rows rows;
    TRY(stmt_read(db, a,
                  STR("SELECT table_name, COALESCE(data_length, 0) FROM information_schema.tables"
                      " WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
                      " AND table_name <> '" MARKER_TABLE "'"
                      " ORDER BY table_name = 'quire_migrations', table_name"),
                  NULL, 0, kinds, 2, &rows));
    *out = (struct backup_tables){.names = ARENA_ARRAY(a, str, rows.n + 1), .n = rows.n};
    for (size_t i = 0; i < rows.n; i++) {
        out->names[i] = rows.cells[2 * i].text;
        out->bytes += (uint64_t)rows.cells[2 * i + 1].i;
    }
    return NULL;
}

err backup_only_tables(struct db *db, struct arena *a)
{
    static const enum value_kind kinds[] = {VALUE_TEXT, VALUE_TEXT};
    struct rows rows;
    TRY(stmt_read(
        db, a,
        STR("SELECT 'trigger', trigger_name FROM information_schema.triggers"
            " WHERE trigger_schema = DATABASE()"
            " UNION ALL SELECT LOWER(routine_type), routine_name FROM information_schema.routines"
            " WHERE routine_schema = DATABASE()"
            " UNION ALL SELECT 'event', event_name FROM information_schema.events"
            " WHERE event_schema = DATABASE()"
            " UNION ALL SELECT REPLACE(LOWER(table_type), 'versioned', 'versioned table'), table_name"
            " FROM information_schema.tables"
            " WHERE table_schema = DATABASE() AND table_type <> 'BASE TABLE'"
            " LIMIT 1"),
        NULL, 0, kinds, 2, &rows));
    return rows.n == 0 ? NULL
                       : error_new(a, ERROR_CONFLICT,
                                   "the database has a %.*s `%.*s`: a backup keeps plain tables alone, and a "
                                   "restore would not bring it back",
                                   STR_ARGS(rows.cells[0].text), STR_ARGS(rows.cells[1].text));
}

static err describe(struct db *db, struct arena *a, const struct backup_order *o, str *head)
{
    struct ledger l;
    struct buf b;
    TRY(ledger_read(db, a, &l));
    buf_init(&b, a, 1024, 1 << 19);
    buf_printf(&b, "{\"version\":\"%s\",\"created_at\":\"", o->version);
    clock_put_time(&b, clock_now());
    buf_lit(&b, "\",\"database\":");
    json_put_dirty(&b, db_target_of(db)->name);
    buf_lit(&b, ",\"revisions\":[");
    for (size_t i = 0; i < l.n; i++) {
        buf_c(&b, i == 0 ? "" : ",");
        json_put_dirty(&b, l.rows[i].revision);
    }
    buf_lit(&b, "]}");
    *head = buf_view(&b);
    return b.full ? error_new(a, ERROR_INTERNAL, "there are too many migrations for a backup's head") : NULL;
}

/* Everything that the dump says, into the file. */
static err copy(struct arena *a, struct child *c, struct archive *file, struct tally *t,
                struct backup_watch *w)
{
    char *bytes = arena_alloc(a, PIECE);
    for (;;) {
        size_t n = 0;
        TRY(child_read(a, c, bytes, PIECE, w->stop, &n));
        if (n == 0) {
            return NULL;
        }
        tally_add(t, (str){bytes, n});
        TRY(archive_write(file, (str){bytes, n}));
        w->bytes += n;
        w->rows = t->rows;
        if (w->say != NULL) {
            w->say(w);
        }
    }
}

static err dump(struct db *db, struct arena *a, const struct backup_order *o,
                const struct backup_tables *tables, struct tally *t)
{
    struct archive *file = NULL;
    struct child c;
    str head = STR("");
    TRY(describe(db, a, o, &head));
    TRY(archive_create(a, o->path, head, &file));
    o->watch->touched = true;
    TRY(client_dump(a, db, tables->names, tables->n, &c));
    err e = copy(a, &c, file, t, o->watch);
    if (e != NULL) {
        child_kill(&c);
        return e;
    }
    TRY(child_end(a, &c));
    TRY(backup_still_locked(db, a));
    return archive_keep(file, tally_json(t));
}

err backup_make(struct db *db, struct arena *a, const struct backup_order *o, struct backup_done *out)
{
    struct backup_tables tables;
    struct tally t = {.a = a};
    bool half_restored = false;
    TRY(backup_lock(db, a));
    TRY(marker_find(db, a, &half_restored));
    if (half_restored) {
        return error_new(a, ERROR_CONFLICT,
                         "a restore of this database has not ended: it is no use to back it up");
    }
    TRY(backup_only_tables(db, a));
    TRY(backup_tables(db, a, &tables));
    if (tables.n == 0) {
        return error_new(a, ERROR_CONFLICT, "the database has no tables: there is nothing to back up");
    }
    for (size_t i = 0; i < tables.n; i++) {
        if (!backup_is_plain(tables.names[i])) {
            return error_new(
                a, ERROR_CONFLICT,
                "the database has a table `%.*s`, which is none of Quire's: no restore would take "
                "a backup with it",
                STR_ARGS(tables.names[i]));
        }
        tally_expect(&t, tables.names[i]);
    }
    o->watch->all = tables.bytes;
    TRY(dump(db, a, o, &tables, &t));
    *out = (struct backup_done){.tables = tables.n, .rows = t.rows, .bytes = o->watch->bytes};
    return NULL;
}
