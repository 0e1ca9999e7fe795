#include "http/dispatch.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/settings.h"
#include "http/accept.h"
#include "http/access_log.h"
#include "http/actor.h"
#include "http/audit.h"
#include "http/caching.h"
#include "http/cookie.h"
#include "http/cors.h"
#include "http/idempotency.h"
#include "http/input.h"
#include "http/keyring.h"
#include "http/limit.h"
#include "http/metrics.h"
#include "http/retry.h"
#include "http/route.h"
#include "http/server_timing.h"
#include "http/slow_log.h"
#include "http/upload.h"
#include "io/db.h"
#include "io/fcgi.h"
#include "io/media.h"

enum { ARENA_BLOCK = 64 << 10 };

struct dispatch {
    const struct settings *settings;
    const struct router *router;
    const struct document *openapi;
    struct arena arena; /* of the request */
    struct db_target target;
    struct db *db;
    struct db_target replica_target;
    struct db *replica; /* NULL: there is none */
    struct media *media;
    struct keyring keys;
    struct cors cors;
    const struct station *station;
    struct trace *trace; /* NULL: no setting asks for one */
};

err dispatch_open(struct arena *life, const struct settings *s, const struct router *router,
                  const struct document *openapi, struct dispatch **out)
{
    static const struct station nowhere = {.version = "0.0.0"};
    struct dispatch *d = ARENA_NEW(life, struct dispatch);
    d->station = &nowhere;
    d->settings = s;
    d->router = router;
    d->openapi = openapi;
    d->target = settings_db_target(s);
    TRY(keyring_open(life, s, &d->keys));
    cors_init(&d->cors, s->cors_origins, s->cors_credentials);
    arena_init(&d->arena, ARENA_BLOCK);
    d->media = media_open(life, s->media_dir);
    d->db = db_new(&d->target);
    if (s->db_replicas.n > 0) {
        d->replica_target = settings_replica_target(s);
        d->replica = db_new(&d->replica_target);
    }
    if (s->slow_request_ms > 0 || s->server_timing) {
        d->trace = ARENA_NEW(life, struct trace);
        db_trace(d->db, d->trace);
        if (d->replica != NULL) {
            db_trace(d->replica, d->trace);
        }
    }
    err away = db_ready(d->db, life); /* not a reason to stay away: each request tries again */
    if (away != NULL) {
        log_line(LOG_WARN, "no connection to the database yet", "cause", str_c(life, error_reason(away)));
    }
    *out = d;
    return NULL;
}

void dispatch_station(struct dispatch *d, const struct station *station)
{
    d->station = station;
}

void dispatch_close(struct dispatch *d)
{
    db_free(d->db);
    d->db = NULL;
    db_free(d->replica);
    d->replica = NULL;
    media_close(d->media);
    arena_free(&d->arena);
}

/* Stage 2: what is being asked for. Answers OPTIONS itself: *done. */
static err find_route(const struct dispatch *d, struct call *c, struct route_match *m, bool *done)
{
    const struct request *q = c->request;
    *m = router_find(d->router, q);
    if (m->by_method == NULL) {
        if (cors_is_preflight(q)) {
            cors_preflight(&d->cors, q, c->reply);
            *done = true;
            return NULL;
        }
        return error_new(c->arena, ERROR_NO_ROUTE, "Not Found");
    }
    if (q->method == METHOD_OPTIONS) {
        str allowed = router_allowed(m, c->arena);
        reply_header_str(c->reply, "Allow", allowed);
        if (cors_is_preflight(q)) {
            cors_preflight(&d->cors, q, c->reply);
        } else {
            reply_empty(c->reply);
        }
        *done = true;
        return NULL;
    }
    enum method method = q->method == METHOD_HEAD ? METHOD_GET : q->method;
    c->route = m->by_method[method];
    c->route_number = c->route == NULL ? -1 : m->numbers[method];
    if (c->route == NULL) {
        str allowed = router_allowed(m, c->arena);
        reply_header_str(c->reply, "Allow", allowed);
        return error_new(c->arena, ERROR_METHOD_NOT_ALLOWED, "Method Not Allowed");
    }
    return NULL;
}

/* Makes the replica the call's database, where it may be and is to be had. What is public may be some seconds old to
 * who is not signed in; people read what they wrote, and whether they are signed in at all, at the primary. */
static bool read_replica(struct call *c)
{
    const struct route *r = c->route;
    str token;
    if (c->replica == NULL || r->method != METHOD_GET || r->access != ACCESS_READ ||
        !c->settings->public_read || r->limits[0] != NULL || r->no_database ||
        c->request->has_authorization || cookie_read(c, COOKIE_ACCESS, &token) ||
        !db_worth_trying(c->replica)) {
        return false;
    }
    err away = db_ready(c->replica, c->arena);
    if (away != NULL) {
        log_line(LOG_WARN, "no replica can be read", "cause", str_c(c->arena, error_reason(away)));
        return false;
    }
    c->db = c->replica;
    return true;
}

/* Stages 5a to 8. *replayed: the answer is one that was given before. */
static err work(struct call *c, bool *replayed)
{
    err e = limits_take(c);
    if (e != NULL) {
        return idempotency_limited(c, e);
    }
    if (c->route->upload) {
        TRY(upload_receive(c)); /* before the transaction: nothing is locked while a disk works */
    }
    if (c->route->method != METHOD_GET) {
        db_want_transaction(c->db);
    }
    TRY(idempotency_begin(c, replayed));
    if (!*replayed) {
        TRY(c->route->run(c));
        TRY(idempotency_keep(c));
    }
    return NULL;
}

