#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "cmd/command.h"
#include "cmd/doctor.h"
#include "http/pool.h"
#include "http/route.h"
#include "io/db.h"
#include "io/stmt.h"
#include "migrate/known.h"

/* A statement that fails is a finding, too. */
static struct finding failed(struct patient *p, err e)
{
    str cause = error_reason(e);
    return doctor_bad(p, VERDICT_PROBLEM, "see the database's own log", "the database cannot be asked: %.*s",
                      STR_ARGS(cause));
}

static struct finding look_at_version(struct patient *p)
{
    static const enum value_kind kinds[] = {VALUE_TEXT};
    struct rows rows;
    uint64_t major = 0;
    err e = stmt_read(p->db, p->a, STR("SELECT VERSION()"), NULL, 0, kinds, 1, &rows);
    if (e != NULL) {
        return failed(p, e);
    }
    str version = rows.cells[0].text;
    (void)str_to_uint(str_slice(version, 0, str_find(version, '.', 0)), &major);
    if (major < 8) {
        return doctor_bad(p, VERDICT_PROBLEM, "MariaDB 10.11 or MySQL 8 is needed", "the server is %.*s",
                          STR_ARGS(version));
    }
    return doctor_ok(p, "the server is %.*s", STR_ARGS(version));
}

static void free_db(void *db)
{
    db_free(db);
}

/* It is reached, now: nobody wants to wait for an answer. */
static struct finding look_at_database(struct patient *p)
{
    struct db_target *t = ARENA_NEW(p->a, struct db_target);
    *t = settings_db_target(&p->s);
    struct db *db = db_new(t);
    arena_defer(p->a, free_db, db);
    err e = db_ready(db, p->a);
    if (e != NULL) {
        str cause = error_reason(e);
        return doctor_bad(p, VERDICT_PROBLEM, "see that it runs, and that DB_… or DATABASE_URL are right",
                          "%.*s", STR_ARGS(cause));
    }
    p->db = db;
    return look_at_version(p);
}

static struct finding look_at_charset(struct patient *p)
{
    static const enum value_kind kinds[] = {VALUE_TEXT};
    struct rows rows;
    err e = stmt_read(p->db, p->a, STR("SELECT @@character_set_database"), NULL, 0, kinds, 1, &rows);
    if (e != NULL) {
        return failed(p, e);
    }
    str charset = rows.cells[0].text;
    if (!str_eq(charset, STR("utf8mb4"))) {
        return doctor_bad(p, VERDICT_WARNING,
                          "ALTER DATABASE … CHARACTER SET utf8mb4, before further migrations",
                          "new tables of the database get the character set %.*s", STR_ARGS(charset));
    }
    return doctor_ok(p, "the database's character set is utf8mb4");
}

/* How many connections the settings ask for: the workers of this pool, or of all that share QUIRE_CONF, and the
 * processes of quire work. */
static int64_t connections(struct patient *p)
{
    const char *conf = getenv("QUIRE_CONF");
    int64_t n = p->s.work_processes + 1;
    if (conf == NULL || *conf == '\0') {
        return n + pool_workers(p->s.workers);
    }
    for (size_t i = 0; route_pools[i] != NULL; i++) {
        struct settings s;
        str file = str_format(p->a, "QUIRE_CONF=%s", conf);
        str pool = str_format(p->a, "POOL_NAME=%s", route_pools[i]);
        char *const environment[] = {str_c(p->a, file), str_c(p->a, pool), NULL};
        n += pool_workers(settings_load(p->a, environment, ".", &s) == NULL ? s.workers : p->s.workers);
    }
    return n;
}

static struct finding look_at_connections(struct patient *p)
{
    static const enum value_kind kinds[] = {VALUE_INT, VALUE_INT};
    struct rows rows;
    err e = stmt_read(p->db, p->a, STR("SELECT @@max_connections, @@max_user_connections"), NULL, 0, kinds, 2,
                      &rows);
    if (e != NULL) {
        return failed(p, e);
    }
    int64_t most = rows.cells[0].i;
    int64_t ours = rows.cells[1].i;
    int64_t wanted = connections(p);
    most = ours > 0 && ours < most ? ours : most;
    if (most < wanted + 2) { /* a command beside them, and an administrator */
        return doctor_bad(p, VERDICT_PROBLEM, "raise max_connections of the server, or lower WORKERS",
                          "the server allows %" PRId64 " connections, workers and quire work want %" PRId64,
                          most, wanted);
    }
    return doctor_ok(p, "the server allows %" PRId64 " connections, workers and quire work want %" PRId64,
                     most, wanted);
}

