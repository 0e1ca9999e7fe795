#include "controllers/health.h"

#include "base/arena.h"
#include "conf/settings.h"
#include "engine/load.h"
#include "http/metrics.h"
#include "http/scoreboard.h"
#include "migrate/known.h"
#include "models/user.h"

/* What was found of each part that is needed to serve. The database is there, else nobody gets here. */
struct findings {
    const char *schema;
    const char *pool;
    bool ready;
};

static err live(struct call *c)
{
    buf_lit(&c->reply->body, "{\"status\":\"ok\"}");
    return NULL;
}

/* Reads a real table: a database without a quorum still answers SELECT 1. */
static err read_table(struct call *c)
{
    static const unsigned char key[] = {USER_ID};
    static const struct shape only_key = SHAPE("Key", &user_resource, key);
    struct plan p;
    struct rows rows;
    plan_init(&p, &user_resource, &only_key);
    plan_order_by_key(&p);
    p.limit = 1;
    return load_rows(c->db, c->arena, &p, &rows);
}

/* A database that is ahead is served all the same, for it is brought forward before the programs are; one that is
 * behind is not, where SCHEMA_CHECK is strict: the program would not have started on it. */
static err find_schema(const struct call *c, struct findings *f)
{
    static const char *const names[] = {
        [KNOWN_SAME] = "ok", [KNOWN_AHEAD] = "ahead", [KNOWN_BEHIND] = "behind"};
    const struct settings *s = c->settings;
    enum known_state state = KNOWN_SAME;
    f->schema = "unchecked";
    if (str_eq(s->schema_check, STR("off")) || c->station->migrations == NULL) {
        return NULL;
    }
    err e = known_compare(c->db, c->arena, c->station->migrations, &state);
    if (e != NULL) {
        bool away = e->code == ERROR_CONNECTION_LOST || e->code == ERROR_UNAVAILABLE;
        return away ? e : NULL; /* the ledger cannot be read, and so nothing is known */
    }
    f->schema = names[state];
    f->ready = f->ready && (state != KNOWN_BEHIND || str_eq(s->schema_check, STR("warn")));
    return NULL;
}

/* A pool that stops, or has lost half of its workers, should not be asked; one that is busy may. */
static void find_pool(const struct call *c, struct findings *f)
{
    unsigned counts[METRICS_STATE__MAX];
    unsigned seats;
    f->pool = "ok";
    if (c->station->board != NULL && scoreboard_draining(c->station->board)) {
        f->pool = "stopping";
        f->ready = false;
    } else if (metrics_states(c->station->metrics, counts, &seats)) {
        bool few = (counts[METRICS_IDLE] + counts[METRICS_BUSY]) * 2 < seats;
        f->pool = few ? "starting" : counts[METRICS_IDLE] == 0 && seats > 1 ? "busy" : "ok";
        f->ready = f->ready && !few;
    }
}

static err ready(struct call *c)
{
    struct findings f = {.ready = true};
    TRY(read_table(c));
    TRY(find_schema(c, &f));
    find_pool(c, &f);
    if (!f.ready) {
        struct error *e = ARENA_NEW(c->arena, struct error);
        *e = (struct error){.code = ERROR_NOT_READY, .retry_after = 1};
        e->detail = str_format(c->arena, "not ready: database ok, schema %s, pool %s", f.schema, f.pool);
        return e;
    }
    buf_printf(&c->reply->body, "{\"status\":\"ok\",\"database\":\"ok\",\"schema\":\"%s\",\"pool\":\"%s\"}",
               f.schema, f.pool);
    return NULL;
}

static const struct field health_fields[] = {
    TEXT("status", .doc = "`ok`; when it is not, the answer is an error", .example = "ok")};
static const struct resource health = {.name = "health", FIELDS(health_fields), .doc = "That it answers"};
static const unsigned char health_members[] = {0};
static const struct shape health_shape = SHAPE("Health", &health, health_members);

static const struct field readiness_fields[] = {
    TEXT("status", .doc = "`ok`; when it is not, the answer is an error", .example = "ok"),
    TEXT("database", .doc = "`ok`: a table can be read", .example = "ok"),
    TEXT("schema",
         .doc = "`ok`: the one of this program; `ahead`: there is more in it than this program knows; "
                "`behind`, where "
                "SCHEMA_CHECK is `warn`; `unchecked`",
         .example = "ok"),
    TEXT("pool", .doc = "`ok`, or `busy`: no worker was free but the one that answers", .example = "ok"),
};
static const struct resource readiness = {
    .name = "readiness", FIELDS(readiness_fields), .doc = "That it can serve, part by part"};
static const unsigned char readiness_members[] = {0, 1, 2, 3};
static const struct shape readiness_shape = SHAPE("Readiness", &readiness, readiness_members);

const struct route_group service_group = {"service", "What the service tells of itself"};

const struct route health_routes[] = {
    {METHOD_GET, "/health/live", live, ACCESS_OPEN, .no_database = true, .shows = {&health_shape},
     .summary = "Is the process alive?", .operation = "getLiveness", .group = &service_group},
    {METHOD_GET, "/health/ready", ready, ACCESS_OPEN, .no_database = false, .shows = {&readiness_shape},
     .fails = FAILS(ERROR_NOT_READY), .summary = "Can it serve?",
     .doc = "Database, schema and pool are looked at; 503 with the part that fails.",
     .operation = "getReadiness", .group = &service_group},
    ROUTES_END,
};
