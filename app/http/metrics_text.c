#include <inttypes.h>
#include <stddef.h>

#include "base/buf.h"
#include "http/metrics_sum.h"

/* The bounds of base/counter in seconds, as they are labelled. */
static const char *const bounds[HISTOGRAM_BOUNDS] = {
    "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025",
    "0.05",   "0.1",     "0.25",   "0.5",   "1",      "2.5",   "5",    "10"};
static const char *const states[METRICS_STATE__MAX] = {NULL, "starting", "idle", "busy"};
static const char *const restarts[METRICS_RESTART__MAX] = {
    [METRICS_SERVED] = "served", [METRICS_RELOAD] = "reload",   [METRICS_DIED] = "died",
    [METRICS_HUNG] = "hung",     [METRICS_UNREADY] = "unready",
};
static const char *const results[METRICS_RESULT__MAX] = {
    [METRICS_WELL] = "well", [METRICS_FAILED] = "failed"};
static const char *const retries[METRICS_RETRY__MAX] = {
    [METRICS_DEADLOCK] = "deadlock",
    [METRICS_LOCK_TIMEOUT] = "lock_timeout",
    [METRICS_CONNECTION_LOST] = "connection_lost",
};

/* What is counted by cause or result: as many numbers in a row as there are values of the label. */
static const struct {
    const char *name;
    const char *help;
    const char *label;
    const char *const *values;
    size_t count;
    bool by_parent; /* they stand in struct metrics_head, else in struct meter */
    size_t offset;
} causes[] = {
    {"quire_worker_restarts_total",
     "Workers that were replaced: they had served enough, a reload, they died, their request "
     "took too long, they did not get ready.",
     "reason", restarts, METRICS_RESTART__MAX, true, offsetof(struct metrics_head, restarts)},
    {"quire_reloads_total", "Reloads that were taken up, and those after which the old workers went on.",
     "result", results, METRICS_RESULT__MAX, true, offsetof(struct metrics_head, reloads)},
    {"quire_transaction_retries_total", "Requests that were run again from their start.", "reason", retries,
     METRICS_RETRY__MAX, false, offsetof(struct meter, retries)},
};

/* What is one number a pool: where it stands in struct meter. */
static const struct {
    const char *name;
    const char *help;
    size_t offset;
} plain[] = {
    {"quire_answers_unsent_total", "Answers that the web server did not take, for its client had gone.",
     offsetof(struct meter, unsent)},
    {"quire_work_total", "Threads composed or given up, and mails sent or put off.",
     offsetof(struct meter, work)},
    {"quire_statements_total", "Statements sent to the database.", offsetof(struct meter, statements)},
    {"quire_db_reconnects_total", "Connections to the database that were found lost.",
     offsetof(struct meter, reconnects)},
    {"quire_password_hash_waits_total", "Hashes that had to wait for one of BCRYPT_CONCURRENCY places.",
     offsetof(struct meter, passwords.waits)},
    {"quire_password_hash_refusals_total", "Hashes that waited for 2 s in vain, answered 503.",
     offsetof(struct meter, passwords.refusals)},
};

static uint64_t count_of(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void metrics_put_family(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* name{pool="web",label="value"} n; without the label when it is NULL. */
static void put(struct buf *b, const char *name, const struct metrics_pool *p, const char *label,
                const char *value, uint64_t n)
{
    buf_printf(b, "%s{pool=\"%.*s\"", name, STR_ARGS(p->name));
    if (label != NULL) {
        buf_printf(b, ",%s=\"%s\"", label, value);
    }
    buf_printf(b, "} %" PRIu64 "\n", n);
}

/* The lines of a histogram, labelled as `labels` says beside the bound. Nothing when it has counted nothing. */
static void put_histogram(struct buf *b, const char *name, str labels, const struct histogram *h)
{
    uint64_t n = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        n += count_of(&h->buckets[i]);
    }
    if (n == 0) {
        return;
    }
    uint64_t so_far = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        so_far += count_of(&h->buckets[i]);
        buf_printf(b, "%s_bucket{%.*s,le=\"%s\"} %" PRIu64 "\n", name, STR_ARGS(labels),
                   i < HISTOGRAM_BOUNDS ? bounds[i] : "+Inf", so_far);
    }
    uint64_t micros = count_of(&h->micros);
    buf_printf(b, "%s_sum{%.*s} %" PRIu64 ".%06" PRIu64 "\n", name, STR_ARGS(labels), micros / 1000000,
               micros % 1000000);
    buf_printf(b, "%s_count{%.*s} %" PRIu64 "\n", name, STR_ARGS(labels), n);
}

