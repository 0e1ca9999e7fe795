#include "controllers/metrics.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/log.h"
#include "conf/settings.h"
#include "controllers/health.h"
#include "engine/load.h"
#include "http/metrics_sum.h"
#include "io/db.h"
#include "models/queue.h"

static void put_queues(struct buf *b, const struct rows *rows)
{
    metrics_put_family(b, "quire_queue_depth", "gauge",
                       "Threads and mails that wait for quire work, and those in hand, up to " QUEUE_MOST
                       " of each.");
    for (size_t i = 0; i < rows->n; i++) {
        const struct value *row = rows->cells + i * rows->columns;
        str name = row[QUEUE_NAME].text;
        buf_printf(b, "quire_queue_depth{queue=\"%.*s\",state=\"waiting\"} %" PRId64 "\n", STR_ARGS(name),
                   row[QUEUE_WAITING].i);
        buf_printf(b, "quire_queue_depth{queue=\"%.*s\",state=\"running\"} %" PRId64 "\n", STR_ARGS(name),
                   row[QUEUE_RUNNING].i);
    }
    metrics_put_family(b, "quire_queue_late_seconds", "gauge",
                       "For how long the oldest of them should have been taken.");
    for (size_t i = 0; i < rows->n; i++) {
        const struct value *row = rows->cells + i * rows->columns;
        buf_printf(b, "quire_queue_late_seconds{queue=\"%.*s\"} %" PRId64 "\n",
                   STR_ARGS(row[QUEUE_NAME].text), row[QUEUE_LATE_SECONDS].i);
    }
}

/* What only the database knows. While it is away that is all there is to say of it. */
static void put_database(struct call *c)
{
    struct rows rows = {.n = 0};
    err e = db_ready(c->db, c->arena);
    if (e == NULL) {
        e = load_statement(c->db, c->arena, &queue_depths, NULL, &rows);
    }
    metrics_put_family(&c->reply->body, "quire_database_up", "gauge",
                       "1 when the database answered this scrape, else 0, and then no queue is shown.");
    buf_printf(&c->reply->body, "quire_database_up %d\n", e == NULL);
    if (e == NULL) {
        put_queues(&c->reply->body, &rows);
    } else {
        log_line(LOG_WARN, "the queues cannot be counted", "cause", str_c(c->arena, error_reason(e)));
    }
}

static err show(struct call *c)
{
    struct metrics_pool pools[METRICS_MOST_POOLS];
    const struct settings *s = c->settings;
    struct buf *b = &c->reply->body;
    unsigned skipped = 0;
    str own = s->pool_name.n > 0 ? s->pool_name : STR("web");
    size_t n = metrics_sum(c->arena, c->station->metrics, own, s->metrics_dir, pools, &skipped);
    metrics_put_family(b, "quire_build_info", "gauge", "Which program answered this scrape.");
    buf_printf(b, "quire_build_info{version=\"%s\"} 1\n", c->station->version);
    metrics_put_family(b, "quire_metrics_files_skipped", "gauge",
                       "Files in METRICS_DIR that are broken or of another version.");
    buf_printf(b, "quire_metrics_files_skipped %u\n", skipped);
    metrics_text(b, pools, n);
    put_database(c);
    c->reply->content_type = "text/plain; version=0.0.4; charset=utf-8";
    return NULL;
}

const struct route metrics_routes[] = {
    {METHOD_GET, "/metrics", show, ACCESS_OPEN, .no_database = true, .media = "text/plain",
     .fails = FAILS(ERROR_NO_ROUTE), .summary = "What the pools of this machine have counted",
     .doc =
         "In Prometheus's text format 0.0.4. The web server lets only those ask whom its operator allows; to "
         "all others it is not there.",
     .operation = "getMetrics", .group = &service_group},
    ROUTES_END,
};