/* Stages 4 to 8, and the commit, once. */
static err attempt(struct call *c, const struct route_match *m, const struct input_body *body, bool *replayed)
{
    if (!c->route->no_database && !read_replica(c)) {
        TRY(db_ready(c->db, c->arena));
    }
    TRY(actor_identify(c, c->route->access));
    if (c->route->mine) {
        c->keys[0] = value_int(c->actor.user_id);
    }
    TRY(input_check(c, m, body));
    *replayed = false;
    if (limits_apply(c)) {
        TRY(idempotency_look(c, replayed));
    }
    if (!*replayed) {
        TRY(work(c, replayed));
    }
    if (c->reply->body.full) {
        return error_new(c->arena, ERROR_ANSWER_TOO_LARGE,
                         "the answer is over %d MiB: ask for fewer rows (limit)", REPLY_MAX_BYTES >> 20);
    }
    return db_commit(c->db, c->arena);
}

/* The route's step behind the commit. The answer that it makes is the one that an Idempotency-Key gives again. */
static err run_after(struct call *c)
{
    err e = c->route->after(c);
    idempotency_settle(c, e);
    return e;
}

static err run_route(struct call *c, const struct route_match *m, const struct input_body *body)
{
    struct arena_mark mark = arena_mark(c->arena);
    struct reply before = *c->reply;
    struct retry retry = retry_begin(c);
    bool replayed = false;
    err e;
    while ((e = attempt(c, m, body, &replayed)) != NULL) {
        db_rollback(c->db);
        *c->reply = before; /* a Location of what was not made is none */
        if (!retry_again(&retry, c, e)) {
            return e;
        }
        arena_rewind(c->arena, mark);
        c->actor = (struct actor){0};
        /* Its row went with the transaction. */
        c->taken_key = (struct value){.kind = VALUE_ABSENT};
    }
    c->db = retry.primary;
    return replayed || c->route->after == NULL ? NULL : run_after(c);
}

static err handle(struct dispatch *d, struct fcgi *f, struct call *c, struct request *q)
{
    struct route_match m = {0};
    struct input_body body = {0};
    bool done = false;
    TRY(find_route(d, c, &m, &done));
    if (done) {
        return NULL;
    }
    if (!c->route->upload) {
        TRY(fcgi_read_body(f, c->arena, (size_t)d->settings->max_body_bytes, q->content_length, &q->body));
        TRY(input_read(c, &body));
    }
    /* A fifth of a second of a processor for nobody: in a storm those who have given up would hold up those who
     * wait. */
    if (route_hashes(c->route) && fcgi_client_gone(f)) {
        return error_cause(c->arena, ERROR_BAD_REQUEST, "the client has gone before its password was hashed");
    }
    return run_route(c, &m, &body);
}

/* Cookies that are not even good for logging out are good for nothing, and no script could drop them. */
static void drop_dead_cookies(struct call *c, err e)
{
    if (c->route != NULL && c->route->by_refresh && error_status(e->code) == 401 &&
        !c->request->has_authorization) {
        cookie_clear(c);
    }
}

/* What both connections have done so far. */
static struct db_figures figures_of(const struct dispatch *d)
{
    struct db_figures sum = db_figures(d->db);
    if (d->replica != NULL) {
        struct db_figures more = db_figures(d->replica);
        sum.statements += more.statements;
        sum.reconnects += more.reconnects;
    }
    return sum;
}

/* What is told and counted of a request that has been answered. */
static void note(const struct dispatch *d, const struct call *c, const struct access_entry *entry, err e)
{
    access_log(c, entry, e);
    if (d->trace != NULL) {
        slow_log(c, entry->micros, d->trace);
    }
    metrics_database(c->station->metrics, figures_of(d));
    metrics_request(c->station->metrics, &(struct metrics_request){.method = c->request->method,
                                                                   .route = c->route_number,
                                                                   .status = c->reply->status,
                                                                   .micros = entry->micros,
                                                                   .sent = entry->sent});
}

void dispatch_serve(struct dispatch *d, struct fcgi *f)
{
    int64_t start = clock_steady();
    struct access_entry entry = {.statements = figures_of(d).statements};
    struct request q;
    struct reply reply;
    struct call c = {.arena = &d->arena,
                     .db = d->db,
                     .replica = d->replica,
                     .settings = d->settings,
                     .openapi = d->openapi,
                     .route_number = -1,
                     .station = d->station,
                     .token_key = &d->keys.tokens,
                     .digest_key = d->keys.seals,
                     .cipher = d->keys.cursors,
                     .request = &q,
                     .cors = &d->cors,
                     .fcgi = f,
                     .media = d->media,
                     .reply = &reply};
    reply_init(&reply, &d->arena);
    struct server_timing timing = server_timing_begin(d->station->metrics, start);
    if (d->trace != NULL) {
        trace_start(d->trace);
    }
    err e = request_read(&q, &d->arena, fcgi_params(f));
    if (e == NULL) {
        e = handle(d, f, &c, &q);
    }
    if (e != NULL) {
        reply_error(&reply, e);
        drop_dead_cookies(&c, e);
        idempotency_keep_refusal(&c);
        audit_refusal(&c, e);
    }
    if (reply.status >= 400 && accept_problem(q.accept)) { /* also of one that is given again */
        reply_as_problem(&reply, q.path);
    }
    limits_show(&c);
    caching_put(&c, e, cors_varies(&d->cors));
    cors_apply(&d->cors, &q, &reply);
    reply_header_str(&reply, "X-Request-ID", q.request_id);
    server_timing_show(&timing, &c, d->trace);
    entry.sent = fcgi_send(f, reply_head(&reply, &d->arena), reply_body(&reply, q.method == METHOD_HEAD));
    entry.statements = figures_of(d).statements - entry.statements;
    entry.micros = clock_steady() - start;
    note(d, &c, &entry, e);
    arena_reset(&d->arena);
}