static struct finding look_at_statements(struct patient *p)
{
    static const enum value_kind kinds[] = {VALUE_INT};
    struct rows rows;
    err e = stmt_read(p->db, p->a, STR("SELECT @@max_prepared_stmt_count"), NULL, 0, kinds, 1, &rows);
    if (e != NULL) {
        return failed(p, e);
    }
    int64_t wanted = connections(p) * STMT_CACHE;
    if (rows.cells[0].i < wanted) {
        return doctor_bad(p, VERDICT_WARNING, "raise max_prepared_stmt_count of the server, or lower WORKERS",
                          "the server keeps %" PRId64
                          " prepared statements, all workers together may have %" PRId64,
                          rows.cells[0].i, wanted);
    }
    return doctor_ok(
        p, "the server keeps %" PRId64 " prepared statements, all workers together may have %" PRId64,
        rows.cells[0].i, wanted);
}

static struct finding look_at_timeout(struct patient *p)
{
    enum { LEAST_SECONDS = 60 };
    static const enum value_kind kinds[] = {VALUE_INT};
    struct rows rows;
    err e = stmt_read(p->db, p->a, STR("SELECT @@wait_timeout"), NULL, 0, kinds, 1, &rows);
    if (e != NULL) {
        return failed(p, e);
    }
    if (rows.cells[0].i < LEAST_SECONDS) {
        return doctor_bad(p, VERDICT_WARNING, "raise wait_timeout of the server",
                          "the server closes a connection after %" PRId64
                          " idle seconds, and workers connect anew",
                          rows.cells[0].i);
    }
    return doctor_ok(p, "the server keeps an idle connection for %" PRId64 " seconds", rows.cells[0].i);
}

static struct finding look_at_schema(struct patient *p)
{
    str problem = STR("");
    err e = known_check(p->db, p->a, str_of(command_migrations_dir(p->a, &p->s)), &problem);
    if (e != NULL) {
        str cause = error_reason(e);
        return doctor_bad(p, VERDICT_PROBLEM, "set MIGRATIONS_DIR to the folder with the migrations",
                          "the schema cannot be compared: %.*s", STR_ARGS(cause));
    }
    if (problem.n > 0) {
        return doctor_bad(p, VERDICT_PROBLEM, "until then `quire serve` does not start", "%.*s",
                          STR_ARGS(problem));
    }
    return doctor_ok(p, "the database is at the newest migration");
}

static struct finding look_at_clock(struct patient *p)
{
    enum { MICROS = 1000000 };
    static const enum value_kind kinds[] = {VALUE_TIME};
    struct rows rows;
    int64_t before = clock_now();
    err e = stmt_read(p->db, p->a, STR("SELECT UTC_TIMESTAMP(6)"), NULL, 0, kinds, 1, &rows);
    if (e != NULL) {
        return failed(p, e);
    }
    int64_t apart = rows.cells[0].i - (before + clock_now()) / 2;
    double seconds = (double)apart / MICROS;
    if (llabs(apart) > 2 * MICROS) {
        return doctor_bad(p, llabs(apart) > 30LL * MICROS ? VERDICT_PROBLEM : VERDICT_WARNING,
                          "set both machines by NTP: tokens, leases and limits compare the two",
                          "the database's clock is %+.1f s from ours", seconds);
    }
    return doctor_ok(p, "the database's clock is %+.3f s from ours", seconds);
}

const struct check doctor_database[] = {
    {"database", NEEDS_SETTINGS, look_at_database},
    {"charset", NEEDS_DATABASE, look_at_charset},
    {"connections", NEEDS_DATABASE, look_at_connections},
    {"statements", NEEDS_DATABASE, look_at_statements},
    {"idle-timeout", NEEDS_DATABASE, look_at_timeout},
    {"schema", NEEDS_DATABASE, look_at_schema},
    {"clock", NEEDS_DATABASE, look_at_clock},
    {NULL, NEEDS_NOTHING, NULL},
};
