#include "http/process.h"

#include <poll.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "conf/settings.h"
#include "http/crew.h"
#include "http/metrics.h"
#include "http/scoreboard.h"
#include "io/password.h"

enum { SECOND = 1000000 }; /* in the units of clock_steady() */

/* The signals that a handler has seen. Handlers run only while the process waits, in its one thread. */
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
static void block_signals(sigset_t *serving)
{
    static const int never_blocked[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGABRT, SIGTRAP,
                                        SIGSYS,  SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPROF};
    (void)sigfillset(serving);
    for (size_t i = 0; i < sizeof never_blocked / sizeof *never_blocked; i++) {
        (void)sigdelset(serving, never_blocked[i]);
    }
    (void)sigprocmask(SIG_SETMASK, serving, NULL);
}

void process_be_quiet(void)
{
    sigset_t mask;
    block_signals(&mask);
}

static void set_signals(sigset_t *waiting)
{
    sigset_t serving;
    block_signals(&serving);
    handle(SIGTERM, note_leave);
    handle(SIGQUIT, note_leave);
    handle(SIGUSR1, note_reopen);
    *waiting = serving;
    (void)sigdelset(waiting, SIGTERM);
    (void)sigdelset(waiting, SIGQUIT);
    (void)sigdelset(waiting, SIGUSR1);
}

err process_open(struct arena *life, const struct settings *settings, unsigned slot, int64_t limit,
                 struct process *out)
{
    struct process p = {.log_file = str_c(life, settings->log_file)};
    set_signals(&p.waiting);
    TRY(scoreboard_attach(life, SCOREBOARD_FD, &p.board));
    p.slot = scoreboard_slot(p.board, slot);
    p.seat = slot / CREW_PLACES;
    if (p.slot == NULL) {
        return error_cause(life, ERROR_INTERNAL, "the scoreboard has no slot %u", slot);
    }
    if (!scoreboard_admitted(p.slot)) {
        return error_cause(life, ERROR_INTERNAL, "the parent does not know this process");
    }
    atomic_store(&p.slot->limit, limit * SECOND);
    p.metrics = metrics_attach(life, METRICS_FD, slot);
    password_measure(metrics_passwords(p.metrics));
    /* The parent may have died before the kernel knew that we want to hear of it. */
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != scoreboard_parent(p.board)) {
        return error_cause(life, ERROR_INTERNAL, "the parent is gone");
    }
    *out = p;
    return NULL;
}

void process_ready(const struct process *p)
{
    metrics_be(p->metrics, METRICS_IDLE);
    atomic_store(&p->slot->ready, WORKER_READY);
}

void process_tired(const struct process *p)
{
    atomic_store(&p->slot->ready, WORKER_TIRED);
    (void)kill(scoreboard_parent(p->board), SIGCHLD); /* which makes it look */
}

void process_begin(const struct process *p)
{
    scoreboard_begin(p->slot);
    metrics_be(p->metrics, METRICS_BUSY);
}

bool process_end(const struct process *p, bool served)
{
    metrics_be(p->metrics, METRICS_IDLE);
    return scoreboard_end(p->slot, served);
}

void process_hear(const struct process *p)
{
    if (told.reopen_log) {
        told.reopen_log = 0;
        log_reopen(p->log_file);
    }
}

bool process_must_leave(void)
{
    return told.leave != 0;
}

bool process_asked_to_leave(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGQUIT) == 1);
}

void process_sleep(const struct process *p, int milliseconds)
{
    struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
    (void)ppoll(NULL, 0, &time, &p->waiting);
}
