#include <inttypes.h>

#include "backup/archive.h"
#include "backup/backup.h"
#include "backup/client.h"
#include "backup/marker.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json_in.h"
#include "base/log.h"
#include "io/db.h"
#include "io/stmt.h"
#include "migrate/graph.h"

struct restoring {
    struct db *db;
    struct arena *a;
    const struct backup_order *o;
    struct reading_archive file;
    const struct json *head, *foot;
    struct child client;
};

static err contradiction(const struct restoring *r)
{
    return error_new(r->a, ERROR_INVALID, "%s: the file contradicts itself", r->o->path);
}

static err parse(struct restoring *r, str text, const struct json **out)
{
    struct json_failure why;
    struct json *tree = NULL;
    if (json_read(r->a, text, &json_default_limits, &tree, &why) != JSON_READ_OK ||
        tree->type != JSON_OBJECT) {
        return contradiction(r);
    }
    *out = tree;
    return NULL;
}

static uint64_t number_of(const struct json *j)
{
    uint64_t n = 0;
    return j != NULL && j->type == JSON_INT && str_to_uint(j->text, &n) ? n : 0;
}

static err read_file(struct restoring *r, struct backup_done *out)
{
    TRY(archive_open(r->a, r->o->path, &r->file));
    TRY(parse(r, r->file.head, &r->head));
    TRY(parse(r, r->file.foot, &r->foot));
    const struct json *rows = json_member(r->foot, STR("rows"));
    for (const struct json *t = rows == NULL ? NULL : rows->first; t != NULL; t = t->next) {
        if (!backup_is_plain(t->key)) {
            return contradiction(r);
        }
        out->tables++;
        out->rows += number_of(t);
    }
    out->bytes = number_of(json_member(r->foot, STR("bytes")));
    return out->tables == 0 ? contradiction(r) : NULL;
}

/* Whether this program knows every migration that the backup's database had; and how many more it has. */
static err check_revisions(struct restoring *r, struct backup_done *out)
{
    struct graph g;
    const struct json *revisions = json_member(r->head, STR("revisions"));
    TRY(graph_load(r->a, r->o->migrations, &g));
    out->pending = g.n;
    for (const struct json *v = revisions == NULL ? NULL : revisions->first; v != NULL; v = v->next) {
        if (graph_find(&g, v->text) == g.n) {
            return error_new(r->a, ERROR_CONFLICT,
                             "%s: its database had the migration %.*s, which this program does not know: "
                             "restore it with the "
                             "program that made it, or a newer one",
                             r->o->path, STR_ARGS(v->text));
        }
        out->pending--;
    }
    return NULL;
}

static err count(struct restoring *r, str sql, int64_t *n)
{
    static const enum value_kind kinds[] = {VALUE_INT};
    struct rows rows;
    TRY(stmt_read(r->db, r->a, sql, NULL, 0, kinds, 1, &rows));
    *n = rows.cells[0].i;
    return NULL;
}

/* An account sees its own connections; those of others only with the privilege PROCESS. */
static err refuse_others(struct restoring *r)
{
    int64_t others = 0;
    int64_t seeing = 0;
    TRY(count(r,
              STR("SELECT COUNT(*) FROM information_schema.processlist"
                  " WHERE db = DATABASE() AND id <> CONNECTION_ID()"),
              &others));
    if (others > 0) {
        return error_new(
            r->a, ERROR_CONFLICT,
            "%" PRId64 " other connections use the database: stop quire serve and quire work first", others);
    }
    TRY(count(r,
              STR("SELECT COUNT(*) FROM information_schema.user_privileges WHERE privilege_type = 'PROCESS'"),
              &seeing));
    if (seeing == 0) {
        log_line(LOG_WARN,
                 "this account does not see whether others use the database (GRANT PROCESS ON *.*): "
                 "nothing may serve it now");
    }
    return NULL;
}

static err check_target(struct restoring *r, const struct backup_tables *there)
{
    bool half_restored = false;
    TRY(marker_find(r->db, r->a, &half_restored));
    if ((there->n > 0 || half_restored) && !r->o->replace) {
        return error_new(r->a, ERROR_CONFLICT,
                         half_restored ? "a restore of this database has not ended: --replace begins it anew"
                                       : "the database is not empty: with --replace all that it holds goes");
    }
    TRY(refuse_others(r));
    for (size_t i = 0; i < there->n; i++) {
        if (!backup_is_plain(there->names[i])) {
            return error_new(r->a, ERROR_CONFLICT,
                             "the database has a table `%.*s`, which is none of Quire's",
                             STR_ARGS(there->names[i]));
        }
    }
    return NULL;
}

static err drop_tables(struct restoring *r, const struct backup_tables *there)
{
    TRY(child_write(r->a, &r->client, STR("SET foreign_key_checks = 0;\n")));
    for (size_t i = 0; i < there->n; i++) {
        TRY(child_write(r->a, &r->client,
                        str_format(r->a, "DROP TABLE `%.*s`;\n", STR_ARGS(there->names[i]))));
    }
    return NULL;
}

static err feed(void *with, str piece)
{
    struct restoring *r = with;
    struct backup_watch *w = r->o->watch;
    if (backup_stopped(w)) {
        return error_new(r->a, ERROR_INTERNAL, "interrupted");
    }
    TRY(child_write(r->a, &r->client, piece));
    w->bytes += piece.n;
    if (w->say != NULL) {
        w->say(w);
    }
    return NULL;
}

static err fill(struct restoring *r, const struct backup_tables *there)
{
    TRY(client_feed(r->a, r->db, &r->client));
    err e = drop_tables(r, there);
    e = e != NULL ? e : archive_unpack(&r->file, (struct gzip_sink){feed, r});
    if (e != NULL && backup_stopped(r->o->watch)) {
        child_kill(&r->client);
        return e;
    }
    child_close_in(&r->client);
    err why = child_end(r->a, &r->client);
    return why != NULL ? why : e; /* what it complained of says more than that it does not read */
}

/* The database has of every table as many rows as the file. */
static err compare(struct restoring *r)
{
    int64_t n = 0;
    for (const struct json *t = json_member(r->foot, STR("rows"))->first; t != NULL; t = t->next) {
        TRY(count(r, str_format(r->a, "SELECT COUNT(*) FROM `%.*s`", STR_ARGS(t->key)), &n));
        if ((uint64_t)n != number_of(t)) {
            return error_new(r->a, ERROR_INTERNAL,
                             "the table %.*s has %" PRId64 " rows now, and the backup %" PRIu64,
                             STR_ARGS(t->key), n, number_of(t));
        }
    }
    return NULL;
}

err backup_restore(struct db *db, struct arena *a, const struct backup_order *o, struct backup_done *out)
{
    struct restoring r = {.db = db, .a = a, .o = o};
    struct backup_done done = {.tables = 0};
    struct backup_tables there;
    TRY(read_file(&r, &done));
    TRY(check_revisions(&r, &done));
    TRY(backup_lock(db, a));
    TRY(backup_only_tables(db, a)); /* what stays would be in the way, or what goes be gone for good */
    TRY(backup_tables(db, a, &there));
    TRY(check_target(&r, &there));
    TRY(marker_set(db, a));
    o->watch->touched = true;
    o->watch->all = done.bytes;
    TRY(fill(&r, &there));
    TRY(backup_still_locked(db, a));
    TRY(compare(&r));
    TRY(backup_still_locked(db, a));
    TRY(marker_clear(db, a));
    *out = done;
    return NULL;
}
