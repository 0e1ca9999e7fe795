#include "http/server_timing.h"

#include "base/clock.h"
#include "conf/settings.h"
#include "http/metrics.h"
#include "io/password.h"

static uint64_t hashing(const struct password_meter *passwords)
{
    return passwords == NULL ? 0 : atomic_load_explicit(&passwords->seconds.micros, memory_order_relaxed);
}

struct server_timing server_timing_begin(struct metrics *m, int64_t start)
{
    const struct password_meter *passwords = metrics_passwords(m);
    return (struct server_timing){.start = start, .passwords = passwords, .hashing = hashing(passwords)};
}

void server_timing_show(const struct server_timing *t, const struct call *c, const struct trace *trace)
{
    if (!c->settings->server_timing || trace == NULL || !c->actor.admin ||
        !str_eq(c->request->timing, STR("1"))) {
        return;
    }
    double total = (double)(clock_steady() - t->start) / 1000;
    double database = (double)trace->micros / 1000;
    double hash = (double)(hashing(t->passwords) - t->hashing) / 1000;
    reply_header(c->reply, "Server-Timing",
                 "total;dur=%.3f, db;dur=%.3f;desc=\"%u statements\", hash;dur=%.3f", total, database,
                 trace->count, hash);
}
