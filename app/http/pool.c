#include "http/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/settings.h"
#include "http/crew.h"
#include "http/metrics.h"
#include "http/scoreboard.h"
#include "io/listener.h"
#include "io/notify.h"

enum { LIFE_BLOCK = 16 << 10 };
enum { SECOND = 1000000 }; /* in the units of clock_steady() */

struct pool {
    struct arena life;
    const struct settings *settings;
    struct listener *listeners;
    unsigned listener_count;
    struct scoreboard *board;
    struct metrics *metrics;
    struct crew *crew;
    const char *log_file;
    sigset_t signals;
    int64_t kill_at; /* when those who have not finished are killed; 0: not stopping */
    bool hurried;    /* told twice to stop: the patience is over */
    bool announced;  /* whether it was said that the pool serves, since the start or the last reload */
};

/* Descriptors 0 to 2 are open from here on, so that no socket of ours gets one of these numbers. */
static void fill_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", O_RDWR); /* gets the lowest number, which is fd */
        }
    }
}

static void block_signals(sigset_t *signals)
{
    static const int ours[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGCHLD};
    (void)sigemptyset(signals);
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        (void)sigaddset(signals, ours[i]);
        (void)sigaction(ours[i], &standard, NULL); /* an ignored SIGCHLD would hide how a worker ended */
    }
    (void)sigprocmask(SIG_BLOCK, signals, NULL);
    sigset_t pipe; /* of a log that nobody reads any more; not waited for */
    (void)sigemptyset(&pipe);
    (void)sigaddset(&pipe, SIGPIPE);
    (void)sigprocmask(SIG_BLOCK, &pipe, NULL);
}

static unsigned processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        return (unsigned)CPU_COUNT(&set);
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN); /* more of them than a cpu_set_t holds */
    return online > 0 ? (unsigned)online : 1;
}

unsigned pool_workers(int64_t setting)
{
    return setting > 0 ? (unsigned)setting : processors() * 2;
}

/* How many may hash at once: the others have one processor more (io/give_way.h). */
static unsigned hashing_places(int64_t setting)
{
    if (setting > 0) {
        return (unsigned)setting;
    }
    unsigned all = processors();
    return all > 1 ? all - 1 : 1;
}

/* ---- sockets ---- */

/* One for each seat: the service manager's, of which there are as many as there shall be workers, or made here. */
static err listen_each(struct pool *pool, unsigned *seats)
{
    struct arena *life = &pool->life;
    const struct settings *s = pool->settings;
    unsigned inherited = listener_inherited();
    *seats = inherited > 0 ? inherited : *seats;
    pool->listeners = ARENA_ARRAY(life, struct listener, *seats);
    for (unsigned i = 0; i < *seats; i++) {
        if (inherited > 0) {
            pool->listeners[i] = (struct listener){.fd = LISTENER_FIRST + (int)i};
        } else {
            TRY(listener_open_nth(life, s->listen, i + 1, (mode_t)s->listen_mode, &pool->listeners[i]));
        }
        pool->listener_count++;
    }
    return NULL;
}

static err listen_together(struct pool *pool)
{
    const struct settings *s = pool->settings;
    pool->listeners = ARENA_NEW(&pool->life, struct listener);
    if (listener_is(STDIN_FILENO)) {
        pool->listeners[0] = (struct listener){.fd = STDIN_FILENO};
    } else {
        TRY(listener_open(&pool->life, s->listen, (mode_t)s->listen_mode, &pool->listeners[0]));
    }
    pool->listener_count = 1;
    return NULL;
}

static err open_listeners(struct pool *pool, const struct pool_options *options, unsigned *seats)
{
    return !options->listens             ? NULL
           : pool->settings->listen_each ? listen_each(pool, seats)
                                         : listen_together(pool);
}

/* The socket of each seat. */
static const int *listeners_of_seats(struct pool *pool, unsigned seats)
{
    int *fds = ARENA_ARRAY(&pool->life, int, seats);
    for (unsigned i = 0; i < seats; i++) {
        fds[i] = pool->listener_count == 0 ? -1 : pool->listeners[i % pool->listener_count].fd;
    }
    return fds;
}

/* Whether nobody new comes once the sockets have lost their names. One that was inherited is somebody else's, who keeps
 * it when this pool ends; a TCP port has no name to lose. */
static bool can_drain(const struct pool *pool)
{
    return pool->listener_count == 0 || pool->listeners[0].path != NULL;
}

static void withdraw_listeners(struct pool *pool)
{
    for (unsigned i = 0; i < pool->listener_count; i++) {
        listener_withdraw(&pool->listeners[i]);
    }
}

static const char *socket_name(struct pool *pool)
{
    const struct settings *s = pool->settings;
    if (pool->listener_count == 0) {
        return "nothing";
    }
    int fd = pool->listeners[0].fd;
    if (fd == STDIN_FILENO || (s->listen_each && pool->listeners[0].path == NULL)) {
        return str_format(&pool->life, "file descriptor %d", fd).p;
    }
    return str_c(&pool->life, s->listen_each ? listener_nth(&pool->life, s->listen, 1) : s->listen);
}

/* ---- beginning ---- */

static struct metrics *open_metrics(struct pool *pool, const struct pool_options *options, unsigned seats)
{
    const struct settings *s = pool->settings;
    const struct metrics_options metrics = {.dir = s->metrics_dir,
                                            .pool = s->pool_name.n > 0 ? s->pool_name : str_of(options->name),
                                            .seats = seats,
                                            .places = seats * CREW_PLACES,
                                            .router = options->router};
    return metrics_create(&pool->life, &metrics);
}