static void put_pools(struct buf *b, const struct metrics_pool *pools, size_t n)
{
    metrics_put_family(b, "quire_pool_up", "gauge", "1 while the pool lives, 0 when it has died.");
    for (size_t i = 0; i < n; i++) {
        put(b, "quire_pool_up", &pools[i], NULL, NULL, pools[i].up);
    }
    metrics_put_family(b, "quire_start_time_seconds", "gauge",
                       "When the pool was started, since the epoch; all counts began then.");
    for (size_t i = 0; i < n; i++) {
        if (pools[i].up) {
            put(b, "quire_start_time_seconds", &pools[i], NULL, NULL,
                (uint64_t)pools[i].head->started / 1000000);
        }
    }
    metrics_put_family(b, "quire_workers_configured", "gauge", "How many workers the pool is to have.");
    for (size_t i = 0; i < n; i++) {
        if (pools[i].up) {
            put(b, "quire_workers_configured", &pools[i], NULL, NULL, pools[i].head->seats);
        }
    }
    metrics_put_family(b, "quire_workers", "gauge", "Workers by what they are doing now.");
    for (size_t i = 0; i < n; i++) {
        for (int state = METRICS_STARTING; pools[i].up && state < METRICS_STATE__MAX; state++) {
            put(b, "quire_workers", &pools[i], "state", states[state], pools[i].states[state]);
        }
    }
}

static void put_causes(struct buf *b, const struct metrics_pool *pools, size_t n)
{
    for (size_t k = 0; k < sizeof causes / sizeof causes[0]; k++) {
        metrics_put_family(b, causes[k].name, "counter", causes[k].help);
        for (size_t i = 0; i < n; i++) {
            const void *from = causes[k].by_parent ? (const void *)pools[i].head : pools[i].total;
            for (size_t v = 0; pools[i].up && v < causes[k].count; v++) {
                const void *at = (const char *)from + causes[k].offset + v * sizeof(uint64_t);
                put(b, causes[k].name, &pools[i], causes[k].label, causes[k].values[v], count_of(at));
            }
        }
    }
}

static void put_plain(struct buf *b, const struct metrics_pool *pools, size_t n)
{
    for (size_t k = 0; k < sizeof plain / sizeof plain[0]; k++) {
        metrics_put_family(b, plain[k].name, "counter", plain[k].help);
        for (size_t i = 0; i < n; i++) {
            if (pools[i].up) {
                const char *at = (const char *)pools[i].total + plain[k].offset;
                put(b, plain[k].name, &pools[i], NULL, NULL,
                    count_of((const _Atomic uint64_t *)(const void *)at));
            }
        }
    }
}

static void put_statuses(struct buf *b, const struct metrics_pool *p, unsigned series)
{
    const struct metrics_name *name = &p->head->names[series];
    for (unsigned i = 0; i < METRICS_STATUSES; i++) {
        uint64_t n = count_of(&p->total->series[series].statuses[i]);
        if (n == 0) {
            continue;
        }
        buf_printf(b, "quire_requests_total{pool=\"%.*s\",method=\"%s\",route=\"%s\",status=\"",
                   STR_ARGS(p->name), name->method, name->route);
        if (i < REPLY_STATUSES) {
            buf_uint(b, reply_status(i));
        } else {
            buf_lit(b, "other");
        }
        buf_printf(b, "\"} %" PRIu64 "\n", n);
    }
}

static void put_durations(struct buf *b, const struct metrics_pool *p, unsigned series)
{
    static const char format[] = "pool=\"%.*s\",method=\"%s\",route=\"%s\"";
    const struct metrics_name *name = &p->head->names[series];
    str labels = str_format(b->arena, format, STR_ARGS(p->name), name->method, name->route);
    put_histogram(b, "quire_request_duration_seconds", labels, &p->total->series[series].seconds);
}

static void put_requests(struct buf *b, const struct metrics_pool *pools, size_t n,
                         void (*put_one)(struct buf *b, const struct metrics_pool *p, unsigned series))
{
    for (size_t i = 0; i < n; i++) {
        for (unsigned k = 0; pools[i].up && k < pools[i].head->series; k++) {
            put_one(b, &pools[i], k);
        }
    }
}

void metrics_text(struct buf *b, const struct metrics_pool *pools, size_t n)
{
    put_pools(b, pools, n);
    put_causes(b, pools, n);
    put_plain(b, pools, n);
    metrics_put_family(b, "quire_password_hash_seconds", "histogram", "How long hashing a password took.");
    for (size_t i = 0; i < n; i++) {
        if (pools[i].up) {
            str labels = str_format(b->arena, "pool=\"%.*s\"", STR_ARGS(pools[i].name));
            put_histogram(b, "quire_password_hash_seconds", labels, &pools[i].total->passwords.seconds);
        }
    }
    metrics_put_family(b, "quire_requests_total", "counter", "Requests answered, by route and status.");
    put_requests(b, pools, n, put_statuses);
    metrics_put_family(b, "quire_request_duration_seconds", "histogram",
                       "How long requests took, from their acceptance to the last byte.");
    put_requests(b, pools, n, put_durations);
}
