#include "http/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/rand.h"
#include "conf/settings.h"
#include "http/dispatch.h"
#include "http/scoreboard.h"
#include "io/fcgi.h"
#include "io/listener.h"
#include "io/password.h"

/* Memory for what lives as long as the worker. */
enum { LIFE_BLOCK = 64 << 10 };

/* What is asked for in one piece of this size is given back to the system at once. */
enum { LARGE_BLOCK = 256 << 10 };

struct worker {
    struct arena life;
    const struct settings *settings;
    struct scoreboard *board;
    struct worker_slot *slot;
    struct fcgi *fcgi;
    struct dispatch *dispatch;
    const char *log_file;
    sigset_t waiting; /* the signal mask while waiting for a connection */
    uint64_t left;    /* requests until it leaves by itself; 0: no limit */
};

/* The signals that a handler has seen. Handlers run only inside fcgi_wait(), in this one thread. */
static struct {
    volatile sig_atomic_t leave;
    volatile sig_atomic_t reopen_log;
} told;

static void note_leave(int signal_number)
{
    (void)signal_number;
    told.leave = 1;
}

static void note_reopen(int signal_number)
{
    (void)signal_number;
    told.reopen_log = 1;
}

static void handle(int signal_number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    (void)sigaction(signal_number, &action, NULL);
}

/* Blocks everything that may come at any time, except while waiting. A fault must never be blocked: the
 * process would run on in an undefined state. Stopping and continuing is harmless, and a profiler wants its
 * timer. */
static void set_signals(sigset_t *waiting)
{
    static const int never_blocked[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGABRT, SIGTRAP,
                                        SIGSYS,  SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPROF};
    sigset_t serving;
    (void)sigfillset(&serving);
    for (size_t i = 0; i < sizeof never_blocked / sizeof *never_blocked; i++) {
        (void)sigdelset(&serving, never_blocked[i]);
    }
    (void)sigprocmask(SIG_SETMASK, &serving, NULL);
    handle(SIGTERM, note_leave);
    handle(SIGQUIT, note_leave);
    handle(SIGUSR1, note_reopen);
    *waiting = serving;
    (void)sigdelset(waiting, SIGTERM);
    (void)sigdelset(waiting, SIGQUIT);
    (void)sigdelset(waiting, SIGUSR1);
}

/* Some more than the setting, a different number in each worker, so that they do not all leave at once. */
static uint64_t requests_to_serve(int64_t setting)
{
    if (setting <= 0) {
        return 0;
    }
    return (uint64_t)setting + rand_below((uint32_t)(setting / 10) + 1);
}

static void reopen_log(const char *path)
{
    if (!log_open(path)) {
        log_line(LOG_ERROR, "the log file cannot be opened again", "file", path, "cause", strerror(errno));
    }
    log_take_stderr();
}

/* Takes and serves one request. False when the worker has to leave. */
static bool serve_one(struct worker *w, bool *served)
{
    scoreboard_begin(w->slot);
    *served = fcgi_accept(w->fcgi);
    if (*served) {
        dispatch_serve(w->dispatch, w->fcgi);
        fcgi_abandon(w->fcgi);
    }
    if (!scoreboard_end(w->slot, *served)) {
        return false;
    }
    return !*served || w->left == 0 || --w->left > 0;
}

static void serve(struct worker *w)
{
    bool served;
    atomic_store(&w->slot->ready, 1);
    for (;;) {
        enum fcgi_event event = fcgi_wait(w->fcgi, &w->waiting, -1);
        if (told.reopen_log) {
            told.reopen_log = 0;
            reopen_log(w->log_file);
        }
        if (told.leave) {
            break;
        }
        if (event == FCGI_READY && !serve_one(w, &served)) {
            return;
        }
    }
    served = true;
    while (served && scoreboard_draining(w->board) && serve_one(w, &served)) {
        /* nobody can connect any more, but some may wait in the queue */
    }
}

static err open_worker(struct worker *w, const struct router *router, const struct document *openapi,
                       const char *slot)
{
    struct arena *life = &w->life;
    uint64_t number;
    if (slot == NULL || !str_to_uint(str_of(slot), &number) || number > UINT32_MAX) {
        return error_cause(life, ERROR_INTERNAL, "a worker needs the number of its slot");
    }
    if (!listener_is(STDIN_FILENO)) {
        return error_cause(life, ERROR_INTERNAL,
                           "standard input is no listening socket: only quire "
                           "serve starts workers");
    }
    TRY(scoreboard_attach(life, SCOREBOARD_FD, &w->board));
    w->slot = scoreboard_slot(w->board, (unsigned)number);
    if (w->slot == NULL) {
        return error_cause(life, ERROR_INTERNAL, "the scoreboard has no slot %s", slot);
    }
    /* The parent may have died before the kernel knew that we want to hear of it. */
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != scoreboard_parent(w->board)) {
        return error_cause(life, ERROR_INTERNAL, "the parent is gone");
    }
    unsigned count;
    _Atomic int *holders = scoreboard_holders(w->board, &count);
    password_limit(holders, count);
    TRY(fcgi_open(life, STDIN_FILENO, &w->fcgi));
    return dispatch_open(life, w->settings, router, openapi, &w->dispatch);
}

int worker_main(const struct settings *settings, const struct router *router, const struct document *openapi,
                const char *slot)
{
    struct worker w = {.settings = settings, .left = requests_to_serve(settings->worker_max_requests)};
    arena_init(&w.life, LIFE_BLOCK);
    (void)mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK); /* fixed: by itself it grows, and large blocks then stay */
    w.log_file = str_c(&w.life, settings->log_file);
    set_signals(&w.waiting);
    err failed = open_worker(&w, router, openapi, slot);
    if (failed != NULL) {
        str cause = failed->cause.n > 0 ? failed->cause : failed->detail;
        log_line(LOG_ERROR, "a worker cannot start", "cause", str_c(&w.life, cause));
        arena_free(&w.life);
        return 1;
    }
    serve(&w);
    dispatch_close(w.dispatch);
    arena_free(&w.life);
    return 0;
}