/* Beside its sockets the parent has little open, but hands things to a zygote beyond the first 64 descriptors
 * (http/spawn). */
static err need_files(struct arena *a, unsigned seats)
{
    struct rlimit files;
    rlim_t wanted = 128 + (rlim_t)seats;
    if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur >= wanted) {
        return NULL;
    }
    rlim_t before = files.rlim_cur;
    files.rlim_cur = wanted;
    if (files.rlim_max < wanted || setrlimit(RLIMIT_NOFILE, &files) < 0) {
        return error_cause(a, ERROR_INTERNAL,
                           "a process may have %ju files open, this pool needs %ju: raise it (ulimit -n, "
                           "LimitNOFILE= of the unit)",
                           (uintmax_t)before, (uintmax_t)wanted);
    }
    return NULL;
}

static err open_pool(struct pool *pool, const struct pool_options *options)
{
    struct arena *life = &pool->life;
    const struct settings *s = pool->settings;
    pool->log_file = str_c(life, s->log_file);
    fill_standard_descriptors();
    unsigned seats = pool_workers(options->seats);
    TRY(need_files(life, seats));
    TRY(open_listeners(pool, options, &seats));
    TRY(scoreboard_create(life, seats * CREW_PLACES, hashing_places(s->bcrypt_concurrency), &pool->board));
    pool->metrics = open_metrics(pool, options, seats);
    struct crew_options crew = {
        .spawn = {.program = spawn_program(life, options->argv[0]),
                  .command = options->worker,
                  .board = scoreboard_fd(pool->board),
                  .metrics = metrics_fd(pool->metrics)},
        .board = pool->board,
        .metrics = pool->metrics,
        .seats = seats,
        .listeners = listeners_of_seats(pool, seats),
    };
    pool->crew = crew_open(life, &crew);
    log_line(LOG_INFO, "starting", "workers", str_format(life, "%u", seats).p, "listen", socket_name(pool),
             "program", crew.spawn.program);
    return NULL;
}

static void reopen_log(struct pool *pool)
{
    log_reopen(pool->log_file);
    crew_reopen_log(pool->crew);
}

static void reload(struct pool *pool)
{
    log_line(LOG_INFO, "reloading");
    notify_reloading();
    crew_reload(pool->crew);
    pool->announced = false;
}

static void stop(struct pool *pool, int signal_number)
{
    if (pool->kill_at != 0) {
        pool->hurried = true;
        pool->kill_at = clock_steady();
        return;
    }
    log_line(LOG_INFO, "stopping", "signal", sigabbrev_np(signal_number));
    notify_stopping();
    if (can_drain(pool)) {
        withdraw_listeners(pool);
        scoreboard_drain(pool->board);
    }
    crew_stop(pool->crew);
    pool->kill_at = clock_steady() + pool->settings->shutdown_timeout * SECOND;
}

static void answer_signal(struct pool *pool, int signal_number)
{
    switch (signal_number) {
    case SIGTERM:
    case SIGINT:
    case SIGQUIT:
        stop(pool, signal_number);
        break;
    case SIGHUP:
        if (pool->kill_at == 0) {
            reload(pool);
        }
        break;
    case SIGUSR1:
        reopen_log(pool);
        break;
    default: /* SIGCHLD: the next tick sees who it was */
        break;
    }
}

static void announce(struct pool *pool)
{
    if (!pool->announced && pool->kill_at == 0 && crew_settled(pool->crew)) {
        pool->announced = true;
        log_line(LOG_INFO, "serving");
        notify_ready();
    }
}

/* Waits for a signal, at most so many milliseconds, and answers it. */
static void wait_for_signal(struct pool *pool, int milliseconds)
{
    if (pool->kill_at != 0) {
        int64_t left = (pool->kill_at - clock_steady()) / 1000 + 1;
        milliseconds = left < 0 ? 0 : left < milliseconds ? (int)left : milliseconds;
    }
    struct timespec patience = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
    int signal_number = sigtimedwait(&pool->signals, NULL, &patience);
    if (signal_number > 0) {
        answer_signal(pool, signal_number);
    }
}

static void serve(struct pool *pool)
{
    for (;;) {
        int due = crew_tick(pool->crew);
        announce(pool);
        if (pool->kill_at != 0) {
            if (crew_alive(pool->crew) == 0) {
                return;
            }
            if (clock_steady() >= pool->kill_at) {
                crew_kill(pool->crew, pool->hurried ? "killed: the pool was told twice to stop"
                                                    : "killed: it had not finished within SHUTDOWN_TIMEOUT");
                pool->kill_at = INT64_MAX; /* once; what is killed dies */
            }
        }
        wait_for_signal(pool, due);
    }
}

int pool_run(const struct pool_options *options)
{
    struct pool pool = {.settings = options->settings};
    arena_init(&pool.life, LIFE_BLOCK);
    block_signals(&pool.signals);
    err failed = open_pool(&pool, options);
    if (failed != NULL) {
        const char *cause = str_c(&pool.life, error_reason(failed));
        (void)fprintf(stderr, "quire: %s\n", cause);
        if (pool.log_file[0] != '\0') {
            log_line(LOG_ERROR, "cannot start", "cause", cause);
        }
        withdraw_listeners(&pool);
        arena_free(&pool.life);
        return 1;
    }
    log_take_stderr();
    serve(&pool);
    metrics_remove(pool.metrics);
    log_line(LOG_INFO, "stopped");
    arena_free(&pool.life);
    return 0;
}
