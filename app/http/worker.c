#include "http/worker.h"

#include <malloc.h>
#include <stdint.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "conf/settings.h"
#include "http/call.h"
#include "http/dispatch.h"
#include "http/metrics.h"
#include "http/process.h"
#include "http/scoreboard.h"
#include "io/fcgi.h"
#include "io/listener.h"
#include "io/password.h"

/* Memory for what lives as long as the worker. */
enum { LIFE_BLOCK = 64 << 10 };

/* Connections of the web server that a worker with a socket of its own keeps: nginx keeps 32 a process of its own, for
 * all workers together. */
enum { CONNECTIONS_KEPT = 256 };

/* How long a worker that is to leave waits for nginx to close its connections, in the units of clock_steady(): 20 s,
 * for nginx keeps none for longer than 10 s, or 5 s without a request (nginx.conf.example). */
enum { DRAIN_LIMIT = 20 * 1000000 };

/* What is asked for in one piece of this size is given back to the system at once. */
enum { LARGE_BLOCK = 256 << 10 };

struct worker {
    struct arena life;
    const struct settings *settings;
    struct process process;
    struct fcgi *fcgi;
    struct dispatch *dispatch;
    struct station station;
    uint64_t left; /* requests until it asks to be replaced; 0: no limit, or it has asked */
};

/* Some more than the setting, a different number in each worker, so that they do not all leave at once. */
static uint64_t requests_to_serve(int64_t setting)
{
    if (setting <= 0) {
        return 0;
    }
    return (uint64_t)setting + rand_below((uint32_t)(setting / 10) + 1);
}

/* Has the parent start a successor, and tell this one to go when that one is there. */
static void count_served(struct worker *w)
{
    if (w->left > 0 && --w->left == 0) {
        process_tired(&w->process);
    }
}

/* Takes and serves one request. False when the worker has to leave. */
static bool serve_one(struct worker *w, bool *served)
{
    process_begin(&w->process);
    *served = fcgi_accept(w->fcgi);
    if (*served) {
        dispatch_serve(w->dispatch, w->fcgi);
        fcgi_abandon(w->fcgi);
    }
    if (*served) {
        count_served(w);
    }
    return process_end(&w->process, *served);
}

/* Serves those who have a connection, until nginx has closed all of them. */
static bool serve_kept(struct worker *w)
{
    int64_t until = clock_steady() + DRAIN_LIMIT;
    fcgi_refuse(w->fcgi);
    while (fcgi_kept(w->fcgi) > 0) {
        bool served;
        int64_t left = until - clock_steady();
        if (left <= 0) {
            return true;
        }
        enum fcgi_event event = fcgi_wait(w->fcgi, &w->process.waiting, (int)(left / 1000) + 1);
        if (event == FCGI_READY && !serve_one(w, &served)) {
            return false;
        }
        process_hear(&w->process);
    }
    return true;
}

static void serve(struct worker *w)
{
    bool served;
    process_ready(&w->process);
    for (;;) {
        enum fcgi_event event = fcgi_wait(w->fcgi, &w->process.waiting, -1);
        process_hear(&w->process);
        if (process_must_leave()) {
            break;
        }
        if (event == FCGI_READY && !serve_one(w, &served)) {
            return;
        }
    }
    served = serve_kept(w);
    while (served && scoreboard_draining(w->process.board) && serve_one(w, &served)) {
        /* nobody can connect any more, but some may wait in the queue */
    }
}

static err open_worker(struct worker *w, const struct router *router, const struct document *openapi,
                       unsigned slot)
{
    struct arena *life = &w->life;
    if (!listener_is(STDIN_FILENO)) {
        return error_cause(life, ERROR_INTERNAL,
                           "standard input is no listening socket: only quire "
                           "serve starts workers");
    }
    TRY(process_open(life, w->settings, slot, w->settings->worker_timeout, &w->process));
    unsigned count;
    _Atomic int *holders = scoreboard_holders(w->process.board, &count);
    password_limit(holders, count);
    TRY(fcgi_open(life, STDIN_FILENO, w->settings->listen_each ? CONNECTIONS_KEPT : 0, &w->fcgi));
    TRY(dispatch_open(life, w->settings, router, openapi, &w->dispatch));
    metrics_know(w->process.metrics, life, router);
    w->station.metrics = w->process.metrics;
    w->station.board = w->process.board;
    dispatch_station(w->dispatch, &w->station);
    return NULL;
}

int worker_main(const struct settings *settings, const struct router *router, const struct document *openapi,
                const struct station *station, unsigned slot)
{
    struct worker w = {
        .settings = settings, .station = *station, .left = requests_to_serve(settings->worker_max_requests)};
    arena_init(&w.life, LIFE_BLOCK);
    (void)mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK); /* fixed: by itself it grows, and large blocks then stay */
    err failed = open_worker(&w, router, openapi, slot);
    if (failed != NULL) {
        str cause = error_reason(failed);
        log_line(LOG_ERROR, "a worker cannot start", "cause", str_c(&w.life, cause));
        arena_free(&w.life);
        return 1;
    }
    serve(&w);
    dispatch_close(w.dispatch);
    arena_free(&w.life);
    return 0;
}
